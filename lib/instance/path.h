/* SPDX-License-Identifier: MIT */
/* Parsing paths to fields, such as "tiers[*].usd_per_hour", to set and read fields. */
#ifndef IFP_INSTANCE_PATH_H
#define IFP_INSTANCE_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "instance/fields.h"

/* A parsed path. Begin with ifp_path_read, end with ifp_path_release. */
struct ifp_path {
    const struct ifp_section *section; /* NULL: a performance table */
    const struct ifp_field *field;     /* a nested object itself: the field that contains it */
    void **records;                    /* the records of the section that the path names */
    size_t count;
    void *single;        /* where `records` points if there is one */
    bool entries;        /* does [..] follow the name of a list field? */
    bool every_entry;    /* if so: is it [*]? */
    size_t entry;        /* if not [*]: the entry's index */
    size_t field_length; /* bytes of the path before that [ */
    enum ifp_performance table;
    int selectors;  /* the number of [..] after the table's name */
    size_t from[3]; /* selector d names the members from[d] .. to[d] - 1 */
    size_t to[3];
};

/* Parse a path. Returns IFP_ERROR_VALUE if the instance has no such field or member; then the path
 * is cleared already. The records may be changed if the caller may change the instance. */
int ifp_path_read(const struct ifp_instance *instance, const char *path, struct ifp_path *target,
                  struct ifp_error *error);
void ifp_path_release(struct ifp_path *target);

/* The list that the path names, in a record. If the path names an entry of a list that was not
 * given, it is the list that stands for it by default. */
const struct ifp_numbers *ifp_path_list(const struct ifp_path *target, void *record);

/* Both report an error at the path and return IFP_ERROR_VALUE. */
int ifp_path_refuse(struct ifp_error *error, const char *path, const char *what);
int ifp_path_refuse_entry(struct ifp_error *error, const char *path,
                          const struct ifp_numbers *list);

#endif
