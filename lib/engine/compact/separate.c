/* SPDX-License-Identifier: MIT */
/* Separation: find cuts that the relaxation's point violates. */
#include "engine/compact/separate.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/compact/mir.h"
#include "engine/tuning.h"

struct ifp_separator {
    struct ifp_mir *mir;
    /* Rows by column, without link rows. */
    size_t *start;
    size_t *row;
    double *value;
    bool *used; /* by row: is it in the present path? */
    double *dense;
    struct ifp_cut *pool; /* each cut owns its arrays */
    double *length;
    size_t pool_count;
};

void ifp_separator_free(struct ifp_separator *separator)
{
    if (!separator)
        return;
    for (size_t k = 0; k < separator->pool_count; k++)
        free(separator->pool[k].index);
    ifp_mir_free(separator->mir);
    free(separator->start);
    free(separator->row);
    free(separator->value);
    free(separator->used);
    free(separator->dense);
    free(separator->pool);
    free(separator->length);
    free(separator);
}

static void transpose(struct ifp_separator *separator, const struct ifp_milp *milp)
{
    size_t *start = separator->start;
    for (size_t r = 0; r < milp->row_count; r++) {
        for (size_t e = milp->start[r]; e < milp->start[r + 1]; e++) {
            if (!ifp_row_traits[milp->rows[r].kind].is_link)
                start[milp->index[e] + 2]++;
        }
    }
    for (size_t c = 0; c < milp->column_count; c++)
        start[c + 2] += start[c + 1];
    for (size_t r = 0; r < milp->row_count; r++) {
        for (size_t e = milp->start[r]; e < milp->start[r + 1]; e++) {
            if (ifp_row_traits[milp->rows[r].kind].is_link)
                continue;
            size_t at = start[milp->index[e] + 1]++;
            separator->row[at] = r;
            separator->value[at] = milp->value[e];
        }
    }
}

struct ifp_separator *ifp_separator_new(const struct ifp_relaxation *relaxation)
{
    const struct ifp_milp *milp = relaxation->milp;
    struct ifp_separator *separator = calloc(1, sizeof *separator);
    if (!separator)
        return NULL;
    separator->mir = ifp_mir_new(relaxation);
    separator->start = calloc(milp->column_count + 3, sizeof *separator->start);
    separator->row = calloc(milp->entry_count + 1, sizeof *separator->row);
    separator->value = calloc(milp->entry_count + 1, sizeof *separator->value);
    separator->used = calloc(milp->row_count + 1, sizeof *separator->used);
    separator->dense = calloc(milp->column_count + 1, sizeof *separator->dense);
    separator->pool = calloc(IFP_CUT_POOL_MAX, sizeof *separator->pool);
    separator->length = calloc(IFP_CUT_POOL_MAX, sizeof *separator->length);
    if (!separator->mir || !separator->start || !separator->row || !separator->value ||
        !separator->used || !separator->dense || !separator->pool || !separator->length) {
        ifp_separator_free(separator);
        return NULL;
    }
    transpose(separator, milp);
    return separator;
}

/* Copy a cut that the point violates to the pool, which has space for it. */
static int add_to_pool(struct ifp_separator *separator, const struct ifp_cut *cut)
{
    /* One block of memory: indices, then values. */
    size_t size = cut->count * (sizeof *cut->index + sizeof *cut->value);
    char *block = malloc(size + 1);
    if (!block)
        return IFP_ERROR_MEMORY;
    size_t *index = (size_t *)(void *)block;
    double *value = (double *)(void *)(block + cut->count * sizeof *index);
    double square = 0;
    memcpy(index, cut->index, cut->count * sizeof *index);
    memcpy(value, cut->value, cut->count * sizeof *value);
    for (size_t e = 0; e < cut->count; e++)
        square += value[e] * value[e];
    struct ifp_cut *kept = &separator->pool[separator->pool_count];
    *kept = *cut;
    kept->index = index;
    kept->value = value;
    separator->length[separator->pool_count++] = sqrt(square);
    return IFP_OK;
}

