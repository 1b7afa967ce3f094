/* SPDX-License-Identifier: MIT */
/* Paths to fields: "tiers[*].usd_per_hour" understood, for setting and reading by path. */
#ifndef IFP_INSTANCE_PATH_H
#define IFP_INSTANCE_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "instance/fields.h"

/* A path, understood. */
struct ifp_path {
    const struct ifp_section *section; /* NULL: a performance table */
    const struct ifp_field *field;
    size_t first; /* members first..last of the section */
    size_t last;
    bool entries;        /* of a list field: [..] follows its name, */
    bool every_entry;    /* and says * */
    size_t entry;        /* or this one */
    size_t field_length; /* bytes of the path up to there */
    enum ifp_performance table;
    int selectors;  /* how many [..] follow the table's name */
    size_t from[3]; /* the range each selector names */
    size_t to[3];
};

/* IFP_OK, or IFP_ERROR_VALUE where the instance has no such field or member. */
int ifp_path_read(const struct ifp_instance *instance, const char *path, struct ifp_path *target,
                  struct ifp_error *error);

/* The list field that is meant, as it is in a record; its default where an entry is asked for. */
const struct ifp_numbers *ifp_path_list(const struct ifp_path *target, void *record);

/* Both report at the path and return IFP_ERROR_VALUE. */
int ifp_path_refuse(struct ifp_error *error, const char *path, const char *what);
int ifp_path_refuse_entry(struct ifp_error *error, const char *path,
                          const struct ifp_numbers *list);

#endif
