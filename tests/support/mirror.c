/* SPDX-License-Identifier: MIT */
#include "support/mirror.h"

#include <check.h>
#include <math.h>

#include "support/seam.h"

void mirror_add_row(struct mirror *mirror, struct ifp_lp *lp, struct random *random)
{
    size_t index[MIRROR_MAX];
    double value[MIRROR_MAX];
    size_t count = 0;
    size_t row = mirror->rows++;
    double middle = 0;
    for (size_t c = 0; c < mirror->columns; c++) {
        double entry = random_chance(random, 0.4) ? random_below(random, 9) - 4 : 0;
        mirror->entry[row][c] = entry;
        if (entry != 0) {
            index[count] = c;
            value[count++] = entry;
        }
        middle += entry * (mirror->lower[c] + mirror->upper[c]) / 2;
    }
    bool equation = random_chance(random, 0.1);
    mirror->row_lower[row] = equation || random_chance(random, 0.3) ? middle : -INFINITY;
    mirror->row_upper[row] = equation ? middle : middle + random_below(random, 5);
    seam_ok(ifp_lp_add_row(lp, mirror->row_lower[row], mirror->row_upper[row], count, index, value,
                           &seam_error));
}

void mirror_add_column(struct mirror *mirror, struct ifp_lp *lp, struct random *random)
{
    size_t index[MIRROR_MAX];
    double value[MIRROR_MAX];
    size_t count = 0;
    size_t column = mirror->columns++;
    mirror->cost[column] = random_below(random, 21) - 10;
    mirror->lower[column] = 0;
    mirror->upper[column] = 1 + random_below(random, 6);
    for (size_t r = 0; r < mirror->rows; r++) {
        double entry = random_chance(random, 0.4) ? random_below(random, 9) - 4 : 0;
        mirror->entry[r][column] = entry;
        if (entry != 0) {
            index[count] = r;
            value[count++] = entry;
        }
    }
    seam_ok(ifp_lp_add_column(lp, mirror->cost[column], mirror->lower[column],
                              mirror->upper[column], count, index, value, &seam_error));
}

struct ifp_lp *mirror_random(struct mirror *mirror, struct ifp_lp_environment *environment,
                             struct random *random, size_t columns, size_t rows)
{
    struct ifp_lp *lp = NULL;
    *mirror = (struct mirror){.columns = columns};
    for (size_t c = 0; c < columns; c++) {
        mirror->cost[c] = random_below(random, 21) - 10;
        mirror->lower[c] = random_below(random, 4) - 2;
        mirror->upper[c] = mirror->lower[c] + 2 * random_below(random, 6);
    }
    seam_ok(ifp_lp_new(environment, IFP_LP_LARGE, columns, mirror->cost, mirror->lower,
                       mirror->upper, NULL, &lp, &seam_error));
    while (mirror->rows < rows)
        mirror_add_row(mirror, lp, random);
    return lp;
}

struct ifp_lp *mirror_anew(const struct mirror *mirror, struct ifp_lp_environment *environment)
{
    struct ifp_lp *lp = NULL;
    seam_ok(ifp_lp_new(environment, IFP_LP_LARGE, mirror->columns, mirror->cost, mirror->lower,
                       mirror->upper, NULL, &lp, &seam_error));
    for (size_t r = 0; r < mirror->rows; r++) {
        size_t index[MIRROR_MAX];
        double value[MIRROR_MAX];
        size_t count = 0;
        for (size_t c = 0; c < mirror->columns; c++) {
            if (mirror->entry[r][c] != 0) {
                index[count] = c;
                value[count++] = mirror->entry[r][c];
            }
        }
        seam_ok(ifp_lp_add_row(lp, mirror->row_lower[r], mirror->row_upper[r], count, index, value,
                               &seam_error));
    }
    return lp;
}

