/* SPDX-License-Identifier: MIT */
/*
 * The work of reading, changing, writing and checking, of making a model and of exporting it grows
 * no faster than n log n, whatever the input. The library is compiled so that each basic block it
 * runs calls a function here, which counts; what the C library's functions on memory and text go
 * through is counted by their callers. Times say nothing in a test, but counts are the same on
 * every machine.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "milp/export.h"
#include "milp/milp.h"
#include "problem/size.h"
#include "support/suite.h"
#include "util/clock.h"
#include "util/text.h"

/* -- counting -- */

static size_t work;

void __sanitizer_cov_trace_pc(void);
void *__wrap_memcpy(void *to, const void *from, size_t size);
void *__real_memcpy(void *to, const void *from, size_t size);
void *__wrap_memmove(void *to, const void *from, size_t size);
void *__real_memmove(void *to, const void *from, size_t size);
int __wrap_memcmp(const void *one, const void *other, size_t size);
int __real_memcmp(const void *one, const void *other, size_t size);
size_t __wrap_strlen(const char *text);
size_t __real_strlen(const char *text);

void __sanitizer_cov_trace_pc(void)
{
    work++;
}

void *__wrap_memcpy(void *to, const void *from, size_t size)
{
    work += size;
    return __real_memcpy(to, from, size);
}

void *__wrap_memmove(void *to, const void *from, size_t size)
{
    work += size;
    return __real_memmove(to, from, size);
}

int __wrap_memcmp(const void *one, const void *other, size_t size)
{
    work += size;
    return __real_memcmp(one, other, size);
}

size_t __wrap_strlen(const char *text)
{
    size_t size = __real_strlen(text);
    work += size;
    return size;
}

/* A clock that goes as the work does. */
double ifp_clock_seconds(void)
{
    return (double)work;
}

/* -- inputs -- */

enum member { QUERY, MODEL, TIER, POOL };

static void put_member(struct ifp_text *text, enum member kind, const char *name, const char *more)
{
    static const char *const fields[] = {
        ",\"input_tokens\":5,\"output_tokens\":2,\"rate_per_hour\":1,\"unmet_penalty_usd\":1",
        ",\"weights_gb\":1,\"kv_gb_per_token\":0",
        ",\"memory_gb\":9,\"tflops\":9,\"usd_per_hour\":1", ",\"gpus\":1"};
    ifp_text_format(text, "{\"name\":\"%s\"%s%s}", name, fields[kind], more);
}

/* A list of n members; each name ends with its number. */
static void put_list(struct ifp_text *text, enum member kind, size_t n, const char *before,
                     const char *more)
{
    static const char *const keys[] = {"queries", "models", "tiers", "pools"};
    ifp_text_format(text, "\"%s\":[", keys[kind]);
    for (size_t m = 0; m < n; m++) {
        struct ifp_text name = {0};
        ifp_text_format(&name, "%s%zu", before, m);
        ifp_text_string(text, m ? "," : "");
        put_member(text, kind, name.data, more);
        ifp_text_clear(&name);
    }
    ifp_text_string(text, "],");
}

/* n x_ members, each with a comma behind it. */
static void put_own(struct ifp_text *text, size_t n)
{
    for (size_t m = 0; m < n; m++)
        ifp_text_format(text, "\"x_%zu\":%zu,", m, m);
}

/* n descending degrees, as a field behind others. */
static char *degrees_of(size_t n)
{
    struct ifp_text text = {0};
    ifp_text_string(&text, ",\"tp_degrees\":[");
    for (size_t d = n; d > 0; d--)
        ifp_text_format(&text, d > 1 ? "%zu," : "%zu]", d);
    char *made = ifp_text_take(&text);
    ck_assert_ptr_nonnull(made);
    return made;
}

enum family {
    DEGREES,
    QUERIES,
    MODELS,
    TIERS,
    POOLS,
    TIERS_WITH_POOL,
    LONG_NAMES,
    OWN,
    OWN_OF_QUERY,
    OWN_OF_PERFORMANCE,
    KEYED,
    PROFILES,
    POINTS,
    MEASURED,
    PACES,
    HEADROOM,
    FAMILY_COUNT
};

/* One profile for each of n degrees; or one with n points, n query types, n paces or a head-room
 * table of n entries. */
