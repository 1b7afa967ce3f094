/* SPDX-License-Identifier: MIT */
/*
 * Every public call that needs memory, with its first allocation failing, then its second, and so
 * on until it succeeds: once with only that one failing, once with all from there on. Each time
 * it must say IFP_ERROR_MEMORY (or NULL), leave its handles as they were, leak nothing, and work
 * when it is called again.
 *
 * Built twice. By the linker's --wrap the allocations of the library alone fail, which goes well
 * with sanitizers, who find the leaks. With TEST_WHOLE_PROCESS this program takes the place of
 * malloc for everything in the process, so that those of GLPK, jansson, the threads and the C
 * library fail too, and counts what is not given back.
 */
#include <check.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "support/pooled.h"
#include "support/suite.h"

#ifdef TEST_WHOLE_PROCESS
#define REAL(name) __libc_##name
#define FAKE(name) name
void __libc_free(void *pointer);
void free(void *pointer);
#else
#define REAL(name) __real_##name
#define FAKE(name) __wrap_##name
#endif

void *REAL(malloc)(size_t size);
void *REAL(calloc)(size_t count, size_t size);
void *REAL(realloc)(void *pointer, size_t size);
void *FAKE(malloc)(size_t size);
void *FAKE(calloc)(size_t count, size_t size);
void *FAKE(realloc)(void *pointer, size_t size);

/* What the LP solver makes of it. GLPK loses the one block that it fails to make larger. Where a
 * constructor of HiGHS fails, all that it had made by then is lost; and the C library ends the
 * process where it cannot note, in 32 bytes, that something thread-local is to be destroyed. */
#if defined(TEST_WHOLE_PROCESS) && defined(TEST_HIGHS)
enum { LOST_MAX = 1000, SPARED = 64 };
#else
enum { LOST_MAX = 1, SPARED = 0 };
#endif

static atomic_bool armed;
static atomic_bool sticky;  /* all from there on */
static atomic_long asked;   /* allocations since armed */
static atomic_long fail_at; /* the one that fails, from 1 */
static atomic_bool failed;
static atomic_long live;      /* blocks */
static atomic_size_t minimum; /* blocks smaller than this are always there */

static bool fails(size_t size)
{
    if (!atomic_load(&armed) || size < atomic_load(&minimum))
        return false;
    long number = atomic_fetch_add(&asked, 1) + 1;
    long target = atomic_load(&fail_at);
    bool fail = number == target || (number > target && atomic_load(&sticky));
    if (fail) {
        atomic_store(&failed, true);
        errno = ENOMEM;
    }
    return fail;
}

static void *counted(void *block)
{
    if (block)
        atomic_fetch_add(&live, 1);
    return block;
}

void *FAKE(malloc)(size_t size)
{
    return fails(size) ? NULL : counted(REAL(malloc)(size));
}

void *FAKE(calloc)(size_t count, size_t size)
{
    return fails(count * size) ? NULL : counted(REAL(calloc)(count, size));
}

void *FAKE(realloc)(void *pointer, size_t size)
{
    if (fails(size))
        return NULL;
    void *block = REAL(realloc)(pointer, size);
    return pointer ? block : counted(block);
}

#ifdef TEST_WHOLE_PROCESS
void free(void *pointer)
{
    if (pointer)
        atomic_fetch_sub(&live, 1);
    __libc_free(pointer);
}
#endif

/* -- what is called -- */

/* Everything that the calls need, made while memory is plenty. */
static struct {
    ifp_error *error;
    ifp_instance *instance;
    ifp_options *options;
    ifp_model *model;
    ifp_solution *solution;
    ifp_plan *plan;
    ifp_check *check;
    char *document; /* of the solution */
    ifp_instance *uncertain;
    ifp_stress *stress; /* of the plan in that */
    ifp_report *report;
    ifp_instance *pooled; /* with profiles, and a plan of two points of one pair */
    ifp_plan *pooled_plan;
    ifp_check *pooled_check;
} have;

/* What a call has made: a text that must always be the same, and is freed here. */
static char *made;

