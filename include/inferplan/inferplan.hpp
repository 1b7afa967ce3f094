/* SPDX-License-Identifier: MIT */
/*
 * The C++11 interface to inferplan.h: handles that free themselves, std::string and std::vector in
 * place of borrowed pointers, exceptions in place of codes. Header only: it adds no symbol to the
 * library and has no global state.
 *
 *     inferplan::Instance instance = inferplan::Instance::read_file("instance.json");
 *     inferplan::Model model(instance, inferplan::Options().set("gap", "0.001"));
 *     inferplan::Solution solution = model.solve();
 *     for (const inferplan::Route &route : solution.plan().routes())
 *         ...
 *
 * Every function here may throw Error, unless it is noexcept. Functions that make strings and
 * vectors may also throw std::bad_alloc. The thread rules are those of inferplan.h: a call that
 * would change an object while another call uses it throws an Error with IFP_ERROR_BUSY.
 */
#ifndef INFERPLAN_HPP
#define INFERPLAN_HPP

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <limits>
#include <locale>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <inferplan/inferplan.h>

namespace inferplan
{

/* A failed call. what() is the message of one line, code() an enum ifp_code, and where() the place
 * alone ("queries[2].rate_per_hour", "line 3, column 14"; empty if the error has no place). */
class Error : public std::runtime_error
{
  public:
    Error(int code, const std::string &message, const std::string &where = std::string())
        : std::runtime_error(message), code_(code), where_(where)
    {
    }
    int code() const noexcept
    {
        return code_;
    }
    std::string where() const
    {
        return where_.what();
    }

  private:
    int code_;
    /* Not a std::string, because copying an exception must not throw. Copying a runtime_error does
     * not. */
    std::runtime_error where_;
};

/* The state of a running solve. The fields are those of the ifp_progress_* functions. */
struct Progress {
    double seconds;
    double objective;
    double bound;
    double gap;
    double nodes;
    double open_nodes;
};

/* A deployment: `replicas` copies of `model` are rented, each on `tp_degree` GPUs of `tier`. The
 * fields after `gpus` are those of ifp_deployment: `point` is empty and the numbers are NaN if they
 * mean nothing. */
struct Deployment {
    std::string model;
    std::string tier;
    std::int64_t tp_degree;
    std::int64_t replicas;
    std::int64_t gpus;
    std::string point;
    double tpot_ms;
    double load;
    double load_limit;
    double headroom;
};

/* The share of `query` that `model` on `tier` serves. The fields after `fraction` are those of
 * ifp_route: 0, empty or NaN if they mean nothing. */
struct Route {
    std::string query;
    std::string model;
    std::string tier;
    double fraction;
    std::int64_t tp_degree;
    std::string point;
    double ttft_ms;
    double tpot_ms;
    double delay_ms;
    double error;
};

/* The share of `query` that is left unmet. */
struct Unmet {
    std::string query;
    double fraction;
};

/* One limit and how much of it is used. `kind` is an enum ifp_limit_kind. `unit` is empty for a
 * fraction, and so are the names of what the limit does not apply to. */
struct Limit {
    std::string name;
    double used;
    double limit;
    int kind;
    std::string unit;
    std::string query;
    std::string model;
    std::string tier;
    std::string pool;
    std::int64_t tp_degree; /* of one of several deployments of a pair, else 0 */
    std::string point;
};

/* What a user should know before renting: a stable word, a sentence, and the field to look at. */
struct Note {
    std::string kind;
    std::string text;
    std::string path;
};

/* A configuration or route that was removed before a solve. `query` is empty for a configuration,
 * `point` without an operating point, and `unit` for a fraction. `value` and `limit` are NaN if the
 * reason is not about a limit. */
struct RemovedExample {
    std::string query;
    std::string model;
    std::string tier;
    std::int64_t tp_degree;
    std::string point;
    double value;
    double limit;
    std::string unit;
};

/* A reason for removals. `reason` is an enum ifp_removal, `kind` is "configuration" or "route". The
 * nearest example, a list of at most one, misses its limit by the smallest fraction of it. */
struct Removed {
    int reason;
    std::string kind;
    std::string word;
    std::size_t count;
    std::vector<RemovedExample> examples;
    std::vector<RemovedExample> nearest;
};

/* The results of one routing at one inflation. The fields are those of ifp_stress_entry. A value is
 * NaN if there is no data. */
struct StressRow {
    bool reoptimised; /* false: the plan's own routes are kept */
    double inflation;
    double cost_mean_usd;
    double cost_p95_usd;
    double cost_largest_usd;
    double delay_violated;
    double error_violated;
    double any_violated;
    std::size_t samples_without_plan;
    double worst_cost_usd;
    double worst_delay_full;
    double worst_error_full;
};

/* Costs in dollars over the horizon. */
struct Costs {
    double total;
    double rental;
    double storage;
    double delay;
    double unmet;
};

/* One part of the total cost: the fields are those of ifp_cost_part. */
struct CostPart {
    int cost;
    bool penalty;
    std::string key;
    std::string label;
    std::string title;
    std::string colour;
};

/* One row of the option table; type is an enum ifp_option_type. */
struct OptionInfo {
    int key;
    int type;
    std::string name;
    std::string allowed;
    std::string default_value;
    std::string doc;
};

enum class Status : int {
    optimal = IFP_STATUS_OPTIMAL,
    feasible = IFP_STATUS_FEASIBLE,
    infeasible = IFP_STATUS_INFEASIBLE,
    no_plan = IFP_STATUS_NO_PLAN
};

enum class Stop : int {
    proven = IFP_STOP_PROVEN,
    time_limit = IFP_STOP_TIME_LIMIT,
    cancelled = IFP_STOP_CANCELLED,
    exhausted = IFP_STOP_EXHAUSTED
};

namespace detail
{

struct Free {
    void operator()(char *text) const noexcept
    {
        ifp_text_free(text);
    }
    void operator()(ifp_error *handle) const noexcept
    {
        ifp_error_free(handle);
    }
    void operator()(ifp_instance *handle) const noexcept
    {
        ifp_instance_free(handle);
    }
    void operator()(ifp_options *handle) const noexcept
    {
        ifp_options_free(handle);
    }
    void operator()(ifp_model *handle) const noexcept
    {
        ifp_model_free(handle);
    }
    void operator()(ifp_solution *handle) const noexcept
    {
        ifp_solution_free(handle);
    }
    void operator()(ifp_stress *handle) const noexcept
    {
        ifp_stress_free(handle);
    }
    void operator()(ifp_report *handle) const noexcept
    {
        ifp_report_free(handle);
    }
};

/* A solution owns its plan and its check; a plan that was read and a check that was made separately
 * are owned here. */
struct FreeOwned {
    bool owned;
    void operator()(const ifp_plan *handle) const noexcept
    {
        if (owned)
            ifp_plan_free(const_cast<ifp_plan *>(handle));
    }
    void operator()(const ifp_check *handle) const noexcept
    {
        if (owned)
            ifp_check_free(const_cast<ifp_check *>(handle));
    }
};

template <typename Handle> using Unique = std::unique_ptr<Handle, Free>;

[[noreturn]] inline void raise(int code, const ifp_error *error)
{
    const char *message = ifp_error_message(error);
    if (message && *message)
        throw Error(code, message, ifp_error_where(error));
    throw Error(code, code == IFP_ERROR_MEMORY ? "out of memory" : "the handle is empty");
}

[[noreturn]] inline void raise_memory()
{
    throw Error(IFP_ERROR_MEMORY, "out of memory");
}

/* Receives the error of a call that has no handle to store it in. */
class Report
{
  public:
    Report() : error_(ifp_error_new())
    {
        if (!error_)
            raise_memory();
    }
    ifp_error *get() const noexcept
    {
        return error_.get();
    }
    [[noreturn]] void raise() const
    {
        const int code = ifp_error_code(error_.get());
        detail::raise(code == IFP_OK ? IFP_ERROR_ARGUMENT : code, error_.get());
    }

