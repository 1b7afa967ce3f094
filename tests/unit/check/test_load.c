/* SPDX-License-Identifier: MIT */
/* The rows of deployments with profiles, against numbers worked out by hand: load, memory, slots,
 * head-room, and what a route feels. Each is tried at its limit and 1e-5 beyond it. */
#include "support/loaded.h"
#include "support/suite.h"

/* By hand, in loaded.h. */
static const double work_ms = 20.1;
static const double e2e_inside_ms = 4210;

/* Requests per hour that fill one replica at 40 ms. */
static double capacity(void)
{
    return 3.6e6 * 0.75 / work_ms;
}

static const double one_pace[] = {40};

/* So that memory is no limit. */
static void make_memory_ample(void)
{
    instance->models[M].kv_gb_per_token = 1e-6;
}

static void set_rate(double per_hour)
{
    instance->queries[A].rate_per_hour = per_hour;
}

START_TEST(figures_of_a_law)
{
    expect_good();
    ifp_route route = get_route(0);
    ck_assert_int_eq(route.tp_degree, 2);
    ck_assert_str_eq(route.point, "40ms");
    expect_near(route.ttft_ms, 215);
    expect_near(route.tpot_ms, 40);
    expect_near(route.delay_ms, 4215);
    expect_near(route.error, 0.02);
    ifp_deployment deployment = get_deployment(0);
    ck_assert_str_eq(deployment.point, "40ms");
    expect_near(deployment.tpot_ms, 40);
    expect_near(deployment.load, 3600 / capacity());
    expect_near(deployment.load_limit, 2);
    expect_near(deployment.headroom, 0);
    /* The delay penalty is charged on e2e. */
    expect_near(ifp_check_cost(check, IFP_COST_DELAY), 1e-6 * 3600 * 4215);
    expect_near(ifp_check_route_cost(check, 0, IFP_COST_DELAY), 1e-6 * 3600 * 4215);
    expect_limit("load[M,T]", 3600 / capacity(), 2);
    /* No compute row and, without max_sequences, no slots. */
    ck_assert_ptr_null(get_limit("compute[M,T]").name);
    ck_assert_ptr_null(get_limit("slots[M,T]").name);
    /* In the plan that was checked nothing is filled in. */
    ifp_deployment before = IFP_DEPLOYMENT_INIT;
    ck_assert_int_eq(ifp_plan_deployment(plan, 0, &before), IFP_OK);
    ck_assert_double_nan(before.load);
    ck_assert_double_nan(before.headroom);
}
END_TEST

START_TEST(chunks_and_cached_tokens)
{
    /* 1024 tokens are four chunks of 256, and 1025 are five. */
    instance->queries[A].input_tokens = 1024;
    expect_good();
    expect_near(get_route(0).ttft_ms, 5 * 40 + 10.24 + 5);
    instance->queries[A].input_tokens = 1025;
    expect_good();
    expect_near(get_route(0).ttft_ms, 6 * 40 + 10.25 + 5);
    /* Half of 1000 is cached: two chunks; W counts 500 tokens, memory all of them. */
    instance->queries[A].input_tokens = 1000;
    instance->queries[A].cached_input_fraction = 0.5;
    expect_good();
    expect_near(get_route(0).ttft_ms, 3 * 40 + 5 + 5);
    expect_near(get_limit("load[M,T]").used, 3600 * (5 + 10.1) / (3.6e6 * 0.75));
    expect_limit("memory[M,T]", 32 + 0.0005 * 1101 * 3600 * (125 + 4000) / 3.6e6, 96);
    /* All is cached: no chunk is left. */
    instance->queries[A].cached_input_fraction = 1;
    expect_good();
    expect_near(get_route(0).ttft_ms, 40 + 5);
    profile->chunk_tokens = INFINITY;
    expect_good();
    expect_near(get_route(0).ttft_ms, 80 + 5);
    /* The context costs k f (h + (f + 1) / 2). */
    instance->queries[A].cached_input_fraction = 0;
    profile->context_ms_per_token = 1e-4;
    expect_good();
    expect_near(get_limit("load[M,T]").used, 3600 * (work_ms + 1e-4 * 101 * 1051) / (3.6e6 * 0.75));
}
END_TEST

START_TEST(load_of_a_law)
{
    make_memory_ample();
    set_rate(2 * capacity());
    expect_good();
    set_rate(2 * capacity() * (1 + 1e-5));
    expect_bad(1e-5, "load[M,T]: 2.");
    /* Any pace above iteration_ms is a point: at 20 ms a replica bears (1 - 10/20) / 0.75. */
    set_plan("20.0ms", 2);
    set_rate(2 * capacity() * 0.5 / 0.75);
    expect_good();
    ck_assert_str_eq(get_deployment(0).point, "20ms");
    set_rate(2 * capacity() * 0.5 / 0.75 * (1 + 1e-5));
    expect_bad(1e-5, "load[M,T]");
}
END_TEST

