/* SPDX-License-Identifier: MIT */
/*
 * Numbers of at least 100 bits for the verifier (double-double arithmetic, Dekker 1971). A number
 * is the unevaluated sum of two doubles. Every operation is a fixed sequence of operations on
 * doubles, so results have the same bits on every machine. Those of long double have not: it has
 * 53, 64 or 113 bits. The compiler must not fuse or reorder the operations; meson.build sets the
 * flags for that.
 */
#ifndef IFP_UTIL_WIDE_H
#define IFP_UTIL_WIDE_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __FAST_MATH__
#error "the verifier's sums need IEEE arithmetic: build without -ffast-math"
#endif

/* The value is high + low, and high is the double nearest to it. Zero-initialise. */
struct ifp_wide {
    double high;
    double low;
};

static inline struct ifp_wide ifp_wide(double value)
{
    return (struct ifp_wide){.high = value};
}

/* high and its rounding error. The error of an infinite number or NaN is set to 0, since infinity
 * would otherwise become NaN. */
static inline struct ifp_wide ifp_wide_pair(double high, double low)
{
    return (struct ifp_wide){.high = high, .low = isfinite(high) ? low : 0};
}

/* a + b without rounding error (Knuth). */
static inline struct ifp_wide ifp_wide_two_sum(double a, double b)
{
    double sum = a + b;
    double of_b = sum - a;
    return ifp_wide_pair(sum, (a - (sum - of_b)) + (b - of_b));
}

/* a + b without rounding error, if |a| >= |b|. */
static inline struct ifp_wide ifp_wide_ordered_sum(double a, double b)
{
    double sum = a + b;
    return ifp_wide_pair(sum, b - (sum - a));
}

/* a b without rounding error, unless |a b| is above 1e300 or below 1e-290 (Dekker, Veltkamp). */
static inline struct ifp_wide ifp_wide_two_product(double a, double b)
{
    const double split = 134217729; /* 2^27 + 1 */
    double product = a * b;
    double a_high = split * a - (split * a - a);
    double b_high = split * b - (split * b - b);
    double a_low = a - a_high;
    double b_low = b - b_high;
    return ifp_wide_pair(product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) +
                                      a_low * b_low);
}

static inline struct ifp_wide ifp_wide_plus(struct ifp_wide a, struct ifp_wide b)
{
    struct ifp_wide high = ifp_wide_two_sum(a.high, b.high);
    struct ifp_wide low = ifp_wide_two_sum(a.low, b.low);
    high = ifp_wide_ordered_sum(high.high, high.low + low.high);
    return ifp_wide_ordered_sum(high.high, high.low + low.low);
}

static inline struct ifp_wide ifp_wide_minus(struct ifp_wide a, struct ifp_wide b)
{
    return ifp_wide_plus(a, (struct ifp_wide){.high = -b.high, .low = -b.low});
}

static inline void ifp_wide_add(struct ifp_wide *sum, struct ifp_wide term)
{
    *sum = ifp_wide_plus(*sum, term);
}

static inline struct ifp_wide ifp_wide_times(struct ifp_wide a, struct ifp_wide b)
{
    struct ifp_wide product = ifp_wide_two_product(a.high, b.high);
    return ifp_wide_ordered_sum(product.high, product.low + (a.high * b.low + a.low * b.high));
}

/* Long division in three steps: each divides the remainder of the steps before. */
static inline struct ifp_wide ifp_wide_over(struct ifp_wide a, struct ifp_wide b)
{
    double first = a.high / b.high;
    if (!isfinite(first) || !isfinite(b.high))
        return ifp_wide(first);
    struct ifp_wide left = ifp_wide_minus(a, ifp_wide_times(b, ifp_wide(first)));
    double second = left.high / b.high;
    left = ifp_wide_minus(left, ifp_wide_times(b, ifp_wide(second)));
    return ifp_wide_plus(ifp_wide_ordered_sum(first, second), ifp_wide(left.high / b.high));
}

/* a > b; false if either is NaN. */
static inline bool ifp_wide_above(struct ifp_wide a, struct ifp_wide b)
{
    return a.high > b.high || (a.high == b.high && a.low > b.low);
}

/* The nearest double. */
static inline double ifp_wide_get(struct ifp_wide a)
{
    return a.high;
}

static inline struct ifp_wide ifp_wide_scaled(struct ifp_wide a, const double *factors,
                                              size_t count)
{
    for (size_t f = 0; f < count; f++)
        a = ifp_wide_times(a, ifp_wide(factors[f]));
    return a;
}

/* A wide number times some doubles, and the product of some doubles. */
#define IFP_WIDE_SCALED(a, ...)                                                                    \
    ifp_wide_scaled((a), (const double[]){__VA_ARGS__},                                            \
                    sizeof((const double[]){__VA_ARGS__}) / sizeof(double))
#define IFP_WIDE_PRODUCT(...) IFP_WIDE_SCALED(ifp_wide(1), __VA_ARGS__)

#endif
