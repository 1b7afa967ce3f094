/* SPDX-License-Identifier: MIT */
/* The records of lists: growing a list, copying and freeing what a record owns. */
#ifndef IFP_INSTANCE_RECORD_H
#define IFP_INSTANCE_RECORD_H

#include "instance/fields.h"
#include "instance/place.h"

/* Append a member with default values to a list. Returns IFP_ERROR_VALUE if the name is not allowed
 * or already used. `list` is the place of the list. */
int ifp_record_append(const struct ifp_section *section, void *owner, const char *name,
                      const struct ifp_place *list, struct ifp_error *error);

/* Append a member without a name, with default values. Returns NULL if out of memory. */
void *ifp_record_append_unnamed(const struct ifp_section *section, void *owner);

/* Remove the last member, whose name must not be in the list's names. */
void ifp_record_remove_last(const struct ifp_section *section, void *owner);

/* Free what the fields of a record or object own. The record must be overwritten afterwards. */
void ifp_record_free_fields(const struct ifp_section *section, void *record);

/* Free what a nested object owns, and set its default values. */
void ifp_record_reset(const struct ifp_section *section, void *record);

/* Replace what the fields own by copies, after the bytes were copied from `from`. If it returns
 * false, out of memory, the fields can be freed. */
bool ifp_record_copy_fields(const struct ifp_section *section, void *to, const void *from);

/* Fill an empty list with copies. If it returns false, the list can be freed. */
bool ifp_record_copy_list(const struct ifp_section *section, void *to, const void *from);
void ifp_record_free_list(const struct ifp_section *section, void *owner);

#endif