START_TEST(spare_replicas)
{
    make_memory_ample();
    profile->spare_replicas = 1;
    set_rate(capacity());
    expect_good();
    expect_near(get_deployment(0).headroom, 1);
    set_rate(capacity() * (1 + 1e-5));
    expect_bad(1e-5, "load[M,T]");
    /* Nothing is left to serve with. */
    profile->spare_replicas = 2;
    set_rate(1);
    expect_bad(1, "memory[M,T]");
    profile->spare_replicas = 0;
    profile->min_replicas = 2;
    expect_good();
    profile->min_replicas = 3;
    expect_bad(1, "deployment[M,T]: 2 replicas, at least 3 are required");
}
END_TEST

/* (24 x 2 - 16) GB m for 0.0005 x 1101 x lam x 4210 / 3.6e6 GB; also without spare replicas. */
START_TEST(memory_of_a_law)
{
    profile->decode_ms_per_token = 0;
    profile->prefill_ms_per_token = 0.01;
    profile->iteration_ms = 1e-3;
    double per_rate = 0.0005 * 1101 * e2e_inside_ms / 3.6e6;
    for (int spare = 0; spare < 2; spare++) {
        profile->spare_replicas = spare;
        set_rate((2 - spare) * 32 / per_rate);
        profile->prefill_ms_per_token = 0.01;
        expect_good();
        expect_limit("memory[M,T]", (2 - spare) * 48, (2 - spare) * 48);
        set_rate((2 - spare) * 32 / per_rate * (1 + 1e-5));
        expect_bad(1e-5, "memory[M,T]");
    }
    profile->spare_replicas = 0;
    /* The engine may use nine tenths of the memory. */
    instance->tiers[T].memory_utilization = 0.9;
    double left = 2 * (0.9 * 48 - 16);
    set_rate(left / per_rate);
    expect_good();
    expect_limit("memory[M,T]", 2 * 0.9 * 48, 2 * 0.9 * 48);
    set_rate(left / per_rate * (1 + 1e-5));
    expect_bad(1e-5, "memory[M,T]");
    instance->tiers[T].memory_utilization = 0.3; /* a shard of 8 GB, and 7.2 GB */
    set_rate(0);
    expect_bad(1, "route[a,M,T]: 0.27525 GB, over the memory for one request");
    drop_routes();
    ck_assert_int_eq(ifp_plan_add_unmet(plan, A, 1), IFP_OK);
    expect_bad(0.8 / 7.2, "deployment[M,T]: a weight shard of 8 GB on a GPU of 7.2 GB");
}
END_TEST

START_TEST(slots_of_a_law)
{
    for (int spare = 0; spare < 2; spare++) {
        profile->spare_replicas = spare;
        profile->max_sequences = 8;
        double rate = (2 - spare) * 8 * 3.6e6 / e2e_inside_ms;
        set_rate(rate);
        expect_good();
        expect_limit("slots[M,T]", (2 - spare) * 8, (2 - spare) * 8);
        ck_assert_str_eq(get_limit("slots[M,T]").unit, "sequences");
        set_rate(rate * (1 + 1e-5));
        expect_bad(1e-5, "slots[M,T]");
    }
}
END_TEST

START_TEST(head_room)
{
    static const double table[] = {0.5, 1.25};
    make_memory_ample();
    instance->headroom.kind = IFP_HEADROOM_UTILIZATION;
    instance->headroom.utilization = 0.75;
    set_rate(1.5 * capacity());
    expect_good();
    expect_near(get_deployment(0).load_limit, 1.5);
    expect_near(get_deployment(0).headroom, 0.5);
    set_rate(1.5 * capacity() * (1 + 1e-5));
    expect_bad(1e-5, "load[M,T]: 1.5");
    /* The profile's own comes before the policy's, and counts replicas without the spare one. */
    profile->headroom.kind = IFP_HEADROOM_TABLE;
    profile->headroom.table = new_list(table, 2);
    set_rate(1.25 * capacity());
    expect_good();
    set_rate(1.25 * capacity() * (1 + 1e-5));
    expect_bad(1e-5, "load[M,T]: 1.25");
    set_plan("40ms", 4);
    profile->spare_replicas = 1; /* beyond its end the last step repeats: L(3) = 2 */
    set_rate(2 * capacity());
    expect_good();
    expect_near(get_deployment(0).headroom, 2);
    set_rate(2 * capacity() * (1 + 1e-5));
    expect_bad(1e-5, "load[M,T]: 2.0");
}
END_TEST

