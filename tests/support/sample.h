/* SPDX-License-Identifier: MIT */
/* Random instances of any size, too large to try everything. */
#ifndef IFP_TEST_SAMPLE_H
#define IFP_TEST_SAMPLE_H

#include <inferplan/inferplan.h>

#include "support/random.h"

/* Up to ten of each. The same for the same seed; all policies take turns: placement, limits on
 * served or offered shares, weights stored by deployment or by route. Owned by the caller. */
ifp_instance *sample_instance(uint64_t seed, int queries, int models, int tiers);

/* Gives its compute a table of head-room, and more replicas to choose from; returns it. */
ifp_instance *sample_with_table(ifp_instance *instance, struct random *random);

/* A change that every such instance allows, for ifp_instance_set and its like: returns the path,
 * and writes the value, of at most SAMPLE_VALUE characters. */
enum { SAMPLE_VALUE = 40 };
const char *sample_change(struct random *random, char *value);

#endif
