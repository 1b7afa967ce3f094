/* SPDX-License-Identifier: MIT */
/* Notes: each kind on the plan of loaded.h when its fact is there, and not when it is not. */
#include "check/notes.h"
#include "support/loaded.h"
#include "support/suite.h"

/* The note of a kind; its members are NULL if there is none. */
static ifp_note get_note(const char *kind)
{
    ifp_note found = IFP_NOTE_INIT;
    for (size_t n = 0; n < ifp_check_note_count(check); n++) {
        ifp_note note = IFP_NOTE_INIT;
        ck_assert_int_eq(ifp_check_note(check, n, &note), IFP_OK);
        if (strcmp(note.kind, kind) == 0) {
            ck_assert_msg(!found.kind, "two notes of the kind %s", kind);
            found = note;
        }
    }
    return found;
}

static void expect_note(const char *kind, const char *path, const char *text)
{
    run_check();
    ifp_note note = get_note(kind);
    ck_assert_msg(note.kind != NULL, "no note %s", kind);
    ck_assert_str_eq(note.path, path);
    ck_assert_str_eq(note.text, text);
}

static void expect_silence(const char *kind)
{
    run_check();
    ifp_note note = get_note(kind);
    ck_assert_msg(!note.kind, "%s: %s", kind, note.text);
}

/* A plan of one deployment without a profile, at degree 2. */
static void set_plain(void)
{
    set_instance(plain_text);
    set_plan(NULL, 1);
}

START_TEST(nothing_to_note)
{
    run_check();
    for (size_t n = 0; n < ifp_check_note_count(check); n++) {
        ifp_note note = IFP_NOTE_INIT;
        ck_assert_int_eq(ifp_check_note(check, n, &note), IFP_OK);
        ck_abort_msg("%s: %s", note.kind, note.text);
    }
}
END_TEST

START_TEST(load_without_a_limit)
{
    set_plain();
    expect_note("load_unlimited", "queries[a].tflop_per_1k_tokens",
                "Nothing limits how much of a (3,600 requests per hour) M on T serves: "
                "tflop_per_1k_tokens is 0, no KV cache stays in memory (kv_residency_hours is 0), "
                "and there is no profile.");
    instance->queries[A].tflop_per_1k_tokens = 1;
    expect_silence("load_unlimited");
    instance->models[M].compute_scale = 0;
    expect_note("load_unlimited", "models[M].compute_scale",
                "Nothing limits how much of a (3,600 requests per hour) M on T serves: "
                "compute_scale is 0, no KV cache stays in memory (kv_residency_hours is 0), "
                "and there is no profile.");
    instance->residency_is_delay = true;
    expect_silence("load_unlimited");
    instance->queries[A].rate_per_hour = 0;
    instance->residency_is_delay = false;
    expect_silence("load_unlimited");
}
END_TEST

START_TEST(residency_of_zero)
{
    set_plain();
    expect_note(
        "kv_residency_zero", "performance.kv_residency_hours",
        "kv_residency_hours is 0, so the requests of a take no KV memory of M on T, although "
        "one request has 0.551 GB; the word \"delay\" keeps it for the delay of each "
        "request.");
    instance->residency_is_delay = true;
    expect_silence("kv_residency_zero");
    instance->residency_is_delay = false;
    instance->models[M].kv_gb_per_token = 0;
    expect_silence("kv_residency_zero");
}
END_TEST

START_TEST(everything_unmet)
{
    plan->deployment_count = 0;
    drop_routes();
    free(plan->deployments[0].point);
    ck_assert_int_eq(ifp_plan_add_unmet(plan, A, 1), IFP_OK);
    expect_note("everything_unmet", "queries[*].unmet_penalty_usd",
                "Everything is unmet: none of 3,600 requests per hour is served, at a penalty of "
                "$3,600.");
    instance->queries[A].rate_per_hour = 0;
    expect_silence("everything_unmet");
}
END_TEST

/* At 40 ms one replica bears 3.6e6 x 0.75 / 20.1 = 134,328.4 requests per hour. With 268,656.7 per
 * hour, one replica serves half. A second one costs 4 dollars and serves the other half. */
