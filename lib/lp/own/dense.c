/* SPDX-License-Identifier: MIT */
/* Building a small LP, and changing it. */
#include "lp/own/dense_table.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"

enum {
    INITIAL_ROWS = 16, /* initial capacities */
    INITIAL_SLOTS = 64,
    INITIAL_ENTRIES = 512,
    SPARE = 4 /* spare entries of a column */
};

/* -- memory -- */

static bool grow_array(void *array, size_t size, size_t count)
{
    return ifp_array_resize(array, count, size);
}

static bool reserve_slots(struct ifp_dense *lp, size_t slots)
{
    size_t capacity = lp->slot_capacity ? lp->slot_capacity : INITIAL_SLOTS;
    if (slots <= lp->slot_capacity)
        return true;
    while (capacity < slots)
        capacity += capacity / 2;
    if (!grow_array(&lp->lower, sizeof(double), capacity) ||
        !grow_array(&lp->upper, sizeof(double), capacity) ||
        !grow_array(&lp->cost, sizeof(double), capacity) ||
        !grow_array(&lp->shift, sizeof(double), capacity) ||
        !grow_array(&lp->value, sizeof(double), capacity) ||
        !grow_array(&lp->price, sizeof(double), capacity) ||
        !grow_array(&lp->weight, sizeof(double), capacity) ||
        !grow_array(&lp->line, sizeof(double), capacity) ||
        !grow_array(&lp->column, sizeof *lp->column, capacity) ||
        !grow_array(&lp->place, sizeof *lp->place, capacity) ||
        !grow_array(&lp->column_slot, sizeof(size_t), capacity) ||
        !grow_array(&lp->candidates, sizeof(size_t), capacity) ||
        !grow_array(&lp->mark, sizeof(bool), capacity))
        return false;
    lp->slot_capacity = capacity;
    return true;
}

static bool reserve_rows(struct ifp_dense *lp, size_t rows)
{
    size_t capacity = lp->row_capacity ? lp->row_capacity : INITIAL_ROWS;
    if (rows <= lp->row_capacity)
        return true;
    while (capacity < rows)
        capacity += capacity / 2;
    size_t width = ifp_dense_width_for(capacity, lp->stride > lp->active ? lp->stride : lp->active);
    double *inverse = width <= SIZE_MAX / sizeof *inverse / capacity
                          ? calloc(capacity * width, sizeof *inverse)
                          : NULL;
    if (!inverse || !grow_array(&lp->basic, sizeof(size_t), capacity) ||
        !grow_array(&lp->level, sizeof(double), capacity) ||
        !grow_array(&lp->spike, sizeof(double), capacity) ||
        !grow_array(&lp->work, sizeof(double), capacity) ||
        !grow_array(&lp->multipliers, sizeof(double), capacity) ||
        !grow_array(&lp->row_slot, sizeof(size_t), capacity) ||
        !grow_array(&lp->row_start, sizeof(size_t), capacity + 1) ||
        !grow_array(&lp->active_row, sizeof(size_t), capacity) ||
        !grow_array(&lp->active_at, sizeof(size_t), capacity) ||
        !grow_array(&lp->used, sizeof(size_t), capacity) ||
        !grow_array(&lp->wanted, sizeof(size_t), capacity)) {
        free(inverse);
        return false;
    }
    if (lp->rows)
        memcpy(inverse, lp->inverse, lp->rows * lp->stride * sizeof *inverse);
    free(lp->inverse);
    lp->inverse = inverse;
    lp->row_capacity = capacity;
    lp->width = width;
    return true;
}

static bool reserve_by_row(struct ifp_dense *lp, size_t capacity)
{
    if (capacity <= lp->by_row_capacity)
        return true;
    if (!grow_array(&lp->row_entry_slot, sizeof *lp->row_entry_slot, capacity) ||
        !grow_array(&lp->row_entry_value, sizeof *lp->row_entry_value, capacity))
        return false;
    lp->by_row_capacity = capacity;
    return true;
}

