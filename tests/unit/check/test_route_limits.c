/* SPDX-License-Identifier: MIT */
/* Limits on each route by itself, attainment, and several deployments of a pair, against numbers
 * worked out by hand. */
#include "support/loaded.h"
#include "support/suite.h"

/* A filter holds to 1e-9 of its limit. What misses by more is a violation of 1. */
static void expect_filter(double *limit, double value, const char *reason)
{
    *limit = value;
    expect_good();
    *limit = value * (1 - 5e-10);
    expect_good();
    *limit = value * (1 - 1e-5);
    expect_bad(1, reason);
    *limit = value * (1 - 2e-9);
    expect_bad(1, reason);
    *limit = INFINITY;
    expect_good();
}

START_TEST(limits_of_a_route)
{
    struct ifp_query_data *query = &instance->queries[A];
    expect_filter(&query->ttft_limit_ms, 215, "route[a,M,T]: 215 ms, over ttft_limit_ms, 21");
    expect_filter(&query->tpot_limit_ms, 40, "route[a,M,T]: 40 ms, over tpot_limit_ms, 39.99");
    query->limit_basis = IFP_BASIS_ROUTE;
    expect_filter(&query->delay_limit_ms, 4215, "route[a,M,T]: 4215 ms, over delay_limit_ms, 421");
    expect_filter(&query->error_limit, 0.02, "route[a,M,T]: 0.02, over error_limit, 0.0199");
    /* The default of the query types is the policy's. */
    query->limit_basis = -1;
    instance->limit_basis = IFP_BASIS_ROUTE;
    expect_filter(&query->delay_limit_ms, 4215, "route[a,M,T]: 4215 ms, over delay_limit_ms, 421");
    query->delay_limit_ms = 5000;
    expect_good();
    expect_limit("delay[a]", 4215, 5000);
    /* In the mean it is a row. */
    query->limit_basis = IFP_BASIS_AVERAGE;
    query->delay_limit_ms = 4215 / (1 + 1e-5);
    expect_bad(1e-5, "delay[a]");
    query->delay_limit_ms = 4215 / (1 + 1e-7);
    expect_good();
    /* For one output token, too. */
    query->delay_limit_ms = INFINITY;
    query->output_tokens = 1;
    query->tpot_limit_ms = 39;
    expect_bad(1, "route[a,M,T]: 40 ms, over tpot_limit_ms, 39 ms");
}
END_TEST

/* A share below 1e-9 is no route. */
START_TEST(small_shares_are_no_routes)
{
    instance->queries[A].ttft_limit_ms = 200;
    plan->routes[0].fraction = 0.9e-9;
    ck_assert_int_eq(ifp_plan_add_unmet(plan, A, 1 - 0.9e-9), IFP_OK);
    expect_good();
    plan->routes[0].fraction = 1.1e-9;
    expect_bad(1, "route[a,M,T]: 215 ms");
}
END_TEST

/* Without a profile nothing is known of single tokens, nor of attainment. */
START_TEST(limits_without_a_profile)
{
    set_instance(plain_text);
    set_plan(NULL, 1);
    expect_good();
    ck_assert_double_nan(get_route(0).ttft_ms);
    expect_near(get_route(0).delay_ms, 1101 / 2.0);
    instance->queries[A].tpot_limit_ms = 1000;
    expect_bad(1, "route[a,M,T]: no candidate, it has a limit per token");
    instance->queries[A].tpot_limit_ms = INFINITY;
    instance->queries[A].attainment_target = 0.5;
    expect_bad(1, "route[a,M,T]: no candidate, it has an attainment target");
    instance->queries[A].attainment_target = (double)NAN;
    struct ifp_query_data *query = &instance->queries[A];
    query->limit_basis = IFP_BASIS_ROUTE;
    expect_filter(&query->delay_limit_ms, 550.5, "route[a,M,T]: 550.5 ms, over delay_limit_ms");
}
END_TEST