  private:
    Unique<ifp_error> error_;
};

/* A NUL inside the text would truncate it silently, so that it names another field or member. */
inline const char *c_text(const std::string &text)
{
    if (text.find('\0') != std::string::npos)
        throw Error(IFP_ERROR_ARGUMENT, "a text holds a NUL character; it must not");
    return text.c_str();
}

inline std::string take_text(char *text)
{
    const Unique<char> owner(text);
    if (!owner)
        raise_memory();
    return std::string(owner.get());
}

inline std::string to_string(const char *text)
{
    return text ? std::string(text) : std::string();
}

/* A number with all digits, and with "." in every locale. */
inline std::string number_text(double value)
{
    std::ostringstream stream;
    stream.imbue(std::locale::classic());
    stream.precision(17);
    stream << value;
    return stream.str();
}

} // namespace detail

/* The version of the library that is running. */
inline std::string version()
{
    return ifp_version();
}

/* The parts of the cost in the order of the result document. */
inline std::vector<CostPart> cost_parts()
{
    std::vector<CostPart> rows;
    for (std::size_t i = 0; i < ifp_cost_part_count(); i++) {
        ifp_cost_part entry = IFP_COST_PART_INIT;
        const int code = ifp_cost_part_get(i, &entry);
        if (code != IFP_OK)
            detail::raise(code, nullptr);
        CostPart row = {entry.cost,
                        entry.penalty != 0,
                        detail::to_string(entry.key),
                        detail::to_string(entry.label),
                        detail::to_string(entry.title),
                        detail::to_string(entry.colour)};
        rows.push_back(std::move(row));
    }
    return rows;
}

/* "budget", "pool" and so on: the word of an enum ifp_limit_kind. Empty if unknown. */
inline std::string limit_kind_word(int kind)
{
    return detail::to_string(ifp_limit_kind_word(kind));
}

/* The problem to solve. Paths and fields are those of <inferplan/instance.h>. */
class Instance
{
  public:
    Instance() : handle_(ifp_instance_new())
    {
        if (!handle_)
            detail::raise_memory();
    }
    /* Takes ownership of a handle of the C interface, which must not be NULL. */
    explicit Instance(ifp_instance *owned) : handle_(owned)
    {
        if (!handle_)
            throw Error(IFP_ERROR_ARGUMENT, "the handle is empty");
    }
    Instance(const Instance &other) : handle_(ifp_instance_copy(other.handle_.get()))
    {
        if (!handle_ && other.handle_)
            detail::raise_memory();
    }
    Instance &operator=(const Instance &other)
    {
        if (this != &other)
            *this = Instance(other);
        return *this;
    }
    Instance(Instance &&) = default;
    Instance &operator=(Instance &&) = default;
    ~Instance() = default;

