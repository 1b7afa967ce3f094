/* SPDX-License-Identifier: MIT */
/* Growing arrays of columns, rows and entries, to build the compact MILP. */
#include "milp/milp_build.h"

#include <math.h>

#include "util/array.h"

static bool resize(struct ifp_milp_builder *builder, void *array, size_t size, size_t capacity)
{
    builder->failed = builder->failed || !ifp_array_resize(array, capacity, size);
    return !builder->failed;
}

void ifp_milp_reserve_columns(struct ifp_milp_builder *builder, size_t capacity)
{
    struct ifp_milp *milp = builder->milp;
    if (resize(builder, &milp->columns, sizeof *milp->columns, capacity) &&
        resize(builder, &milp->cost, sizeof *milp->cost, capacity) &&
        resize(builder, &milp->lower, sizeof *milp->lower, capacity) &&
        resize(builder, &milp->upper, sizeof *milp->upper, capacity) &&
        resize(builder, &milp->integer, sizeof *milp->integer, capacity))
        builder->column_capacity = capacity;
}

size_t ifp_milp_add_column(struct ifp_milp_builder *builder, struct ifp_column column, double cost,
                           double upper, bool integer)
{
    struct ifp_milp *milp = builder->milp;
    if (milp->column_count == builder->column_capacity && !builder->failed)
        ifp_milp_reserve_columns(
            builder, ifp_array_growth(builder->column_capacity, milp->column_count + 1));
    if (builder->failed)
        return 0;
    size_t c = milp->column_count++;
    milp->columns[c] = column;
    milp->cost[c] = cost;
    milp->lower[c] = 0;
    milp->upper[c] = upper;
    milp->integer[c] = integer;
    return c;
}

void ifp_milp_begin_row(struct ifp_milp_builder *builder, enum ifp_row_kind kind, size_t first,
                        size_t second, double lower, double upper)
{
    struct ifp_milp *milp = builder->milp;
    if (milp->row_count % IFP_MILP_POLL == 0 && !builder->failed &&
        ifp_is_cancelled(builder->cancel))
        builder->cancelled = builder->failed = true;
    if (milp->row_count + 1 >= builder->row_capacity && !builder->failed) {
        size_t capacity = ifp_array_growth(builder->row_capacity, milp->row_count + 2);
        if (resize(builder, &milp->rows, sizeof *milp->rows, capacity) &&
            resize(builder, &milp->row_lower, sizeof *milp->row_lower, capacity) &&
            resize(builder, &milp->row_upper, sizeof *milp->row_upper, capacity) &&
            resize(builder, &milp->start, sizeof *milp->start, capacity))
            builder->row_capacity = capacity;
    }
    if (builder->failed)
        return;
    size_t r = milp->row_count++;
    milp->rows[r] = (struct ifp_row){.kind = kind, .first = first, .second = second};
    milp->row_lower[r] = lower;
    milp->row_upper[r] = upper;
    milp->start[r] = milp->entry_count;
    milp->start[r + 1] = milp->entry_count;
}

void ifp_milp_reserve_entries(struct ifp_milp_builder *builder, size_t capacity)
{
    struct ifp_milp *milp = builder->milp;
    if (!builder->failed && capacity > builder->entry_capacity &&
        resize(builder, &milp->index, sizeof *milp->index, capacity) &&
        resize(builder, &milp->value, sizeof *milp->value, capacity))
        builder->entry_capacity = capacity;
}

void ifp_milp_add_entry(struct ifp_milp_builder *builder, size_t column, double value)
{
    struct ifp_milp *milp = builder->milp;
    if (value == 0)
        return;
    if (milp->entry_count == builder->entry_capacity && !builder->failed) {
        ifp_milp_reserve_entries(builder,
                                 ifp_array_growth(builder->entry_capacity, milp->entry_count + 1));
    }
    if (builder->failed)
        return;
    milp->index[milp->entry_count] = column;
    milp->value[milp->entry_count++] = value;
    milp->start[milp->row_count] = milp->entry_count;
}

void ifp_milp_drop_row_below(struct ifp_milp_builder *builder, size_t minimum)
{
    struct ifp_milp *milp = builder->milp;
    if (builder->failed)
        return;
    size_t r = milp->row_count - 1;
    if (milp->start[r + 1] - milp->start[r] < minimum) {
        milp->entry_count = milp->start[r];
        milp->row_count = r;
    }
}