static bool reserve_entries(struct ifp_dense *lp, size_t entries)
{
    size_t capacity = lp->entry_capacity ? lp->entry_capacity : INITIAL_ENTRIES;
    if (entries <= lp->entry_capacity)
        return true;
    while (capacity < entries)
        capacity += capacity / 2;
    if (!grow_array(&lp->entry_row, sizeof *lp->entry_row, capacity) ||
        !grow_array(&lp->entry_value, sizeof *lp->entry_value, capacity) ||
        !reserve_by_row(lp, capacity))
        return false;
    lp->entry_capacity = capacity;
    return true;
}

void ifp_dense_free(struct ifp_dense *lp)
{
    if (!lp)
        return;
    free(lp->inverse);
    free(lp->active_row);
    free(lp->active_at);
    free(lp->entry_row);
    free(lp->entry_value);
    free(lp->row_start);
    free(lp->row_entry_slot);
    free(lp->row_entry_value);
    free(lp->column);
    free(lp->lower);
    free(lp->upper);
    free(lp->cost);
    free(lp->shift);
    free(lp->value);
    free(lp->price);
    free(lp->weight);
    free(lp->line);
    free(lp->place);
    free(lp->basic);
    free(lp->level);
    free(lp->spike);
    free(lp->work);
    free(lp->multipliers);
    free(lp->column_slot);
    free(lp->row_slot);
    free(lp->candidates);
    free(lp->wanted);
    free(lp->used);
    free(lp->mark);
    free(lp);
}

/* -- building -- */

static size_t add_slot(struct ifp_dense *lp, double cost, double lower, double upper, size_t row)
{
    size_t slot = lp->slots++;
    lp->has_rows = false;
    lp->column[slot] = (struct ifp_dense_column){.row = row};
    lp->cost[slot] = cost;
    lp->shift[slot] = 0;
    lp->lower[slot] = lower;
    lp->upper[slot] = upper;
    lp->weight[slot] = 1;
    lp->price[slot] = cost;
    lp->place[slot] = NOT_BASIC;
    lp->value[slot] = isfinite(lower) ? lower : isfinite(upper) ? upper : 0;
    return slot;
}

int ifp_dense_new(size_t columns, const double *cost, const double *lower, const double *upper,
                  struct ifp_dense **lp, struct ifp_error *error)
{
    struct ifp_dense *made = calloc(1, sizeof *made);
    *lp = NULL;
    if (!made || !reserve_rows(made, 1) || !reserve_slots(made, columns + 1) ||
        !reserve_entries(made, 1)) {
        ifp_dense_free(made);
        return ifp_error_memory(error);
    }
    for (size_t c = 0; c < columns; c++)
        made->column_slot[made->columns++] = add_slot(made, cost[c], lower[c], upper[c], SIZE_MAX);
    *lp = made;
    return IFP_OK;
}