static const char text[] =
    "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"memory\","
    " \"source\": \"here\", \"x_own\": {\"a\": [1, 2.5, \"long enough to be on the heap\"]},"
    " \"horizon\": {\"rental_hours\": 10, \"x_h\": 1}, \"limits\": {\"budget_usd\": 900},"
    " \"storage_usd_per_gb_hour\": 0.01, \"policy\": {\"max_replicas\": 2},"
    " \"queries\": [{\"name\": \"a\", \"input_tokens\": 120, \"output_tokens\": 80,"
    "   \"rate_per_hour\": 3600, \"tflop_per_1k_tokens\": 50, \"delay_limit_ms\": 450,"
    "   \"unmet_penalty_usd\": 0.01, \"x_q\": null},"
    "  {\"name\": \"b\", \"input_tokens\": 120, \"output_tokens\": 80, \"rate_per_hour\": 3600,"
    "   \"tflop_per_1k_tokens\": 75, \"error_limit\": 0.03, \"unmet_penalty_usd\": 0.02}],"
    " \"models\": [{\"name\": \"M\", \"weights_gb\": 16, \"kv_gb_per_token\": 0.01}],"
    " \"tiers\": [{\"name\": \"T\", \"memory_gb\": 24, \"tflops\": 10, \"usd_per_hour\": 2,"
    "   \"tp_degrees\": [1, 2], \"tp_speedup\": [1, 1.8], \"pool\": \"P\"},"
    "  {\"name\": \"U\", \"memory_gb\": 32, \"tflops\": 12, \"usd_per_hour\": 3,"
    "   \"tp_degrees\": [1, 2]}],"
    " \"pools\": [{\"name\": \"P\", \"gpus\": 9}],"
    " \"profiles\": [{\"model\": \"M\", \"tier\": \"U\", \"tp_degree\": 1, \"iteration_ms\": 1,"
    "   \"prefill_ms_per_token\": 1, \"decode_ms_per_token\": 1e9, \"paces_ms\": [3, 2]},"
    "  {\"model\": \"M\", \"tier\": \"U\", \"tp_degree\": 2, \"headroom\": {\"table\": [1, 2],"
    "   \"x_t\": 1}, \"points\": [{\"name\": \"p\", \"x_p\": 1, \"queries\": {\"b\":"
    "   {\"rate_per_hour\": 0.001, \"ttft_ms\": 1, \"tpot_ms\": 9, \"x_b\": 1}}},"
    "   {\"name\": \"r\", \"queries\": {\"b\": {\"rate_per_hour\": 0.001, \"ttft_ms\": 2,"
    "   \"tpot_ms\": 9}}}]}],"
    " \"performance\": {\"delay_ms_per_token\": {\"a\": {\"M\": {\"T\": 2, \"U\": 3}},"
    "   \"b\": [[2.5, null]]}, \"error_rate\": [[[0.02, 0.04]], [[0.02, 0.04]]],"
    "  \"kv_residency_hours\": 0.01}}";

static char *instance_json(void)
{
    char *json = ifp_instance_write_json(have.instance);
    ck_assert_ptr_nonnull(json);
    return json;
}

/* A new handle counts as success; it is turned into text and freed, once memory is back. */
static int made_instance(ifp_instance *instance)
{
    bool was_armed = atomic_exchange(&armed, false);
    made = instance ? ifp_instance_write_json(instance) : NULL;
    ifp_instance_free(instance);
    atomic_store(&armed, was_armed);
    return made ? IFP_OK : IFP_ERROR_MEMORY;
}

static int made_text(char *json)
{
    made = json;
    return made ? IFP_OK : IFP_ERROR_MEMORY;
}

static int error_code(const void *handle)
{
    return handle ? IFP_OK : ifp_error_code(have.error);
}

static int call_error_new(void)
{
    ifp_error *error = ifp_error_new();
    bool there = error != NULL;
    ifp_error_free(error);
    return there ? IFP_OK : IFP_ERROR_MEMORY;
}

static int call_instance_new(void)
{
    return made_instance(ifp_instance_new());
}

static int call_instance_copy(void)
{
    return made_instance(ifp_instance_copy(have.instance));
}

static int call_read_string(void)
{
    ifp_instance *instance = ifp_instance_read_string(text, strlen(text), have.error);
    int code = error_code(instance);
    return code ? code : made_instance(instance);
}

static char instance_path[] = "/tmp/inferplan-memory-XXXXXX";
static char plan_path[] = "/tmp/inferplan-memory-XXXXXX";

static int call_read_file(void)
{
    ifp_instance *instance = ifp_instance_read_file(instance_path, have.error);
    int code = error_code(instance);
    return code ? code : made_instance(instance);
}

static int call_read_no_file(void)
{
    return error_code(ifp_instance_read_file("/nonexistent/inferplan", have.error));
}

