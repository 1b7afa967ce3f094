/* SPDX-License-Identifier: MIT */
/* At a vertex of {g: 0 <= g_n <= cap_n, sum g_n <= budget} as many constraints are tight as there
 * are factors: each is at 0 or at its cap, except that one may take what is left of the budget. */
#include "vertices.h"

#include <check.h>
#include <math.h>

static long double cap_of(const long double *caps, int n)
{
    return fmaxl(0, caps[n]);
}

/* The factors in the set are at their caps; the one called rest, if any, takes what is left. */
static void add(struct vertices *vertices, const long double *caps, int factors, unsigned set,
                int rest, long double left)
{
    ck_assert_int_lt(vertices->count, VERTICES);
    long double *factor = vertices->factor[vertices->count];
    bool all = true;
    for (int n = 0; n < factors; n++) {
        factor[n] = set >> n & 1 ? cap_of(caps, n) : 0;
        all &= set >> n & 1 || cap_of(caps, n) == 0;
    }
    if (rest >= 0)
        factor[rest] = left;
    vertices->full[vertices->count++] = all || rest >= 0 || left == 0;
}

void vertices_find(struct vertices *vertices, const long double *caps, int factors,
                   long double budget)
{
    ck_assert_int_le(factors, VERTEX_FACTORS);
    vertices->count = 0;
    for (unsigned set = 0; set < 1u << factors; set++) {
        long double left = budget;
        bool again = false; /* with a factor at a cap of 0, as without it */
        for (int n = 0; n < factors; n++) {
            left -= set >> n & 1 ? cap_of(caps, n) : 0;
            again |= set >> n & 1 && cap_of(caps, n) == 0;
        }
        if (left < 0 || again)
            continue;
        add(vertices, caps, factors, set, -1, left);
        for (int n = 0; n < factors; n++) {
            if (!(set >> n & 1) && 0 < left && left < cap_of(caps, n))
                add(vertices, caps, factors, set, n, left);
        }
    }
}