/* Add the cut of the present combination to the pool, if there is one. */
static int collect(struct ifp_separator *separator, bool *found)
{
    struct ifp_cut cut;
    *found = separator->pool_count < IFP_CUT_POOL_MAX && ifp_mir_cut(separator->mir, &cut);
    return *found ? add_to_pool(separator, &cut) : IFP_OK;
}

static double slack_of(const struct ifp_relaxation *relaxation, size_t row)
{
    const struct ifp_rows *rows = &relaxation->rows;
    double activity = 0;
    for (size_t e = rows->start[row]; e < rows->start[row + 1]; e++)
        activity += rows->value[e] * relaxation->point[rows->index[e]];
    return fmin(fabs(rows->upper[row] - activity), fabs(activity - rows->lower[row]));
}

/* Add the row that best eliminates a continuous variable from the combination. Returns false if
 * there is no such row. */
static bool extend(struct ifp_separator *separator, const struct ifp_relaxation *relaxation,
                   bool *out_of_memory)
{
    const size_t *columns;
    size_t count = ifp_mir_columns(separator->mir, &columns);
    size_t best_row = SIZE_MAX;
    double best_weight = 0;
    double best_score = 0;
    for (size_t k = 0; k < count; k++) {
        size_t c = columns[k];
        double coefficient = ifp_mir_coefficient(separator->mir, c);
        if (coefficient == 0 || relaxation->milp->integer[c])
            continue;
        double slack = ifp_mir_slack(separator->mir, c);
        if (slack < IFP_CUT_BOUND_DISTANCE_MIN)
            continue;
        for (size_t e = separator->start[c]; e < separator->start[c + 1]; e++) {
            size_t row = separator->row[e];
            double weight = -coefficient / separator->value[e];
            if (separator->used[row] || fabs(weight) > IFP_CUT_WEIGHT_MAX ||
                fabs(weight) < 1 / IFP_CUT_WEIGHT_MAX)
                continue;
            double score = slack / (IFP_CUT_SLACK + slack_of(relaxation, row));
            if (score > best_score) {
                best_score = score;
                best_row = row;
                best_weight = weight;
            }
        }
    }
    if (best_row == SIZE_MAX)
        return false;
    separator->used[best_row] = true;
    *out_of_memory = !ifp_mir_add_row(separator->mir, best_row, best_weight);
    return true;
}

/* Has an integer of the row a fractional value at the point? */
static bool is_live(const struct ifp_relaxation *relaxation, size_t row)
{
    const struct ifp_rows *rows = &relaxation->rows;
    for (size_t e = rows->start[row]; e < rows->start[row + 1]; e++) {
        double at = relaxation->point[rows->index[e]];
        if (relaxation->milp->integer[rows->index[e]] && fabs(at - floor(at + 0.5)) > IFP_WHOLE)
            return true;
    }
    return false;
}

static int follow_paths(struct ifp_separator *separator, const struct ifp_relaxation *relaxation)
{
    size_t rows = relaxation->milp->row_count;
    for (size_t r = 0; r < relaxation->rows.row_count; r++) {
        bool found = false;
        bool out_of_memory = false;
        bool cut = r >= rows;
        if ((!cut && ifp_row_traits[relaxation->milp->rows[r].kind].is_link) ||
            !is_live(relaxation, r))
            continue;
        memset(separator->used, 0, rows * sizeof *separator->used);
        if (!cut)
            separator->used[r] = true;
        ifp_mir_clear(separator->mir);
        if (!ifp_mir_add_row(separator->mir, r, 1))
            return IFP_ERROR_MEMORY;
        for (int length = 1; length <= IFP_CUT_PATH_MAX && !found; length++) {
            if (collect(separator, &found))
                return IFP_ERROR_MEMORY;
            if (found || !extend(separator, relaxation, &out_of_memory))
                break;
            if (out_of_memory)
                return IFP_ERROR_MEMORY;
        }
    }
    return IFP_OK;
}

