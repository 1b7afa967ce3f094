/* SPDX-License-Identifier: MIT */
/* Building the compact MILP. Only for the files of this directory. */
#ifndef IFP_MILP_MILP_BUILD_H
#define IFP_MILP_MILP_BUILD_H

#include "milp/milp.h"

/* Rows or routes between two polls of the cancel. */
enum { IFP_MILP_POLL = 1024 };

/* The program that is being built, with the capacities of its arrays. After a failed allocation or
 * a cancel, all functions do nothing. */
struct ifp_milp_builder {
    const struct ifp_problem *problem;
    struct ifp_milp *milp;
    size_t column_capacity;
    size_t row_capacity;
    size_t entry_capacity;
    uint32_t *pair_column; /* by query and pair: z, or UINT32_MAX; NULL if no pair has a z */
    size_t *threshold;     /* by block: its t; the excess columns of its groups follow */
    uint32_t *product;     /* by route: its product; NULL if no route has one */
    uint32_t *list;        /* routes ordered by query */
    uint32_t **by_query;   /* the routes of query i are by_query[i] .. by_query[i + 1] - 1 */
    const struct ifp_cancel *cancel; /* NULL: no cancel */
    bool failed;                     /* out of memory or cancelled */
    bool cancelled;
};

/* Indices are below 2^32 (ifp_size_check). */
static inline struct ifp_column ifp_milp_column(enum ifp_column_kind kind, size_t first,
                                                size_t second)
{
    return (struct ifp_column){
        .first = (uint32_t)first, .second = (uint32_t)second, .kind = (uint8_t)kind};
}

/* Allocate for exactly `capacity` columns or entries, so that the arrays do not grow by
 * doubling. */
void ifp_milp_reserve_columns(struct ifp_milp_builder *builder, size_t capacity);
void ifp_milp_reserve_entries(struct ifp_milp_builder *builder, size_t capacity);

/* Add a column with lower bound 0. Returns its index. */
size_t ifp_milp_add_column(struct ifp_milp_builder *builder, struct ifp_column column, double cost,
                           double upper, bool integer);
void ifp_milp_begin_row(struct ifp_milp_builder *builder, enum ifp_row_kind kind, size_t first,
                        size_t second, double lower, double upper);
/* Add an entry to the row begun last. Zeros are left out. */
void ifp_milp_add_entry(struct ifp_milp_builder *builder, size_t column, double value);
/* Remove the row begun last if it has fewer than `minimum` entries, since it is then redundant. */
void ifp_milp_drop_row_below(struct ifp_milp_builder *builder, size_t minimum);

/* Thresholds, excesses and products, after the share columns; the entries that express D in the
 * limit rows of a query type; and the rows that link these columns to the shares. */
void ifp_milp_add_worst_columns(struct ifp_milp_builder *builder);
void ifp_milp_add_worst_entries(struct ifp_milp_builder *builder, size_t block);
void ifp_milp_add_worst_rows(struct ifp_milp_builder *builder);

#endif