    static Instance read_file(const std::string &path)
    {
        const detail::Report report;
        ifp_instance *handle = ifp_instance_read_file(detail::c_text(path), report.get());
        if (!handle)
            report.raise();
        return Instance(handle);
    }
    static Instance read_string(const std::string &text)
    {
        const detail::Report report;
        ifp_instance *handle = ifp_instance_read_string(text.data(), text.size(), report.get());
        if (!handle)
            report.raise();
        return Instance(handle);
    }
    std::string json() const
    {
        return detail::take_text(ifp_instance_write_json(handle_.get()));
    }

    std::string name() const
    {
        return detail::to_string(ifp_instance_name(handle_.get()));
    }
    void set_name(const std::string &name)
    {
        done(ifp_instance_set_name(handle_.get(), detail::c_text(name)));
    }
    void set_source(const std::string &source)
    {
        done(ifp_instance_set_source(handle_.get(), detail::c_text(source)));
    }

    void add_query(const std::string &name)
    {
        done(ifp_instance_add_query(handle_.get(), detail::c_text(name)));
    }
    void add_model(const std::string &name)
    {
        done(ifp_instance_add_model(handle_.get(), detail::c_text(name)));
    }
    void add_tier(const std::string &name)
    {
        done(ifp_instance_add_tier(handle_.get(), detail::c_text(name)));
    }
    void add_pool(const std::string &name)
    {
        done(ifp_instance_add_pool(handle_.get(), detail::c_text(name)));
    }
    void add_profile(const std::string &model, const std::string &tier, std::size_t tp_degree)
    {
        done(ifp_instance_add_profile(handle_.get(), detail::c_text(model), detail::c_text(tier),
                                      tp_degree));
    }
    /* Append a measured point to the profile with that index. */
    void add_point(std::size_t profile, const std::string &name)
    {
        done(ifp_instance_add_point(handle_.get(), profile, detail::c_text(name)));
    }
    /* Append a query type to a point of a profile. */
    void add_measured(std::size_t profile, std::size_t point, const std::string &query)
    {
        done(ifp_instance_add_measured(handle_.get(), profile, point, detail::c_text(query)));
    }

    std::vector<std::string> query_names() const
    {
        return names(ifp_instance_query_count(handle_.get()), ifp_instance_query_name);
    }
    std::vector<std::string> model_names() const
    {
        return names(ifp_instance_model_count(handle_.get()), ifp_instance_model_name);
    }
    std::vector<std::string> tier_names() const
    {
        return names(ifp_instance_tier_count(handle_.get()), ifp_instance_tier_name);
    }
    std::vector<std::string> pool_names() const
    {
        return names(ifp_instance_pool_count(handle_.get()), ifp_instance_pool_name);
    }
    std::size_t profile_count() const
    {
        return ifp_instance_profile_count(handle_.get());
    }
    /* The configuration of the profile with that index. Empty or 0 if there is none. */
    std::string profile_model(std::size_t profile) const
    {
        return detail::to_string(ifp_instance_profile_model(handle_.get(), profile));
    }
    std::string profile_tier(std::size_t profile) const
    {
        return detail::to_string(ifp_instance_profile_tier(handle_.get(), profile));
    }
    std::size_t profile_degree(std::size_t profile) const
    {
        return ifp_instance_profile_degree(handle_.get(), profile);
    }
    /* The points of a profile, and the query types of a point. Empty if there is no such profile.
     */
    std::vector<std::string> point_names(std::size_t profile) const
    {
        std::vector<std::string> found;
        const std::size_t count = ifp_instance_point_count(handle_.get(), profile);
        for (std::size_t point = 0; point < count; point++)
            found.push_back(
                detail::to_string(ifp_instance_point_name(handle_.get(), profile, point)));
        return found;
    }
    std::vector<std::string> measured_queries(std::size_t profile, std::size_t point) const
    {
        std::vector<std::string> found;
        const std::size_t count = ifp_instance_measured_count(handle_.get(), profile, point);
        for (std::size_t index = 0; index < count; index++)
            found.push_back(detail::to_string(
                ifp_instance_measured_query(handle_.get(), profile, point, index)));
        return found;
    }

    void set_number(const std::string &path, double value)
    {
        done(ifp_instance_set_number(handle_.get(), detail::c_text(path), value));
    }
    void set_numbers(const std::string &path, const std::vector<double> &values)
    {
        done(ifp_instance_set_numbers(handle_.get(), detail::c_text(path), values.data(),
                                      values.size()));
    }
    void set_word(const std::string &path, const std::string &word)
    {
        done(ifp_instance_set_word(handle_.get(), detail::c_text(path), detail::c_text(word)));
    }
    void set_null(const std::string &path)
    {
        done(ifp_instance_set_null(handle_.get(), detail::c_text(path)));
    }
    void scale(const std::string &path, double factor)
    {
        done(ifp_instance_scale(handle_.get(), detail::c_text(path), factor));
    }
    /* Set a field from text, as the command line's --set does. */
    void set(const std::string &path, const std::string &value)
    {
        done(ifp_instance_set(handle_.get(), detail::c_text(path), detail::c_text(value)));
    }
    double number(const std::string &path) const
    {
        const detail::Report report;
        double value = 0;
        if (ifp_instance_get_number(handle_.get(), detail::c_text(path), &value, report.get()))
            report.raise();
        return value;
    }
    /* All numbers that the path names, in the order of ifp_instance_get_numbers. */
    std::vector<double> numbers(const std::string &path) const
    {
        const detail::Report report;
        std::size_t count = 0;
        if (ifp_instance_get_numbers(handle_.get(), detail::c_text(path), nullptr, &count,
                                     report.get()))
            report.raise();
        std::vector<double> values(count);
        if (count > 0 && ifp_instance_get_numbers(handle_.get(), detail::c_text(path),
                                                  values.data(), &count, report.get()))
            report.raise();
        return values;
    }
    void validate() const
    {
        const detail::Report report;
        if (ifp_instance_validate(handle_.get(), report.get()))
            report.raise();
    }