/* 0.0005 x 1101 / 2 GB of a request on each GPU, of 24 - 16 / 2 GB. */
START_TEST(whole_requests)
{
    double *memory_gb = &instance->tiers[T].memory_gb;
    instance->queries[A].rate_per_hour = 0;
    *memory_gb = 8 + 0.27525 * (1 - 5e-10);
    expect_good();
    *memory_gb = 8 + 0.27525 * (1 - 2e-9);
    expect_bad(1, "route[a,M,T]: 0.27525 GB, over the memory for one request");
    *memory_gb = 8 + 0.27525 * (1 - 1e-5);
    expect_bad(1, "route[a,M,T]: 0.27525 GB, over the memory for one request");
}
END_TEST

START_TEST(whole_requests_without_a_profile)
{
    set_instance(plain_text);
    set_plan(NULL, 1);
    instance->tiers[T].memory_gb = 8.2;
    expect_good();
    instance->whole_requests = true;
    expect_bad(1, "route[a,M,T]: 0.27525 GB, over the memory for one request, 0.2 GB");
    instance->tiers[T].memory_gb = 8.3;
    expect_good();
}
END_TEST

/* A tenth of 215, 40 and 4215 ms, times min(budget, cap). */
START_TEST(limits_under_uncertainty)
{
    struct ifp_query_data *query = &instance->queries[A];
    static double shrink = 0.25;
    static double deviation = 0.01;
    const struct {
        int kind;
        double budget;
        double factor;
    } cases[] = {{IFP_UNCERTAINTY_NONE, 2, 0},
                 {IFP_UNCERTAINTY_BUDGET, 2, 1},
                 {IFP_UNCERTAINTY_BUDGET, 0.5, 0.5},
                 {IFP_UNCERTAINTY_DECISION, 2, 0.75},
                 {IFP_UNCERTAINTY_DECISION, 0.5, 0.5}};
    struct ifp_table tables[3] = {instance->performance[IFP_DELAY_SHRINK],
                                  instance->performance[IFP_ERROR_SHRINK],
                                  instance->performance[IFP_ERROR_DEVIATION]};
    instance->performance[IFP_DELAY_SHRINK] = (struct ifp_table){.values = &shrink, .count = 1};
    instance->performance[IFP_ERROR_SHRINK] = (struct ifp_table){.values = &shrink, .count = 1};
    instance->performance[IFP_ERROR_DEVIATION] =
        (struct ifp_table){.values = &deviation, .count = 1};
    instance->level = IFP_LEVEL_CELL;
    profile->delay_deviation = 0.1;
    query->limit_basis = IFP_BASIS_ROUTE;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        double worse = 1 + 0.1 * cases[c].factor;
        instance->uncertainty = cases[c].kind;
        instance->delay_budget = instance->error_budget = cases[c].budget;
        expect_filter(&query->ttft_limit_ms, 215 * worse, "route[a,M,T]: ");
        expect_filter(&query->tpot_limit_ms, 40 * worse, "route[a,M,T]: ");
        expect_filter(&query->delay_limit_ms, 4215 * worse, "route[a,M,T]: ");
        expect_filter(&query->error_limit, 0.02 + 0.01 * cases[c].factor, "route[a,M,T]: ");
        expect_near(get_route(0).ttft_ms, 215 * worse);
        expect_near(get_route(0).delay_ms, 4215 * worse);
        expect_near(get_route(0).error, 0.02 + 0.01 * cases[c].factor);
        expect_near(ifp_check_cost(check, IFP_COST_DELAY), 1e-6 * 3600 * 4215 * worse);
        expect_near(ifp_check_route_cost(check, 0, IFP_COST_DELAY), 1e-6 * 3600 * 4215 * worse);
    }
    instance->performance[IFP_DELAY_SHRINK] = tables[0];
    instance->performance[IFP_ERROR_SHRINK] = tables[1];
    instance->performance[IFP_ERROR_DEVIATION] = tables[2];
}
END_TEST

