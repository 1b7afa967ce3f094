/* SPDX-License-Identifier: MIT */
/* A C++17 program outside the project: what consumer_c99.c does, over the wrapper, and what only
 * the wrapper promises: copies, moves, exceptions out of callbacks, cancelling. */
#include <inferplan/inferplan.hpp>

#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

static_assert(std::is_copy_constructible<inferplan::Instance>::value, "instances are copied");
static_assert(std::is_copy_constructible<inferplan::Options>::value, "options are copied");
static_assert(!std::is_copy_constructible<inferplan::Model>::value, "models are moved");
static_assert(!std::is_copy_constructible<inferplan::Plan>::value, "plans are moved");
static_assert(!std::is_copy_constructible<inferplan::Check>::value, "checks are moved");
static_assert(!std::is_copy_constructible<inferplan::Solution>::value, "solutions are moved");
static_assert(std::is_nothrow_move_constructible<inferplan::Instance>::value, "moves are cheap");
static_assert(std::is_nothrow_move_constructible<inferplan::Model>::value, "moves are cheap");
static_assert(std::is_nothrow_move_constructible<inferplan::Solution>::value, "moves are cheap");
static_assert(std::is_nothrow_copy_constructible<inferplan::Error>::value, "errors may be copied");

namespace
{

/* The instance and the figures of consumer_c99.c. */
constexpr double served_cost = 52.1;
constexpr double unmet_cost = 100;

int failures = 0;

void expect(bool holds, const char *what)
{
    if (holds)
        return;
    failures++;
    std::fprintf(stderr, "not so: %s\n", what);
}

bool close(double a, double b)
{
    return std::fabs(a - b) < 1e-6;
}

inferplan::Instance build()
{
    inferplan::Instance instance;
    instance.set_name("consumer");
    instance.add_query("chat");
    instance.add_model("small");
    instance.add_tier("gpu");
    instance.set_number("horizon.rental_hours", 1);
    instance.set_number("storage_usd_per_gb_hour", 0.01);
    instance.set_number("queries[chat].input_tokens", 600);
    instance.set_number("queries[chat].output_tokens", 400);
    instance.set_number("queries[chat].rate_per_hour", 100);
    instance.set_number("queries[chat].delay_penalty_usd_per_ms", 0.001);
    instance.set_number("queries[chat].unmet_penalty_usd", 1);
    instance.set_number("models[small].weights_gb", 10);
    instance.set_number("models[small].kv_gb_per_token", 0.0001);
    instance.set_number("tiers[gpu].memory_gb", 24);
    instance.set_number("tiers[gpu].tflops", 30);
    instance.set_number("tiers[gpu].usd_per_hour", 2);
    instance.set_numbers("tiers[gpu].tp_degrees", {1});
    instance.set_number("performance.delay_ms_per_token", 0.5);
    instance.set_number("performance.error_rate", 0.02);
    return instance;
}

void instances()
{
    inferplan::Instance instance = build();
    inferplan::Instance copy(instance);
    copy.set_number("queries[chat].rate_per_hour", 200);
    expect(close(instance.number("queries[0].rate_per_hour"), 100), "a copy is a deep one");
    expect(std::isinf(instance.number("limits.budget_usd")), "an absent limit is infinite");
    const std::string text = instance.json();
    expect(inferplan::Instance::read_string(text).json() == text, "writing and reading agree");
    expect(instance.query_names() == std::vector<std::string>{"chat"}, "names are listed");
    try {
        instance.set_number("queries[chat].rate_per_hour", -1);
        expect(false, "a negative rate is refused");
    } catch (const inferplan::Error &error) {
        expect(error.code() == IFP_ERROR_VALUE, "a negative rate is a value error");
        expect(error.where().find("rate_per_hour") != std::string::npos, "where() names the field");
        expect(std::string(error.what()).find("-1") != std::string::npos, "what() names the value");
    }
    try {
        instance.set_null(std::string("limits.budget_usd\0junk", 22));
        expect(false, "a path with a NUL is refused");
    } catch (const inferplan::Error &error) {
        expect(error.code() == IFP_ERROR_ARGUMENT, "a path with a NUL is an argument error");
    }
}

void solutions()
{
    const inferplan::Instance instance = build();
    inferplan::Model first(instance, inferplan::Options().set("gap", "0"));
    inferplan::Model model(std::move(first));
    inferplan::Solution solution = model.solve();
    expect(solution.status() == inferplan::Status::optimal, "the status is optimal");
    expect(solution.stop() == inferplan::Stop::proven && solution.stop_word() == "proven",
           "it ended with the proof");
    expect(close(solution.objective(), served_cost), "the objective is 52.1");
    expect(solution.bound() <= served_cost + 1e-9, "the bound is below it");
    const inferplan::Costs costs = solution.check().costs();
    expect(close(costs.rental, 2) && close(costs.storage, 0.1) && close(costs.delay, 50),
           "the cost parts are 2, 0.1 and 50");
    double sum = 0;
    for (const inferplan::CostPart &fraction : inferplan::cost_parts())
        sum += solution.check().cost(fraction.cost);
    expect(close(sum, solution.objective()) && inferplan::cost_parts()[0].key == "rental_usd" &&
               !inferplan::cost_parts()[0].penalty,
           "and the listed parts add up");
    expect(close(sum, costs.rental + costs.storage + costs.delay + costs.unmet) &&
               close(sum, costs.total),
           "as do those of the struct");
    const std::vector<inferplan::Limit> limits = solution.check().limits();
    expect(limits.size() == 2, "memory and compute are limited");
    for (const inferplan::Limit &limit : limits)
        expect(limit.name == inferplan::limit_kind_word(limit.kind) + "[small,gpu]" &&
                   limit.model == "small" && limit.tier == "gpu" && limit.query.empty() &&
                   limit.pool.empty(),
               "each knows what it applies to");
    expect(limits[0].kind == IFP_LIMIT_KIND_MEMORY && limits[0].unit == "GB", "in its unit");
    for (const inferplan::Removed &removed : solution.removed())
        expect(removed.count >= removed.examples.size() && removed.nearest.size() <= 1 &&
                   removed.word == ifp_removal_word(removed.reason),
               "removals have examples");
    const std::vector<inferplan::Note> notes = solution.check().notes();
    expect(notes.size() == solution.notes().size(), "the solution has the notes of its check");
    for (const inferplan::Note &note : notes)
        expect(!note.kind.empty() && !note.text.empty() && !note.path.empty(), "each is complete");
    expect(inferplan::limit_kind_word(0).empty(), "and no kind has no word");
    expect(solution.plan().deployments().size() == 1 && solution.plan().routes().size() == 1 &&
               solution.plan().unmet().empty(),
           "one deployment, one route, nothing unmet");
    const inferplan::Deployment rented = solution.plan().deployments()[0];
    const inferplan::Route sent = solution.plan().routes()[0];
    expect(rented.point.empty() && std::isnan(rented.load) && std::isnan(rented.headroom),
           "without a profile a deployment is at no point");
    expect(sent.tp_degree == rented.tp_degree && sent.point.empty() && std::isnan(sent.ttft_ms) &&
               sent.delay_ms > 0 && sent.error >= 0,
           "and of its route the delay and the error are known");
    const inferplan::Plan read = inferplan::Plan::read_string(instance, solution.json());
    const inferplan::Check check(instance, read);
    expect(check.feasible() && close(check.costs().total, served_cost), "the plan reads back");
    expect(read.instance_name() == instance.name() && !instance.name().empty(),
           "and knows its instance");

    model.set_number("limits.budget_usd", 1.5);
    expect(close(model.instance().number("limits.budget_usd"), 1.5), "the model's field is set");
    const inferplan::Solution poor = model.solve();
    expect(close(poor.objective(), unmet_cost), "without money everything is unmet");
    expect(close(poor.check().costs().unmet, unmet_cost), "and that is all it costs");

    model.set("queries[chat].max_unmet", "0");
    const inferplan::Solution none = model.solve();
    expect(none.status() == inferplan::Status::infeasible, "without money or slack: infeasible");
    expect(!none.has_plan(), "an infeasible instance has no plan");
    try {
        none.plan();
        expect(false, "asking for a plan that is not there is refused");
    } catch (const inferplan::Error &error) {
        expect(error.code() == IFP_ERROR_ARGUMENT, "and is an argument error");
    }
}

void many_numbers()
{
    const inferplan::Instance instance = build();
    expect(instance.numbers("performance.error_rate").size() == instance.query_names().size() *
                                                                    instance.model_names().size() *
                                                                    instance.tier_names().size(),
           "a number for each cell");
    bool thrown = false;
    try {
        (void)instance.numbers("policy.placement");
    } catch (const inferplan::Error &error) {
        thrown = error.code() == IFP_ERROR_VALUE;
    }
    expect(thrown, "a word is no number");
    inferplan::Instance copy = build();
    inferplan::Model model(copy);
    for (const char *path :
         {"performance.error_rate", "performance.error_rate[0]", "performance.error_rate[*][0][0]",
          "queries[*].delay_limit_ms", "tiers[0].tp_degrees", "tiers[*].tp_degrees[0]",
          "horizon.penalty_hours", "limits.budget_usd"}) {
        const std::vector<double> numbers = instance.numbers(path);
        copy.set_numbers(path, numbers);
        expect(copy.numbers(path) == numbers, "numbers are set back by the path that reads them");
    }
    copy.set_number("limits.budget_usd", instance.number("limits.budget_usd"));
    model.set_number("limits.budget_usd", instance.number("limits.budget_usd"));
    expect(model.instance().number("limits.budget_usd") == instance.number("limits.budget_usd"),
           "a limit that is none too");
}

void stress()
{
    inferplan::Instance instance = build();
    const inferplan::Solution solution = inferplan::Model(instance).solve();
    try {
        const inferplan::Stress none(instance, solution.plan());
        expect(false, "there is no set to draw from");
    } catch (const inferplan::Error &error) {
        expect(error.code() == IFP_ERROR_VALUE && error.where() == "uncertainty.kind",
               "and that is said");
    }
    instance.set("uncertainty.kind", "budget");
    instance.set("uncertainty.delay_budget", "1");
    instance.set("uncertainty.error_budget", "0");
    instance.set("performance.delay_deviation_ms_per_token", "0.0");
    int calls = 0;
    const inferplan::Stress all(instance, solution.plan(), 5, 2, [&](double fraction) {
        calls++;
        return fraction < 1;
    });
    expect(all.samples() == 5 && calls >= 5, "five samples, each asked for");
    expect(all.rows().size() == 6 && !all.rows()[0].reoptimised && all.rows()[5].reoptimised,
           "routes kept, then re-optimised");
    expect(close(all.rows()[0].cost_mean_usd, served_cost), "nothing deviates");
    expect(all.json().find("inferplan-stress") != std::string::npos, "it is a document");
    const inferplan::Stress few(instance, solution.plan(), 5, 2, [](double) { return false; });
    expect(few.samples() == 0, "and it can be stopped");
    bool thrown = false;
    try {
        const inferplan::Stress failed(instance, solution.plan(), 5, 2, [](double) -> bool {
            throw std::out_of_range("from the callback");
        });
    } catch (const std::out_of_range &) {
        thrown = true;
    }
    expect(thrown, "an exception comes out as it went in");
}

void reports()
{
    const inferplan::Instance instance = build();
    const inferplan::Solution solution = inferplan::Model(instance).solve();
    double sum = 0;
    for (std::size_t r = 0; r < solution.plan().routes().size(); r++)
        sum += solution.check().route_costs(r).total;
    for (std::size_t u = 0; u < solution.plan().unmet().size(); u++)
        sum += solution.check().unmet_cost(u);
    expect(close(sum, solution.objective()), "routes and unmet demand pay for all");
    expect(solution.check().deployment_costs(0).rental > 0, "so is the fleet");
    inferplan::Report report(instance, solution);
    report.add_progress(0, 2, 1).add_progress(1, 2, 2);
    expect(report.html().find("no plan costs less") != std::string::npos, "it is a page");
    expect(report.svg(IFP_PICTURE_COSTS, 400).find("<svg") == 0, "and pictures");
    expect(inferplan::Report(instance, solution.plan()).html().find("is not known") !=
               std::string::npos,
           "of a plan alone nothing is proven");
    for (int wrong = 0; wrong < 3; wrong++) {
        bool thrown = false;
        try {
            if (wrong == 0)
                report.add_progress(0.5, 2, 1);
            else
                report.svg(wrong == 1 ? 99 : IFP_PICTURE_COSTS, wrong == 1 ? 400 : 1);
        } catch (const inferplan::Error &error) {
            thrown = error.code() == IFP_ERROR_ARGUMENT;
        }
        expect(thrown, "what cannot be is refused");
    }
}

void callbacks()
{
    const inferplan::Instance instance = build();
    int calls = 0;
    bool fail = true;
    inferplan::Options options;
    options.progress([&](const inferplan::Progress &now) -> bool {
        calls++;
        expect(now.seconds >= 0, "time does not run backwards");
        if (fail)
            throw std::out_of_range("from the callback");
        return true;
    });
    inferplan::Model model(instance, options);
    bool thrown = false;
    try {
        (void)model.solve();
    } catch (const std::out_of_range &error) {
        thrown = std::string(error.what()) == "from the callback";
    }
    /* Nobody promises that so small a solve asks at all. */
    expect(thrown == (calls > 0), "an exception comes out of solve as it went in");
    expect(calls <= 1, "and the callback is left alone after it");
    inferplan::Options same(options);
    same.set("gap", "0.5");
    options.set("gap", "0.25");
    expect(close(same.number(IFP_OPTION_GAP), 0.5), "a copy of options is a deep one");
    calls = 0;
    try {
        (void)inferplan::Model(instance, same).solve();
        expect(calls == 0, "a copy has the callbacks");
    } catch (const std::out_of_range &) {
        expect(calls == 1, "and they are called");
    }
    same = options;
    expect(close(same.number(IFP_OPTION_GAP), 0.25), "options are assigned");
    fail = false;
    expect(close(model.solve().objective(), served_cost), "the model can be solved again");

    model.cancel();
    const inferplan::Solution stopped = model.solve();
    expect(stopped.bound() <= served_cost + 1e-9, "a cancelled solve proves nothing false");
    expect(close(model.solve().objective(), served_cost), "a cancel stops one solve only");

    inferplan::Options noisy;
    std::string text;
    noisy.log([&](const std::string &line) {
        expect(line.find('\n') == std::string::npos, "a log line is one line");
        text += line;
        throw std::length_error("from the log");
    });
    thrown = false;
    try {
        inferplan::Model logged(instance, noisy);
        (void)logged.solve();
    } catch (const std::length_error &) {
        thrown = true;
    }
    expect(thrown == !text.empty(), "an exception in the log comes out too");
}

/* A model in its own callback: changes are refused, and it may be destroyed. */
void busy()
{
    const inferplan::Instance instance = build();
    std::unique_ptr<inferplan::Model> model;
    int calls = 0;
    int refused = 0;
    bool destroy = false;
    inferplan::Options options;
    options.log([&](const std::string &) {
        calls++;
        if (destroy) {
            model.reset();
            return;
        }
        const auto refuse = [&](const std::function<void()> &change) {
            try {
                change();
            } catch (const inferplan::Error &error) {
                refused += error.code() == IFP_ERROR_BUSY &&
                           std::string(error.what()).find("the model is being solved") == 0;
            }
        };
        refuse([&] { model->set("limits.budget_usd", "1"); });
        refuse([&] { model->clear_start(); });
        refuse([&] { (void)model->solve(); });
        refuse([&] { (void)model->export_text("mps"); });
    });
    model.reset(new inferplan::Model(instance, options));
    expect(close(model->solve().objective(), served_cost), "refusals do not disturb a solve");
    expect(refused == 4 * calls, "changes in a callback are refused");
    destroy = true;
    calls = 0;
    (void)model->solve();
    expect(calls == 0 || !model, "a callback destroys its model");
    expect(calls > 0, "a solve has something to log");
}

} // namespace

int main()
{
    try {
        expect(inferplan::version() == ifp_version(), "the version is the library's");
        expect(!inferplan::Options::table().empty(), "there are options");
        instances();
        solutions();
        stress();
        many_numbers();
        reports();
        callbacks();
        busy();
    } catch (const std::exception &error) {
        std::fprintf(stderr, "unexpected: %s\n", error.what());
        return 1;
    }
    return failures ? 1 : 0;
}
