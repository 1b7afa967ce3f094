/* SPDX-License-Identifier: MIT */
/* The stress test as a program uses it: results, options, errors, and stopping. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "support/suite.h"

static ifp_instance *instance;
static ifp_plan *plan;
static ifp_error *error;

static ifp_plan *solve(const ifp_instance *from)
{
    ifp_model *model = ifp_model_new(from, NULL, error);
    ck_assert_msg(model != NULL, "%s", ifp_error_message(error));
    ifp_solution *solution = ifp_model_solve(model);
    char *text = ifp_solution_write_json(solution);
    ifp_plan *made = ifp_plan_read_string(from, text, strlen(text), error);
    ck_assert_msg(made != NULL, "%s", ifp_error_message(error));
    ifp_text_free(text);
    ifp_solution_free(solution);
    ifp_model_free(model);
    return made;
}

static void begin(void)
{
    char path[4096];
    const char *directory = getenv("INFERPLAN_INSTANCES");
    (void)snprintf(path, sizeof path, "%s/icc2025-ddu.json",
                   directory ? directory : "examples/instances");
    error = ifp_error_new();
    instance = ifp_instance_read_file(path, error);
    ck_assert_msg(instance != NULL, "%s", ifp_error_message(error));
    plan = solve(instance);
}

static void end(void)
{
    ifp_plan_free(plan);
    ifp_instance_free(instance);
    ifp_error_free(error);
}

static ifp_stress *run(size_t samples, uint64_t seed)
{
    ifp_stress_options options = IFP_STRESS_OPTIONS_INIT;
    options.samples = samples;
    options.seed = seed;
    ifp_stress *stress = ifp_stress_new(instance, plan, &options, error);
    ck_assert_msg(stress != NULL, "%s", ifp_error_message(error));
    return stress;
}

static ifp_stress_entry row_of(const ifp_stress *stress, size_t index)
{
    ifp_stress_entry row = IFP_STRESS_ENTRY_INIT;
    ck_assert_int_eq(ifp_stress_row(stress, index, &row), IFP_OK);
    return row;
}

static char *document(size_t samples, uint64_t seed)
{
    ifp_stress *stress = run(samples, seed);
    char *text = ifp_stress_write_json(stress);
    ck_assert_ptr_nonnull(text);
    ifp_stress_free(stress);
    return text;
}

/* A robust plan holds in its whole set; its routes are the best until it is inflated. */
START_TEST(a_robust_plan)
{
    ifp_stress *stress = run(60, 1);
    ifp_check *check = ifp_check_new(instance, plan, error);
    ck_assert_uint_eq(ifp_stress_samples(stress), 60);
    for (size_t f = 0; f < 3; f++) {
        ifp_stress_entry kept = row_of(stress, f);
        ifp_stress_entry best = row_of(stress, 3 + f);
        ck_assert_double_le(kept.cost_mean_usd, kept.cost_largest_usd);
        ck_assert_double_le(kept.cost_p95_usd, kept.cost_largest_usd);
        ck_assert_double_le(kept.cost_largest_usd, kept.worst_cost_usd);
        if (kept.any_violated == 0)
            ck_assert_double_le(best.cost_mean_usd, kept.cost_mean_usd);
        ck_assert_double_eq(best.delay_violated, 0);
        ck_assert_double_eq(best.error_violated, 0);
        ck_assert(isnan(best.worst_cost_usd));
    }
    ck_assert_double_eq(row_of(stress, 0).any_violated, 0);
    ck_assert_double_eq_tol(row_of(stress, 0).worst_cost_usd, ifp_check_cost(check, IFP_COST_TOTAL),
                            1e-5);
    ck_assert_double_le(row_of(stress, 0).worst_error_full, 1);
    ifp_check_free(check);
    ifp_stress_free(stress);
}
END_TEST

/* The plan that is best without deviations fails in most samples; with other routes it holds, and
 * costs more. */
START_TEST(a_nominal_plan)
{
    ck_assert_int_eq(ifp_instance_set_word(instance, "uncertainty.kind", "none"), IFP_OK);
    ifp_plan_free(plan);
    plan = solve(instance);
    ck_assert_int_eq(ifp_instance_set_word(instance, "uncertainty.kind", "decision_dependent"),
                     IFP_OK);
    ifp_stress *stress = run(60, 1);
    ifp_stress_entry kept = row_of(stress, 0);
    ifp_stress_entry best = row_of(stress, 3);
    ck_assert_double_gt(kept.any_violated, 0.5);
    ck_assert_double_gt(kept.worst_error_full, 1);
    ck_assert_double_eq(best.any_violated, 0);
    ck_assert_double_gt(best.cost_mean_usd, kept.cost_mean_usd);
    ifp_stress_free(stress);
}
END_TEST

START_TEST(equal_input_gives_equal_bytes)
{
    char *one = document(25, 7);
    char *same = document(25, 7);
    char *other = document(25, 8);
    char *last = document(1, UINT64_MAX);
    suite_expect_same(one, same);
    ck_assert_int_ne(strcmp(one, other), 0);
    ck_assert_ptr_nonnull(strstr(one, "\"format\": \"inferplan-stress\",\n \"version\": 1,\n"));
    ck_assert_ptr_nonnull(strstr(one, " \"instance\": \"icc2025-ddu\",\n \"samples\": 25,\n"
                                      " \"seed\": 7,\n \"rows\": ["));
    ck_assert_ptr_nonnull(strstr(last, "\"seed\": 18446744073709551615,"));
    ck_assert_ptr_nonnull(strstr(one, "\"worst_case\": {\"cost_usd\": null, \"delay_full\": null, "
                                      "\"error_full\": null}"));
    ifp_text_free(one);
    ifp_text_free(same);
    ifp_text_free(other);
    ifp_text_free(last);
}
END_TEST