static void put_profiles(struct ifp_text *text, enum family family, size_t n)
{
    static const char law[] = "\"iteration_ms\":1,\"prefill_ms_per_token\":1,"
                              "\"decode_ms_per_token\":1";
    static const char entry[] = "{\"rate_per_hour\":1,\"ttft_ms\":1,\"tpot_ms\":1}";
    size_t profiles = family == PROFILES ? n : 1;
    ifp_text_string(text, "\"profiles\":[");
    for (size_t p = 0; p < profiles; p++) {
        ifp_text_format(text, "%s{\"model\":\"m0\",\"tier\":\"t0\",\"tp_degree\":%zu,",
                        p ? "," : "", p + 1);
        if (family == POINTS || family == MEASURED) {
            ifp_text_string(text, "\"points\":[");
            for (size_t o = 0; o < (family == POINTS ? n : 1); o++) {
                ifp_text_format(text, "%s{\"name\":\"o%zu\",\"queries\":{", o ? "," : "", o);
                for (size_t q = 0; q < (family == MEASURED ? n : 1); q++)
                    ifp_text_format(text, "%s\"q%zu\":%s", q ? "," : "", q, entry);
                ifp_text_string(text, "}}");
            }
            ifp_text_string(text, "]");
        } else {
            ifp_text_string(text, law);
        }
        if (family == PACES || family == HEADROOM)
            ifp_text_string(text,
                            family == PACES ? ",\"paces_ms\":[" : ",\"headroom\":{\"table\":[");
        for (size_t v = 0; (family == PACES || family == HEADROOM) && v < n; v++)
            ifp_text_format(text, "%s%zu", v ? "," : "", family == PACES ? n + 1 - v : v);
        ifp_text_string(text, family == PACES ? "]}" : family == HEADROOM ? "]}}" : "}");
    }
    ifp_text_string(text, "],");
}

/* The table of delays, by names of queries. */
static void put_keyed(struct ifp_text *text, size_t n)
{
    ifp_text_string(text, "{");
    for (size_t m = 0; m < n; m++)
        ifp_text_format(text, "%s\"q%zu\":1", m ? "," : "", m);
    ifp_text_string(text, "}");
}

/* An instance of the family with n of what is many in it. */
static char *instance_of(enum family family, size_t n)
{
    struct ifp_text text = {0};
    char *degrees = degrees_of(family == DEGREES || family == PROFILES ? n : 1);
    char *more = degrees;
    struct ifp_text pooled = {0};
    ifp_text_string(&text, "{\"format\":\"inferplan-instance\",\"version\":1,\"name\":\"n\",");
    if (family == OWN)
        put_own(&text, n);
    ifp_text_string(&text, "\"horizon\":{\"rental_hours\":1},\"storage_usd_per_gb_hour\":0,");
    if (family == TIERS_WITH_POOL) {
        ifp_text_format(&pooled, "%s,\"pool\":\"p%zu\"", degrees, n - 1);
        more = pooled.data;
    }
    char beginning[201] = "q";
    if (family == LONG_NAMES) {
        memset(beginning, 'q', 200);
        beginning[200] = '\0';
    }
    if (family == OWN_OF_QUERY) {
        ifp_text_string(&text, "\"queries\":[{\"name\":\"q0\",");
        put_own(&text, n);
        ifp_text_string(&text, "\"input_tokens\":5,\"output_tokens\":2,\"rate_per_hour\":1,"
                               "\"unmet_penalty_usd\":1}],");
    } else {
        bool many =
            family == KEYED || family == QUERIES || family == LONG_NAMES || family == MEASURED;
        put_list(&text, QUERY, many ? n : 1, beginning, "");
    }
    put_list(&text, MODEL, family == MODELS ? n : 1, "m", "");
    put_list(&text, TIER, family == TIERS || family == TIERS_WITH_POOL ? n : 1, "t", more);
    put_list(&text, POOL, family == POOLS || family == TIERS_WITH_POOL ? n : 0, "p", "");
    if (family >= PROFILES)
        put_profiles(&text, family, n);
    ifp_text_string(&text, "\"performance\":{");
    if (family == OWN_OF_PERFORMANCE)
        put_own(&text, n);
    ifp_text_string(&text, "\"error_rate\":0,\"delay_ms_per_token\":");
    if (family == KEYED)
        put_keyed(&text, n);
    else
        ifp_text_string(&text, "1");
    ifp_text_string(&text, "}}");
    ifp_text_clear(&pooled);
    free(degrees);
    char *made = ifp_text_take(&text);
    ck_assert_ptr_nonnull(made);
    return made;
}