START_TEST(measured_deviations)
{
    set_instance(points_text);
    struct ifp_query_data *query = &instance->queries[A];
    query->rate_per_hour = 720;
    profile->delay_deviation = 0.1;
    measured(0)->ttft_deviation_ms = 30;
    measured(0)->e2e_deviation_ms = 100;
    instance->uncertainty = IFP_UNCERTAINTY_BUDGET;
    instance->delay_budget = instance->error_budget = 1;
    set_plan("fast", 1);
    expect_filter(&query->ttft_limit_ms, 205 + 30, "route[a,M,T]: 235 ms");
    expect_filter(&query->tpot_limit_ms, 20 * 1.1, "route[a,M,T]: 22 ms");
    query->delay_limit_ms = 2305 / (1 + 1e-5);
    expect_bad(1e-5, "delay[a]: 2305");
    query->delay_limit_ms = 2305;
    expect_good();
}
END_TEST

/* Two pools on the same GPUs: at fast 0.25 of the requests, at bulk 0.75. */
static void set_pools(void)
{
    set_instance(points_text);
    instance->deployments_per_pair = INFINITY;
    instance->queries[A].rate_per_hour = 1440;
    set_plan("fast", 1);
    plan->routes[0].fraction = 0.25;
    ck_assert_int_eq(ifp_plan_add_deployment_at(plan, M, T, 2, "bulk", 1), IFP_OK);
    drop_routes();
    ck_assert_int_eq(ifp_plan_add_route_at(plan, A, M, T, 2, "bulk", 0.75), IFP_OK);
    ck_assert_int_eq(ifp_plan_add_route_at(plan, A, M, T, 2, "fast", 0.25), IFP_OK);
}

START_TEST(attainment)
{
    set_pools();
    struct ifp_query_data *query = &instance->queries[A];
    query->attainment_target = 0.5;
    expect_bad(1, "route[a,M,T,2,fast]: no candidate, it has an attainment target");
    measured(0)->attainment = 1;
    measured(1)->attainment = 0.9;
    query->attainment_target = 0.925; /* 0.25 x 1 + 0.75 x 0.9 */
    expect_good();
    expect_limit("attainment[a]", 0.075, 1 - 0.925);
    query->attainment_target = 1 - 0.075 / (1 + 1e-5);
    expect_bad(1e-5, "attainment[a]: 0.075");
    query->attainment_target = 1;
    expect_bad(1, "attainment[a]");
    /* Half is unmet: the served half is as good, of the offered requests half are missed. */
    plan->routes[0].fraction = 0.375;
    plan->routes[1].fraction = 0.125;
    ck_assert_int_eq(ifp_plan_add_unmet(plan, A, 0.5), IFP_OK);
    query->attainment_target = 0.925;
    expect_good();
    instance->slo_basis = IFP_SLO_OFFERED;
    query->attainment_target = 0.4625;
    expect_good();
    expect_limit("attainment[a]", 0.5375, 0.5375);
    query->attainment_target = 1 - 0.5375 / (1 + 1e-5);
    expect_bad(1e-5, "attainment[a]");
    /* All is met where all attain it. */
    set_plan("fast", 2);
    query->attainment_target = 1;
    expect_good();
    expect_limit("attainment[a]", 0, 0);
}
END_TEST

START_TEST(a_law_has_no_attainment)
{
    instance->queries[A].attainment_target = 0;
    expect_bad(1, "route[a,M,T]: no candidate, it has an attainment target");
}
END_TEST