    /* The C handle; borrowed. */
    ifp_instance *get() noexcept
    {
        return handle_.get();
    }
    const ifp_instance *get() const noexcept
    {
        return handle_.get();
    }

  private:
    void done(int code)
    {
        if (code != IFP_OK)
            detail::raise(code, ifp_instance_last_error(handle_.get()));
    }
    std::vector<std::string> names(std::size_t count,
                                   const char *(*name_of)(const ifp_instance *, std::size_t)) const
    {
        std::vector<std::string> list;
        list.reserve(count);
        for (std::size_t i = 0; i < count; i++)
            list.push_back(detail::to_string(name_of(handle_.get(), i)));
        return list;
    }

    detail::Unique<ifp_instance> handle_;
};

/* How to solve. A model copies its options, so one Options serves any number of models. */
class Options
{
  public:
    /* Return true to continue, false to stop with the best plan found. In C and Python it is the
     * opposite: a callback stops the solve with a nonzero (C) or true (Python) value. */
    using ProgressFunction = std::function<bool(const Progress &)>;
    using LogFunction = std::function<void(const std::string &)>;

    Options() : handle_(ifp_options_new())
    {
        if (!handle_)
            detail::raise_memory();
    }
    Options(const Options &other)
        : handle_(ifp_options_copy(other.handle_.get())), progress_(other.progress_),
          log_(other.log_)
    {
        if (!handle_)
            detail::raise_memory();
    }
    Options &operator=(const Options &other)
    {
        if (this != &other)
            *this = Options(other);
        return *this;
    }
    Options(Options &&) = default;
    Options &operator=(Options &&) = default;
    ~Options() = default;

    /* Set an option by name and text: set("time_limit", "10"). */
    Options &set(const std::string &name, const std::string &value)
    {
        detail::c_text(name);
        detail::c_text(value);
        return done(ifp_options_set(handle_.get(), name.c_str(), value.c_str()));
    }
    Options &set_number(int key, double value)
    {
        return done(ifp_options_set_number(handle_.get(), key, value));
    }
    Options &set_word(int key, const std::string &word)
    {
        detail::c_text(word);
        return done(ifp_options_set_word(handle_.get(), key, word.c_str()));
    }
    double number(int key) const
    {
        return ifp_options_number(handle_.get(), key);
    }
    std::string word(int key) const
    {
        return detail::to_string(ifp_options_word(handle_.get(), key));
    }

    /*
     * The callbacks run on the thread that called Model::solve. An exception that leaves a callback
     * cancels the solve, and Model::solve rethrows it. Changes to the model being solved throw an
     * Error with IFP_ERROR_BUSY. A callback may cancel or destroy the model.
     */
    Options &progress(ProgressFunction function)
    {
        progress_ = std::move(function);
        return *this;
    }
    Options &log(LogFunction function)
    {
        log_ = std::move(function);
        return *this;
    }

    const ifp_options *get() const noexcept
    {
        return handle_.get();
    }

    /* The table of all options. */
    static std::vector<OptionInfo> table()
    {
        std::vector<OptionInfo> rows;
        for (std::size_t i = 0; i < ifp_option_count(); i++) {
            OptionInfo row = {ifp_option_key(i),
                              ifp_option_type(i),
                              detail::to_string(ifp_option_name(i)),
                              detail::to_string(ifp_option_allowed(i)),
                              detail::to_string(ifp_option_default(i)),
                              detail::to_string(ifp_option_doc(i))};
            rows.push_back(std::move(row));
        }
        return rows;
    }

  private:
    friend class Model;

    Options &done(int code)
    {
        if (code != IFP_OK)
            detail::raise(code, ifp_options_last_error(handle_.get()));
        return *this;
    }

    detail::Unique<ifp_options> handle_;
    /* Each model receives the callbacks through a C handle that it makes itself. */
    ProgressFunction progress_;
    LogFunction log_;
};

/* A plan: which GPUs to rent and where to route. */
class Plan
{
  public:
    /* Read a plan from a result document. Every name must exist in the instance. */
    static Plan read_file(const Instance &instance, const std::string &path)
    {
        const detail::Report report;
        ifp_plan *handle = ifp_plan_read_file(instance.get(), detail::c_text(path), report.get());
        if (!handle)
            report.raise();
        return Plan(handle, true);
    }
    static Plan read_string(const Instance &instance, const std::string &text)
    {
        const detail::Report report;
        ifp_plan *handle =
            ifp_plan_read_string(instance.get(), text.data(), text.size(), report.get());
        if (!handle)
            report.raise();
        return Plan(handle, true);
    }