/* Without a profile: compute of 10 x 2 x m TFLOP/s, of which 3/4 may be used; memory all. */
START_TEST(head_room_of_compute)
{
    set_instance(plain_text);
    set_plan(NULL, 2);
    instance->queries[A].tflop_per_1k_tokens = 1000 / 1101.0; /* a TFLOP a request */
    set_rate(3600 * 40.0);
    expect_good();
    ck_assert_double_nan(get_deployment(0).load);
    instance->headroom.kind = IFP_HEADROOM_UTILIZATION;
    instance->headroom.utilization = 0.75;
    expect_bad(1 / 3.0, "compute[M,T]: 40 of 30 TFLOP/s");
    set_rate(3600 * 30.0);
    expect_good();
    expect_limit("compute[M,T]", 30, 30);
    expect_limit("memory[M,T]", 32, 96);
    expect_near(get_deployment(0).load, 1.5);
    expect_near(get_deployment(0).load_limit, 1.5);
    set_rate(3600 * 30.0 * (1 + 1e-5));
    expect_bad(1e-5, "compute[M,T]");
}
END_TEST

START_TEST(load_of_measured_points)
{
    set_instance(points_text);
    set_plan("fast", 2);
    set_rate(1440);
    expect_good();
    expect_limit("load[M,T]", 2, 2);
    ck_assert_ptr_null(get_limit("memory[M,T]").name);
    ck_assert_ptr_null(get_limit("slots[M,T]").name);
    expect_near(get_route(0).ttft_ms, 205);
    expect_near(get_route(0).tpot_ms, 20);
    expect_near(get_route(0).delay_ms, 205 + 100 * 20);
    expect_near(get_deployment(0).tpot_ms, 20);
    set_rate(1440 * (1 + 1e-5));
    expect_bad(1e-5, "load[M,T]");
    set_plan("bulk", 2);
    expect_good();
    expect_near(get_limit("load[M,T]").used, 1 * (1 + 1e-5));
    expect_near(get_route(0).delay_ms, 805 + 100 * 50);
    /* What the entry says comes before what its point says. */
    measured(1)->tpot_ms = 60;
    expect_good();
    expect_near(get_route(0).delay_ms, 805 + 100 * 60);
    measured(1)->e2e_ms = 4000;
    expect_good();
    expect_near(get_route(0).delay_ms, 4005);
    /* What e2e says needs no time per token. */
    measured(1)->tpot_ms = profile->points[1].tpot_ms = (double)NAN;
    expect_good();
    expect_near(get_route(0).delay_ms, 4005);
    ck_assert_double_nan(get_route(0).tpot_ms);
    ck_assert_double_nan(get_deployment(0).tpot_ms);
}
END_TEST

START_TEST(points_that_are_not_there)
{
    set_plan("10ms", 1);
    expect_bad(1, "deployment[M,T]: the point 10ms is no pace above iteration_ms, 10");
    set_plan("fast", 1);
    expect_bad(1, "deployment[M,T]: the point fast is no pace");
    set_plan(NULL, 1);
    expect_bad(1, "deployment[M,T]: the plan does not say its point");
    profile->paces_ms = new_list(one_pace, 1);
    expect_good();
    ck_assert_str_eq(get_deployment(0).point, "40ms");
    set_instance(points_text);
    expect_bad(1, "deployment[M,T]: the plan does not say its point");
    set_plan("slow", 1);
    expect_bad(1, "deployment[M,T]: the profile has no point slow");
    set_instance(one_point_text);
    set_rate(720);
    set_plan(NULL, 1);
    expect_good();
    ck_assert_str_eq(get_deployment(0).point, "fast");
    set_instance(plain_text);
    set_plan("fast", 1);
    expect_bad(1, "deployment[M,T]: it is at the point fast, without a profile");
    set_instance(points_text);
    set_rate(720);
    set_plan("fast", 2);
    ck_assert_int_eq(ifp_plan_add_route(plan, B, M, T, 1), IFP_OK);
    plan->unmet_count = 0;
    expect_bad(1, "route[b,M,T]: no candidate, it was not measured at this point");
}
END_TEST

START_TEST(residency_is_delay)
{
    set_instance(plain_text);
    set_plan(NULL, 1);
    expect_good();
    expect_limit("memory[M,T]", 16, 48);
    instance->residency_is_delay = true;
    expect_good(); /* 1 ms per token at a speed-up of 2 */
    expect_limit("memory[M,T]", 16 + 0.0005 * 1101 * 3600 * (1101 / 2.0) / 3.6e6, 48);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("load");
    TCase *tests = tcase_create("rows");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, figures_of_a_law);
    tcase_add_test(tests, chunks_and_cached_tokens);
    tcase_add_test(tests, load_of_a_law);
    tcase_add_test(tests, spare_replicas);
    tcase_add_test(tests, memory_of_a_law);
    tcase_add_test(tests, slots_of_a_law);
    tcase_add_test(tests, head_room);
    tcase_add_test(tests, head_room_of_compute);
    tcase_add_test(tests, load_of_measured_points);
    tcase_add_test(tests, points_that_are_not_there);
    tcase_add_test(tests, residency_is_delay);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
