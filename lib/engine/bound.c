/* SPDX-License-Identifier: MIT */
/* Bounds that hold whatever the LP solver got wrong. */
#include "engine/bound.h"

#include <float.h>
#include <math.h>

double ifp_bound_safe(const struct ifp_rows *rows, const double *cost, const double *lower,
                      const double *upper, const struct ifp_multipliers *multipliers, double *work,
                      double *reduced)
{
    const double unit = DBL_EPSILON; /* twice the rounding of one operation */
    double *d = work;
    double *size = work + rows->column_count; /* sum of magnitudes that went into d */
    for (size_t c = 0; c < rows->column_count; c++) {
        d[c] = cost ? cost[c] : 0;
        size[c] = fabs(d[c]);
    }
    double total = 0;
    double magnitude = 0;
    double terms = 0;
    size_t longest = 1;
    for (size_t k = 0; k < multipliers->rows; k++) {
        double y = multipliers->value[k];
        size_t r = multipliers->row[k];
        double limit = y > 0 ? rows->lower[r] : rows->upper[r];
        if (y == 0 || !isfinite(y) || isinf(limit))
            continue; /* such a multiplier has the wrong sign: without it the bound is valid */
        double term = y * limit;
        total += term;
        magnitude += fabs(term);
        terms += 1;
        longest++;
        for (size_t e = rows->start[r]; e < rows->start[r + 1]; e++) {
            double part = y * rows->value[e];
            d[rows->index[e]] -= part;
            size[rows->index[e]] += fabs(part);
        }
    }
    /* No column has more terms than there are rows with a multiplier. */
    double each = (double)(longest + 1) * unit;
    for (size_t c = 0; c < rows->column_count; c++) {
        double error = each * size[c];
        double least = d[c] - error;
        double most = d[c] + error;
        if (reduced)
            reduced[c] = least;
        double term =
            fmin(fmin(least * lower[c], least * upper[c]), fmin(most * lower[c], most * upper[c]));
        total += term;
        magnitude += fabs(term);
        terms += 1;
    }
    return total - (terms + 1) * unit * magnitude;
}