START_TEST(replicas_that_would_pay)
{
    double full = 2.7e6 / 20.1;
    instance->models[M].kv_gb_per_token = 1e-6;
    instance->queries[A].rate_per_hour = 2 * full;
    instance->queries[A].delay_penalty_usd_per_ms = 0;
    instance->max_replicas = 1;
    set_plan("40ms", 1);
    plan->routes[0].fraction = 0.5;
    ck_assert_int_eq(ifp_plan_add_unmet(plan, A, 0.5), IFP_OK);
    expect_note("max_replicas", "policy.max_replicas",
                "max_replicas is 1, and 50 % of a stays unmet: one more replica of M on T would "
                "save $134,328 for a rent of $4.00.");
    /* All else would have to hold for the second replica, too. */
    instance->max_replicas = 2;
    expect_silence("max_replicas");
    instance->max_replicas = 1;
    instance->budget_usd = 7.9;
    expect_silence("max_replicas");
    instance->budget_usd = 9;
    instance->queries[A].unmet_penalty_usd = 3.9 / full;
    expect_silence("max_replicas");
    instance->queries[A].unmet_penalty_usd = 4.1 / full;
    run_check();
    ck_assert_ptr_nonnull(get_note("max_replicas").kind);
    /* A limit that the route misses. */
    instance->queries[A].ttft_limit_ms = 100;
    expect_silence("max_replicas");
    instance->queries[A].ttft_limit_ms = INFINITY;
    /* Not full. */
    instance->queries[A].rate_per_hour = 1.9 * full;
    expect_silence("max_replicas");
}
END_TEST

START_TEST(replicas_of_a_full_pool)
{
    double full = 2.7e6 / 20.1;
    instance->models[M].kv_gb_per_token = 1e-6;
    instance->queries[A].rate_per_hour = 2 * full;
    instance->max_replicas = 1;
    ck_assert_int_eq(ifp_instance_add_pool(instance, "P"), IFP_OK);
    ck_assert_int_eq(ifp_instance_set(instance, "pools[P].gpus", "4"), IFP_OK);
    ck_assert_int_eq(ifp_instance_set(instance, "tiers[T].pool", "P"), IFP_OK);
    set_plan("40ms", 1);
    plan->routes[0].fraction = 0.5;
    ck_assert_int_eq(ifp_plan_add_unmet(plan, A, 0.5), IFP_OK);
    run_check();
    ck_assert_ptr_nonnull(get_note("max_replicas").kind);
    ck_assert_int_eq(ifp_instance_set(instance, "pools[P].gpus", "3"), IFP_OK);
    expect_silence("max_replicas");
}
END_TEST

/* In an iteration of 40 ms, 134,328.4 prompts of 1000 tokens an hour are 1,492.5 tokens. */
START_TEST(chunks_too_small)
{
    instance->models[M].kv_gb_per_token = 1e-6;
    instance->queries[A].rate_per_hour = 2.7e6 / 20.1;
    set_plan("40ms", 1);
    expect_note(
        "chunk_tokens", "profiles[0].chunk_tokens",
        "chunk_tokens of M on T is 256, but at the pace of 40 ms 1,493 prompt tokens arrive "
        "in each iteration of a replica, so the time to first token grows without end.");
    plan->deployments[0].replicas = 6;
    expect_silence("chunk_tokens");
    profile->spare_replicas = 1;
    expect_note("chunk_tokens", "profiles[0].chunk_tokens",
                "chunk_tokens of M on T is 256, but at the pace of 40 ms 299 prompt tokens arrive "
                "in each iteration of a replica, so the time to first token grows without end.");
    instance->queries[A].cached_input_fraction = 0.2;
    expect_silence("chunk_tokens");
}
END_TEST

/* e2e is 4215 ms at 40 ms; M on U at degree 1 takes 1101 ms. */
START_TEST(limits_of_the_mean)
{
    plan->routes[0].fraction = 0.5;
    ck_assert_int_eq(ifp_plan_add_deployment(plan, M, U, 1, 1), IFP_OK);
    ck_assert_int_eq(ifp_plan_add_route(plan, A, M, U, 0.5), IFP_OK);
    instance->queries[A].delay_limit_ms = 3000;
    expect_note("mean_hides_route", "queries[a].limit_basis",
                "50 % of a goes to M on T, where its delay is 4,215 ms; only the mean holds the "
                "limit of 3,000 ms.");
    /* The mean is 2,658 ms. */
    instance->queries[A].delay_limit_ms = 2600;
    expect_silence("mean_hides_route");
    instance->queries[A].delay_limit_ms = 4215;
    expect_silence("mean_hides_route");
    instance->queries[A].delay_limit_ms = 3000;
    instance->limit_basis = IFP_BASIS_ROUTE;
    expect_silence("mean_hides_route");
    instance->limit_basis = IFP_BASIS_AVERAGE;
    for (size_t r = 0; r < plan->route_count; r++)
        plan->routes[r].fraction = plan->routes[r].tier == T ? 0.05 : 0.95;
    expect_silence("mean_hides_route");
}
END_TEST

