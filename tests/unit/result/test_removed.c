/* SPDX-License-Identifier: MIT */
/* Removals in a solution: names, operating points and the nearest miss, by the numbers of
 * loaded.h. */
#include "result/removed.h"
#include "result/solution.h"
#include "support/loaded.h"
#include "support/suite.h"

static ifp_solution *solution;

static void solve(void)
{
    ifp_model *model = ifp_model_new(instance, NULL, error);
    ck_assert_msg(model != NULL, "%s", ifp_error_message(error));
    ifp_solution_free(solution);
    solution = ifp_model_solve(model);
    ck_assert_ptr_nonnull(solution);
    for (size_t n = 0; n < ifp_solution_removed_count(solution); n++) {
        ifp_removed removed = IFP_REMOVED_INIT;
        ck_assert_int_eq(ifp_solution_removed(solution, n, &removed), IFP_OK);
        ck_assert_uint_eq(removed.count, ifp_model_removed(model, removed.reason));
        ck_assert_str_eq(removed.kind, ifp_removal_kind(removed.reason));
    }
    ifp_model_free(model);
}

/* The index of a reason. */
static size_t find(const char *word)
{
    for (size_t n = 0; n < ifp_solution_removed_count(solution); n++) {
        ifp_removed removed = IFP_REMOVED_INIT;
        ck_assert_int_eq(ifp_solution_removed(solution, n, &removed), IFP_OK);
        if (strcmp(removed.word, word) == 0)
            return n;
    }
    ck_abort_msg("nothing was removed for %s", word);
    return 0;
}

static void expect_nearest(const char *word, const char *point, double value, double limit,
                           const char *unit)
{
    solve();
    ifp_removed_example nearest = IFP_REMOVED_EXAMPLE_INIT;
    ck_assert_int_eq(ifp_solution_removed_nearest(solution, find(word), &nearest), IFP_OK);
    ck_assert_str_eq(nearest.query, "a");
    ck_assert_str_eq(nearest.model, "M");
    ck_assert_str_eq(nearest.tier, "T");
    ck_assert_int_eq(nearest.tp_degree, 2);
    ck_assert_str_eq(nearest.point, point);
    ck_assert_double_eq_tol(nearest.value, value, 1e-9);
    ck_assert_double_eq_tol(nearest.limit, limit, 1e-9);
    ck_assert_str_eq(nearest.unit, unit);
}

static void set_paces(void)
{
    static const double paces[] = {20, 40};
    profile->paces_ms = new_list(paces, 2);
}

/* ttft is 5 x 20 + 10 + 5 = 115 ms at 20 ms, and 215 at 40. */
START_TEST(ttft_at_paces)
{
    set_paces();
    instance->queries[A].ttft_limit_ms = 100;
    expect_nearest("ttft", "20ms", 115, 100, "ms");
    ifp_removed removed = IFP_REMOVED_INIT;
    ck_assert_int_eq(ifp_solution_removed(solution, find("ttft"), &removed), IFP_OK);
    ck_assert_uint_eq(removed.count, 2);
    ck_assert_uint_eq(removed.example_count, 2);
    ifp_removed_example example = IFP_REMOVED_EXAMPLE_INIT;
    ck_assert_int_eq(ifp_solution_removed_example(solution, find("ttft"), 1, &example), IFP_OK);
    ck_assert_str_eq(example.point, "40ms");
    ck_assert_double_eq_tol(example.value, 215, 1e-9);
    /* Configurations without a profile have no TTFT at all. */
    ck_assert_int_eq(ifp_solution_removed_example(solution, find("unprofiled"), 0, &example),
                     IFP_OK);
    ck_assert_ptr_null(example.point);
    ck_assert_double_nan(example.limit);
    ck_assert_ptr_null(example.unit);
    ck_assert_int_eq(ifp_solution_removed_nearest(solution, find("unprofiled"), &example),
                     IFP_ERROR_ARGUMENT);
}
END_TEST

START_TEST(tpot_and_deviations)
{
    set_paces();
    instance->queries[A].tpot_limit_ms = 15;
    expect_nearest("tpot", "20ms", 20, 15, "ms");
    /* In the worst case. */
    profile->delay_deviation = 0.1;
    instance->uncertainty = IFP_UNCERTAINTY_BUDGET;
    instance->delay_budget = instance->error_budget = 1;
    expect_nearest("tpot", "20ms", 22, 15, "ms");
}
END_TEST

START_TEST(attainment_of_points)
{
    set_instance(points_text);
    measured(0)->attainment = 0.85;
    measured(1)->attainment = 0.8;
    instance->queries[A].attainment_target = 0.9;
    instance->placement = IFP_PLACEMENT_SINGLE; /* so that no other route can compensate */
    expect_nearest("attainment", "fast", 0.85, 0.9, "");
}
END_TEST

START_TEST(document)
{
    set_paces();
    instance->queries[A].ttft_limit_ms = 100;
    solve();
    char *text = ifp_solution_write_json(solution);
    ck_assert_ptr_nonnull(text);
    ck_assert_ptr_nonnull(
        strstr(text, "{\"kind\": \"route\", \"reason\": \"ttft\", \"count\": 2, "
                     "\"examples\": [{\"query\": \"a\", \"model\": \"M\", \"tier\": \"T\", "
                     "\"tp_degree\": 2, \"point\": \"20ms\"}, {\"query\": \"a\", "
                     "\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 2, "
                     "\"point\": \"40ms\"}], \"nearest\": {\"query\": \"a\", "
                     "\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 2, "
                     "\"point\": \"20ms\", \"value\": 115, \"limit\": 100, "
                     "\"unit\": \"ms\"}}"));
    ifp_text_free(text);
}
END_TEST

START_TEST(ranges)
{
    set_paces();
    instance->queries[A].ttft_limit_ms = 100;
    solve();
    size_t count = ifp_solution_removed_count(solution);
    ifp_removed removed = IFP_REMOVED_INIT;
    ifp_removed_example example = IFP_REMOVED_EXAMPLE_INIT;
    ck_assert_int_eq(ifp_solution_removed(solution, count, &removed), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_solution_removed(solution, 0, NULL), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_solution_removed(NULL, 0, &removed), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_solution_removed_example(solution, find("ttft"), 2, &example),
                     IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_solution_removed_example(solution, count, 0, &example),
                     IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_solution_removed_example(NULL, 0, 0, &example), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_solution_removed_nearest(solution, count, &example), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_solution_removed_nearest(NULL, 0, &example), IFP_ERROR_ARGUMENT);
    ck_assert_uint_eq(ifp_solution_removed_count(NULL), 0);
    removed.size = IFP_REMOVED_SIZE_FIRST - 1;
    ck_assert_int_eq(ifp_solution_removed(solution, 0, &removed), IFP_ERROR_ARGUMENT);
    example.size = IFP_REMOVED_EXAMPLE_SIZE_FIRST - 1;
    ck_assert_int_eq(ifp_solution_removed_example(solution, find("ttft"), 0, &example),
                     IFP_ERROR_ARGUMENT);
}
END_TEST

static void finish(void)
{
    ifp_solution_free(solution);
    solution = NULL;
    teardown();
}

int main(void)
{
    Suite *suite = suite_create("removed");
    TCase *tests = tcase_create("removed");
    tcase_add_checked_fixture(tests, setup, finish);
    tcase_add_test(tests, ttft_at_paces);
    tcase_add_test(tests, tpot_and_deviations);
    tcase_add_test(tests, attainment_of_points);
    tcase_add_test(tests, document);
    tcase_add_test(tests, ranges);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
