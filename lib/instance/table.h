/* SPDX-License-Identifier: MIT */
/* Performance tables: shapes, and growing a table to the rank that an entry needs. */
#ifndef IFP_INSTANCE_TABLE_H
#define IFP_INSTANCE_TABLE_H

#include "instance/fields.h"

/* The most entries that a table is given that did not have them, 1 GiB of numbers. */
#define IFP_TABLE_MOST ((size_t)1 << 27)

/* How many entries a table of that rank has. False where that is too many to address. */
bool ifp_table_size(const struct ifp_instance *instance, const struct ifp_table_field *field,
                    int rank, size_t *size);

/* "found a table of 3 queries by 2 models; allowed: at most N entries" at `where`. */
int ifp_table_refuse(const struct ifp_instance *instance, const struct ifp_table_field *field,
                     int rank, size_t most, const char *where, struct ifp_error *error);

/* The values of a table of the right shape as if it had been given for `rank` dimensions, at least
 * its own; an unset one is all NaN where that is allowed, else all default. NULL when memory ran
 * out. Owned by the caller. */
double *ifp_table_expand(const struct ifp_instance *instance, enum ifp_performance field, int rank,
                         size_t *size);

/* The field of that name, or IFP_PERFORMANCE_COUNT. */
enum ifp_performance ifp_table_find(const char *name, size_t length);

/* Does every table have the shape of today's lists? Else IFP_ERROR_VALUE. */
int ifp_table_check(const struct ifp_instance *instance, enum ifp_performance field,
                    struct ifp_error *error);

#endif