static int call_read_damaged(void)
{
    static const char damaged[] = "{\"format\": \"inferplan-instance\", \"version\": 2}";
    return error_code(ifp_instance_read_string(damaged, strlen(damaged), have.error));
}

static int call_read_cut(void)
{
    return error_code(ifp_instance_read_string(text, 400, have.error));
}

static int call_read_repeated(void)
{
    static const char repeated[] = "{\"format\": 1, \"format\": 2}";
    return error_code(ifp_instance_read_string(repeated, strlen(repeated), have.error));
}

static int call_write(void)
{
    return made_text(ifp_instance_write_json(have.instance));
}

static int call_set_name(void)
{
    return ifp_instance_set_name(have.instance, "another");
}

static int call_set_source(void)
{
    return ifp_instance_set_source(have.instance, "another");
}

static int call_add_query(void)
{
    return ifp_instance_add_query(have.instance, "new");
}

static int call_add_model(void)
{
    return ifp_instance_add_model(have.instance, "new");
}

static int call_add_tier(void)
{
    return ifp_instance_add_tier(have.instance, "new");
}

static int call_add_pool(void)
{
    return ifp_instance_add_pool(have.instance, "new");
}

static int call_add_profile(void)
{
    return ifp_instance_add_profile(have.instance, "M", "T", 2);
}

static int call_add_profile_twice(void)
{
    return ifp_instance_add_profile(have.instance, "M", "U", 2);
}

static int call_add_point(void)
{
    return ifp_instance_add_point(have.instance, 1, "new");
}

static int call_add_measured(void)
{
    return ifp_instance_add_measured(have.instance, 1, 0, "a");
}

static int call_scale_measured(void)
{
    return ifp_instance_scale(have.instance, "profiles[*].points[*].queries[*].ttft_ms", 2);
}

static int call_set_form(void)
{
    return ifp_instance_set(have.instance, "profiles[*].headroom.utilization", "0.5");
}

static int call_set_headroom(void)
{
    return ifp_instance_set(have.instance, "profiles[*].headroom.table", "[1, 1.5]");
}

static int call_set_table_word(void)
{
    return ifp_instance_set(have.instance, "performance.kv_residency_hours", "delay");
}

static int call_add_twice(void)
{
    return ifp_instance_add_query(have.instance, "a");
}

static int call_set_number(void)
{
    return ifp_instance_set_number(have.instance, "limits.budget_usd", 5);
}

static int call_set_entry(void)
{
    return ifp_instance_set_number(have.instance, "performance.kv_residency_hours[a][M][U]", 5);
}

static int call_set_list(void)
{
    static const double degrees[] = {4, 2};
    return ifp_instance_set_numbers(have.instance, "tiers[*].tp_degrees", degrees, 2);
}

static int call_set_list_entry(void)
{
    return ifp_instance_set_number(have.instance, "tiers[*].tp_degrees[0]", 4);
}

static int call_set_list_text(void)
{
    return ifp_instance_set(have.instance, "tiers[*].tp_degrees", "[4, 2]");
}

static int call_set_table(void)
{
    static const double errors[] = {0.1, 0.2};
    return ifp_instance_set_numbers(have.instance, "performance.error_rate", errors, 2);
}

static int call_set_word(void)
{
    return ifp_instance_set_word(have.instance, "tiers[*].pool", "P");
}

static int call_set_null(void)
{
    return ifp_instance_set_null(have.instance, "performance.delay_ms_per_token[*][*][T]");
}

static int call_scale(void)
{
    return ifp_instance_scale(have.instance, "tiers[*].tp_speedup", 2);
}

static int call_set(void)
{
    return ifp_instance_set(have.instance, "performance.error_rate", "scale:0.5");
}

static int call_set_wrong(void)
{
    return ifp_instance_set(have.instance, "limits.budget_usd", "-1.5");
}

static int call_get_wrong(void)
{
    double value;
    return ifp_instance_get_number(have.instance, "performance.delay_ms_per_token", &value,
                                   have.error);
}

static int call_validate(void)
{
    return ifp_instance_validate(have.instance, have.error);
}

static int call_options_new(void)
{
    ifp_options *options = ifp_options_new();
    bool there = options != NULL;
    ifp_options_free(options);
    return there ? IFP_OK : IFP_ERROR_MEMORY;
}

static int call_options_set(void)
{
    return ifp_options_set(have.options, "gap", "0.25");
}

