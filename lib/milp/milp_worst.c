/* SPDX-License-Identifier: MIT */
/*
 * Worst cases in the compact MILP: D = budget t + sum_G s_G, with the rows of worst.h. On request
 * the delay cost of all query types together has the bilinear form of the formulation instead:
 *
 *     budget t + sum_i cap_i(z) s_i,   t + s_i >= sum_c v_ic x_ic,   cap_i(z) = sum_c cap_ic z_ic,
 *
 * whose products p_ic = z_ic s_i are linearised by McCormick's bounds or by complementarity. At
 * most one z_ic of a query type is 1, so in both forms its products sum to at most s_i.
 *     mccormick  p_ic <= M_ic z_ic,  p_ic >= s_i - N_ic (1 - z_ic)   with the smallest valid M, N:
 *                s_i need not exceed the deviation of the route that is taken
 *     sos1       s_i <= p_ic + y_ic,  and y_ic = 0 if z_ic = 1, which branching enforces
 */
#include "milp/milp_build.h"

#include <math.h>
#include <stdint.h>

static bool bilinear(const struct ifp_problem *problem, const struct ifp_worst_block *block)
{
    return block->kind == IFP_WORST_COST && problem->linearization != IFP_LINEARIZATION_EXACT;
}

/* The largest excess of a group, without the budget's caps and without route `without`. */
static double largest_deviation(const struct ifp_problem *problem,
                                const struct ifp_worst_block *block, size_t group, size_t without)
{
    double largest = 0;
    for (size_t m = block->start[group]; m < block->start[group + 1]; m++) {
        const struct ifp_worst_entry *entry = &block->entries[m];
        if (m != without)
            largest = fmax(largest, entry->deviation * problem->routes[entry->route].max_share);
    }
    return largest;
}

static void add_products(struct ifp_milp_builder *builder, const struct ifp_worst_block *block)
{
    const struct ifp_problem *problem = builder->problem;
    bool sos = problem->linearization == IFP_LINEARIZATION_SOS1;
    for (size_t g = 0; g < block->group_count; g++) {
        double maximum = largest_deviation(problem, block, g, SIZE_MAX);
        for (size_t m = block->start[g]; m < block->start[g + 1]; m++) {
            const struct ifp_worst_entry *entry = &block->entries[m];
            builder->product[entry->route] = (uint32_t)ifp_milp_add_column(
                builder, ifp_milp_column(IFP_COLUMN_PRODUCT, entry->route, 0),
                (entry->cap - 1) * block->usd, maximum, false);
            if (sos)
                ifp_milp_add_column(builder, ifp_milp_column(IFP_COLUMN_REMAINDER, entry->route, 0),
                                    0, maximum, false);
        }
    }
}

void ifp_milp_add_worst_columns(struct ifp_milp_builder *builder)
{
    const struct ifp_problem *problem = builder->problem;
    const struct ifp_worst *worst = builder->milp->worst;
    for (size_t b = 0; b < worst->count; b++) {
        const struct ifp_worst_block *block = &worst->blocks[b];
        double largest = 0;
        for (size_t m = 0; m < block->entry_count; m++)
            largest = fmax(largest, block->entries[m].deviation);
        builder->threshold[b] =
            ifp_milp_add_column(builder, ifp_milp_column(IFP_COLUMN_THRESHOLD, b, 0),
                                block->budget * block->usd, largest, false);
        for (size_t g = 0; g < block->group_count; g++) {
            double maximum = 0;
            for (size_t m = block->start[g]; m < block->start[g + 1]; m++)
                maximum = fmax(maximum, block->entries[m].cap * block->entries[m].deviation);
            if (bilinear(problem, block))
                maximum = largest_deviation(problem, block, g, SIZE_MAX);
            ifp_milp_add_column(builder, ifp_milp_column(IFP_COLUMN_EXCESS, b, g), block->usd,
                                maximum, false);
        }
        if (bilinear(problem, block))
            add_products(builder, block);
    }
}

void ifp_milp_add_worst_entries(struct ifp_milp_builder *builder, size_t b)
{
    if (b == SIZE_MAX)
        return;
    const struct ifp_worst_block *block = &builder->milp->worst->blocks[b];
    ifp_milp_add_entry(builder, builder->threshold[b], block->fraction * block->budget);
    for (size_t g = 0; g < block->group_count; g++)
        ifp_milp_add_entry(builder, builder->threshold[b] + 1 + g, block->fraction);
}