static ifp_instance *read_instance(const char *text)
{
    ifp_error *error = ifp_error_new();
    ifp_instance *instance = ifp_instance_read_string(text, strlen(text), error);
    ck_assert_msg(instance != NULL, "%s", ifp_error_message(error));
    ifp_error_free(error);
    return instance;
}

/* -- what grows -- */

/* Below 5 for n log n. What grows with the square would be 16. */
static void expect_growth(size_t small, size_t large)
{
    ck_assert_uint_gt(small, 0);
    ck_assert_msg(large < 6 * small, "four times the input takes %g times the work",
                  (double)large / (double)small);
}

/* Reading, copying, validating and writing. */
static size_t work_on_instance(enum family family, size_t n)
{
    char *text = instance_of(family, n);
    work = 0;
    ifp_instance *instance = read_instance(text);
    ifp_instance *copy = ifp_instance_copy(instance);
    ck_assert_int_eq(ifp_instance_validate(copy, NULL), IFP_OK);
    char *written = ifp_instance_write_json(copy);
    size_t done = work;
    ck_assert_ptr_nonnull(written);
    free(written);
    ifp_instance_free(copy);
    ifp_instance_free(instance);
    free(text);
    return done;
}

START_TEST(instances)
{
    enum family family = (enum family)_i;
    expect_growth(work_on_instance(family, 1500), work_on_instance(family, 6000));
}
END_TEST

static size_t work_on_members(size_t n)
{
    work = 0;
    ifp_instance *instance = ifp_instance_new();
    for (size_t m = 0; m < n; m++) {
        char name[40];
        char path[80];
        sprintf(name, "member %zu]", m);
        ck_assert_int_eq(ifp_instance_add_query(instance, name), IFP_OK);
        ck_assert_int_eq(ifp_instance_add_model(instance, name), IFP_OK);
        ck_assert_int_eq(ifp_instance_add_tier(instance, name), IFP_OK);
        ck_assert_int_eq(ifp_instance_add_pool(instance, name), IFP_OK);
        sprintf(path, "queries[%s].rate_per_hour", name);
        ck_assert_int_eq(ifp_instance_set_number(instance, path, 1), IFP_OK);
        sprintf(path, "tiers[%s].pool", name);
        ck_assert_int_eq(ifp_instance_set_word(instance, path, name), IFP_OK);
    }
    ifp_instance_free(instance);
    return work;
}

START_TEST(members_one_by_one)
{
    expect_growth(work_on_members(1000), work_on_members(4000));
}
END_TEST

/* Profiles, points and query types, one by one. */
static size_t work_on_profiles(size_t n)
{
    ifp_instance *instance = ifp_instance_new();
    char name[40];
    char path[120];
    for (size_t m = 0; m < n; m++) {
        sprintf(name, "q%zu", m);
        ck_assert_int_eq(ifp_instance_add_query(instance, name), IFP_OK);
    }
    ck_assert_int_eq(ifp_instance_add_model(instance, "m"), IFP_OK);
    ck_assert_int_eq(ifp_instance_add_tier(instance, "t"), IFP_OK);
    work = 0;
    for (size_t m = 0; m < n; m++) {
        sprintf(name, "q%zu", m);
        ck_assert_int_eq(ifp_instance_add_profile(instance, "m", "t", m + 1), IFP_OK);
        ck_assert_int_eq(ifp_instance_add_point(instance, 0, name), IFP_OK);
        ck_assert_int_eq(ifp_instance_add_measured(instance, 0, 0, name), IFP_OK);
        sprintf(path, "profiles[m,t,%zu].network_ms", m + 1);
        ck_assert_int_eq(ifp_instance_set_number(instance, path, 1), IFP_OK);
        sprintf(path, "profiles[0].points[0].queries[%s].ttft_ms", name);
        ck_assert_int_eq(ifp_instance_set_number(instance, path, 1), IFP_OK);
    }
    ck_assert_int_eq(ifp_instance_scale(instance, "profiles[*].points[*].queries[*].ttft_ms", 2),
                     IFP_OK);
    ifp_instance_free(instance);
    return work;
}

START_TEST(profiles_one_by_one)
{
    expect_growth(work_on_profiles(1000), work_on_profiles(4000));
}
END_TEST