int ifp_dense_copy(struct ifp_dense **to, const struct ifp_dense *from, struct ifp_error *error)
{
    if (!*to)
        *to = calloc(1, sizeof **to);
    struct ifp_dense *lp = *to;
    if (lp)
        lp->rows = lp->active = lp->stride = 0; /* growing need not preserve its contents */
    if (!lp || !reserve_rows(lp, from->rows + 1) || !ifp_dense_reserve_active(lp, from->active) ||
        !reserve_slots(lp, from->slots + 1) || !reserve_entries(lp, from->entries + 1))
        return ifp_error_memory(error);
    lp->rows = from->rows;
    lp->columns = from->columns;
    lp->slots = from->slots;
    lp->entries = from->entries;
    lp->pivots = from->pivots;
    lp->shifted = from->shifted;
    lp->has_rows = false;
    lp->has_ray = false;
    lp->active = from->active;
    memcpy(lp->active_row, from->active_row, from->active * sizeof *lp->active_row);
    memcpy(lp->active_at, from->active_at, from->rows * sizeof *lp->active_at);
    lp->stride = ifp_dense_stride_for(lp, from->active);
    for (size_t p = 0; p < from->rows; p++)
        memcpy(ifp_dense_inverse(lp, p), ifp_dense_inverse(from, p),
               from->active * sizeof *lp->inverse);
    size_t width = from->slots * sizeof(double);
    memcpy(lp->entry_row, from->entry_row, from->entries * sizeof *lp->entry_row);
    memcpy(lp->entry_value, from->entry_value, from->entries * sizeof *lp->entry_value);
    memcpy(lp->column, from->column, from->slots * sizeof *lp->column);
    memcpy(lp->lower, from->lower, width);
    memcpy(lp->upper, from->upper, width);
    memcpy(lp->cost, from->cost, width);
    memcpy(lp->shift, from->shift, width);
    memcpy(lp->value, from->value, width);
    memcpy(lp->price, from->price, width);
    memcpy(lp->weight, from->weight, width);
    memcpy(lp->place, from->place, from->slots * sizeof *lp->place);
    memcpy(lp->column_slot, from->column_slot, from->columns * sizeof *lp->column_slot);
    memcpy(lp->row_slot, from->row_slot, from->rows * sizeof *lp->row_slot);
    memcpy(lp->basic, from->basic, from->rows * sizeof *lp->basic);
    memcpy(lp->level, from->level, from->rows * sizeof *lp->level);
    return IFP_OK;
}

/* Move the columns' entries together, without those given up, and with SPARE entries for each. */
static bool tidy(struct ifp_dense *lp)
{
    size_t total = 0;
    for (size_t s = 0; s < lp->slots; s++) {
        if (lp->column[s].row == SIZE_MAX)
            total += lp->column[s].count + SPARE;
    }
    size_t capacity = total + total / 2 + INITIAL_ENTRIES;
    size_t *row = malloc(capacity * sizeof *row);
    double *value = malloc(capacity * sizeof *value);
    if (!row || !value) {
        free(row);
        free(value);
        return false;
    }
    lp->entries = 0;
    for (size_t s = 0; s < lp->slots; s++) {
        struct ifp_dense_column *column = &lp->column[s];
        if (column->row != SIZE_MAX)
            continue;
        memcpy(row + lp->entries, lp->entry_row + column->start, column->count * sizeof *row);
        memcpy(value + lp->entries, lp->entry_value + column->start, column->count * sizeof *value);
        column->start = lp->entries;
        column->capacity = column->count + SPARE;
        lp->entries += column->capacity;
    }
    free(lp->entry_row);
    free(lp->entry_value);
    lp->entry_row = row;
    lp->entry_value = value;
    lp->entry_capacity = capacity;
    return reserve_by_row(lp, capacity);
}

static bool add_entry(struct ifp_dense *lp, size_t slot, size_t row, double value)
{
    if (lp->column[slot].count == lp->column[slot].capacity) {
        if (lp->entries + lp->column[slot].count + 2 * SPARE > lp->entry_capacity && !tidy(lp))
            return false;
        struct ifp_dense_column *column = &lp->column[slot];
        if (column->count == column->capacity) {
            size_t start = lp->entries;
            lp->entries += column->count + 2 * SPARE;
            if (!reserve_entries(lp, lp->entries))
                return false;
            memmove(lp->entry_row + start, lp->entry_row + column->start,
                    column->count * sizeof *lp->entry_row);
            memmove(lp->entry_value + start, lp->entry_value + column->start,
                    column->count * sizeof *lp->entry_value);
            column->start = start;
            column->capacity = column->count + 2 * SPARE;
        }
    }
    struct ifp_dense_column *column = &lp->column[slot];
    lp->entry_row[column->start + column->count] = row;
    lp->entry_value[column->start + column->count++] = value;
    return true;
}