    /* The name of the instance that the plan was made for. Empty if its document has none. */
    std::string instance_name() const
    {
        return detail::to_string(ifp_plan_instance_name(handle_.get()));
    }
    std::vector<Deployment> deployments() const
    {
        std::vector<Deployment> rows;
        const std::size_t count = ifp_plan_deployment_count(handle_.get());
        rows.reserve(count);
        for (std::size_t i = 0; i < count; i++) {
            ifp_deployment entry = IFP_DEPLOYMENT_INIT;
            read(ifp_plan_deployment(handle_.get(), i, &entry));
            Deployment row = {detail::to_string(entry.model),
                              detail::to_string(entry.tier),
                              entry.tp_degree,
                              entry.replicas,
                              entry.gpus,
                              detail::to_string(entry.point),
                              entry.tpot_ms,
                              entry.load,
                              entry.load_limit,
                              entry.headroom};
            rows.push_back(std::move(row));
        }
        return rows;
    }
    std::vector<Route> routes() const
    {
        std::vector<Route> rows;
        const std::size_t count = ifp_plan_route_count(handle_.get());
        rows.reserve(count);
        for (std::size_t i = 0; i < count; i++) {
            ifp_route entry = IFP_ROUTE_INIT;
            read(ifp_plan_route(handle_.get(), i, &entry));
            Route row = {detail::to_string(entry.query),
                         detail::to_string(entry.model),
                         detail::to_string(entry.tier),
                         entry.fraction,
                         entry.tp_degree,
                         detail::to_string(entry.point),
                         entry.ttft_ms,
                         entry.tpot_ms,
                         entry.delay_ms,
                         entry.error};
            rows.push_back(std::move(row));
        }
        return rows;
    }
    std::vector<Unmet> unmet() const
    {
        std::vector<Unmet> rows;
        const std::size_t count = ifp_plan_unmet_count(handle_.get());
        rows.reserve(count);
        for (std::size_t i = 0; i < count; i++) {
            ifp_unmet entry = IFP_UNMET_INIT;
            read(ifp_plan_unmet(handle_.get(), i, &entry));
            Unmet row = {detail::to_string(entry.query), entry.fraction};
            rows.push_back(std::move(row));
        }
        return rows;
    }

    const ifp_plan *get() const noexcept
    {
        return handle_.get();
    }

  private:
    friend class Solution;
    Plan(const ifp_plan *handle, bool owned) noexcept : handle_(handle, detail::FreeOwned{owned})
    {
    }
    static void read(int code)
    {
        if (code != IFP_OK)
            detail::raise(code, nullptr);
    }

    std::unique_ptr<const ifp_plan, detail::FreeOwned> handle_;
};

/* A plan re-evaluated from an instance alone. */
class Check
{
  public:
    Check(const Instance &instance, const Plan &plan) : handle_(nullptr, detail::FreeOwned{true})
    {
        const detail::Report report;
        handle_.reset(ifp_check_new(instance.get(), plan.get(), report.get()));
        if (!handle_)
            report.raise();
    }

    bool feasible() const noexcept
    {
        return ifp_check_feasible(handle_.get()) != 0;
    }
    double max_violation() const noexcept
    {
        return ifp_check_max_violation(handle_.get());
    }
    /* The most violated constraint in words. Empty if the plan is feasible. */
    std::string reason() const
    {
        return detail::to_string(ifp_check_reason(handle_.get()));
    }
    /* The cost of one part, or in total, by enum ifp_cost. NaN for an unknown one. */
    double cost(int cost) const noexcept
    {
        return ifp_check_cost(handle_.get(), cost);
    }
    Costs costs() const noexcept
    {
        const ifp_check *handle = handle_.get();
        return costs_by([handle](int cost) { return ifp_check_cost(handle, cost); });
    }
    /* The costs that the plan's entry at that index causes. NaN if there is no such entry. */
    Costs route_costs(std::size_t index) const noexcept
    {
        const ifp_check *handle = handle_.get();
        return costs_by(
            [handle, index](int cost) { return ifp_check_route_cost(handle, index, cost); });
    }
    Costs deployment_costs(std::size_t index) const noexcept
    {
        const ifp_check *handle = handle_.get();
        return costs_by(
            [handle, index](int cost) { return ifp_check_deployment_cost(handle, index, cost); });
    }
    double unmet_cost(std::size_t index) const noexcept
    {
        return ifp_check_unmet_cost(handle_.get(), index);
    }
    std::vector<Limit> limits() const
    {
        std::vector<Limit> rows;
        const std::size_t count = ifp_check_limit_count(handle_.get());
        rows.reserve(count);
        for (std::size_t i = 0; i < count; i++) {
            ifp_limit entry = IFP_LIMIT_INIT;
            const int code = ifp_check_limit(handle_.get(), i, &entry);
            if (code != IFP_OK)
                detail::raise(code, nullptr);
            Limit row = {detail::to_string(entry.name),
                         entry.used,
                         entry.limit,
                         entry.kind,
                         detail::to_string(entry.unit),
                         detail::to_string(entry.query),
                         detail::to_string(entry.model),
                         detail::to_string(entry.tier),
                         detail::to_string(entry.pool),
                         entry.tp_degree,
                         detail::to_string(entry.point)};
            rows.push_back(std::move(row));
        }
        return rows;
    }
    /* The notes on the instance and the plan, the most important one first. */
    std::vector<Note> notes() const
    {
        std::vector<Note> rows;
        for (std::size_t i = 0; i < ifp_check_note_count(handle_.get()); i++) {
            ifp_note entry = IFP_NOTE_INIT;
            const int code = ifp_check_note(handle_.get(), i, &entry);
            if (code != IFP_OK)
                detail::raise(code, nullptr);
            rows.push_back(Note{detail::to_string(entry.kind), detail::to_string(entry.text),
                                detail::to_string(entry.path)});
        }
        return rows;
    }
    std::string json() const
    {
        return detail::take_text(ifp_check_write_json(handle_.get()));
    }