/* A table of n entries. */
static size_t work_on_entries(size_t n)
{
    ifp_instance *instance = ifp_instance_new();
    for (size_t m = 0; m < n; m++) {
        char name[40];
        sprintf(name, "q%zu", m);
        ck_assert_int_eq(ifp_instance_add_query(instance, name), IFP_OK);
    }
    work = 0;
    for (size_t m = 0; m < n; m++) {
        char path[80];
        sprintf(path, "performance.error_rate[%zu]", m);
        ck_assert_int_eq(ifp_instance_set_number(instance, path, 0.5), IFP_OK);
        ck_assert_int_eq(ifp_instance_scale(instance, path, 0.5), IFP_OK);
    }
    ifp_instance_free(instance);
    return work;
}

START_TEST(entries_one_by_one)
{
    expect_growth(work_on_entries(1000), work_on_entries(4000));
}
END_TEST

/* A refusal at the last entry chosen leaves all of them as they were. */
START_TEST(a_refused_change_in_place_changes_nothing)
{
    ifp_instance *instance = ifp_instance_new();
    double values[] = {0.1, 0.2, 0.9};
    double now[3];
    size_t count = 3;
    for (int m = 0; m < 3; m++)
        ck_assert_int_eq(ifp_instance_add_query(instance, m == 0   ? "a"
                                                          : m == 1 ? "b"
                                                                   : "c"),
                         IFP_OK);
    ck_assert_int_eq(ifp_instance_add_model(instance, "m"), IFP_OK);
    ck_assert_int_eq(ifp_instance_add_tier(instance, "t"), IFP_OK);
    ck_assert_int_eq(ifp_instance_set_numbers(instance, "performance.error_rate", values, 3),
                     IFP_OK);
    ck_assert_int_eq(ifp_instance_scale(instance, "performance.error_rate[*]", 2), IFP_ERROR_VALUE);
    ck_assert_int_eq(
        ifp_instance_get_numbers(instance, "performance.error_rate", now, &count, NULL), IFP_OK);
    for (int m = 0; m < 3; m++)
        ck_assert_double_eq(now[m], values[m]);
    ifp_instance_free(instance);
}
END_TEST

/* A text of few bytes may name one entry of a table of very many: it is refused, and so is setting
 * one; a number for all of them is one number. */
START_TEST(tables_out_of_proportion)
{
    struct ifp_text text = {0};
    char *degrees = degrees_of(1);
    enum { EACH = 600 };
    ifp_text_string(&text,
                    "{\"format\":\"inferplan-instance\",\"version\":1,\"name\":\"n\",\"horizon\":"
                    "{\"rental_hours\":1},\"storage_usd_per_gb_hour\":0,");
    put_list(&text, QUERY, EACH, "q", "");
    put_list(&text, MODEL, EACH, "m", "");
    put_list(&text, TIER, EACH, "t", degrees);
    size_t until_here = text.size;
    ifp_text_string(&text, "\"performance\":{\"error_rate\":0,\"delay_ms_per_token\":1}}");
    ck_assert(!text.failed);
    ifp_instance *instance = read_instance(text.data);
    size_t count = 0;
    ck_assert_int_eq(
        ifp_instance_get_numbers(instance, "performance.error_rate", NULL, &count, NULL), IFP_OK);
    ck_assert_uint_eq(count, EACH * EACH * EACH);
    ck_assert_int_eq(ifp_instance_set_null(instance, "performance.error_rate[0][0][0]"),
                     IFP_ERROR_VALUE);
    ck_assert_str_eq(
        ifp_error_message(ifp_instance_last_error(instance)),
        "performance.error_rate[0][0][0]: found a table of 600 queries by 600 models by "
        "600 tiers; allowed: at most 134217728 entries");
    ifp_instance_free(instance);

    text.size = until_here;
    ifp_text_string(&text, "\"performance\":{\"error_rate\":0,\"delay_ms_per_token\":"
                           "{\"q0\":{\"m0\":{\"t0\":1}}}}}");
    ifp_error *error = ifp_error_new();
    ck_assert_ptr_null(ifp_instance_read_string(text.data, text.size, error));
    ck_assert_str_eq(
        ifp_error_message(error),
        "performance.delay_ms_per_token: found a table of 600 queries by 600 models by "
        "600 tiers; allowed: at most 16777216 entries");
    ifp_error_free(error);
    ifp_text_clear(&text);
    free(degrees);
}
END_TEST

/* n deployments of as many models on one tier with n degrees, a route to each, and what is unmet of
 * as many query types. */
