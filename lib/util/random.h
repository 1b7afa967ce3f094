/* SPDX-License-Identifier: MIT */
/*
 * Numbers that look random and are the same on every machine, for samples that people see:
 * SplitMix64 (Steele, Lea and Flood, 2014), which passes the usual batteries of tests, has a state
 * of one word and takes any seed. All that is drawn from it is made by integer arithmetic, and by
 * products of doubles that are exact.
 */
#ifndef IFP_UTIL_RANDOM_H
#define IFP_UTIL_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct ifp_random {
    uint64_t state; /* the seed, to begin with */
};

static inline uint64_t ifp_random_bits(struct ifp_random *random)
{
    uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* From 0 to below 1, a multiple of 2^-53. */
static inline double ifp_random_part(struct ifp_random *random)
{
    return (double)(ifp_random_bits(random) >> 11) * 0x1p-53;
}

/* From 0 to count - 1, for counts from 1 to 2^32: no number is more likely than another by more
 * than count / 2^32 of its likelihood. */
static inline size_t ifp_random_below(struct ifp_random *random, size_t count)
{
    return (size_t)(((ifp_random_bits(random) >> 32) * (uint64_t)count) >> 32);
}

#endif
