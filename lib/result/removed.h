/* SPDX-License-Identifier: MIT */
/* What was removed before a solve, as a result shows it: reasons and examples by name. */
#ifndef IFP_RESULT_REMOVED_H
#define IFP_RESULT_REMOVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <inferplan/solution.h>

#include "util/json_write.h"

/* All texts are owned. */
struct ifp_removed_case {
    char *query; /* NULL: a configuration */
    char *model;
    char *tier;
    int64_t degree;
    char *point;  /* NULL: none */
    double value; /* NaN: the reason is not about a limit */
    double limit;
};

struct ifp_removed_reason {
    int reason;       /* enum ifp_removal */
    const char *kind; /* static, as the others */
    const char *word;
    const char *unit; /* NULL: the reason is not about a limit */
    size_t count;
    struct ifp_removed_case *examples; /* owned */
    size_t example_count;
    struct ifp_removed_case *nearest; /* owned; NULL: none */
};

struct ifp_removed_list {
    struct ifp_removed_reason *items; /* owned */
    size_t count;
};

void ifp_removed_clear(struct ifp_removed_list *list);

/* Write the member "removed" of a document: a list, which may be empty. */
void ifp_removed_write(const struct ifp_removed_list *list, struct ifp_json *json);

#define IFP_REMOVED_SIZE_FIRST (offsetof(ifp_removed, example_count) + sizeof(size_t))
#define IFP_REMOVED_EXAMPLE_SIZE_FIRST (offsetof(ifp_removed_example, unit) + sizeof(const char *))

#endif
