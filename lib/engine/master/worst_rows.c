/* SPDX-License-Identifier: MIT */
/*
 * Worst cases in the master (problem/worst.h). Each has a column D and rows
 *
 *     sum_r g_r v_r x_r  -  D  <=  0
 *
 * for those deviations g of its uncertainty set that were the worst at a point of the LP. Rows are
 * added as needed. If rows are missing, the bound is lower but valid.
 */
#include "engine/master/master_lp.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/tuning.h"
#include "util/array.h"

size_t *ifp_master_places_new(const struct ifp_problem *problem, const struct ifp_worst *worst)
{
    size_t count = IFP_WORST_KIND_COUNT * problem->route_count;
    size_t *place = malloc((count + 1) * sizeof *place);
    for (size_t k = 0; place && k < count; k++)
        place[k] = SIZE_MAX;
    for (size_t b = 0; place && b < worst->count; b++) {
        const struct ifp_worst_block *block = &worst->blocks[b];
        for (size_t m = 0; m < block->entry_count; m++)
            place[block->kind * problem->route_count + block->entries[m].route] = m;
    }
    return place;
}

void ifp_master_clear_cases(struct ifp_master *master)
{
    for (size_t k = 0; k < master->case_count; k++)
        free(master->cases[k].deviation);
    free(master->cases);
}

double ifp_master_in_case(const struct ifp_master *master, const struct ifp_master_case *worst_case,
                          const struct ifp_pattern *pattern)
{
    const struct ifp_problem *problem = master->problem;
    const struct ifp_worst_block *block = &master->worst->blocks[worst_case->block];
    double sum = 0;
    for (size_t t = 0; t < pattern->count; t++) {
        size_t r = pattern->entries[t].route;
        size_t m = master->place_in_block[block->kind * problem->route_count + r];
        bool here = block->kind == IFP_WORST_COST || problem->routes[r].query == block->query;
        if (here && m != SIZE_MAX)
            sum += worst_case->deviation[m] * pattern->entries[t].share;
    }
    return sum;
}

void ifp_master_adjust_by_cases(struct ifp_master *master)
{
    for (size_t k = 0; k < master->case_count; k++) {
        const struct ifp_master_case *worst_case = &master->cases[k];
        const struct ifp_worst_block *block = &master->worst->blocks[worst_case->block];
        for (size_t m = 0; worst_case->price != 0 && m < block->entry_count; m++) {
            double product = worst_case->price * worst_case->deviation[m];
            master->adjustment[block->entries[m].route] += product;
            master->adjustment_size[block->entries[m].route] += fabs(product);
        }
    }
}

double ifp_master_cases_bound(const struct ifp_master *master, double *size)
{
    const struct ifp_coupling *coupling = master->coupling;
    double total = 0;
    for (size_t b = 0; b < master->worst->count; b++) {
        const struct ifp_worst_block *block = &master->worst->blocks[b];
        double reduced = block->usd / coupling->scale;
        *size += reduced * block->max_excess;
        if (block->limited) {
            size_t row = ifp_coupling_level(coupling, block->kind, block->query);
            double by_limit = block->fraction * master->price[row];
            reduced -= by_limit;
            *size += fabs(by_limit) * block->max_excess;
        }
        for (size_t k = 0; k < master->case_count; k++) {
            if (master->cases[k].block == b) {
                reduced += master->cases[k].price;
                *size += fabs(master->cases[k].price) * block->max_excess;
            }
        }
        total += fmin(0, reduced * block->max_excess);
    }
    return total;
}

/* Add a row for the deviations in master->deviation. */
static int add_case(struct ifp_master *master, size_t b, struct ifp_error *error)
{
    const struct ifp_worst_block *block = &master->worst->blocks[b];
    bool grown = ifp_array_resize(&master->cases, master->case_count + 1, sizeof *master->cases);
    double *deviation = malloc((block->entry_count + 1) * sizeof *deviation);
    size_t *index = malloc((master->column_count + 1) * sizeof *index);
    double *value = malloc((master->column_count + 1) * sizeof *value);
    int code = grown && deviation && index && value && ifp_master_grow_rows(master)
                   ? IFP_OK
                   : ifp_error_memory(error);
    if (!code) {
        struct ifp_master_case made = {
            .block = b, .place = master->active_count, .deviation = deviation};
        size_t count = 0;
        memcpy(deviation, master->deviation, block->entry_count * sizeof *deviation);
        for (size_t s = 0; s < master->column_count; s++) {
            const struct ifp_pattern *pattern = &master->columns[s].pattern;
            double entry =
                pattern->configuration == SIZE_MAX ? 0 : ifp_master_in_case(master, &made, pattern);
            if (entry == 0)
                continue;
            index[count] = master->first_column + s;
            value[count++] = entry;
        }
        index[count] = master->first_worst + b;
        value[count++] = -1;
        code = ifp_lp_add_row(master->lp, -INFINITY, 0, count, index, value, error);
        if (!code) {
            master->active[master->active_count++] =
                master->coupling->row_count + master->case_count;
            master->cases[master->case_count++] = made;
            deviation = NULL;
        }
    }
    free(deviation);
    free(index);
    free(value);
    return code;
}

int ifp_master_add_cases(struct ifp_master *master, size_t *added, struct ifp_error *error)
{
    int code = IFP_OK;
    for (size_t b = 0; !code && b < master->worst->count; b++) {
        const struct ifp_worst_block *block = &master->worst->blocks[b];
        double value = ifp_worst_value(block, master->shares, NULL, master->workspace, NULL);
        if (value <=
            master->values[master->first_worst + b] + IFP_WORST_VIOLATION_MIN * fmax(1, value))
            continue;
        ifp_worst_value(block, master->shares, NULL, master->workspace, master->deviation);
        for (size_t m = 0; m < block->entry_count; m++)
            master->deviation[m] *= block->entries[m].deviation;
        code = add_case(master, b, error);
        ++*added;
    }
    return code;
}

int ifp_master_drop_cases(struct ifp_master *master, struct ifp_error *error)
{
    if (master->case_count <= IFP_WORST_ROWS_PER_BLOCK * master->worst->count)
        return IFP_OK;
    size_t rows = master->active_count;
    size_t *gone = malloc((rows + 1) * sizeof *gone);
    int code = gone ? IFP_OK : ifp_error_memory(error);
    if (!code) {
        size_t count = 0;
        size_t kept = 0;
        size_t kept_cases = 0;
        for (size_t a = 0; a < rows; a++) {
            size_t row = master->active[a];
            bool is_case = row >= master->coupling->row_count;
            if (is_case && ifp_lp_row_is_basic(master->lp, a)) {
                gone[count++] = a;
                free(master->cases[row - master->coupling->row_count].deviation);
                continue;
            }
            if (is_case) {
                /* Cases are in the order of their rows. */
                master->cases[kept_cases] = master->cases[row - master->coupling->row_count];
                master->cases[kept_cases].place = kept;
                row = master->coupling->row_count + kept_cases++;
            } else {
                master->place[row] = kept;
            }
            master->active[kept++] = row;
        }
        master->active_count = kept;
        master->case_count = kept_cases;
        code = ifp_lp_delete_rows(master->lp, count, gone, error);
    }
    free(gone);
    return code;
}