static char *plan_of(size_t n)
{
    struct ifp_text text = {0};
    ifp_text_string(&text, "{\"format\":\"inferplan-plan\",\"version\":1,\"deployments\":[");
    for (size_t d = 0; d < n; d++)
        ifp_text_format(&text,
                        "%s{\"model\":\"m%zu\",\"tier\":\"t0\",\"tp_degree\":%zu,\"replicas\":1}",
                        d ? "," : "", d, d % 2 ? n : n + 1);
    ifp_text_string(&text, "],\"routes\":[");
    for (size_t r = 0; r < n; r++)
        ifp_text_format(&text,
                        "%s{\"query\":\"q%zu\",\"model\":\"m%zu\",\"tier\":\"t0\",\"fraction\":1}",
                        r ? "," : "", r, r);
    ifp_text_string(&text, "],\"unmet\":[");
    for (size_t u = 0; u < n; u++)
        ifp_text_format(&text, "%s{\"query\":\"q%zu\",\"fraction\":0.5}", u ? "," : "", u);
    ifp_text_string(&text, "]}");
    char *made = ifp_text_take(&text);
    ck_assert_ptr_nonnull(made);
    return made;
}

static size_t work_on_plan(size_t n, const char *uncertainty)
{
    struct ifp_text text = {0};
    char *degrees = degrees_of(n);
    ifp_text_format(&text,
                    "{\"format\":\"inferplan-instance\",\"version\":1,\"name\":\"n\",\"horizon\":"
                    "{\"rental_hours\":1},\"storage_usd_per_gb_hour\":0,\"uncertainty\":%s,",
                    uncertainty);
    put_list(&text, QUERY, n, "q", "");
    put_list(&text, MODEL, n, "m", "");
    put_list(&text, TIER, 1, "t", degrees);
    ifp_text_string(&text, "\"performance\":{\"delay_ms_per_token\":1,\"error_rate\":0}}");
    ck_assert(!text.failed);
    ifp_instance *instance = read_instance(text.data);
    char *answer = plan_of(n);
    ifp_error *error = ifp_error_new();
    work = 0;
    ifp_plan *plan = ifp_plan_read_string(instance, answer, strlen(answer), error);
    ck_assert_msg(plan != NULL, "%s", ifp_error_message(error));
    ifp_check *check = ifp_check_new(instance, plan, error);
    ck_assert_msg(check != NULL, "%s", ifp_error_message(error));
    char *written = ifp_check_write_json(check);
    size_t done = work;
    ck_assert_ptr_nonnull(written);
    free(written);
    ifp_check_free(check);
    ifp_plan_free(plan);
    ifp_error_free(error);
    ifp_instance_free(instance);
    free(answer);
    free(degrees);
    ifp_text_clear(&text);
    return done;
}

START_TEST(plans)
{
    static const char *const kinds[] = {
        "{}",
        "{\"kind\":\"budget\",\"delay_budget\":2,\"error_budget\":2}",
        ("{\"kind\":\"decision_dependent\",\"level\":\"cell\",\"delay_budget\":2,"
         "\"error_budget\":2}"),
    };
    expect_growth(work_on_plan(800, kinds[_i]), work_on_plan(3200, kinds[_i]));
}
END_TEST

/* -- models -- */

/* What an instance of each family is turned into. */
static const struct {
    const char *placement;
    const char *kind;
} policies[] = {
    {"split", "none"},      {"matching", "none"}, {"single", "none"},
    {"matching", "budget"}, {"split", "budget"},
};
enum { POLICY_COUNT = sizeof policies / sizeof *policies };

static const enum family model_families[] = {DEGREES, QUERIES,         MODELS,    TIERS,
                                             POOLS,   TIERS_WITH_POOL, LONG_NAMES};
enum { MODEL_FAMILY_COUNT = sizeof model_families / sizeof *model_families };

static void set(ifp_instance *instance, const char *path, const char *value)
{
    ck_assert_msg(ifp_instance_set(instance, path, value) == IFP_OK, "%s",
                  ifp_error_message(ifp_instance_last_error(instance)));
}

