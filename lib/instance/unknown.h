/* SPDX-License-Identifier: MIT */
/* Errors for names that an instance or its format does not have. The message lists the allowed
 * names and the name that was probably meant. Functions that return an int return IFP_ERROR_VALUE
 * or IFP_ERROR_MEMORY. */
#ifndef IFP_INSTANCE_UNKNOWN_H
#define IFP_INSTANCE_UNKNOWN_H

#include <stddef.h>

#include "instance/fields.h"

/* A field in the file that the section does not have. NULL is the section performance. */
int ifp_unknown_field(const struct ifp_section *section, const char *name, const char *where,
                      struct ifp_error *error);

/* A field in a path that the section does not have, with the length of its name. */
int ifp_unknown_in_path(const struct ifp_section *section, const char *name, size_t length,
                        const char *path, struct ifp_error *error);

/* A name that no member of the list has. `owner` is that of the list. `others` begins with a comma
 * and says what is allowed besides names. */
int ifp_unknown_member(const void *owner, const struct ifp_section *list, const char *name,
                       size_t length, const char *others, const char *where,
                       struct ifp_error *error);

/* The value of a field that must be the name of a member of a list, or null if that is allowed. */
int ifp_unknown_reference(const struct ifp_instance *instance, const struct ifp_section *list,
                          const char *name, bool nullable, const char *where,
                          struct ifp_error *error);

/* Append the values that a plan's "query", "model" or "tier", which is `noun`, may have, with the
 * one nearest to `found` ("" if the field is missing). */
void ifp_unknown_allowed(const struct ifp_instance *instance, const char *noun, const char *found,
                         struct ifp_text *allowed);

#endif
