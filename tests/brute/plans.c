/* SPDX-License-Identifier: MIT */
/* Plans of tiny instances: as the library takes them, and at random. */
#include "plans.h"

#include <check.h>
#include <math.h>

#include "plan/plan.h"

ifp_plan *tiny_plan(const struct tiny *tiny, const ifp_instance *instance, const struct brute *from)
{
    ifp_plan *plan = ifp_plan_new(instance);
    ck_assert_ptr_nonnull(plan);
    for (int p = 0; p < tiny->models * tiny->tiers; p++) {
        size_t j = (size_t)(p / tiny->tiers);
        size_t k = (size_t)(p % tiny->tiers);
        int degree = (int)tiny->tier[k].tp_degrees[from->degree_index[p]];
        if (from->replicas[p])
            ck_assert_int_eq(ifp_plan_add_deployment(plan, j, k, degree, from->replicas[p]),
                             IFP_OK);
        for (int i = 0; i < tiny->queries; i++) {
            if (from->share[i][p] > 0)
                ck_assert_int_eq(ifp_plan_add_route(plan, (size_t)i, j, k, from->share[i][p]),
                                 IFP_OK);
        }
    }
    for (int i = 0; i < tiny->queries; i++)
        ck_assert_int_eq(ifp_plan_add_unmet(plan, (size_t)i, from->unmet[i]), IFP_OK);
    return plan;
}

struct brute tiny_plan_at_random(const struct tiny *tiny, struct random *random)
{
    struct brute plan = {.feasible = false};
    int pairs = tiny->models * tiny->tiers;
    for (int p = 0; p < pairs; p++) {
        const int degrees = tiny->tier[p % tiny->tiers].degrees;
        plan.degree_index[p] = random_below(random, degrees);
        plan.replicas[p] = random_below(random, tiny->max_replicas + 1);
    }
    for (int i = 0; i < tiny->queries; i++) {
        double left = 1;
        int first = random_below(random, pairs);
        for (int n = 0; n < pairs; n++) {
            int p = (first + n) % pairs;
            int j = p / tiny->tiers;
            int k = p % tiny->tiers;
            bool candidate = plan.replicas[p] && !isnan(tiny->delay_ms_per_token[i][j][k]) &&
                             !isnan(tiny->error_rate[i][j][k]);
            bool beside = left == 1 || tiny->placement == TINY_SPLIT;
            if (candidate && beside && random_chance(random, 0.7)) {
                plan.share[i][p] = random_between(random, 0, left);
                left -= plan.share[i][p];
            }
        }
        plan.unmet[i] = left;
    }
    return plan;
}