START_TEST(queues_without_headroom)
{
    double full = 2.7e6 / 20.1;
    instance->models[M].kv_gb_per_token = 1e-6;
    instance->queries[A].rate_per_hour = 0.96 * full;
    instance->queries[A].ttft_limit_ms = 300;
    set_plan("40ms", 1);
    expect_note("no_headroom", "policy.headroom",
                "M on T is used to 96 % without head-room, and a states ttft_limit_ms: requests "
                "wait whenever more than the mean arrive.");
    instance->queries[A].rate_per_hour = 0.94 * full;
    expect_silence("no_headroom");
    instance->queries[A].rate_per_hour = 0.96 * full;
    instance->headroom.kind = IFP_HEADROOM_UTILIZATION;
    instance->headroom.utilization = 1;
    expect_silence("no_headroom");
    instance->headroom.kind = IFP_HEADROOM_ABSENT;
    instance->queries[A].ttft_limit_ms = INFINITY;
    expect_silence("no_headroom");
}
END_TEST

START_TEST(points_at_several_paces)
{
    set_instance(points_text);
    set_plan("fast", 5);
    struct ifp_point_data *point = &profile->points[0];
    expect_silence("point_paces_differ");
    point->queries = realloc(point->queries, 2 * sizeof *point->queries);
    ck_assert_ptr_nonnull(point->queries);
    point->queries[1] = point->queries[0];
    point->queries[1].query = ifp_string_copy("b");
    point->queries[1].tpot_ms = 22.1;
    point->query_count = 2;
    expect_note("point_paces_differ", "profiles[0].points[0].tpot_ms",
                "At the point fast of M on T, tpot_ms is 20 to 22.1 by query type; loads of mixed "
                "traffic add up exactly only if all were measured at one pace.");
    point->queries[1].tpot_ms = 21.9;
    expect_silence("point_paces_differ");
    point->queries[1].tpot_ms = 22.1;
    set_plan("bulk", 3);
    expect_silence("point_paces_differ");
}
END_TEST

START_TEST(deviations_without_a_kind)
{
    profile->delay_deviation = 0.1;
    expect_note(
        "deviations_ignored", "uncertainty.kind",
        "profiles[0] (M on T) gives deviations of delay, but uncertainty.kind is none, so no "
        "deviation is planned for.");
    instance->uncertainty = IFP_UNCERTAINTY_BUDGET;
    instance->delay_budget = instance->error_budget = 1;
    expect_silence("deviations_ignored");
    instance->uncertainty = IFP_UNCERTAINTY_NONE;
    profile->delay_deviation = 0;
    ck_assert_int_eq(ifp_instance_set(instance, "performance.error_deviation", "0.01"), IFP_OK);
    expect_note(
        "deviations_ignored", "uncertainty.kind",
        "error_deviation is given, up to 0.01, but uncertainty.kind is none, so no deviation "
        "is planned for.");
}
END_TEST

START_TEST(speedups_by_default)
{
    set_plain();
    expect_note("linear_speedup", "tiers[T].tp_speedup",
                "M on T at degree 2 counts as 2 times as fast as on one GPU, since the tier has no "
                "tp_speedup; measured speed-ups are smaller.");
    ck_assert_int_eq(ifp_instance_set(instance, "tiers[T].tp_speedup[1]", "1.7"), IFP_OK);
    expect_silence("linear_speedup");
}
END_TEST

START_TEST(units)
{
    instance->models[M].weights_gb = 16000;
    expect_note("weights_unusual", "models[M].weights_gb",
                "The weights of M take 16,000 GB; those of published models take 0.05 to 4,000 GB, "
                "so the unit may be wrong.");
    instance->models[M].weights_gb = 0;
    expect_silence("weights_unusual");
    instance->models[M].weights_gb = 0.016;
    run_check();
    ck_assert_ptr_nonnull(get_note("weights_unusual").kind);
    instance->models[M].weights_gb = 16;
    instance->models[M].kv_gb_per_token = 0.13;
    expect_note(
        "kv_unusual", "models[M].kv_gb_per_token",
        "The KV cache of M takes 0.13 GB per token; that of published models takes 0.000001 "
        "to 0.02 GB, so the unit may be wrong.");
    instance->models[M].kv_gb_per_token = 0;
    expect_silence("kv_unusual");
    instance->models[M].kv_gb_per_token = 1.3e-10;
    run_check();
    ck_assert_ptr_nonnull(get_note("kv_unusual").kind);
}
END_TEST

