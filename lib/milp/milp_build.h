/* SPDX-License-Identifier: MIT */
/* The compact MILP while it is being built. For milp.c and milp_worst.c alone. */
#ifndef IFP_MILP_MILP_BUILD_H
#define IFP_MILP_MILP_BUILD_H

#include "milp/milp.h"

/* Rows or routes between two polls of the cancel. */
enum { IFP_MILP_POLL = 1024 };

/* What is being built, with room to grow. A failed allocation makes the rest do nothing. */
struct ifp_milp_builder {
    const struct ifp_problem *problem;
    struct ifp_milp *milp;
    size_t column_room;
    size_t row_room;
    size_t entry_room;
    uint32_t *pair_column; /* by query and pair: its z, or UINT32_MAX; NULL if no pair has */
    size_t *threshold;     /* by block: its t; the excess columns of its groups follow */
    uint32_t *product;     /* by route: its product; NULL if no route has one */
    uint32_t *list;        /* routes, */
    uint32_t **by_query;   /* and where those of each query begin in it, and end */
    const struct ifp_cancel *cancel; /* NULL: never */
    bool failed;                     /* nothing more is added: out of memory, */
    bool cancelled;                  /* or cancelled */
};

/* Indices are below 2^32 (ifp_size_check). */
static inline struct ifp_column ifp_milp_column(enum ifp_column_kind kind, size_t first,
                                                size_t second)
{
    return (struct ifp_column){
        .first = (uint32_t)first, .second = (uint32_t)second, .kind = (uint8_t)kind};
}

/* Capacity for this many columns or entries, so that the first ones take no more than they need. */
void ifp_milp_reserve_columns(struct ifp_milp_builder *builder, size_t room);
void ifp_milp_reserve_entries(struct ifp_milp_builder *builder, size_t room);

/* Lower bound 0; returns its index. */
size_t ifp_milp_add_column(struct ifp_milp_builder *builder, struct ifp_column column, double cost,
                           double upper, bool integer);
void ifp_milp_begin_row(struct ifp_milp_builder *builder, enum ifp_row_kind kind, size_t first,
                        size_t second, double lower, double upper);
/* Of the row begun last; zeros are left out. */
void ifp_milp_add_entry(struct ifp_milp_builder *builder, size_t column, double value);
/* A row with fewer entries than `least` says nothing. */
void ifp_milp_drop_row_below(struct ifp_milp_builder *builder, size_t least);

/* Thresholds, excesses and products, after the share columns; what stands in for D in the limit
 * rows of a query type; and the rows that tie them to the shares. */
void ifp_milp_add_worst_columns(struct ifp_milp_builder *builder);
void ifp_milp_add_worst_entries(struct ifp_milp_builder *builder, size_t block);
void ifp_milp_add_worst_rows(struct ifp_milp_builder *builder);

#endif