static int call_options_set_wrong(void)
{
    return ifp_options_set(have.options, "engine", "steam");
}

static int call_model_new(void)
{
    ifp_model *model = ifp_model_new(have.instance, have.options, have.error);
    int code = error_code(model);
    ifp_model_free(model);
    return code;
}

static int call_model_set(void)
{
    return ifp_model_set(have.model, "limits.budget_usd", "500.5");
}

static int call_model_set_start(void)
{
    return ifp_model_set_start(have.model, have.plan);
}

static int call_model_solve(void)
{
    ifp_solution *solution = ifp_model_solve(have.model);
    if (!solution)
        return ifp_error_code(ifp_model_last_error(have.model));
    bool was_armed = atomic_exchange(&armed, false);
    made = ifp_solution_write_json(solution);
    char *at = strstr(made, "\"seconds\":");
    *at = '\0'; /* what follows is never the same */
    ifp_solution_free(solution);
    atomic_store(&armed, was_armed);
    return IFP_OK;
}

static int call_model_export_mps(void)
{
    return made_text(ifp_model_export(have.model, "mps"));
}

static int call_model_export_lp(void)
{
    return made_text(ifp_model_export(have.model, "lp"));
}

static int call_solution_write(void)
{
    return made_text(ifp_solution_write_json(have.solution));
}

static int call_plan_read_string(void)
{
    ifp_plan *plan =
        ifp_plan_read_string(have.instance, have.document, strlen(have.document), have.error);
    int code = error_code(plan);
    ifp_plan_free(plan);
    return code;
}

static int call_plan_read_file(void)
{
    ifp_plan *plan = ifp_plan_read_file(have.instance, plan_path, have.error);
    int code = error_code(plan);
    ifp_plan_free(plan);
    return code;
}

static int call_plan_read_damaged(void)
{
    return error_code(ifp_plan_read_string(have.instance, "{\"format\": 1}", 13, have.error));
}

static int call_check_new(void)
{
    ifp_check *check = ifp_check_new(have.instance, have.plan, have.error);
    int code = error_code(check);
    ifp_check_free(check);
    return code;
}

static int call_check_write(void)
{
    return made_text(ifp_check_write_json(have.check));
}

static int call_points_read(void)
{
    ifp_plan *plan =
        ifp_plan_read_string(have.pooled, pooled_document, sizeof pooled_document - 1, have.error);
    int code = error_code(plan);
    ifp_plan_free(plan);
    return code;
}

static int call_points_check(void)
{
    ifp_check *check = ifp_check_new(have.pooled, have.pooled_plan, have.error);
    int code = error_code(check);
    ifp_check_free(check);
    return code;
}

static int call_points_write(void)
{
    return made_text(ifp_check_write_json(have.pooled_check));
}

static ifp_stress *stress_twice(void)
{
    ifp_stress_options options = IFP_STRESS_OPTIONS_INIT;
    options.samples = 2;
    return ifp_stress_new(have.uncertain, have.plan, &options, have.error);
}

static int call_stress_new(void)
{
    ifp_stress *stress = stress_twice();
    int code = error_code(stress);
    bool was_armed = atomic_exchange(&armed, false);
    made = stress ? ifp_stress_write_json(stress) : NULL;
    ifp_stress_free(stress);
    atomic_store(&armed, was_armed);
    return code;
}

static int call_stress_write(void)
{
    return made_text(ifp_stress_write_json(have.stress));
}

static ifp_report *report_of_plan(void)
{
    return ifp_report_new(have.instance, have.plan, have.error);
}

static int call_report_new(void)
{
    ifp_report *report = report_of_plan();
    int code = error_code(report);
    ifp_report_free(report);
    return code;
}

static int call_report_add_progress(void)
{
    ifp_report *report = report_of_plan();
    if (!report)
        return ifp_error_code(have.error);
    int code = ifp_report_add_progress(report, 1, 2, 1);
    ifp_report_free(report);
    return code;
}

static int call_report_write_svg(void)
{
    return made_text(ifp_report_write_svg(have.report, IFP_PICTURE_TRAFFIC, 400));
}

static int call_report_write_html(void)
{
    return made_text(ifp_report_write_html(have.report));
}