/* Names that a path reads as something else. */
START_TEST(positions_in_paths)
{
    static const char *const names[] = {"7", "[x]", "*"};
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        struct ifp_text path = {0};
        ifp_noting_path(&path, "models", names[n], 3, "weights_gb");
        ck_assert_str_eq(path.data, "models[3].weights_gb");
        ifp_text_clear(&path);
    }
}
END_TEST

/* An infeasible or broken plan has notes, too. */
START_TEST(broken_plans)
{
    plan->routes[0].fraction = 0.25;
    plan->deployments[0].replicas = 0;
    instance->models[M].weights_gb = 16000;
    run_check();
    ck_assert_int_eq(ifp_check_feasible(check), 0);
    ck_assert_ptr_nonnull(get_note("weights_unusual").kind);
    ifp_note note = {.size = IFP_NOTE_SIZE_FIRST - 1};
    ck_assert_int_eq(ifp_check_note(check, 0, &note), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_check_note(check, 0, NULL), IFP_ERROR_ARGUMENT);
    note = (ifp_note)IFP_NOTE_INIT;
    ck_assert_int_eq(ifp_check_note(check, 99, &note), IFP_ERROR_ARGUMENT);
    ck_assert_uint_eq(ifp_check_note_count(NULL), 0);
    ck_assert_int_eq(ifp_check_note(NULL, 0, &note), IFP_ERROR_ARGUMENT);
    ck_assert_uint_eq(ifp_solution_note_count(NULL), 0);
    ck_assert_int_eq(ifp_solution_note(NULL, 0, &note), IFP_ERROR_ARGUMENT);
}
END_TEST

/* A solve without a plan has notes on the instance, and one with a plan has those of its check. */
START_TEST(notes_of_a_solve)
{
    static const char *const demands[] = {"0", "1"};
    for (size_t d = 0; d < 2; d++) {
        set_plain();
        ck_assert_int_eq(ifp_instance_set(instance, "queries[a].max_unmet", demands[d]), IFP_OK);
        ck_assert_int_eq(ifp_instance_set(instance, "tiers[*].memory_gb", d ? "24" : "1"), IFP_OK);
        ifp_model *model = ifp_model_new(instance, NULL, error);
        ifp_solution *solution = ifp_model_solve(model);
        ck_assert_ptr_nonnull(solution);
        ifp_note note = IFP_NOTE_INIT;
        ck_assert_int_eq(ifp_solution_status(solution),
                         d ? IFP_STATUS_OPTIMAL : IFP_STATUS_INFEASIBLE);
        ck_assert_int_eq(ifp_solution_note(solution, 0, &note), IFP_OK);
        ck_assert_str_eq(note.kind, d ? "load_unlimited" : "linear_speedup");
        ck_assert_uint_eq(ifp_solution_note_count(solution),
                          d ? ifp_check_note_count(ifp_solution_check(solution)) : 1);
        ifp_solution_free(solution);
        ifp_model_free(model);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("notes");
    TCase *kinds = tcase_create("kinds");
    tcase_add_checked_fixture(kinds, setup, teardown);
    tcase_add_test(kinds, nothing_to_note);
    tcase_add_test(kinds, load_without_a_limit);
    tcase_add_test(kinds, residency_of_zero);
    tcase_add_test(kinds, everything_unmet);
    tcase_add_test(kinds, replicas_that_would_pay);
    tcase_add_test(kinds, replicas_of_a_full_pool);
    tcase_add_test(kinds, chunks_too_small);
    tcase_add_test(kinds, limits_of_the_mean);
    tcase_add_test(kinds, queues_without_headroom);
    tcase_add_test(kinds, points_at_several_paces);
    tcase_add_test(kinds, deviations_without_a_kind);
    tcase_add_test(kinds, speedups_by_default);
    tcase_add_test(kinds, units);
    tcase_add_test(kinds, positions_in_paths);
    tcase_add_test(kinds, broken_plans);
    tcase_add_test(kinds, notes_of_a_solve);
    suite_add_tcase(suite, kinds);
    return suite_run(suite);
}