static ifp_instance *instance_to_model(enum family family, size_t n, size_t policy)
{
    char *text = instance_of(family, n);
    ifp_instance *instance = read_instance(text);
    free(text);
    set(instance, "policy.placement", policies[policy].placement);
    set(instance, "policy.storage_basis", "route");
    set(instance, "uncertainty.kind", policies[policy].kind);
    set(instance, "uncertainty.delay_budget", "1.5");
    set(instance, "uncertainty.error_budget", "1.5");
    set(instance, "performance.delay_deviation_ms_per_token", "0.05");
    set(instance, "performance.error_deviation", "0.01");
    set(instance, "queries[*].unmet_penalty_usd", "1000");
    set(instance, "queries[*].delay_limit_ms", "7.5");
    set(instance, "queries[*].error_limit", "0.05");
    return instance;
}

/* The problem, the whole program, its text and the count of its size. */
static size_t work_on_model(enum family family, size_t n, size_t policy)
{
    ifp_instance *instance = instance_to_model(family, n, policy);
    struct ifp_error error = {0};
    struct ifp_problem *problem = NULL;
    struct ifp_milp *milp = NULL;
    work = 0;
    ck_assert_int_eq(ifp_size_check(instance, 1e12, false, true, &error), IFP_OK);
    ck_assert_int_eq(ifp_problem_new(instance, NULL, &problem, &error), IFP_OK);
    ck_assert_int_eq(ifp_milp_new(problem, NULL, &milp, &error), IFP_OK);
    ck_assert_int_eq(ifp_milp_complete(problem, milp, NULL, &error), IFP_OK);
    char *mps = ifp_milp_export(instance, problem, milp, IFP_EXPORT_MPS);
    char *lp = ifp_milp_export(instance, problem, milp, IFP_EXPORT_LP);
    size_t done = work;
    ck_assert_ptr_nonnull(mps);
    ck_assert_ptr_nonnull(lp);
    ck_assert_uint_gt(problem->route_count, 0);
    free(mps);
    free(lp);
    ifp_milp_free(milp);
    ifp_problem_free(problem);
    ifp_instance_free(instance);
    return done;
}

/* Ten times the input; what grows with the square would be 100. */
START_TEST(models)
{
    enum family family = model_families[_i / POLICY_COUNT];
    size_t policy = (size_t)_i % POLICY_COUNT;
    size_t small = work_on_model(family, 200, policy);
    size_t large = work_on_model(family, 2000, policy);
    ck_assert_uint_gt(small, 0);
    ck_assert_msg(large < 12 * small,
                  "family %d, %s, %s: ten times the input takes %g times the work", (int)family,
                  policies[policy].placement, policies[policy].kind, (double)large / (double)small);
}
END_TEST

/* Whenever the time is up while a problem of many configurations is made, the rest of the work is
 * left undone. */
START_TEST(making_a_problem_stops)
{
    static const enum family families[] = {DEGREES, MODELS, TIERS};
    enum family family = families[_i];
    ifp_instance *instance = instance_to_model(family, 3000, 0);
    struct ifp_error error = {0};
    struct ifp_problem *problem = NULL;
    enum { FRACTIONS = 16 };
    work = 0;
    ck_assert_int_eq(ifp_problem_new(instance, NULL, &problem, &error), IFP_OK);
    ck_assert_ptr_nonnull(problem);
    size_t all = work;
    ifp_problem_free(problem);
    for (size_t fraction = 1; fraction < FRACTIONS; fraction++) {
        struct ifp_cancel cancel = {.deadline = (double)(all * fraction / FRACTIONS)};
        work = 0;
        ck_assert_int_eq(ifp_problem_new(instance, &cancel, &problem, &error), IFP_OK);
        ck_assert_ptr_null(problem);
        ck_assert_msg(work < all * fraction / FRACTIONS + 2 * all / 5,
                      "family %d, %zu of %d parts: %g of the work", (int)family, fraction,
                      FRACTIONS, (double)work / (double)all);
    }
    ifp_instance_free(instance);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("growth");
    TCase *growth = tcase_create("growth");
    tcase_add_loop_test(growth, instances, 0, FAMILY_COUNT);
    tcase_add_test(growth, members_one_by_one);
    tcase_add_test(growth, profiles_one_by_one);
    tcase_add_test(growth, entries_one_by_one);
    tcase_add_test(growth, a_refused_change_in_place_changes_nothing);
    tcase_add_test(growth, tables_out_of_proportion);
    tcase_add_loop_test(growth, plans, 0, 3);
    tcase_add_loop_test(growth, models, 0, MODEL_FAMILY_COUNT * POLICY_COUNT);
    tcase_add_loop_test(growth, making_a_problem_stops, 0, 3);
    suite_add_tcase(suite, growth);
    return suite_run(suite);
}