int ifp_dense_add_row(struct ifp_dense *lp, double lower, double upper, size_t count,
                      const size_t *index, const double *value, struct ifp_error *error)
{
    if (!reserve_rows(lp, lp->rows + 1) || !reserve_slots(lp, lp->slots + 1))
        return ifp_error_memory(error);
    size_t row = lp->rows++;
    size_t slack = add_slot(lp, 0, lower, upper, row);
    double *inverse = ifp_dense_inverse(lp, row);
    double level = 0;
    memset(inverse, 0, lp->active * sizeof *inverse);
    for (size_t e = 0; e < count; e++) {
        size_t slot = lp->column_slot[index[e]];
        if (!add_entry(lp, slot, row, value[e]))
            return ifp_error_memory(error);
        level += value[e] * ifp_dense_value(lp, slot);
        if (lp->place[slot] == NOT_BASIC)
            continue;
        ifp_dense_subtract(inverse, ifp_dense_inverse(lp, (size_t)lp->place[slot]), -value[e],
                           lp->active);
    }
    lp->active_at[row] = SIZE_MAX;
    lp->place[slack] = (int)row;
    lp->basic[row] = slack;
    lp->level[row] = level;
    lp->row_slot[row] = slack;
    return IFP_OK;
}

int ifp_dense_add_column(struct ifp_dense *lp, double cost, double lower, double upper,
                         size_t count, const size_t *row, const double *value,
                         struct ifp_error *error)
{
    if (!reserve_slots(lp, lp->slots + 1) || !reserve_entries(lp, lp->entries + count + SPARE))
        return ifp_error_memory(error);
    size_t slot = add_slot(lp, cost, lower, upper, SIZE_MAX);
    lp->column_slot[lp->columns++] = slot;
    lp->column[slot].start = lp->entries;
    lp->column[slot].count = count;
    lp->column[slot].capacity = count + SPARE;
    if (count) {
        memcpy(lp->entry_row + lp->entries, row, count * sizeof *row);
        memcpy(lp->entry_value + lp->entries, value, count * sizeof *value);
    }
    lp->entries += count + SPARE;
    lp->price[slot] = ifp_dense_price(lp, slot);
    double at = lp->value[slot];
    lp->value[slot] = 0;
    ifp_dense_move(lp, slot, at);
    return IFP_OK;
}

static void set_bounds(struct ifp_dense *lp, size_t slot, double lower, double upper)
{
    bool was_fixed = ifp_dense_is_fixed(lp, slot);
    lp->lower[slot] = lower;
    lp->upper[slot] = upper;
    if (was_fixed != ifp_dense_is_fixed(lp, slot))
        lp->has_rows = false;
    if (lp->place[slot] != NOT_BASIC)
        return;
    if (was_fixed && lp->column[slot].row == SIZE_MAX)
        lp->price[slot] = ifp_dense_price(lp, slot);
    double value = lp->value[slot];
    if (value < upper || !isfinite(upper))
        value = lower;
    else
        value = upper;
    if (!isfinite(value))
        value = isfinite(lower) ? lower : isfinite(upper) ? upper : 0;
    ifp_dense_move(lp, slot, value);
}

void ifp_dense_set_column_bounds(struct ifp_dense *lp, size_t column, double lower, double upper)
{
    set_bounds(lp, lp->column_slot[column], lower, upper);
}

void ifp_dense_set_row_bounds(struct ifp_dense *lp, size_t row, double lower, double upper)
{
    set_bounds(lp, lp->row_slot[row], lower, upper);
}

size_t ifp_dense_size(const struct ifp_dense *lp)
{
    return (lp->rows + 1) * (lp->rows + 1) + lp->entries;
}

/* -- the basis -- */

bool ifp_dense_row_is_basic(const struct ifp_dense *lp, size_t row)
{
    return lp->place[lp->row_slot[row]] != NOT_BASIC;
}

void ifp_dense_tableau_row(const struct ifp_dense *lp, size_t column, double *multipliers)
{
    ifp_dense_combination(lp, lp->column_slot[column], 1, multipliers);
}

static size_t slot_at(const struct ifp_dense *lp, size_t at)
{
    return at < lp->columns ? lp->column_slot[at] : lp->row_slot[at - lp->columns];
}