START_TEST(several_deployments)
{
    set_pools();
    expect_good();
    /* In the order of the profile, whatever the names and the order of the plan are. */
    ck_assert_str_eq(get_deployment(0).point, "fast");
    ck_assert_str_eq(get_deployment(1).point, "bulk");
    ck_assert_str_eq(get_route(0).point, "fast");
    expect_limit("load[M,T,2,fast]", 0.5, 1);
    expect_limit("load[M,T,2,bulk]", 0.75, 1);
    ifp_limit limit = get_limit("load[M,T,2,bulk]");
    ck_assert_int_eq(limit.kind, IFP_LIMIT_KIND_LOAD);
    ck_assert_str_eq(limit.unit, "replicas");
    ck_assert_str_eq(limit.point, "bulk");
    ck_assert_int_eq(limit.tp_degree, 2);
    /* Rental and weights are counted by deployment, and the bill by route. */
    expect_near(ifp_check_cost(check, IFP_COST_RENTAL), 8);
    expect_near(ifp_check_cost(check, IFP_COST_STORAGE), 0.32);
    expect_near(ifp_check_cost(check, IFP_COST_DELAY), 1e-6 * 1440 * (0.25 * 2205 + 0.75 * 5805));
    for (int cost = IFP_COST_TOTAL; cost <= IFP_COST_UNMET; cost++) {
        double sum = ifp_check_route_cost(check, 0, cost) + ifp_check_route_cost(check, 1, cost);
        for (size_t u = 0; u < check->plan->unmet_count; u++)
            sum += cost == IFP_COST_TOTAL || cost == IFP_COST_UNMET ? ifp_check_unmet_cost(check, u)
                                                                    : 0;
        expect_near(sum, ifp_check_cost(check, cost));
    }
    expect_near(ifp_check_route_cost(check, 0, IFP_COST_RENTAL), 4);
    expect_near(ifp_check_route_cost(check, 1, IFP_COST_DELAY), 1e-6 * 1440 * 0.75 * 5805);
    instance->storage_basis = IFP_STORAGE_ROUTE;
    expect_good();
    expect_near(ifp_check_cost(check, IFP_COST_STORAGE), 0.32);
    /* Each has its own limits. */
    plan->routes[0].fraction = 0.25;
    plan->routes[1].fraction = 0.75;
    expect_bad(0.5, "load[M,T,2,fast]: 1.5 of 1 replicas");
    instance->max_replicas = 1;
    plan->deployments[1].replicas = 2;
    expect_bad(1, "deployment[M,T,2,bulk]: 2 of 1 replicas");
}
END_TEST

START_TEST(several_deployments_are_refused)
{
    set_pools();
    instance->deployments_per_pair = 1;
    expect_bad(1, "deployment[M,T]: listed twice, a pair has one deployment");
    instance->deployments_per_pair = INFINITY;
    instance->placement = IFP_PLACEMENT_SINGLE;
    expect_bad(1, "placement[a]: 2 of 1 routes");
    instance->placement = IFP_PLACEMENT_MATCHING;
    expect_bad(1, "placement[a,M]: 2 of 1 deployments");
    instance->placement = IFP_PLACEMENT_SPLIT;
    ck_assert_int_eq(ifp_plan_add_deployment_at(plan, M, T, 2, "bulk", 1), IFP_OK);
    expect_bad(1, "deployment[M,T,2,bulk]: listed twice");
    set_pools();
    drop_routes();
    ck_assert_int_eq(ifp_plan_add_route(plan, A, M, T, 1), IFP_OK);
    expect_bad(1, "route[a,M,T]: the plan does not say which of several deployments");
    drop_routes();
    ck_assert_int_eq(ifp_plan_add_route_at(plan, A, M, T, 1, NULL, 1), IFP_OK);
    expect_bad(1, "route[a,M,T]: the model is not deployed on the tier at this degree and point");
    drop_routes();
    ck_assert_int_eq(ifp_plan_add_route(plan, A, M, U, 1), IFP_OK);
    expect_bad(1, "route[a,M,U]: the model is not deployed on the tier");
}
END_TEST

