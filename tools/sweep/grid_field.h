/* SPDX-License-Identifier: MIT */
/* Which fields the axes of a grid name, and which of them depend on each other. */
#ifndef INFERPLAN_TOOLS_GRID_FIELD_H
#define INFERPLAN_TOOLS_GRID_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "sweep/grid.h"

/* Of a path that names no field, the parts are unspecified. They are borrowed from the path. */
struct grid_field {
    const char *section; /* up to the first dot or bracket */
    size_t section_length;
    const char *name;
    size_t name_length;
    bool entries;   /* of a list: tp_degrees[0] */
    bool every;     /* SECTION[*].NAME */
    bool lists;     /* holds lists of degrees or speed-ups, whose lengths are compared */
    bool whole;     /* allows only some of the numbers between two that it allows */
    bool replaces;  /* what is not a factor is allowed or not whatever was there before */
    bool follows;   /* an axis before may decide whether a value of this one is allowed */
    bool shared;    /* this axis follows another one, or another one follows it */
    bool entangled; /* ifp_instance_validate compares it with other fields, or it is shared */
};

/* The fields of all axes, into room for as many. False if out of memory. */
bool grid_fields_read(const struct grid *grid, struct grid_field *fields);

#endif