    const ifp_check *get() const noexcept
    {
        return handle_.get();
    }

  private:
    friend class Solution;
    template <typename Function> static Costs costs_by(const Function &cost_of) noexcept
    {
        return Costs{cost_of(IFP_COST_TOTAL), cost_of(IFP_COST_RENTAL), cost_of(IFP_COST_STORAGE),
                     cost_of(IFP_COST_DELAY), cost_of(IFP_COST_UNMET)};
    }
    explicit Check(const ifp_check *borrowed) noexcept : handle_(borrowed, detail::FreeOwned{false})
    {
    }

    std::unique_ptr<const ifp_check, detail::FreeOwned> handle_;
};

/* A plan evaluated with sampled deviations of delay and error. */
class Stress
{
  public:
    /* Called with the fraction of the samples that is done. Return false to stop with these
     * samples. */
    using ProgressFunction = std::function<bool(double part)>;

    Stress(const Instance &instance, const Plan &plan, std::size_t samples = 1000,
           std::uint64_t seed = 1, const ProgressFunction &progress = ProgressFunction())
    {
        const detail::Report report;
        Asked asked = {progress, nullptr};
        ifp_stress_options options = IFP_STRESS_OPTIONS_INIT;
        options.samples = samples;
        options.seed = seed;
        if (progress) {
            options.progress = &Asked::on_progress;
            options.user = &asked;
        }
        handle_.reset(ifp_stress_new(instance.get(), plan.get(), &options, report.get()));
        if (asked.failure)
            std::rethrow_exception(asked.failure);
        if (!handle_)
            report.raise();
    }

    /* The number of samples evaluated: all, unless the test was stopped. */
    std::size_t samples() const noexcept
    {
        return ifp_stress_samples(handle_.get());
    }
    /* Rows of kept routes, then of re-optimised routes, each by ascending inflation. */
    std::vector<StressRow> rows() const
    {
        std::vector<StressRow> rows;
        const std::size_t count = ifp_stress_row_count(handle_.get());
        rows.reserve(count);
        for (std::size_t i = 0; i < count; i++) {
            ifp_stress_entry entry = IFP_STRESS_ENTRY_INIT;
            const int code = ifp_stress_row(handle_.get(), i, &entry);
            if (code != IFP_OK)
                detail::raise(code, nullptr);
            const StressRow row = {entry.routing == IFP_STRESS_ROUTING_REOPTIMISED,
                                   entry.inflation,
                                   entry.cost_mean_usd,
                                   entry.cost_p95_usd,
                                   entry.cost_largest_usd,
                                   entry.delay_violated,
                                   entry.error_violated,
                                   entry.any_violated,
                                   entry.samples_without_plan,
                                   entry.worst_cost_usd,
                                   entry.worst_delay_full,
                                   entry.worst_error_full};
            rows.push_back(row);
        }
        return rows;
    }
    std::string json() const
    {
        return detail::take_text(ifp_stress_write_json(handle_.get()));
    }

    const ifp_stress *get() const noexcept
    {
        return handle_.get();
    }

  private:
    /* An exception must not pass through C code: store it and stop. */
    struct Asked {
        const ProgressFunction &progress;
        std::exception_ptr failure;

        static int on_progress(double part, void *user) noexcept
        {
            Asked *asked = static_cast<Asked *>(user);
            try {
                return asked->progress(part) ? 0 : 1;
            } catch (...) {
                asked->failure = std::current_exception();
                return 1;
            }
        }
    };

