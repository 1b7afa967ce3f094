/* SPDX-License-Identifier: MIT */
/* Growing arrays of columns, rows and entries, to build the compact MILP. */
#include "milp/milp_build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool grow(struct ifp_milp_builder *builder, void *array, size_t size, size_t room)
{
    void *old;
    memcpy(&old, array, sizeof old); /* `array` is the address of a pointer of any type */
    void *fresh = realloc(old, room * size);
    if (fresh)
        memcpy(array, &fresh, sizeof fresh);
    else
        builder->failed = true;
    return fresh != NULL;
}

void ifp_milp_reserve_columns(struct ifp_milp_builder *builder, size_t room)
{
    struct ifp_milp *milp = builder->milp;
    if (grow(builder, &milp->columns, sizeof *milp->columns, room) &&
        grow(builder, &milp->cost, sizeof *milp->cost, room) &&
        grow(builder, &milp->lower, sizeof *milp->lower, room) &&
        grow(builder, &milp->upper, sizeof *milp->upper, room) &&
        grow(builder, &milp->integer, sizeof *milp->integer, room))
        builder->column_room = room;
}

size_t ifp_milp_add_column(struct ifp_milp_builder *builder, struct ifp_column column, double cost,
                           double upper, bool integer)
{
    struct ifp_milp *milp = builder->milp;
    if (milp->column_count == builder->column_room && !builder->failed)
        ifp_milp_reserve_columns(builder, builder->column_room ? 2 * builder->column_room : 256);
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
    if (milp->row_count + 1 >= builder->row_room && !builder->failed) {
        size_t room = builder->row_room ? 2 * builder->row_room : 256;
        if (grow(builder, &milp->rows, sizeof *milp->rows, room) &&
            grow(builder, &milp->row_lower, sizeof *milp->row_lower, room) &&
            grow(builder, &milp->row_upper, sizeof *milp->row_upper, room) &&
            grow(builder, &milp->start, sizeof *milp->start, room))
            builder->row_room = room;
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

void ifp_milp_reserve_entries(struct ifp_milp_builder *builder, size_t room)
{
    struct ifp_milp *milp = builder->milp;
    if (!builder->failed && room > builder->entry_room &&
        grow(builder, &milp->index, sizeof *milp->index, room) &&
        grow(builder, &milp->value, sizeof *milp->value, room))
        builder->entry_room = room;
}

void ifp_milp_add_entry(struct ifp_milp_builder *builder, size_t column, double value)
{
    struct ifp_milp *milp = builder->milp;
    if (value == 0)
        return;
    if (milp->entry_count == builder->entry_room && !builder->failed) {
        ifp_milp_reserve_entries(builder, builder->entry_room ? 2 * builder->entry_room : 1024);
    }
    if (builder->failed)
        return;
    milp->index[milp->entry_count] = column;
    milp->value[milp->entry_count++] = value;
    milp->start[milp->row_count] = milp->entry_count;
}

void ifp_milp_drop_row_below(struct ifp_milp_builder *builder, size_t least)
{
    struct ifp_milp *milp = builder->milp;
    if (builder->failed)
        return;
    size_t r = milp->row_count - 1;
    if (milp->start[r + 1] - milp->start[r] < least) {
        milp->entry_count = milp->start[r];
        milp->row_count = r;
    }
}
