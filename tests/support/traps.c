/* SPDX-License-Identifier: MIT */
#include "support/traps.h"

#include <check.h>
#include <stdio.h>

const struct trap traps[TRAPS] = {
    /* For each dollar, the first saves most, 38 against 33 and 2; then the second, 2 against
     * 1.7. */
    {.name = "two small ones, where one large one serves all for less",
     .queries = 2,
     .deployments = 3,
     .value = {190, 10},
     .price = {5, 5, 6},
     .serves = {1, 2, 3},
     .start = 3,
     .best = 6},
    /* Without any one of the first two, both others are needed in its place. */
    {.name = "two, where two others serve the same for less",
     .queries = 4,
     .deployments = 4,
     .value = {100, 100, 100, 100},
     .price = {5, 5, 4, 4},
     .serves = {3, 12, 5, 10},
     .start = 3,
     .best = 8},
    /* What is left out comes back, because it saves more than either of the others alone. */
    {.name = "one large one, where two small ones serve all for less",
     .queries = 2,
     .deployments = 3,
     .value = {100, 100},
     .price = {4, 4, 10},
     .serves = {1, 2, 3},
     .start = 4,
     .wander = true,
     .best = 8},
    /* Without any two of the first three, all of the others are needed in their place. */
    {.name = "three, where three others serve the same for less",
     .queries = 6,
     .deployments = 6,
     .value = {100, 100, 100, 100, 100, 100},
     .price = {5, 5, 5, 4, 4, 4},
     .serves = {3, 12, 48, 5, 18, 40},
     .start = 7,
     .wander = true,
     .best = 12},
};

static ifp_instance *made;

static void set(const char *list, int index, const char *field, double value)
{
    char path[80];
    (void)snprintf(path, sizeof path, "%s[%d].%s", list, index, field);
    ck_assert_msg(ifp_instance_set_number(made, path, value) == IFP_OK, "%s", path);
}

static void set_cell(const char *table, int i, int d, double value)
{
    char path[80];
    (void)snprintf(path, sizeof path, "performance.%s[%d][%d][%d]", table, i, d, d);
    ck_assert_msg(ifp_instance_set_number(made, path, value) == IFP_OK, "%s", path);
}

ifp_instance *trap_instance(const struct trap *trap, int policy)
{
    static const char *const placements[] = {"single", "matching", "split"};
    made = ifp_instance_new();
    ck_assert_ptr_nonnull(made);
    ck_assert_int_eq(ifp_instance_set_name(made, "trap"), IFP_OK);
    for (int i = 0; i < trap->queries; i++) {
        char name[] = {'q', (char)('0' + i), '\0'};
        ck_assert_int_eq(ifp_instance_add_query(made, name), IFP_OK);
    }
    for (int d = 0; d < trap->deployments; d++) {
        char name[] = {'d', (char)('0' + d), '\0'};
        ck_assert_int_eq(ifp_instance_add_model(made, name), IFP_OK);
        ck_assert_int_eq(ifp_instance_add_tier(made, name), IFP_OK);
    }
    ck_assert_int_eq(ifp_instance_set_number(made, "horizon.rental_hours", 1), IFP_OK);
    ck_assert_int_eq(ifp_instance_set_number(made, "storage_usd_per_gb_hour", 0), IFP_OK);
    ck_assert_int_eq(ifp_instance_set_word(made, "policy.placement", placements[policy % 3]),
                     IFP_OK);
    ck_assert_int_eq(
        ifp_instance_set_word(made, "policy.slo_basis", policy / 3 % 2 ? "offered" : "served"),
        IFP_OK);
    ck_assert_int_eq(ifp_instance_set_word(made, "policy.storage_basis",
                                           policy / 6 % 2 ? "route" : "deployment"),
                     IFP_OK);
    for (int d = 0; d < trap->deployments; d++) {
        const double one = 1;
        char path[40];
        set("models", d, "weights_gb", 1);
        set("models", d, "kv_gb_per_token", 0.001);
        set("tiers", d, "memory_gb", 100);
        set("tiers", d, "tflops", 1000);
        set("tiers", d, "usd_per_hour", trap->price[d]);
        (void)snprintf(path, sizeof path, "tiers[%d].tp_degrees", d);
        ck_assert_int_eq(ifp_instance_set_numbers(made, path, &one, 1), IFP_OK);
    }
    ck_assert_int_eq(ifp_instance_set_null(made, "performance.delay_ms_per_token[*][*][*]"),
                     IFP_OK);
    ck_assert_int_eq(ifp_instance_set_null(made, "performance.error_rate[*][*][*]"), IFP_OK);
    ck_assert_int_eq(ifp_instance_set_number(made, "performance.kv_residency_hours[*][*][*]", 0.01),
                     IFP_OK);
    for (int i = 0; i < trap->queries; i++) {
        set("queries", i, "input_tokens", 100);
        set("queries", i, "output_tokens", 100);
        set("queries", i, "rate_per_hour", 1);
        set("queries", i, "unmet_penalty_usd", trap->value[i]);
        for (int d = 0; d < trap->deployments; d++) {
            if (!(trap->serves[d] >> i & 1))
                continue;
            set_cell("delay_ms_per_token", i, d, 1);
            set_cell("error_rate", i, d, 0.01);
        }
    }
    return made;
}
