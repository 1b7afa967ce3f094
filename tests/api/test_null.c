/* SPDX-License-Identifier: MIT */
/* Every public function given NULL: no crash, and the answer that the headers promise. */
#include <check.h>
#include <math.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "support/suite.h"

START_TEST(freeing_nothing)
{
    ifp_error_free(NULL);
    ifp_instance_free(NULL);
    ifp_text_free(NULL);
    ifp_options_free(NULL);
    ifp_model_free(NULL);
    ifp_solution_free(NULL);
    ifp_plan_free(NULL);
    ifp_check_free(NULL);
    ifp_stress_free(NULL);
    ifp_report_free(NULL);
}
END_TEST

START_TEST(errors)
{
    ck_assert_int_eq(ifp_error_code(NULL), IFP_OK);
    ck_assert_str_eq(ifp_error_message(NULL), "");
    ck_assert_str_eq(ifp_error_where(NULL), "");
    ifp_error *error = ifp_error_new();
    ck_assert_int_eq(ifp_error_code(error), IFP_OK);
    ck_assert_str_eq(ifp_error_message(error), "");
    ck_assert_str_eq(ifp_error_where(error), "");
    ifp_error_free(error);
}
END_TEST

START_TEST(instances)
{
    double value = 1;
    ck_assert_ptr_null(ifp_instance_copy(NULL));
    ck_assert_ptr_null(ifp_instance_read_file(NULL, NULL));
    ck_assert_ptr_null(ifp_instance_read_string(NULL, 0, NULL));
    ck_assert_ptr_null(ifp_instance_read_string(NULL, 5, NULL));
    ck_assert_ptr_null(ifp_instance_write_json(NULL));
    ck_assert_str_eq(ifp_instance_name(NULL), "");
    ck_assert_int_eq(ifp_instance_set_name(NULL, "a"), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_set_source(NULL, "a"), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_add_query(NULL, "a"), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_add_model(NULL, NULL), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_add_tier(NULL, "a"), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_add_pool(NULL, "a"), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_add_profile(NULL, "a", "a", 1), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_add_point(NULL, 0, "a"), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_add_measured(NULL, 0, 0, "a"), IFP_ERROR_ARGUMENT);
    ck_assert_uint_eq(ifp_instance_profile_count(NULL), 0);
    ck_assert_ptr_null(ifp_instance_profile_model(NULL, 0));
    ck_assert_ptr_null(ifp_instance_profile_tier(NULL, 0));
    ck_assert_uint_eq(ifp_instance_profile_degree(NULL, 0), 0);
    ck_assert_uint_eq(ifp_instance_point_count(NULL, 0), 0);
    ck_assert_ptr_null(ifp_instance_point_name(NULL, 0, 0));
    ck_assert_uint_eq(ifp_instance_measured_count(NULL, 0, 0), 0);
    ck_assert_ptr_null(ifp_instance_measured_query(NULL, 0, 0, 0));
    ck_assert_uint_eq(ifp_instance_query_count(NULL), 0);
    ck_assert_uint_eq(ifp_instance_model_count(NULL), 0);
    ck_assert_uint_eq(ifp_instance_tier_count(NULL), 0);
    ck_assert_uint_eq(ifp_instance_pool_count(NULL), 0);
    ck_assert_ptr_null(ifp_instance_query_name(NULL, 0));
    ck_assert_ptr_null(ifp_instance_model_name(NULL, 0));
    ck_assert_ptr_null(ifp_instance_tier_name(NULL, 0));
    ck_assert_ptr_null(ifp_instance_pool_name(NULL, 0));
    ck_assert_int_eq(ifp_instance_set_number(NULL, "limits.budget_usd", 1), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_set_numbers(NULL, "limits.budget_usd", &value, 1),
                     IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_set_numbers(NULL, NULL, NULL, 7), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_set_word(NULL, "policy.placement", "single"), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_set_null(NULL, "limits.budget_usd"), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_scale(NULL, "limits.budget_usd", 2), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_scale(NULL, NULL, NAN), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_set(NULL, "limits.budget_usd", "2"), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_get_number(NULL, NULL, NULL, NULL), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_instance_validate(NULL, NULL), IFP_ERROR_ARGUMENT);
    ck_assert_ptr_null(ifp_instance_last_error(NULL));
    ifp_instance *empty = ifp_instance_new();
    ck_assert_int_eq(ifp_instance_validate(empty, NULL), IFP_ERROR_VALUE);
    ck_assert_int_eq(ifp_instance_get_number(empty, "nonsense", &value, NULL), IFP_ERROR_VALUE);
    ifp_instance_free(empty);
}
END_TEST

START_TEST(options)
{
    ck_assert_int_eq(ifp_options_set_number(NULL, IFP_OPTION_GAP, 0.5), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_options_set_word(NULL, IFP_OPTION_ENGINE, "mip"), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_options_set(NULL, "gap", "0.5"), IFP_ERROR_ARGUMENT);
    ck_assert(isnan(ifp_options_number(NULL, IFP_OPTION_GAP)));
    ck_assert_ptr_null(ifp_options_word(NULL, IFP_OPTION_ENGINE));
    ck_assert_ptr_null(ifp_options_copy(NULL));
    ck_assert_ptr_null(ifp_options_last_error(NULL));
    ck_assert_int_eq(ifp_options_set_progress(NULL, NULL, NULL), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_options_set_log(NULL, NULL, NULL), IFP_ERROR_ARGUMENT);
    ck_assert_double_eq(ifp_progress_seconds(NULL), 0);
    ck_assert_double_eq(ifp_progress_objective(NULL), INFINITY);
    ck_assert_double_eq(ifp_progress_bound(NULL), -INFINITY);
    ck_assert_double_eq(ifp_progress_gap(NULL), INFINITY);
    ck_assert_double_eq(ifp_progress_nodes(NULL), 0);
    ck_assert_double_eq(ifp_progress_open_nodes(NULL), 0);
}
END_TEST