static const struct {
    const char *name;
    int (*call)(void);
    int expected; /* with memory */
} calls[] = {
    {"ifp_error_new", call_error_new, IFP_OK},
    {"ifp_instance_new", call_instance_new, IFP_OK},
    {"ifp_instance_copy", call_instance_copy, IFP_OK},
    {"ifp_instance_read_string", call_read_string, IFP_OK},
    {"ifp_instance_read_file", call_read_file, IFP_OK},
    {"ifp_instance_read_file of none", call_read_no_file, IFP_ERROR_FILE},
    {"ifp_instance_read_string of another version", call_read_damaged, IFP_ERROR_VALUE},
    {"ifp_instance_read_string of half", call_read_cut, IFP_ERROR_SYNTAX},
    {"ifp_instance_read_string of a key twice", call_read_repeated, IFP_ERROR_SYNTAX},
    {"ifp_instance_write_json", call_write, IFP_OK},
    {"ifp_instance_set_name", call_set_name, IFP_OK},
    {"ifp_instance_set_source", call_set_source, IFP_OK},
    {"ifp_instance_add_query", call_add_query, IFP_OK},
    {"ifp_instance_add_model", call_add_model, IFP_OK},
    {"ifp_instance_add_tier", call_add_tier, IFP_OK},
    {"ifp_instance_add_pool", call_add_pool, IFP_OK},
    {"ifp_instance_add_profile", call_add_profile, IFP_OK},
    {"ifp_instance_add_profile of a twin", call_add_profile_twice, IFP_ERROR_VALUE},
    {"ifp_instance_add_point", call_add_point, IFP_OK},
    {"ifp_instance_add_measured", call_add_measured, IFP_OK},
    {"ifp_instance_scale of what is measured", call_scale_measured, IFP_OK},
    {"ifp_instance_set of another form", call_set_form, IFP_OK},
    {"ifp_instance_set of head-room tables", call_set_headroom, IFP_OK},
    {"ifp_instance_set of a table's word", call_set_table_word, IFP_OK},
    {"ifp_instance_add_query of a twin", call_add_twice, IFP_ERROR_VALUE},
    {"ifp_instance_set_number", call_set_number, IFP_OK},
    {"ifp_instance_set_number of an entry", call_set_entry, IFP_OK},
    {"ifp_instance_set_numbers of lists", call_set_list, IFP_OK},
    {"ifp_instance_set_number of entries of lists", call_set_list_entry, IFP_OK},
    {"ifp_instance_set of lists", call_set_list_text, IFP_OK},
    {"ifp_instance_set_numbers of a table", call_set_table, IFP_OK},
    {"ifp_instance_set_word", call_set_word, IFP_OK},
    {"ifp_instance_set_null", call_set_null, IFP_OK},
    {"ifp_instance_scale", call_scale, IFP_OK},
    {"ifp_instance_set", call_set, IFP_OK},
    {"ifp_instance_set out of range", call_set_wrong, IFP_ERROR_VALUE},
    {"ifp_instance_get_number of many", call_get_wrong, IFP_ERROR_VALUE},
    {"ifp_instance_validate", call_validate, IFP_OK},
    {"ifp_options_new", call_options_new, IFP_OK},
    {"ifp_options_set", call_options_set, IFP_OK},
    {"ifp_options_set to nonsense", call_options_set_wrong, IFP_ERROR_VALUE},
    {"ifp_model_new", call_model_new, IFP_OK},
    {"ifp_model_set", call_model_set, IFP_OK},
    {"ifp_model_set_start", call_model_set_start, IFP_OK},
    {"ifp_model_solve", call_model_solve, IFP_OK},
    {"ifp_model_export of mps", call_model_export_mps, IFP_OK},
    {"ifp_model_export of lp", call_model_export_lp, IFP_OK},
    {"ifp_solution_write_json", call_solution_write, IFP_OK},
    {"ifp_plan_read_string", call_plan_read_string, IFP_OK},
    {"ifp_plan_read_file", call_plan_read_file, IFP_OK},
    {"ifp_plan_read_string of nonsense", call_plan_read_damaged, IFP_ERROR_VALUE},
    {"ifp_check_new", call_check_new, IFP_OK},
    {"ifp_check_write_json", call_check_write, IFP_OK},
    {"ifp_plan_read_string of points", call_points_read, IFP_OK},
    {"ifp_check_new of points", call_points_check, IFP_OK},
    {"ifp_check_write_json of points", call_points_write, IFP_OK},
    {"ifp_stress_new", call_stress_new, IFP_OK},
    {"ifp_stress_write_json", call_stress_write, IFP_OK},
    {"ifp_report_new", call_report_new, IFP_OK},
    {"ifp_report_add_progress", call_report_add_progress, IFP_OK},
    {"ifp_report_write_svg", call_report_write_svg, IFP_OK},
    {"ifp_report_write_html", call_report_write_html, IFP_OK},
};