    detail::Unique<ifp_stress> handle_;
};

/* The plan and the proof of one solve. */
class Solution
{
  public:
    Status status() const noexcept
    {
        return static_cast<Status>(ifp_solution_status(handle_.get()));
    }
    /* "optimal", "feasible", "infeasible", "no_plan". */
    std::string status_word() const
    {
        return detail::to_string(ifp_solution_status_word(handle_.get()));
    }
    /* Why the solve ended. */
    Stop stop() const noexcept
    {
        return static_cast<Stop>(ifp_solution_stop(handle_.get()));
    }
    /* "proven", "time_limit", "cancelled", "exhausted". */
    std::string stop_word() const
    {
        return detail::to_string(ifp_solution_stop_word(handle_.get()));
    }
    double objective() const noexcept
    {
        return ifp_solution_objective(handle_.get());
    }
    double bound() const noexcept
    {
        return ifp_solution_bound(handle_.get());
    }
    double gap() const noexcept
    {
        return ifp_solution_gap(handle_.get());
    }
    double seconds() const noexcept
    {
        return ifp_solution_seconds(handle_.get());
    }
    double nodes() const noexcept
    {
        return ifp_solution_nodes(handle_.get());
    }
    std::string engine() const
    {
        return detail::to_string(ifp_solution_engine(handle_.get()));
    }
    /* Those of the check, or without a plan those on the instance alone. */
    std::vector<Note> notes() const
    {
        std::vector<Note> rows;
        for (std::size_t i = 0; i < ifp_solution_note_count(handle_.get()); i++) {
            ifp_note entry = IFP_NOTE_INIT;
            const int code = ifp_solution_note(handle_.get(), i, &entry);
            if (code != IFP_OK)
                detail::raise(code, nullptr);
            rows.push_back(Note{detail::to_string(entry.kind), detail::to_string(entry.text),
                                detail::to_string(entry.path)});
        }
        return rows;
    }
    /* What was removed before the solve, by reason. */
    std::vector<Removed> removed() const
    {
        std::vector<Removed> rows;
        for (std::size_t i = 0; i < ifp_solution_removed_count(handle_.get()); i++) {
            ifp_removed entry = IFP_REMOVED_INIT;
            read(ifp_solution_removed(handle_.get(), i, &entry));
            Removed row = {entry.reason,
                           detail::to_string(entry.kind),
                           detail::to_string(entry.word),
                           entry.count,
                           {},
                           {}};
            for (std::size_t e = 0; e < entry.example_count; e++) {
                ifp_removed_example example = IFP_REMOVED_EXAMPLE_INIT;
                read(ifp_solution_removed_example(handle_.get(), i, e, &example));
                row.examples.push_back(example_of(example));
            }
            ifp_removed_example nearest = IFP_REMOVED_EXAMPLE_INIT;
            if (ifp_solution_removed_nearest(handle_.get(), i, &nearest) == IFP_OK)
                row.nearest.push_back(example_of(nearest));
            rows.push_back(std::move(row));
        }
        return rows;
    }
    std::string json() const
    {
        return detail::take_text(ifp_solution_write_json(handle_.get()));
    }

    bool has_plan() const noexcept
    {
        return plan_.get() != nullptr;
    }
    /* Both are valid as long as the solution. Throws Error if there is no plan. */
    const Plan &plan() const
    {
        need_plan();
        return plan_;
    }
    const Check &check() const
    {
        need_plan();
        return check_;
    }

    const ifp_solution *get() const noexcept
    {
        return handle_.get();
    }

  private:
    friend class Model;
    static void read(int code)
    {
        if (code != IFP_OK)
            detail::raise(code, nullptr);
    }
    static RemovedExample example_of(const ifp_removed_example &entry)
    {
        return RemovedExample{detail::to_string(entry.query),
                              detail::to_string(entry.model),
                              detail::to_string(entry.tier),
                              entry.tp_degree,
                              detail::to_string(entry.point),
                              entry.value,
                              entry.limit,
                              detail::to_string(entry.unit)};
    }
    explicit Solution(ifp_solution *owned) noexcept
        : handle_(owned), plan_(ifp_solution_plan(owned), false), check_(ifp_solution_check(owned))
    {
    }
    void need_plan() const
    {
        if (!has_plan())
            throw Error(IFP_ERROR_ARGUMENT,
                        "the solution has no plan: its status is " + status_word());
    }

    detail::Unique<ifp_solution> handle_;
    Plan plan_;
    Check check_;
};

/* A plan as pictures and as an HTML page. For a solution without a plan, the report shows its
 * status. */
class Report
{
  public:
    Report(const Instance &instance, const Solution &solution)
        : Report(instance, ifp_solution_plan(solution.get()))
    {
        raise_if(ifp_report_set_proof(handle_.get(), ifp_solution_status(solution.get()),
                                      solution.bound()));
    }
    Report(const Instance &instance, const Plan &plan) : Report(instance, plan.get())
    {
    }

    /* Add a point of the solve's progress, not earlier than the last one. */
    Report &add_progress(double seconds, double objective, double bound)
    {
        raise_if(ifp_report_add_progress(handle_.get(), seconds, objective, bound));
        return *this;
    }
    std::string html() const
    {
        return detail::take_text(ifp_report_write_html(handle_.get()));
    }
    /* One picture: an enum ifp_picture, with a width of 240 to 4000. */
    std::string svg(int picture, double width) const
    {
        if (!ifp_picture_word(picture) || !(width >= 240) || width > 4000)
            throw Error(IFP_ERROR_ARGUMENT, "there is no such picture, or not of that width");
        return detail::take_text(ifp_report_write_svg(handle_.get(), picture, width));
    }

    const ifp_report *get() const noexcept
    {
        return handle_.get();
    }

  private:
    Report(const Instance &instance, const ifp_plan *plan)
    {
        const detail::Report report;
        handle_.reset(ifp_report_new(instance.get(), plan, report.get()));
        if (!handle_)
            report.raise();
    }
    static void raise_if(int code)
    {
        if (code == IFP_ERROR_MEMORY)
            detail::raise_memory();
        if (code == IFP_ERROR_BUSY)
            throw Error(code, "the report is being used by another thread; allowed: one change at "
                              "a time, and none while it is written");
        if (code != IFP_OK)
            throw Error(code, "the report was given no such status, or no such time");
    }

