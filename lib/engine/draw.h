/* SPDX-License-Identifier: MIT */
/* Reproducible pseudo-random numbers: a linear congruential generator with the constants of Knuth's
 * MMIX. */
#ifndef IFP_ENGINE_DRAW_H
#define IFP_ENGINE_DRAW_H

#include <stddef.h>
#include <stdint.h>

/* A number below `below`, which must be above 0. The state may start with any value. */
static inline size_t ifp_draw(uint64_t *state, size_t below)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)((*state >> 33) % below);
}

#endif