static char letter_of(const struct ifp_dense *lp, size_t slot)
{
    if (lp->place[slot] != NOT_BASIC)
        return 'b';
    bool upper = lp->value[slot] == lp->upper[slot] && !ifp_dense_is_fixed(lp, slot);
    return upper ? 'u' : 'l';
}

void ifp_dense_get_basis(const struct ifp_dense *lp, char *basis)
{
    for (size_t l = 0; l < lp->columns + lp->rows; l++)
        basis[l] = letter_of(lp, slot_at(lp, l));
}

void ifp_dense_set_basis(struct ifp_dense *lp, const char *basis, size_t rows)
{
    size_t basic = lp->rows - rows;
    bool changed = false;
    for (size_t l = 0; l < lp->columns + rows; l++)
        basic += basis[l] == 'b';
    bool fits = basic == lp->rows;
    for (size_t l = 0; l < lp->columns + lp->rows; l++) {
        size_t s = slot_at(lp, l);
        char letter = l < lp->columns ? 'l' : 'b';
        if (fits)
            letter = l < lp->columns + rows ? basis[l] : 'b';
        if (letter == letter_of(lp, s))
            continue;
        changed = true;
        lp->place[s] = letter == 'b' ? 0 : NOT_BASIC; /* refreshing finds the place */
        if (letter == 'b')
            continue;
        bool upper = letter == 'u' ? isfinite(lp->upper[s]) : !isfinite(lp->lower[s]);
        double value = upper ? lp->upper[s] : lp->lower[s];
        lp->value[s] = isfinite(value) ? value : 0;
    }
    lp->has_ray = false;
    if (changed)
        ifp_dense_refresh(lp);
}

/* -- deleting -- */

/* Make a basic variable nonbasic, by the largest pivot. */
static void push_out(struct ifp_dense *lp, size_t slot)
{
    size_t place = (size_t)lp->place[slot];
    const double *inverse = ifp_dense_inverse(lp, place);
    double *by_row = lp->work;
    size_t best = SIZE_MAX;
    double largest = 0;
    for (size_t r = 0; r < lp->rows; r++) /* the variable at the place is no slack */
        by_row[r] = lp->active_at[r] == SIZE_MAX ? 0 : inverse[lp->active_at[r]];
    for (size_t s = 0; s < lp->slots; s++) {
        if (lp->place[s] != NOT_BASIC || lp->mark[s])
            continue;
        double entry = fabs(ifp_dense_product(lp, s, by_row));
        if (entry > largest) {
            largest = entry;
            best = s;
        }
    }
    if (best == SIZE_MAX)
        return;
    ifp_dense_spike(lp, best);
    ifp_dense_pivot(lp, place, best);
}

/* Remove the marked slots, the first of which is `first`, from all arrays. */
static void drop_slots(struct ifp_dense *lp, size_t first)
{
    size_t *to = lp->candidates; /* by slot: its new index */
    size_t kept = first;
    for (size_t s = 0; s < lp->slots; s++)
        to[s] = s < first ? s : lp->mark[s] ? SIZE_MAX : kept++;
    for (size_t r = 0; r < lp->rows; r++) {
        lp->basic[r] = to[lp->basic[r]];
        lp->row_slot[r] = to[lp->row_slot[r]];
    }
    for (size_t c = 0; c < lp->columns; c++)
        lp->column_slot[c] = to[lp->column_slot[c]];
    for (size_t s = first; s < lp->slots; s++) {
        if (lp->mark[s])
            continue;
        lp->column[to[s]] = lp->column[s];
        lp->lower[to[s]] = lp->lower[s];
        lp->upper[to[s]] = lp->upper[s];
        lp->cost[to[s]] = lp->cost[s];
        lp->shift[to[s]] = lp->shift[s];
        lp->value[to[s]] = lp->value[s];
        lp->price[to[s]] = lp->price[s];
        lp->weight[to[s]] = lp->weight[s];
        lp->place[to[s]] = lp->place[s];
    }
    lp->slots = kept;
    lp->has_rows = false;
    lp->has_ray = false;
    ifp_dense_find_levels(lp);
    ifp_dense_find_prices(lp);
}

