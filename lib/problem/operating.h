/* SPDX-License-Identifier: MIT */
/*
 * Operating points: what a query type gets from one replica of a configuration that is driven at a
 * pace (the law of its profile), or at a measured point. The symbols are those of
 * docs/formulation.md, "Performance under load".
 */
#ifndef IFP_PROBLEM_OPERATING_H
#define IFP_PROBLEM_OPERATING_H

#include "instance/instance.h"

/* At an operating point, for one query type. The deviations are what a factor g of 1 adds. */
struct ifp_operation {
    double ttft_ms; /* with the network */
    double tpot_ms;
    double e2e_ms; /* with the network */
    double ttft_deviation_ms;
    double tpot_deviation_ms;
    double e2e_deviation_ms;
    double load;            /* lam_i / mu_io: the replicas that share 1 fills */
    double residency_hours; /* t_io; 0 at a measured point, which has no memory row */
    double attainment;      /* a_io; NaN: not measured */
};

/*
 * The paces at which the law of a profile is driven, in ascending order, above its iteration_ms and
 * distinct: those that it gives, else the limit paces of all query types, and policy.paces paces in
 * geometric progression from 1.1 iteration_ms up to the largest limit pace. *paces is owned by the
 * caller; it may be an empty list, and is NULL if out of memory. Returns their number.
 */
size_t ifp_operating_paces(const struct ifp_instance *instance,
                           const struct ifp_profile_data *profile, double **paces);

/* What a query type gets from a law at a pace. */
struct ifp_operation ifp_operation_by_law(const struct ifp_instance *instance,
                                          const struct ifp_profile_data *profile, double pace_ms,
                                          size_t query);

/* What a query type gets at a measured point. `measured` is its entry there. */
struct ifp_operation ifp_operation_measured(const struct ifp_instance *instance,
                                            const struct ifp_profile_data *profile,
                                            const struct ifp_point_data *point,
                                            const struct ifp_measured_data *measured, size_t query);

#endif