static void refuse(const ifp_stress_options *options, int code, const char *words)
{
    ck_assert_ptr_null(ifp_stress_new(instance, plan, options, error));
    ck_assert_int_eq(ifp_error_code(error), code);
    ck_assert_msg(strstr(ifp_error_message(error), words) != NULL, "%s", ifp_error_message(error));
    ck_assert_ptr_null(ifp_stress_new(instance, plan, options, NULL));
}

START_TEST(refusals)
{
    ifp_stress_options options = IFP_STRESS_OPTIONS_INIT;
    options.samples = 0;
    refuse(&options, IFP_ERROR_VALUE, "samples: found 0; allowed: 1 to 1000000");
    options.samples = 1000001;
    refuse(&options, IFP_ERROR_VALUE, "samples: found 1000001; allowed: 1 to 1000000");
    options.samples = 1;
    options.size = 3;
    refuse(&options, IFP_ERROR_ARGUMENT, "size: found 3; allowed: sizeof(ifp_stress_options)");
    options.size = sizeof options;
    ck_assert_int_eq(ifp_instance_set_word(instance, "uncertainty.kind", "none"), IFP_OK);
    refuse(&options, IFP_ERROR_VALUE, "uncertainty.kind: found none");
    refuse(&options, IFP_ERROR_VALUE, "allowed: budget or decision_dependent");
    ck_assert_int_eq(ifp_instance_set_word(instance, "uncertainty.kind", "budget"), IFP_OK);
    ck_assert_int_eq(ifp_instance_set_number(instance, "limits.budget_usd", 1), IFP_OK);
    refuse(&options, IFP_ERROR_VALUE, "budget_usd");
    ck_assert_int_eq(ifp_instance_set_number(instance, "uncertainty.delay_budget", 1), IFP_OK);
    ifp_instance *other = ifp_instance_new();
    ck_assert_ptr_null(ifp_stress_new(other, plan, &options, error));
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_VALUE);
    ck_assert_ptr_null(ifp_stress_new(NULL, plan, &options, error));
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_ARGUMENT);
    ck_assert_ptr_null(ifp_stress_new(instance, NULL, &options, error));
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_ARGUMENT);
    ifp_instance_free(other);
}
END_TEST

/* Callers of another release: what their structs do not have is left out, what ours do not is
 * left alone. */
START_TEST(sizes)
{
    struct {
        ifp_stress_entry row;
        char more[16];
    } larger = {.row = IFP_STRESS_ENTRY_INIT};
    struct {
        ifp_stress_options options;
        char more[16];
    } later = {.options = IFP_STRESS_OPTIONS_INIT};
    later.options.size = sizeof later;
    later.options.samples = 2;
    ifp_stress *stress = ifp_stress_new(instance, plan, &later.options, error);
    ck_assert_uint_eq(ifp_stress_samples(stress), 2);
    memset(larger.more, 'x', sizeof larger.more);
    larger.row.size = sizeof larger;
    ck_assert_int_eq(ifp_stress_row(stress, 0, &larger.row), IFP_OK);
    ck_assert_uint_eq(larger.row.size, sizeof larger);
    ck_assert_double_gt(larger.row.worst_error_full, 0);
    for (size_t n = 0; n < sizeof larger.more; n++)
        ck_assert_int_eq(larger.more[n], 'x');
    larger.row.size = sizeof larger.row - 1;
    ck_assert_int_eq(ifp_stress_row(stress, 0, &larger.row), IFP_ERROR_ARGUMENT);
    larger.row.size = sizeof larger.row;
    ck_assert_int_eq(ifp_stress_row(stress, 6, &larger.row), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_stress_row(stress, 0, NULL), IFP_ERROR_ARGUMENT);
    ifp_stress_free(stress);
}
END_TEST

struct asked {
    int calls;
    int maximum;
    double fraction;
};

static int ask(double fraction, void *user)
{
    struct asked *asked = user;
    ck_assert(fraction >= asked->fraction && fraction < 1);
    asked->fraction = fraction;
    return ++asked->calls >= asked->maximum;
}

START_TEST(stopping)
{
    struct asked asked = {.maximum = 200};
    ifp_stress_options options = IFP_STRESS_OPTIONS_INIT;
    options.samples = 1000000;
    options.progress = ask;
    options.user = &asked;
    ifp_stress *stress = ifp_stress_new(instance, plan, &options, error);
    ck_assert_msg(stress != NULL, "%s", ifp_error_message(error));
    size_t done = ifp_stress_samples(stress);
    ck_assert_int_eq(asked.calls, 200);
    ck_assert(done > 0 && done < 200);
    /* As if no more had been asked for. */
    char *text = ifp_stress_write_json(stress);
    char *same = document(done, 1);
    suite_expect_same(text, same);
    ifp_text_free(text);
    ifp_text_free(same);
    ifp_stress_free(stress);
    asked = (struct asked){.maximum = 1};
    stress = ifp_stress_new(instance, plan, &options, error);
    ck_assert_uint_eq(ifp_stress_samples(stress), 0);
    text = ifp_stress_write_json(stress);
    ck_assert_ptr_nonnull(strstr(text, "\"mean\": null"));
    ifp_text_free(text);
    ifp_stress_free(stress);
}
END_TEST

static Suite *stressing_suite(void)
{
    Suite *suite = suite_create("stressing");
    TCase *tests = tcase_create("stressing");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, a_robust_plan);
    tcase_add_test(tests, a_nominal_plan);
    tcase_add_test(tests, equal_input_gives_equal_bytes);
    tcase_add_test(tests, refusals);
    tcase_add_test(tests, sizes);
    tcase_add_test(tests, stopping);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(stressing_suite());
}