void ifp_dense_delete_columns(struct ifp_dense *lp, size_t count, const size_t *columns)
{
    size_t first = lp->slots;
    size_t kept = 0;
    size_t at = 0;
    memset(lp->mark, 0, lp->slots * sizeof *lp->mark);
    for (size_t k = 0; k < count; k++) {
        size_t slot = lp->column_slot[columns[k]];
        lp->mark[slot] = true;
        first = slot < first ? slot : first;
    }
    for (size_t k = 0; k < count; k++) {
        size_t slot = lp->column_slot[columns[k]];
        if (lp->place[slot] != NOT_BASIC)
            push_out(lp, slot);
    }
    for (size_t c = 0; c < lp->columns; c++) {
        if (at < count && columns[at] == c)
            at++;
        else
            lp->column_slot[kept++] = lp->column_slot[c];
    }
    lp->columns = kept;
    drop_slots(lp, first);
}

/* Make the slack of a row basic, by the largest pivot among variables that are not marked. */
static void bring_in(struct ifp_dense *lp, size_t slack)
{
    size_t best = SIZE_MAX;
    ifp_dense_spike(lp, slack);
    for (size_t p = 0; p < lp->rows; p++) {
        if (!lp->mark[lp->basic[p]] &&
            (best == SIZE_MAX || fabs(lp->spike[p]) > fabs(lp->spike[best])))
            best = p;
    }
    size_t leaving = lp->basic[best];
    ifp_dense_pivot(lp, best, slack);
    lp->price[leaving] = 0;
    ifp_dense_set_nonbasic(lp, leaving);
}

void ifp_dense_delete_rows(struct ifp_dense *lp, size_t count, const size_t *rows)
{
    size_t first = lp->slots;
    size_t *to = lp->wanted; /* by row: its new index */
    memset(lp->mark, 0, lp->slots * sizeof *lp->mark);
    for (size_t k = 0; k < count; k++) {
        size_t slack = lp->row_slot[rows[k]];
        lp->mark[slack] = true;
        first = slack < first ? slack : first;
        if (lp->place[slack] == NOT_BASIC)
            bring_in(lp, slack);
    }
    size_t kept = 0;
    for (size_t r = 0; r < lp->rows; r++)
        to[r] = lp->mark[lp->row_slot[r]] ? SIZE_MAX : kept++;
    /* A row whose slack is basic has no active column. */
    size_t place = 0;
    for (size_t p = 0; p < lp->rows; p++) {
        if (lp->mark[lp->basic[p]])
            continue;
        if (place != p)
            memcpy(ifp_dense_inverse(lp, place), ifp_dense_inverse(lp, p),
                   lp->active * sizeof *lp->inverse);
        lp->basic[place] = lp->basic[p];
        lp->place[lp->basic[place]] = (int)place;
        place++;
    }
    for (size_t s = 0; s < lp->slots; s++) {
        struct ifp_dense_column *column = &lp->column[s];
        size_t left = column->start;
        if (column->row != SIZE_MAX) {
            column->row = to[column->row];
            continue;
        }
        for (size_t e = column->start; e < column->start + column->count; e++) {
            if (to[lp->entry_row[e]] == SIZE_MAX)
                continue;
            lp->entry_row[left] = to[lp->entry_row[e]];
            lp->entry_value[left++] = lp->entry_value[e];
        }
        column->count = left - column->start;
    }
    for (size_t r = 0; r < lp->rows; r++) {
        if (to[r] == SIZE_MAX)
            continue;
        lp->row_slot[to[r]] = lp->row_slot[r];
        lp->active_at[to[r]] = lp->active_at[r];
    }
    for (size_t k = 0; k < lp->active; k++)
        lp->active_row[k] = to[lp->active_row[k]];
    lp->rows = kept;
    drop_slots(lp, first);
}