/* -- how it is called -- */

static void write_file(char *path, const char *content)
{
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    FILE *file = fdopen(descriptor, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(content, 1, strlen(content), file), strlen(content));
    ck_assert_int_eq(fclose(file), 0);
}

static void setup(void)
{
    have.error = ifp_error_new();
    have.instance = ifp_instance_read_string(text, strlen(text), have.error);
    ck_assert_msg(have.instance != NULL, "%s", ifp_error_message(have.error));
    have.options = ifp_options_new();
    have.model = ifp_model_new(have.instance, have.options, have.error);
    have.solution = ifp_model_solve(have.model);
    ck_assert_int_eq(ifp_solution_status(have.solution), IFP_STATUS_OPTIMAL);
    have.document = ifp_solution_write_json(have.solution);
    have.plan =
        ifp_plan_read_string(have.instance, have.document, strlen(have.document), have.error);
    ck_assert_msg(have.plan != NULL, "%s", ifp_error_message(have.error));
    have.check = ifp_check_new(have.instance, have.plan, have.error);
    ck_assert_uint_gt(ifp_plan_route_count(have.plan), 0);
    have.uncertain = ifp_instance_copy(have.instance);
    ck_assert_int_eq(ifp_instance_set(have.uncertain, "uncertainty.kind", "budget"), IFP_OK);
    ck_assert_int_eq(ifp_instance_set(have.uncertain, "uncertainty.delay_budget", "1"), IFP_OK);
    ck_assert_int_eq(ifp_instance_set(have.uncertain, "uncertainty.error_budget", "1"), IFP_OK);
    ck_assert_int_eq(ifp_instance_set(have.uncertain, "performance.error_deviation", "0.005"),
                     IFP_OK);
    have.stress = stress_twice();
    ck_assert_msg(have.stress != NULL, "%s", ifp_error_message(have.error));
    have.pooled = ifp_instance_read_string(pooled_text, sizeof pooled_text - 1, have.error);
    ck_assert_msg(have.pooled != NULL, "%s", ifp_error_message(have.error));
    have.pooled_plan =
        ifp_plan_read_string(have.pooled, pooled_document, sizeof pooled_document - 1, have.error);
    ck_assert_msg(have.pooled_plan != NULL, "%s", ifp_error_message(have.error));
    have.pooled_check = ifp_check_new(have.pooled, have.pooled_plan, have.error);
    ck_assert_str_eq(ifp_check_reason(have.pooled_check), "");
    have.report = report_of_plan();
    ck_assert_int_eq(ifp_report_add_progress(have.report, 1, 2, 1), IFP_OK);
    write_file(instance_path, text);
    write_file(plan_path, have.document);
}

static void teardown(void)
{
    (void)remove(instance_path);
    (void)remove(plan_path);
    memcpy(strrchr(instance_path, '-') + 1, "XXXXXX", 6);
    memcpy(strrchr(plan_path, '-') + 1, "XXXXXX", 6);
    ifp_check_free(have.pooled_check);
    ifp_plan_free(have.pooled_plan);
    ifp_instance_free(have.pooled);
    ifp_report_free(have.report);
    ifp_stress_free(have.stress);
    ifp_instance_free(have.uncertain);
    ifp_check_free(have.check);
    ifp_plan_free(have.plan);
    ifp_text_free(have.document);
    ifp_solution_free(have.solution);
    ifp_model_free(have.model);
    ifp_options_free(have.options);
    ifp_instance_free(have.instance);
    ifp_error_free(have.error);
}

/* Calls it with that allocation failing; 0 for none. Whether one did is in `failed`. */
static int call_with(int (*call)(void), long number, bool all)
{
    made = NULL;
    atomic_store(&asked, 0);
    atomic_store(&fail_at, number);
    atomic_store(&sticky, all);
    atomic_store(&failed, false);
    atomic_store(&armed, number > 0);
    int code = call();
    atomic_store(&armed, false);
    return code;
}

