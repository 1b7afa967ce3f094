/* SPDX-License-Identifier: MIT */
/* Bounds that hold even if the LP solver's result is wrong. */
#include "engine/compact/safe_bound.h"

#include <float.h>
#include <math.h>

double ifp_bound_rounding(size_t operations, double magnitude)
{
    /* Twice the error of the operations, which also covers the rounding of the magnitude. */
    return (double)operations * DBL_EPSILON * magnitude;
}

double ifp_bound_safe(const struct ifp_rows *rows, const double *cost, const double *lower,
                      const double *upper, const struct ifp_multipliers *multipliers, double *work,
                      double *reduced)
{
    double *d = work;
    double *size = work + rows->column_count; /* sum of the magnitudes of the terms of d */
    for (size_t c = 0; c < rows->column_count; c++) {
        d[c] = cost ? cost[c] : 0;
        size[c] = fabs(d[c]);
    }
    double total = 0;
    double magnitude = 0;
    size_t used = 0; /* number of multipliers used */
    for (size_t k = 0; k < multipliers->rows; k++) {
        double y = multipliers->value[k];
        size_t r = multipliers->row[k];
        double limit = y > 0 ? rows->lower[r] : rows->upper[r];
        if (y == 0 || !isfinite(y) || isinf(limit))
            continue; /* skip a multiplier of the wrong sign: the bound is valid without it */
        double term = y * limit;
        total += term;
        magnitude += fabs(term);
        used++;
        double noise = r < rows->noise_count ? fabs(y) * rows->noise[r] : 0;
        for (size_t e = rows->start[r]; e < rows->start[r + 1]; e++) {
            double product = y * rows->value[e];
            d[rows->index[e]] -= product;
            size[rows->index[e]] += fabs(product) + noise;
        }
    }
    /* A column has at most `used` terms and its cost. Each term is a product and a subtraction. */
    size_t of_coefficient = IFP_BOUND_COEFFICIENT_OPERATIONS + rows->more_operations;
    size_t operations = used + 2 + of_coefficient;
    for (size_t c = 0; c < rows->column_count; c++) {
        double error = ifp_bound_rounding(operations, size[c]);
        double minimum = d[c] - error;
        double maximum = d[c] + error;
        if (reduced)
            reduced[c] = minimum;
        double term = fmin(fmin(minimum * lower[c], minimum * upper[c]),
                           fmin(maximum * lower[c], maximum * upper[c]));
        total += term;
        magnitude += fabs(term);
    }
    /* One term per multiplier and per column. Each term is a product and an addition. */
    operations = used + rows->column_count + 2 + of_coefficient;
    return total - ifp_bound_rounding(operations, magnitude);
}