/* One row for each distinct cap of the group. */
static void add_deviations(struct ifp_milp_builder *builder, size_t b, size_t g)
{
    const struct ifp_worst_block *block = &builder->milp->worst->blocks[b];
    for (size_t k = block->start[g]; k < block->start[g + 1]; k++) {
        double cap = block->entries[k].cap;
        if (k > block->start[g] && cap == block->entries[k - 1].cap)
            continue;
        ifp_milp_begin_row(builder, IFP_ROW_DEVIATION, b, k, -INFINITY, 0);
        for (size_t m = block->start[g]; m < block->start[g + 1]; m++) {
            const struct ifp_worst_entry *entry = &block->entries[m];
            ifp_milp_add_entry(builder, ifp_milp_share(builder->milp, entry->route),
                               fmin(entry->cap, cap) * entry->deviation);
        }
        ifp_milp_add_entry(builder, builder->threshold[b], -cap);
        ifp_milp_add_entry(builder, builder->threshold[b] + 1 + g, -1);
    }
}

static void add_product_rows(struct ifp_milp_builder *builder, size_t b, size_t g)
{
    const struct ifp_problem *problem = builder->problem;
    struct ifp_milp *milp = builder->milp;
    const struct ifp_worst_block *block = &milp->worst->blocks[b];
    size_t excess = builder->threshold[b] + 1 + g;
    size_t start = block->start[g];
    ifp_milp_begin_row(builder, IFP_ROW_DEVIATION, b, start, -INFINITY, 0);
    for (size_t m = start; m < block->start[g + 1]; m++)
        ifp_milp_add_entry(builder, ifp_milp_share(milp, block->entries[m].route),
                           block->entries[m].deviation);
    ifp_milp_add_entry(builder, builder->threshold[b], -1);
    ifp_milp_add_entry(builder, excess, -1);
    ifp_milp_begin_row(builder, IFP_ROW_PRODUCTS,
                       problem->routes[block->entries[start].route].query, 0, -INFINITY, 0);
    for (size_t m = start; m < block->start[g + 1]; m++)
        ifp_milp_add_entry(builder, builder->product[block->entries[m].route], 1);
    ifp_milp_add_entry(builder, excess, -1);
    for (size_t m = start; m < block->start[g + 1]; m++) {
        const struct ifp_worst_entry *entry = &block->entries[m];
        size_t r = entry->route;
        size_t product = builder->product[r];
        if (problem->linearization == IFP_LINEARIZATION_SOS1) {
            ifp_milp_begin_row(builder, IFP_ROW_REMAINDER, r, 0, -INFINITY, 0);
            ifp_milp_add_entry(builder, excess, 1);
            ifp_milp_add_entry(builder, product, -1);
            ifp_milp_add_entry(builder, product + 1, -1);
            continue;
        }
        double with = entry->deviation * problem->routes[r].max_share;
        double without = largest_deviation(problem, block, g, m);
        ifp_milp_begin_row(builder, IFP_ROW_PRODUCT_MAX, r, 0, -INFINITY, 0);
        ifp_milp_add_entry(builder, product, 1);
        ifp_milp_add_entry(builder, ifp_milp_choice(milp, r), -with);
        ifp_milp_begin_row(builder, IFP_ROW_PRODUCT_MIN, r, 0, -INFINITY, without);
        ifp_milp_add_entry(builder, excess, 1);
        ifp_milp_add_entry(builder, product, -1);
        ifp_milp_add_entry(builder, ifp_milp_choice(milp, r), without);
    }
}

void ifp_milp_add_worst_rows(struct ifp_milp_builder *builder)
{
    const struct ifp_worst *worst = builder->milp->worst;
    for (size_t b = 0; b < worst->count; b++) {
        for (size_t g = 0; g < worst->blocks[b].group_count; g++) {
            if (bilinear(builder->problem, &worst->blocks[b]))
                add_product_rows(builder, b, g);
            else
                add_deviations(builder, b, g);
        }
    }
}
