/* SPDX-License-Identifier: MIT */
/*
 * Pseudorandom numbers that are the same on every machine: a linear congruential generator with the
 * multiplier and increment of Knuth's MMIX. Its high bits are good enough for the choices of
 * heuristics. Samples that are reported need all bits: these get the output function RXS-M-XS of
 * PCG (O'Neill, 2014), with which the generator passes the usual batteries of tests. The state is
 * one word, and any seed is allowed. Only integer arithmetic and exact products of doubles are
 * used.
 */
#ifndef IFP_UTIL_RANDOM_H
#define IFP_UTIL_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct ifp_random {
    uint64_t state; /* initially the seed */
};

static inline uint64_t ifp_random_step(struct ifp_random *random)
{
    random->state = random->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return random->state;
}

/* 64 random bits. */
static inline uint64_t ifp_random_bits(struct ifp_random *random)
{
    uint64_t state = ifp_random_step(random);
    uint64_t word = ((state >> ((state >> 59) + 5)) ^ state) * UINT64_C(12605985483714917081);
    return (word >> 43) ^ word;
}

/* A multiple of 2^-53 in [0, 1). */
static inline double ifp_random_fraction(struct ifp_random *random)
{
    return (double)(ifp_random_bits(random) >> 11) * 0x1p-53;
}

/* An integer from 0 to count - 1, for `count` from 1 to 2^31. The probabilities of two integers
 * differ by at most the fraction count / 2^31. */
static inline size_t ifp_random_below(struct ifp_random *random, size_t count)
{
    return (size_t)((ifp_random_step(random) >> 33) % count);
}

#endif