static int read_tableau(struct ifp_separator *separator, const struct ifp_relaxation *relaxation,
                        struct ifp_error *error)
{
    double *weights = malloc((relaxation->active_count + 1) * sizeof *weights);
    size_t tried = 0;
    int code = weights ? IFP_OK : ifp_error_memory(error);
    for (size_t c = 0; !code && c < relaxation->milp->column_count && tried < IFP_CUT_TABLEAU_MAX;
         c++) {
        double at = relaxation->point[c];
        bool found;
        if (!relaxation->milp->integer[c] || fabs(at - floor(at + 0.5)) < IFP_CUT_TABLEAU_FRACTION)
            continue;
        tried++;
        code = ifp_lp_tableau_row(relaxation->lp, c, weights, error);
        if (code)
            break;
        double largest = 0;
        for (size_t a = 0; a < relaxation->active_count; a++)
            largest = fmax(largest, fabs(weights[a]));
        if (largest == 0)
            continue;
        ifp_mir_clear(separator->mir);
        for (size_t a = 0; a < relaxation->active_count; a++) {
            if (fabs(weights[a]) > IFP_CUT_MULTIPLIER_MIN * largest &&
                !ifp_mir_add_row(separator->mir, relaxation->active[a], weights[a]))
                code = ifp_error_memory(error);
        }
        if (!code && collect(separator, &found))
            code = ifp_error_memory(error);
    }
    free(weights);
    return code;
}

static double cosine(const struct ifp_separator *separator, size_t a, size_t b)
{
    const struct ifp_cut *left = &separator->pool[a];
    const struct ifp_cut *right = &separator->pool[b];
    double product = 0;
    for (size_t e = 0; e < left->count; e++)
        separator->dense[left->index[e]] = left->value[e];
    for (size_t e = 0; e < right->count; e++)
        product += separator->dense[right->index[e]] * right->value[e];
    for (size_t e = 0; e < left->count; e++)
        separator->dense[left->index[e]] = 0;
    return product / (separator->length[a] * separator->length[b]);
}

/* Add the deepest cuts first, each only if it is not similar to an earlier one. */
static int choose(struct ifp_separator *separator, struct ifp_relaxation *relaxation, size_t *added,
                  struct ifp_error *error)
{
    size_t chosen[IFP_CUT_ADDED_MAX];
    int code = IFP_OK;
    while (!code && *added < IFP_CUT_ADDED_MAX) {
        size_t best = SIZE_MAX;
        for (size_t k = 0; k < separator->pool_count; k++) {
            if (separator->pool[k].distance > 0 &&
                (best == SIZE_MAX || separator->pool[k].distance > separator->pool[best].distance))
                best = k;
        }
        if (best == SIZE_MAX)
            break;
        struct ifp_cut *cut = &separator->pool[best];
        bool similar = false;
        for (size_t k = 0; k < *added && !similar; k++)
            similar = cosine(separator, chosen[k], best) > IFP_CUT_PARALLEL;
        cut->distance = 0;
        if (similar)
            continue;
        chosen[(*added)++] = best;
        code = ifp_relaxation_add_cut(relaxation, cut->count, cut->index, cut->value, cut->upper,
                                      error);
    }
    return code;
}

int ifp_separate(struct ifp_separator *separator, struct ifp_relaxation *relaxation, bool tableau,
                 size_t *added, struct ifp_error *error)
{
    *added = 0;
    int code = follow_paths(separator, relaxation) ? ifp_error_memory(error) : IFP_OK;
    if (!code && tableau)
        code = read_tableau(separator, relaxation, error);
    if (!code)
        code = choose(separator, relaxation, added, error);
    for (size_t k = 0; k < separator->pool_count; k++)
        free(separator->pool[k].index);
    separator->pool_count = 0;
    return code;
}
