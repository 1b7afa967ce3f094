/* SPDX-License-Identifier: MIT */
/* Performance tables: their shapes, and growing a table to a higher rank. */
#ifndef IFP_INSTANCE_TABLE_H
#define IFP_INSTANCE_TABLE_H

#include "instance/fields.h"

/* The maximum number of entries of a table: 1 GiB of numbers. */
#define IFP_TABLE_SIZE_MAX ((size_t)1 << 27)

/* *size becomes the number of entries of a table of that rank. Returns false if it is too large to
 * address. */
bool ifp_table_size(const struct ifp_instance *instance, const struct ifp_table_field *field,
                    int rank, size_t *size);

/* Report "found a table of 3 queries by 2 models; allowed: at most N entries" at `where`. */
int ifp_table_refuse(const struct ifp_instance *instance, const struct ifp_table_field *field,
                     int rank, size_t maximum, const char *where, struct ifp_error *error);

/* A copy of a table's values as if it had been given for `rank` dimensions, at least its own rank.
 * The table must have the right shape. If it was not given, all values are NaN if the field is
 * nullable, else its default. The caller owns the values; NULL if out of memory. */
double *ifp_table_expand(const struct ifp_instance *instance, enum ifp_performance field, int rank,
                         size_t *size);

/* The field with that name, or IFP_PERFORMANCE_COUNT. */
enum ifp_performance ifp_table_find(const char *name, size_t length);

/* Must the table be given? With profiles, delays need not be. */
bool ifp_table_required(const struct ifp_instance *instance, enum ifp_performance field);

/* Is the table given as its word? */
bool ifp_table_is_word(const struct ifp_instance *instance, enum ifp_performance field);

/* Give the table as its word, or not. Does nothing if it has no word. The values stay. */
void ifp_table_set_word(struct ifp_instance *instance, enum ifp_performance field, bool word);

/* Returns IFP_ERROR_VALUE if a required table is missing, or if its shape does not fit the present
 * lists. */
int ifp_table_check(const struct ifp_instance *instance, enum ifp_performance field,
                    struct ifp_error *error);

#endif
