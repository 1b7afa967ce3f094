/* SPDX-License-Identifier: MIT */
/*
 * What deployments and routes cost, and what they use of each resource. The equations, with m the
 * replicas of configuration c, y = 1 if c is rented, x the share of a route and z = 1 if it is
 * used:
 *
 *     cost, or use of one resource = sum_c (replica_c m_c + deployment_c y_c)
 *                                  + sum_r (charge_c z_r + by_share_r x_r)
 *     use <= limit    of each resource
 *
 * The cost is in dollars, without the penalties for delay and unmet demand. The budget is a
 * resource whose use is the cost. Only account.c reads prices and the storage basis. The verifier
 * (check/) repeats the arithmetic on purpose. Functions that take a constant problem may be called
 * from several threads at once.
 */
#ifndef IFP_PROBLEM_ACCOUNT_H
#define IFP_PROBLEM_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "instance/instance.h"

struct ifp_problem;
struct ifp_configuration;

/* The maximum number of resources that one configuration uses. */
enum { IFP_USES_MAX = 4 };

/*
 * How far a computed use may exceed the limit of a resource, in ascending order:
 *
 *     margin     of a quantity        of a count                 for
 *     SUM        1e-12 of the limit   0                          sums of a selection of deployments
 *     POINT      1e-9 of the limit    1e-9 of the limit          points of an LP
 *     VERIFIER   1e-6 of the limit    1e-6 of the larger of the  every plan that may be accepted
 *                                     limit and 1, at most 1/2
 *
 * SUM: a local search adds and subtracts the same terms many times. That leaves rounding errors in
 * a sum of quantities; sums of counts are exact. POINT: the LP solver holds the rows within this
 * tolerance. VERIFIER: no plan that the verifier accepts may be lost. The part of the tolerance
 * that the problem's slack has already added to the limit is left out, and IFP_KEEP_TOLERANCE is
 * added: far above rounding, far below the verifier's tolerance.
 */
enum ifp_margin { IFP_MARGIN_SUM, IFP_MARGIN_POINT, IFP_MARGIN_VERIFIER, IFP_MARGIN_COUNT };
#define IFP_SUM_TOLERANCE 1e-12
#define IFP_POINT_TOLERANCE 1e-9
#define IFP_KEEP_TOLERANCE 1e-9

/* What the resources of a kind have in common. account.c has the table of kinds: the budget, the
 * storage of weights, and pools. */
struct ifp_resource_trait {
    const char *key; /* the name of its row; of a pool, followed by the name of the pool */
    const char *unit;
    bool counted;      /* is it a count, of which whole units are used? Else a quantity */
    bool charged;      /* may the charges of routes use it? */
    bool shared;       /* do the shares of routes use it? At most one resource: the budget */
    int removal;       /* enum ifp_removal of a configuration of which one replica exceeds it */
    const char *alone; /* the text of `removal` */
};

/* A limit on the use of the budget, of the storage or of one pool, in trait->unit. An infinite
 * limit on the budget or the storage makes no resource; every pool makes one. */
struct ifp_resource {
    const struct ifp_resource_trait *trait;
    size_t pool;                      /* SIZE_MAX unless it is a pool */
    double limit;                     /* already relaxed by the problem's slack */
    double scale;                     /* the limit, or 1 if that is 0: the divisor of its row */
    double maximum[IFP_MARGIN_COUNT]; /* the limit with each margin */
};

/* What a configuration costs, or uses of one resource. All are at least 0. */
struct ifp_rates {
    double replica;    /* each replica */
    double deployment; /* once, if it is rented */
    double charge;     /* each of its routes, whatever the share */
};

/* What a configuration uses of a resource. */
struct ifp_use {
    size_t resource; /* in problem->resources */
    struct ifp_rates rates;
};

/* The use of a deployment with `replicas` replicas, without its routes. */
static inline double ifp_rates_of_deployment(const struct ifp_rates *rates, double replicas)
{
    return replicas * rates->replica + rates->deployment;
}

