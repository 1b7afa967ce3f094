/* SPDX-License-Identifier: MIT */
/* The plan as a container: building, ordering, and what its accessors give. */
#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "plan/plan.h"
#include "support/plan_small.h"
#include "support/suite.h"

START_TEST(empty_plan)
{
    ifp_plan *plan = ifp_plan_new(instance);
    ck_assert_ptr_nonnull(plan);
    ck_assert_uint_eq(ifp_plan_deployment_count(plan), 0);
    ck_assert_uint_eq(ifp_plan_route_count(plan), 0);
    ck_assert_uint_eq(ifp_plan_unmet_count(plan), 0);
    ifp_deployment deployment = IFP_DEPLOYMENT_INIT;
    ck_assert_int_eq(ifp_plan_deployment(plan, 0, &deployment), IFP_ERROR_ARGUMENT);
    ck_assert_ptr_null(deployment.model);
    ifp_plan_sort(plan);
    ifp_plan *copy = ifp_plan_copy(plan);
    ck_assert_ptr_nonnull(copy);
    ck_assert_uint_eq(ifp_plan_route_count(copy), 0);
    ifp_plan_free(copy);
    ifp_plan_free(plan);
}
END_TEST

/* Enough entries, in reverse, that every array grows more than once. */
START_TEST(grown_and_sorted)
{
    enum { MANY = 100 };
    ifp_plan *plan = ifp_plan_new(instance);
    for (int e = MANY - 1; e >= 0; e--) {
        ck_assert_int_eq(ifp_plan_add_route(plan, (size_t)e & 1, ((size_t)e >> 1) & 1,
                                            ((size_t)e >> 2) & 1, e / 128.0),
                         IFP_OK);
        ck_assert_int_eq(
            ifp_plan_add_deployment(plan, (size_t)e & 1, ((size_t)e >> 1) & 1, e + 1, MANY - e),
            IFP_OK);
        ck_assert_int_eq(ifp_plan_add_unmet(plan, (size_t)e & 1, (e + 1) / 128.0), IFP_OK);
    }
    ifp_plan_sort(plan);
    ck_assert_uint_eq(plan->route_count, MANY);
    ck_assert_uint_eq(plan->deployment_count, MANY);
    ck_assert_uint_eq(plan->unmet_count, MANY);
    for (size_t e = 1; e < MANY; e++) {
        const struct ifp_plan_route *r = &plan->routes[e];
        size_t before = r[-1].query * 4 + r[-1].model * 2 + r[-1].tier;
        size_t now = r->query * 4 + r->model * 2 + r->tier;
        ck_assert(before < now || (before == now && r[-1].fraction < r->fraction));
        const struct ifp_plan_deployment *d = &plan->deployments[e];
        before = d[-1].model * 2 + d[-1].tier;
        now = d->model * 2 + d->tier;
        ck_assert(before < now || (before == now && d[-1].degree < d->degree));
        const struct ifp_plan_unmet *u = &plan->unmet[e];
        ck_assert(u[-1].query < u->query ||
                  (u[-1].query == u->query && u[-1].fraction < u->fraction));
    }
    ifp_plan_free(plan);
}
END_TEST

START_TEST(unmet_of_nothing_is_none)
{
    ifp_plan *plan = ifp_plan_new(instance);
    ck_assert_int_eq(ifp_plan_add_unmet(plan, 0, 0), IFP_OK);
    ck_assert_uint_eq(ifp_plan_unmet_count(plan), 0);
    ck_assert_int_eq(ifp_plan_add_unmet(plan, 1, 5e-324), IFP_OK);
    ck_assert_uint_eq(ifp_plan_unmet_count(plan), 1);
    ifp_plan_free(plan);
}
END_TEST