    detail::Unique<ifp_report> handle_;
};

/* An instance with options. It can be solved, changed and solved again. */
class Model
{
  public:
    explicit Model(const Instance &instance, const Options &options = Options()) : state_(new State)
    {
        state_->progress = options.progress_;
        state_->log = options.log_;
        const detail::Unique<ifp_options> copy(options.get() ? ifp_options_copy(options.get())
                                                             : ifp_options_new());
        if (!copy)
            detail::raise_memory();
        if (state_->progress)
            done(ifp_options_set_progress(copy.get(), &State::on_progress, state_.get()),
                 ifp_options_last_error(copy.get()));
        if (state_->log)
            done(ifp_options_set_log(copy.get(), &State::on_log, state_.get()),
                 ifp_options_last_error(copy.get()));
        const detail::Report report;
        state_->handle.reset(ifp_model_new(instance.get(), copy.get(), report.get()));
        state_->rethrow();
        if (!state_->handle)
            report.raise();
    }
    Model(Model &&) = default;
    Model &operator=(Model &&other) noexcept
    {
        if (this != &other) {
            cancel();
            state_ = std::move(other.state_);
        }
        return *this;
    }
    /* A running solve is cancelled; its memory is freed when it returns. */
    ~Model()
    {
        cancel();
    }

    /* Change a field of the model's own copy of the instance. */
    void set(const std::string &path, const std::string &value)
    {
        done(ifp_model_set(get(), detail::c_text(path), detail::c_text(value)),
             ifp_model_last_error(get()));
    }
    void set_number(const std::string &path, double value)
    {
        /* "No limit" and "not a candidate" are read as infinity. */
        set(path, value > std::numeric_limits<double>::max() ? std::string("null")
                                                             : detail::number_text(value));
    }
    /* Set a start plan for later solves; it is copied. clear_start() removes it. */
    void set_start(const Plan &plan)
    {
        done(ifp_model_set_start(get(), plan.get()), ifp_model_last_error(get()));
    }
    void clear_start()
    {
        done(ifp_model_set_start(get(), nullptr), ifp_model_last_error(get()));
    }
    /* A copy of the model's own instance. */
    Instance instance() const
    {
        ifp_instance *copy = ifp_instance_copy(ifp_model_instance(get()));
        if (!copy)
            detail::raise_memory();
        return Instance(copy);
    }

    Solution solve()
    {
        /* Keeps the state alive, because a callback may destroy the model. */
        const std::shared_ptr<State> state = state_;
        ifp_model *handle = state ? state->handle.get() : nullptr;
        Solution solution(ifp_model_solve(handle));
        /* A stored exception belongs to the running solve, not to a call that was refused. */
        const bool refused =
            !solution.get() && ifp_error_code(ifp_model_last_error(handle)) == IFP_ERROR_BUSY;
        if (state && !refused)
            state->rethrow();
        if (!solution.get())
            fail(handle);
        return solution;
    }
    /* Stop the running solve, or the next one if none is running, with the best plan found. May be
     * called from any thread, as long as the model is neither moved nor destroyed during the call.
     */
    void cancel() noexcept
    {
        ifp_model_cancel(get());
    }

    /* The compact mixed-integer program as text. The format is "mps" or "lp". */
    std::string export_text(const std::string &format)
    {
        char *text = ifp_model_export(get(), detail::c_text(format));
        if (!text)
            fail(get());
        return detail::take_text(text);
    }

    /* The numbers of configurations and routes: removed, by enum ifp_removal, and kept. */
    std::size_t removed(int reason) const noexcept
    {
        return ifp_model_removed(get(), reason);
    }
    std::size_t configuration_count() const noexcept
    {
        return ifp_model_configuration_count(get());
    }
    std::size_t route_count() const noexcept
    {
        return ifp_model_route_count(get());
    }

    ifp_model *get() const noexcept
    {
        return state_ ? state_->handle.get() : nullptr;
    }

  private:
    /* The data of the callbacks. It has a fixed address, so that a model can be moved. */
    struct State {
        Options::ProgressFunction progress;
        Options::LogFunction log;
        std::exception_ptr failure;
        detail::Unique<ifp_model> handle;

        /* An exception must not pass through C code: store the first one and stop the solve. */
        static int on_progress(const ifp_progress *progress, void *user) noexcept
        {
            State *state = static_cast<State *>(user);
            if (state->failure)
                return 1;
            try {
                const Progress now = {
                    ifp_progress_seconds(progress), ifp_progress_objective(progress),
                    ifp_progress_bound(progress),   ifp_progress_gap(progress),
                    ifp_progress_nodes(progress),   ifp_progress_open_nodes(progress)};
                return state->progress(now) ? 0 : 1;
            } catch (...) {
                state->failure = std::current_exception();
                return 1;
            }
        }
        static void on_log(const char *line, void *user) noexcept
        {
            State *state = static_cast<State *>(user);
            if (state->failure)
                return;
            try {
                state->log(detail::to_string(line));
            } catch (...) {
                state->failure = std::current_exception();
                ifp_model_cancel(state->handle.get());
            }
        }
        void rethrow()
        {
            if (!failure)
                return;
            const std::exception_ptr first = failure;
            failure = nullptr;
            std::rethrow_exception(first);
        }
    };

    static void done(int code, const ifp_error *error)
    {
        if (code != IFP_OK)
            detail::raise(code, error);
    }
    [[noreturn]] static void fail(const ifp_model *handle)
    {
        const ifp_error *error = ifp_model_last_error(handle);
        const int code = ifp_error_code(error);
        detail::raise(code == IFP_OK ? IFP_ERROR_ARGUMENT : code, error);
    }

    std::shared_ptr<State> state_;
};

} // namespace inferplan

#endif