/* The use of a route. `by_share` is the use of share 1 without the charge. */
static inline double ifp_rates_of_route(const struct ifp_rates *rates, double by_share,
                                        double share)
{
    return rates->charge + by_share * share;
}

/* The use of a deployment with one route, without its replicas and without the share. */
static inline double ifp_rates_fixed(const struct ifp_rates *rates)
{
    return rates->deployment + rates->charge;
}

/* The use of `replicas` replicas with one route, without the share. For the configuration's least
 * number of replicas, no deployment of it that serves demand uses less. */
static inline double ifp_rates_minimum(const struct ifp_rates *rates, double replicas)
{
    return replicas * rates->replica + ifp_rates_fixed(rates);
}

/* May routes use the resource? */
static inline bool ifp_resource_is_routed(const struct ifp_resource *resource)
{
    return resource->trait->charged || resource->trait->shared;
}

static inline bool ifp_resource_fits(const struct ifp_resource *resource, double use,
                                     enum ifp_margin margin)
{
    return use <= resource->maximum[margin];
}

/* The divisor of a limit's row. A limit of 0 is not scaled. */
static inline double ifp_limit_scale(double limit)
{
    return limit > 0 ? limit : 1;
}

/* The maximum of a quantity that the verifier accepts for a limit that is already relaxed by the
 * fraction `slack`. 0 for a limit of 0. */
double ifp_limit_maximum(double limit, double slack);

/* Set the problem's resources and pools from an instance. problem->slack must be set before. Call
 * this first: the functions below need the resources. Returns false if out of memory. */
bool ifp_account_open(const struct ifp_instance *instance, struct ifp_problem *problem);
/* Give `problem`, a shallow copy of `from`, its own copies of the arrays of account.h. Returns
 * false if out of memory; the arrays are then NULL. */
bool ifp_account_copy(const struct ifp_problem *from, struct ifp_problem *problem);
/* Free the arrays of account.h and set them to NULL. */
void ifp_account_close(struct ifp_problem *problem);

/* Set the cost and the uses of a configuration whose model, tier, degree and weights_gb are set. */
void ifp_account_enter(const struct ifp_instance *instance, const struct ifp_problem *problem,
                       struct ifp_configuration *configuration);
/* The cost of storing `gb` for the whole rental, in dollars. */
double ifp_account_storage_usd(const struct ifp_instance *instance, double gb);

/*
 * Pay for fixed deployments: replicas[c] replicas of each configuration c. Sets problem->sunk_usd
 * to their cost and reduces the limits by their uses. The rates `replica` and `deployment` of all
 * configurations become 0; only the charges of routes remain. Resources that no route uses are
 * removed, and pool_count becomes 0.
 */
void ifp_account_sink(struct ifp_problem *problem, const double *replicas);

/* The maximum number of replicas of the configuration, at most its max_replicas and at least its
 * min_replicas, that fit every limit within the verifier's tolerance. */
double ifp_account_replicas(const struct ifp_problem *problem,
                            const struct ifp_configuration *configuration);
/* The first use of a resource of which the least number of replicas alone uses more than the
 * verifier accepts, or NULL. It is one of the configuration's uses. */
const struct ifp_use *ifp_account_exceeded(const struct ifp_problem *problem,
                                           const struct ifp_configuration *configuration);

/* The pool of a configuration, or the number of pools if it is in none. */
size_t ifp_account_pool(const struct ifp_problem *problem,
                        const struct ifp_configuration *configuration);

/* The text of an enum ifp_removal, or NULL if it is not about a resource. */
const char *ifp_account_removal_text(int reason);

/* Are all rates of `a` at most those of `b`? Only for configurations of one pair. */
bool ifp_account_at_most(const struct ifp_configuration *a, const struct ifp_configuration *b);
/* Compare all rates: below 0, 0 if they are equal, above 0. An order for sorting. */
int ifp_account_compare(const struct ifp_configuration *a, const struct ifp_configuration *b);

#endif