START_TEST(models)
{
    ifp_error *error = ifp_error_new();
    ck_assert_ptr_null(ifp_model_new(NULL, NULL, error));
    ck_assert_int_eq(ifp_error_code(error), IFP_ERROR_ARGUMENT);
    ck_assert_ptr_null(ifp_model_new(NULL, NULL, NULL));
    ck_assert_int_eq(ifp_model_set(NULL, "limits.budget_usd", "1"), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_model_set_start(NULL, NULL), IFP_ERROR_ARGUMENT);
    ck_assert_ptr_null(ifp_model_instance(NULL));
    ck_assert_ptr_null(ifp_model_solve(NULL));
    ifp_model_cancel(NULL);
    ck_assert_ptr_null(ifp_model_export(NULL, "mps"));
    ck_assert_uint_eq(ifp_model_removed(NULL, IFP_REMOVAL_BUDGET), 0);
    ck_assert_uint_eq(ifp_model_configuration_count(NULL), 0);
    ck_assert_uint_eq(ifp_model_route_count(NULL), 0);
    ck_assert_ptr_null(ifp_model_last_error(NULL));
    ifp_error_free(error);
}
END_TEST

START_TEST(solutions)
{
    ck_assert_int_eq(ifp_solution_status(NULL) == IFP_STATUS_OPTIMAL, 0);
    ck_assert_int_eq(ifp_solution_status(NULL) == IFP_STATUS_FEASIBLE, 0);
    (void)ifp_solution_status_word(NULL);
    ck_assert_int_eq(ifp_solution_stop(NULL), 0);
    ck_assert_str_eq(ifp_solution_stop_word(NULL), "");
    ck_assert_double_eq(ifp_solution_objective(NULL), INFINITY);
    ck_assert_double_eq(ifp_solution_bound(NULL), -INFINITY);
    ck_assert_double_eq(ifp_solution_gap(NULL), INFINITY);
    ck_assert(!(ifp_solution_seconds(NULL) > 0));
    ck_assert(!(ifp_solution_nodes(NULL) > 0));
    (void)ifp_solution_engine(NULL);
    ck_assert_ptr_null(ifp_solution_plan(NULL));
    ck_assert_ptr_null(ifp_solution_check(NULL));
    ck_assert_ptr_null(ifp_solution_write_json(NULL));
}
END_TEST

START_TEST(plans)
{
    ifp_deployment deployment = IFP_DEPLOYMENT_INIT;
    ifp_route route = IFP_ROUTE_INIT;
    ifp_unmet unmet = IFP_UNMET_INIT;
    ifp_limit limit = IFP_LIMIT_INIT;
    ck_assert_ptr_null(ifp_plan_read_file(NULL, NULL, NULL));
    ck_assert_ptr_null(ifp_plan_read_string(NULL, NULL, 0, NULL));
    ck_assert_ptr_null(ifp_plan_instance_name(NULL));
    ck_assert_uint_eq(ifp_plan_deployment_count(NULL), 0);
    ck_assert_uint_eq(ifp_plan_route_count(NULL), 0);
    ck_assert_uint_eq(ifp_plan_unmet_count(NULL), 0);
    ck_assert_int_eq(ifp_plan_deployment(NULL, 0, &deployment), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_plan_route(NULL, 0, &route), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_plan_unmet(NULL, 0, &unmet), IFP_ERROR_ARGUMENT);
    ck_assert_ptr_null(ifp_check_new(NULL, NULL, NULL));
    ck_assert_int_eq(ifp_check_feasible(NULL), 0);
    ck_assert(isnan(ifp_check_max_violation(NULL)));
    ck_assert_str_eq(ifp_check_reason(NULL), "");
    ck_assert(isnan(ifp_check_cost(NULL, IFP_COST_TOTAL)));
    ck_assert_uint_eq(ifp_check_limit_count(NULL), 0);
    ck_assert_int_eq(ifp_check_limit(NULL, 0, &limit), IFP_ERROR_ARGUMENT);
    ck_assert_ptr_null(ifp_check_write_json(NULL));
}
END_TEST

START_TEST(stress)
{
    ifp_stress_entry row = IFP_STRESS_ENTRY_INIT;
    ck_assert_ptr_null(ifp_stress_new(NULL, NULL, NULL, NULL));
    ck_assert_uint_eq(ifp_stress_samples(NULL), 0);
    ck_assert_uint_eq(ifp_stress_row_count(NULL), 0);
    ck_assert_int_eq(ifp_stress_row(NULL, 0, &row), IFP_ERROR_ARGUMENT);
    ck_assert_ptr_null(ifp_stress_write_json(NULL));
}
END_TEST

static Suite *null_suite(void)
{
    Suite *suite = suite_create("null");
    TCase *tests = tcase_create("null");
    tcase_add_test(tests, freeing_nothing);
    tcase_add_test(tests, errors);
    tcase_add_test(tests, instances);
    tcase_add_test(tests, options);
    tcase_add_test(tests, models);
    tcase_add_test(tests, solutions);
    tcase_add_test(tests, plans);
    tcase_add_test(tests, stress);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(null_suite());
}
