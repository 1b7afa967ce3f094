/* SPDX-License-Identifier: MIT */
/* Refusing names that an instance or its format does not have: which are allowed, and which one was
 * probably meant. Each returns IFP_ERROR_VALUE, or IFP_ERROR_MEMORY. */
#ifndef IFP_INSTANCE_UNKNOWN_H
#define IFP_INSTANCE_UNKNOWN_H

#include <stddef.h>

#include "instance/fields.h"

/* A field that the section (NULL: performance) does not have, in the file. */
int ifp_unknown_field(const struct ifp_section *section, const char *name, const char *where,
                      struct ifp_error *error);

/* The same in a path, with the length of the name. */
int ifp_unknown_in_path(const struct ifp_section *section, const char *name, size_t length,
                        const char *path, struct ifp_error *error);

/* A name that no member of the list has. `others`: what is allowed besides names, with a comma. */
int ifp_unknown_member(const struct ifp_instance *instance, const struct ifp_section *list,
                       const char *name, size_t length, const char *others, const char *where,
                       struct ifp_error *error);

int ifp_unknown_pool(const struct ifp_instance *instance, const char *name, const char *where,
                     struct ifp_error *error);

/* What a plan's "query", "model" or "tier" may be, in words for what was found ("": nothing). */
void ifp_unknown_allowed(const struct ifp_instance *instance, const char *kind, const char *found,
                         struct ifp_text *allowed);

#endif