/* Paces are in ascending order, and each is the same in any spelling. */
START_TEST(paces_side_by_side)
{
    instance->deployments_per_pair = INFINITY;
    set_plan("100ms", 1);
    ck_assert_int_eq(ifp_plan_add_deployment_at(plan, M, T, 2, "20.0ms", 1), IFP_OK);
    drop_routes();
    ck_assert_int_eq(ifp_plan_add_route_at(plan, A, M, T, 2, "20ms", 0.5), IFP_OK);
    ck_assert_int_eq(ifp_plan_add_route_at(plan, A, M, T, 2, "1e2ms", 0.5), IFP_OK);
    expect_good();
    ck_assert_str_eq(get_deployment(0).point, "20ms");
    ck_assert_str_eq(get_deployment(1).point, "100ms");
    ck_assert_str_eq(get_route(0).point, "20ms");
    ck_assert_str_eq(get_route(1).point, "100ms");
    expect_limit("load[M,T,2,100ms]", 1800 * 20.1 / (3.6e6 * 0.9), 1);
    expect_limit("load[M,T,2,20ms]", 1800 * 20.1 / (3.6e6 * 0.5), 1);
}
END_TEST

static void expect_in(const char *text, const char *wanted)
{
    ck_assert_msg(strstr(text, wanted) != NULL, "no %s in %s", wanted, text);
}

/* The document names the points, says what they bear, and reads back as the same plan. */
START_TEST(documents_of_points)
{
    set_pools();
    expect_good();
    char *text = ifp_check_write_json(check);
    ck_assert_ptr_nonnull(text);
    expect_in(text, "\"gpus\": 2, \"point\": \"fast\", \"tpot_ms\": 20, \"load\": 0.5, "
                    "\"load_limit\": 1, \"headroom\": 0}");
    expect_in(text, "\"tp_degree\": 2, \"point\": \"bulk\", \"fraction\": 0.75, \"ttft_ms\": 805, "
                    "\"tpot_ms\": 50, \"delay_ms\": 5805, \"error\": 0.02}");
    expect_in(text, "{\"name\": \"load[M,T,2,fast]\", \"used\": 0.5, \"limit\": 1, \"kind\": "
                    "\"load\", \"unit\": \"replicas\", \"model\": \"M\", \"tier\": \"T\", "
                    "\"tp_degree\": 2, \"point\": \"fast\"}");
    ifp_plan_free(plan);
    plan = ifp_plan_read_string(instance, text, strlen(text), error);
    ck_assert_msg(plan != NULL, "%s", ifp_error_message(error));
    expect_good();
    char *again = ifp_check_write_json(check);
    ck_assert_str_eq(again, text);
    ifp_text_free(again);
    ifp_text_free(text);
}
END_TEST

/* The delays may be left out where there are profiles. A configuration without one is no candidate
 * then. */
START_TEST(delays_left_out)
{
    static const char delay[] = "\"delay_ms_per_token\": 1, ";
    char text[sizeof law_text];
    memcpy(text, law_text, sizeof law_text);
    char *at = strstr(text, delay);
    ck_assert_ptr_nonnull(at);
    memmove(at, at + strlen(delay), strlen(at + strlen(delay)) + 1);
    set_instance(text);
    expect_good();
    ck_assert_int_eq(ifp_plan_add_deployment(plan, M, U, 1, 1), IFP_OK);
    expect_good();
    ck_assert_int_eq(ifp_plan_add_route(plan, B, M, U, 1), IFP_OK);
    plan->unmet_count = 0;
    expect_bad(1, "route[b,M,U]: no candidate, it has neither a profile nor a delay");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("route limits");
    TCase *tests = tcase_create("routes");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, limits_of_a_route);
    tcase_add_test(tests, small_shares_are_no_routes);
    tcase_add_test(tests, limits_without_a_profile);
    tcase_add_test(tests, whole_requests);
    tcase_add_test(tests, whole_requests_without_a_profile);
    tcase_add_test(tests, limits_under_uncertainty);
    tcase_add_test(tests, measured_deviations);
    tcase_add_test(tests, attainment);
    tcase_add_test(tests, a_law_has_no_attainment);
    tcase_add_test(tests, several_deployments);
    tcase_add_test(tests, several_deployments_are_refused);
    tcase_add_test(tests, paces_side_by_side);
    tcase_add_test(tests, documents_of_points);
    tcase_add_test(tests, delays_left_out);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