/* A new copy of what the call may have changed. */
static void restore(const char *json)
{
    ifp_instance *fresh = ifp_instance_read_string(json, strlen(json), have.error);
    ck_assert_msg(fresh != NULL, "%s", ifp_error_message(have.error));
    ifp_instance_free(have.instance);
    have.instance = fresh;
    ifp_model_free(have.model);
    have.model = ifp_model_new(have.instance, have.options, have.error);
    ck_assert_ptr_nonnull(have.model);
}

/* Failing at the Nth: 1, 2, .. and, past what most calls need, in growing steps. */
static long next(long number)
{
    return number + 1 + (number > 150 ? number / 8 : 0);
}

static void expect_refusals(size_t c, bool all)
{
    const char *name = calls[c].name;
    bool solves = calls[c].call == call_model_solve || calls[c].call == call_stress_new;
    char *before = instance_json();
    long number = 1;
    atomic_store(&minimum, solves ? SPARED : 0);
    for (;; number = next(number)) {
        restore(before);
        /* Warm: whatever is kept for the next time is there. */
        ck_assert_msg(call_with(calls[c].call, 0, false) == calls[c].expected, "%s: %d", name,
                      ifp_error_code(have.error));
        char *expected = made;
        char *changed = instance_json();
        restore(before);
        long blocks = atomic_load(&live);
        int code = call_with(calls[c].call, number, all);
        long lost = atomic_load(&live) - blocks - (made != NULL);
        bool refused = atomic_load(&failed);
        char *after = instance_json();
        ck_assert_msg(code == calls[c].expected || (refused && code == IFP_ERROR_MEMORY),
                      "%s with allocation %ld failing: code %d", name, number, code);
        /* What it says it did, it did; what it did not, left no trace. */
        if (code == calls[c].expected) {
            ck_assert_msg(!strcmp(after, changed), "%s, allocation %ld", name, number);
            ck_assert_msg(!made == !expected && (!made || !strcmp(made, expected)),
                          "%s, allocation %ld: %s", name, number, made);
        } else {
            ck_assert_msg(!strcmp(after, before), "%s, allocation %ld", name, number);
            ck_assert_ptr_null(made);
        }
#ifdef TEST_WHOLE_PROCESS
        long maximum = solves ? LOST_MAX : 0;
        if (code != calls[c].expected || made)
            ck_assert_msg(lost <= maximum, "%s with allocation %ld failing: %ld blocks lost", name,
                          number, lost);
#else
        (void)lost; /* blocks also come and go elsewhere; the sanitizer knows better */
#endif
        ifp_text_free(made);
        ifp_text_free(expected);
        ifp_text_free(changed);
        ifp_text_free(after);
        if (!refused)
            break;
        ck_assert_int_lt(number, 100000);
    }
    restore(before);
    /* And as if nothing had been. */
    ck_assert_int_eq(call_with(calls[c].call, 0, false), calls[c].expected);
    ifp_text_free(made);
    ifp_text_free(before);
}

START_TEST(one_allocation_fails)
{
    expect_refusals((size_t)_i, false);
}
END_TEST

START_TEST(all_allocations_fail)
{
    expect_refusals((size_t)_i, true);
}
END_TEST

/* The tests above would pass if nothing ever failed. */
START_TEST(allocations_do_fail)
{
    ck_assert_int_eq(call_with(call_instance_new, 1, false), IFP_ERROR_MEMORY);
    ck_assert(atomic_load(&failed));
    ck_assert_int_eq(call_with(call_read_string, 5, false), IFP_ERROR_MEMORY);
    ck_assert_int_eq(ifp_error_code(have.error), IFP_ERROR_MEMORY);
    ck_assert_str_eq(ifp_error_message(have.error), "out of memory");
    ck_assert_str_eq(ifp_error_where(have.error), "");
    ck_assert_int_eq(call_with(call_add_query, 1, true), IFP_ERROR_MEMORY);
    ck_assert_int_eq(ifp_error_code(ifp_instance_last_error(have.instance)), IFP_ERROR_MEMORY);
    ck_assert_int_eq(call_with(call_model_solve, 3, true), IFP_ERROR_MEMORY);
}
END_TEST

static Suite *memory_suite(void)
{
    const int count = (int)(sizeof calls / sizeof *calls);
    Suite *suite = suite_create("memory");
    TCase *tests = tcase_create("memory");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, allocations_do_fail);
    tcase_add_loop_test(tests, one_allocation_fails, 0, count);
    tcase_add_loop_test(tests, all_allocations_fail, 0, count);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(memory_suite());
}
