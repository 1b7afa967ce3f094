/* SPDX-License-Identifier: MIT */
/* The fields that the axes of a grid name, and which of them depend on each other. */
#ifndef INFERPLAN_TOOLS_GRID_FIELD_H
#define INFERPLAN_TOOLS_GRID_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "sweep/grid.h"

/* The parts are borrowed from the path. They are unspecified if the path names no field. */
struct grid_field {
    const char *section; /* up to the first dot or bracket */
    size_t section_length;
    const char *name;
    size_t name_length;
    bool entries;   /* of a list: tp_degrees[0] */
    bool every;     /* SECTION[*].NAME */
    bool lists;     /* holds lists of degrees or speed-ups, whose lengths are compared */
    bool whole;     /* between two allowed numbers there are numbers that are not allowed */
    bool replaces;  /* whether a value other than a factor is allowed does not depend on the old one
                     */
    bool follows;   /* an earlier axis may decide whether a value of this one is allowed */
    bool shared;    /* this axis follows another one, or another one follows it */
    bool entangled; /* ifp_instance_validate compares it with other fields, or it is shared */
};

/* Write the fields of all axes into `fields`, one for each axis. Returns false if out of memory. */
bool grid_fields_read(const struct grid *grid, struct grid_field *fields);

#endif
