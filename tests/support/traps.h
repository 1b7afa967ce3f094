/* SPDX-License-Identifier: MIT */
/* Small instances whose best fleet is not reached by greedy steps or by single moves. */
#ifndef IFP_TEST_TRAPS_H
#define IFP_TEST_TRAPS_H

#include <stdbool.h>

#include <inferplan/inferplan.h>

enum { TRAPS = 4, TRAP_QUERIES = 6, TRAP_DEPLOYMENTS = 6 };

/* Deployments that may be rented for an hour, each able to serve certain query types in full, and
 * what an hour of each query type unserved costs. */
struct trap {
    const char *name;
    int queries;
    int deployments;
    double value[TRAP_QUERIES];
    double price[TRAP_DEPLOYMENTS];
    unsigned serves[TRAP_DEPLOYMENTS]; /* queries as bits */
    unsigned start;                    /* deployments as bits */
    bool wander;                       /* until then it may stay where it is */
    double best;
};

extern const struct trap traps[TRAPS];

/* Deployment d is model d on tier d, which no other model can be deployed on. The policy, from 0 to
 * 11, goes through placements, bases of limits and bases of storage. Owned by the caller. */
ifp_instance *trap_instance(const struct trap *trap, int policy);

#endif
