/* SPDX-License-Identifier: MIT */
/*
 * Pseudorandom numbers that are the same on every machine, for samples that are reported:
 * SplitMix64 (Steele, Lea and Flood, 2014). It passes the usual batteries of tests, has a state of
 * one word and accepts any seed. Draws use only integer arithmetic and exact products of doubles.
 */
#ifndef IFP_UTIL_RANDOM_H
#define IFP_UTIL_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct ifp_random {
    uint64_t state; /* initially the seed */
};

static inline uint64_t ifp_random_bits(struct ifp_random *random)
{
    uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* A multiple of 2^-53 in [0, 1). */
static inline double ifp_random_part(struct ifp_random *random)
{
    return (double)(ifp_random_bits(random) >> 11) * 0x1p-53;
}

/* An integer from 0 to count - 1, for `count` from 1 to 2^32. The probabilities of two integers
 * differ by at most the fraction count / 2^32. */
static inline size_t ifp_random_below(struct ifp_random *random, size_t count)
{
    return (size_t)(((ifp_random_bits(random) >> 32) * (uint64_t)count) >> 32);
}

#endif