double mirror_bound(const struct mirror *mirror, bool cost, const double *multiplier)
{
    double bound = 0;
    for (size_t r = 0; r < mirror->rows; r++) {
        if (fabs(multiplier[r]) > 1e-9)
            bound +=
                multiplier[r] * (multiplier[r] > 0 ? mirror->row_lower[r] : mirror->row_upper[r]);
    }
    for (size_t c = 0; c < mirror->columns; c++) {
        double reduced = cost ? mirror->cost[c] : 0;
        for (size_t r = 0; r < mirror->rows; r++)
            reduced -= fabs(multiplier[r]) > 1e-9 ? multiplier[r] * mirror->entry[r][c] : 0;
        bound += reduced * (reduced > 0 ? mirror->lower[c] : mirror->upper[c]);
    }
    return bound;
}

void mirror_expect_optimal(const struct mirror *mirror, struct ifp_lp *lp,
                           const struct ifp_lp_result *result)
{
    double point[MIRROR_MAX];
    double multiplier[MIRROR_MAX];
    double reduced[MIRROR_MAX];
    char basis[2 * MIRROR_MAX];
    double objective = 0;
    size_t basic = 0;
    seam_ok(ifp_lp_point(lp, point, &seam_error));
    seam_ok(ifp_lp_multipliers(lp, multiplier, &seam_error));
    seam_ok(ifp_lp_reduced_costs(lp, reduced, &seam_error));
    seam_ok(ifp_lp_get_basis(lp, basis, &seam_error));
    for (size_t c = 0; c < mirror->columns; c++) {
        double expected = mirror->cost[c];
        for (size_t r = 0; r < mirror->rows; r++)
            expected -= multiplier[r] * mirror->entry[r][c];
        ck_assert_double_eq_tol(reduced[c], expected, 1e-7);
        ck_assert_double_ge(point[c], mirror->lower[c] - 1e-7);
        ck_assert_double_le(point[c], mirror->upper[c] + 1e-7);
        if (basis[c] != 'b')
            ck_assert_double_eq_tol(point[c], basis[c] == 'u' ? mirror->upper[c] : mirror->lower[c],
                                    1e-7);
        objective += mirror->cost[c] * point[c];
        basic += basis[c] == 'b';
    }
    for (size_t r = 0; r < mirror->rows; r++) {
        double activity = 0;
        for (size_t c = 0; c < mirror->columns; c++)
            activity += mirror->entry[r][c] * point[c];
        ck_assert_double_ge(activity, mirror->row_lower[r] - 1e-7);
        ck_assert_double_le(activity, mirror->row_upper[r] + 1e-7);
        basic += basis[mirror->columns + r] == 'b';
    }
    ck_assert_uint_eq(basic, mirror->rows);
    ck_assert_double_eq_tol(result->objective, objective, 1e-6);
    ck_assert_double_eq_tol(mirror_bound(mirror, true, multiplier), objective, 1e-6);
}

void mirror_expect_ray(const struct mirror *mirror, struct ifp_lp *lp)
{
    double multiplier[MIRROR_MAX];
    double largest = 0;
    seam_ok(ifp_lp_multipliers(lp, multiplier, &seam_error));
    for (size_t r = 0; r < mirror->rows; r++)
        largest = fmax(largest, fabs(multiplier[r]));
    ck_assert_double_gt(mirror_bound(mirror, false, multiplier), 1e-7 * largest);
}

void mirror_expect_tableau(const struct mirror *mirror, struct ifp_lp *lp)
{
    char basis[2 * MIRROR_MAX];
    double weight[MIRROR_MAX];
    seam_ok(ifp_lp_get_basis(lp, basis, &seam_error));
    for (size_t asked = 0; asked < mirror->columns; asked++) {
        seam_ok(ifp_lp_tableau_row(lp, asked, weight, &seam_error));
        for (size_t r = 0; r < mirror->rows; r++) {
            if (basis[asked] != 'b')
                ck_assert_double_eq(weight[r], 0);
            else if (basis[mirror->columns + r] == 'b')
                ck_assert_double_eq_tol(weight[r], 0, 1e-9);
        }
        for (size_t c = 0; c < mirror->columns; c++) {
            double left = 0;
            for (size_t r = 0; r < mirror->rows; r++)
                left += weight[r] * mirror->entry[r][c];
            if (basis[asked] == 'b' && basis[c] == 'b')
                ck_assert_double_eq_tol(fabs(left), c == asked, 1e-8);
        }
    }
}