START_TEST(outlives_the_instance_and_the_original)
{
    ifp_plan *plan = read_text(HEADER DEPLOYMENTS ", " ROUTES ", " UNMET "}");
    ck_assert_msg(plan != NULL, "%s", ifp_error_message(error));
    ifp_instance_free(instance);
    instance = NULL;
    ifp_plan *copy = ifp_plan_copy(plan);
    ck_assert_ptr_nonnull(copy);
    ifp_plan_free(plan);

    ck_assert_uint_eq(ifp_plan_deployment_count(copy), 2);
    ifp_deployment deployment = IFP_DEPLOYMENT_INIT;
    ck_assert_int_eq(ifp_plan_deployment(copy, 1, &deployment), IFP_OK);
    ck_assert_str_eq(deployment.model, "N");
    ck_assert_str_eq(deployment.tier, "U");
    ck_assert_int_eq(deployment.tp_degree, 1);
    ck_assert_int_eq(deployment.replicas, 3);
    ck_assert_int_eq(deployment.gpus, 3);

    ck_assert_uint_eq(ifp_plan_route_count(copy), 3);
    ifp_route route = IFP_ROUTE_INIT;
    ck_assert_int_eq(ifp_plan_route(copy, 0, &route), IFP_OK);
    ck_assert_str_eq(route.query, "a");
    ck_assert_str_eq(route.model, "M");
    ck_assert_str_eq(route.tier, "T");
    ck_assert_double_eq(route.fraction, 0.5);
    ck_assert_int_eq(ifp_plan_route(copy, 2, &route), IFP_OK);
    ck_assert_str_eq(route.query, "b");
    ck_assert_double_eq(route.fraction, 0.25);

    ck_assert_uint_eq(ifp_plan_unmet_count(copy), 1);
    ifp_unmet unmet = IFP_UNMET_INIT;
    ck_assert_int_eq(ifp_plan_unmet(copy, 0, &unmet), IFP_OK);
    ck_assert_str_eq(unmet.query, "b");
    ck_assert_double_eq(unmet.fraction, 0.75);
    ifp_plan_free(copy);
}
END_TEST

START_TEST(gpus_do_not_overflow)
{
    struct ifp_plan_deployment deployment = {.degree = 4, .replicas = 5};
    ck_assert_int_eq(ifp_plan_gpus(&deployment), 20);
    deployment.degree = INT64_MAX / 5;
    ck_assert_int_eq(ifp_plan_gpus(&deployment), INT64_MAX / 5 * 5);
    deployment.degree = INT64_MAX / 5 + 1;
    ck_assert_int_eq(ifp_plan_gpus(&deployment), INT64_MAX);
    deployment.degree = -1;
    ck_assert_int_eq(ifp_plan_gpus(&deployment), 0);
    deployment.degree = 1;
    deployment.replicas = 0;
    ck_assert_int_eq(ifp_plan_gpus(&deployment), 0);
}
END_TEST

START_TEST(accessors_take_null_and_know_their_range)
{
    ifp_plan *plan = read_text(HEADER DEPLOYMENTS ", " ROUTES ", " UNMET "}");
    ck_assert_ptr_nonnull(plan);
    ifp_deployment deployment = IFP_DEPLOYMENT_INIT;
    ifp_route route = IFP_ROUTE_INIT;
    ifp_unmet unmet = IFP_UNMET_INIT;
    ck_assert_uint_eq(ifp_plan_deployment_count(NULL), 0);
    ck_assert_uint_eq(ifp_plan_route_count(NULL), 0);
    ck_assert_uint_eq(ifp_plan_unmet_count(NULL), 0);
    ck_assert_int_eq(ifp_plan_deployment(NULL, 0, &deployment), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_plan_route(NULL, 0, &route), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_plan_unmet(NULL, 0, &unmet), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_plan_deployment(plan, 0, NULL), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_plan_route(plan, 0, NULL), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_plan_unmet(plan, 0, NULL), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_plan_deployment(plan, 2, &deployment), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_plan_route(plan, 3, &route), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_plan_unmet(plan, 1, &unmet), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_plan_unmet(plan, SIZE_MAX, &unmet), IFP_ERROR_ARGUMENT);
    ck_assert_ptr_null(unmet.query);
    ifp_plan_free(plan);
    ifp_plan_free(NULL);
}
END_TEST

