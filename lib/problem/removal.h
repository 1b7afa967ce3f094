/* SPDX-License-Identifier: MIT */
/*
 * What was removed before the program was built: for each reason the number, the first examples,
 * and of those that miss a limit the one that misses it by the smallest fraction. The records have
 * a fixed size, whatever the number of removals. Numbers are counted in problem->removed.
 */
#ifndef IFP_PROBLEM_REMOVAL_H
#define IFP_PROBLEM_REMOVAL_H

#include <stdbool.h>
#include <stddef.h>

struct ifp_problem;
struct ifp_configuration;

/* The examples of a reason that are kept. */
enum { IFP_REMOVAL_EXAMPLES = 3 };

/* The limit that something misses, and its value, both in the unit of the reason. NaN if the reason
 * is not about a limit. */
struct ifp_miss {
    double value;
    double limit;
};

/* A configuration or route that was removed. Members are those of ifp_configuration. */
struct ifp_removal_example {
    size_t query; /* SIZE_MAX: a configuration */
    size_t model;
    size_t tier;
    double degree;
    size_t profile;
    size_t point;
    double pace_ms;
    struct ifp_miss miss;
};

struct ifp_removal_record {
    size_t count; /* of examples */
    struct ifp_removal_example examples[IFP_REMOVAL_EXAMPLES];
    struct ifp_removal_example nearest; /* if has_nearest */
    bool has_nearest;
};

/* Count a removal for a reason (enum ifp_removal) and record it. `query` is SIZE_MAX for a
 * configuration. */
void ifp_removal_add(struct ifp_problem *problem, int reason, size_t query,
                     const struct ifp_configuration *configuration, struct ifp_miss miss);

/* The unit of a reason's values and limits: "GB"; "" for fractions. NULL if it has none. */
const char *ifp_removal_unit(int reason);

#endif
