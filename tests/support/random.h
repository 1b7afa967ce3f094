/* SPDX-License-Identifier: MIT */
/* Seeded random numbers, the same on every machine (SplitMix64). */
#ifndef IFP_TEST_RANDOM_H
#define IFP_TEST_RANDOM_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct random {
    uint64_t state;
};

static inline uint64_t random_bits(struct random *random)
{
    uint64_t z = random->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* From 0 to count - 1. */
static inline int random_below(struct random *random, int count)
{
    return (int)(random_bits(random) % (uint64_t)count);
}

static inline bool random_chance(struct random *random, double probability)
{
    return (double)(random_bits(random) >> 11) * 0x1p-53 < probability;
}

static inline double random_between(struct random *random, double low, double high)
{
    return low + (high - low) * ((double)(random_bits(random) >> 11) * 0x1p-53);
}

/* Any bit pattern at all: tiny and huge numbers, infinities, NaN. */
static inline double random_double(struct random *random)
{
    uint64_t bits = random_bits(random);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

#endif