/* A caller of a later release has a longer struct; only the bytes known here are written. */
START_TEST(longer_structs_are_filled_as_far_as_known)
{
    ifp_plan *plan = read_text(HEADER DEPLOYMENTS ", " ROUTES ", " UNMET "}");
    ck_assert_ptr_nonnull(plan);
    struct {
        ifp_deployment entry;
        unsigned char later[16];
    } deployment = {.entry = {.size = sizeof deployment}};
    struct {
        ifp_route entry;
        unsigned char later[16];
    } route = {.entry = {.size = sizeof route}};
    struct {
        ifp_unmet entry;
        unsigned char later[16];
    } unmet = {.entry = {.size = sizeof unmet}};
    unsigned char untouched[16];
    memset(untouched, 0x5a, sizeof untouched);
    memcpy(deployment.later, untouched, sizeof untouched);
    memcpy(route.later, untouched, sizeof untouched);
    memcpy(unmet.later, untouched, sizeof untouched);

    ck_assert_int_eq(ifp_plan_deployment(plan, 0, &deployment.entry), IFP_OK);
    ck_assert_int_eq(ifp_plan_route(plan, 0, &route.entry), IFP_OK);
    ck_assert_int_eq(ifp_plan_unmet(plan, 0, &unmet.entry), IFP_OK);
    ck_assert_int_eq(deployment.entry.gpus, 2);
    ck_assert_double_eq(route.entry.fraction, 0.5);
    ck_assert_double_eq(unmet.entry.fraction, 0.75);
    ck_assert_uint_eq(deployment.entry.size, sizeof deployment);
    ck_assert_uint_eq(route.entry.size, sizeof route);
    ck_assert_uint_eq(unmet.entry.size, sizeof unmet);
    ck_assert_mem_eq(deployment.later, untouched, sizeof untouched);
    ck_assert_mem_eq(route.later, untouched, sizeof untouched);
    ck_assert_mem_eq(unmet.later, untouched, sizeof untouched);
    ifp_plan_free(plan);
}
END_TEST

START_TEST(shorter_structs_are_refused_untouched)
{
    ifp_plan *plan = read_text(HEADER DEPLOYMENTS ", " ROUTES ", " UNMET "}");
    ck_assert_ptr_nonnull(plan);
    ifp_deployment deployment = {.size = IFP_DEPLOYMENT_SIZE_FIRST - 1, .gpus = -7};
    ifp_route route = {.size = IFP_ROUTE_SIZE_FIRST - 1, .fraction = -7};
    ifp_unmet unmet = {.size = 0, .fraction = -7};
    ck_assert_int_eq(ifp_plan_deployment(plan, 0, &deployment), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_plan_route(plan, 0, &route), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_plan_unmet(plan, 0, &unmet), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(deployment.gpus, -7);
    ck_assert_double_eq(route.fraction, -7);
    ck_assert_double_eq(unmet.fraction, -7);
    ck_assert_ptr_null(deployment.model);
    /* The size of the first release itself is enough, for ever. */
    deployment.size = IFP_DEPLOYMENT_SIZE_FIRST;
    ck_assert_int_eq(ifp_plan_deployment(plan, 0, &deployment), IFP_OK);
    ck_assert_int_eq(deployment.gpus, 2);
    ifp_plan_free(plan);
}
END_TEST

/* When the library's struct has grown, a caller of an older release gets what it has room for. */
START_TEST(older_structs_are_filled_to_their_end)
{
    struct {
        size_t size;
        int64_t old;
        int64_t added;
    } ours = {.size = 0, .old = 1, .added = 2}, entry = {.size = 0, .old = 0, .added = -7};
    size_t first = sizeof ours - sizeof ours.added;
    ours.size = first;
    ck_assert_int_eq(ifp_entry_fill(&entry, first, &ours, sizeof ours, first), IFP_OK);
    ck_assert_int_eq(entry.old, 1);
    ck_assert_int_eq(entry.added, -7);
    ck_assert_int_eq(ifp_entry_fill(&entry, sizeof entry, &ours, sizeof ours, first), IFP_OK);
    ck_assert_int_eq(entry.added, 2);
}
END_TEST

static Suite *plan_suite(void)
{
    Suite *suite = suite_create("plan");
    TCase *container = tcase_create("container");
    tcase_add_checked_fixture(container, setup, teardown);
    tcase_add_test(container, empty_plan);
    tcase_add_test(container, grown_and_sorted);
    tcase_add_test(container, unmet_of_nothing_is_none);
    tcase_add_test(container, outlives_the_instance_and_the_original);
    tcase_add_test(container, gpus_do_not_overflow);
    tcase_add_test(container, accessors_take_null_and_know_their_range);
    tcase_add_test(container, longer_structs_are_filled_as_far_as_known);
    tcase_add_test(container, shorter_structs_are_refused_untouched);
    tcase_add_test(container, older_structs_are_filled_to_their_end);
    suite_add_tcase(suite, container);

    return suite;
}

int main(void)
{
    return suite_run(plan_suite());
}
