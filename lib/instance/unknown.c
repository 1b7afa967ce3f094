/* SPDX-License-Identifier: MIT */
/* Errors for unknown names: the place, the allowed names and the nearest one. */
#include "instance/unknown.h"

#include <string.h>

#include "util/listing.h"

/* Add the names of a section's fields, in a path without those that it cannot set; for the top
 * level, also those of the other sections. */
static void list_fields(struct ifp_listing *listing, const struct ifp_section *section,
                        bool in_path)
{
    for (size_t p = 0; !section && p < IFP_PERFORMANCE_COUNT; p++)
        ifp_listing_add(listing, ifp_table_fields[p].field.name);
    for (size_t f = 0; section && f < section->field_count; f++) {
        if (!in_path || !section->fields[f].fixed)
            ifp_listing_add(listing, section->fields[f].name);
    }
    if (section != &ifp_sections[IFP_SECTION_TOP])
        return;
    for (size_t s = 0; s < IFP_SECTION_COUNT; s++) {
        if (s != IFP_SECTION_TOP)
            ifp_listing_add(listing, ifp_sections[s].name);
    }
    ifp_listing_add(listing, "performance");
}

/* Add the fields that a file has and a path cannot set. */
static void list_text_fields(struct ifp_listing *listing, const struct ifp_section *section)
{
    if (section == &ifp_sections[IFP_SECTION_TOP]) {
        ifp_listing_add(listing, "format");
        ifp_listing_add(listing, "version");
        ifp_listing_add(listing, "source");
    }
    if (section == &ifp_sections[IFP_SECTION_TOP] ||
        (section && section->list && section->key == IFP_KEY_NAME))
        ifp_listing_add(listing, "name");
}

int ifp_unknown_field(const struct ifp_section *section, const char *name, const char *where,
                      struct ifp_error *error)
{
    struct ifp_listing listing;
    ifp_listing_begin(&listing, name, strlen(name), false);
    list_text_fields(&listing, section);
    list_fields(&listing, section, false);
    int code = ifp_listing_end(&listing)
                   ? ifp_error_set(error, IFP_ERROR_VALUE, where,
                                   "unknown field%s; allowed: %s, and names of your own that begin "
                                   "with x_",
                                   listing.meant.data, listing.names.data)
                   : ifp_error_memory(error);
    ifp_listing_clear(&listing);
    return code;
}

int ifp_unknown_in_path(const struct ifp_section *section, const char *name, size_t length,
                        const char *path, struct ifp_error *error)
{
    struct ifp_listing listing;
    bool top = section == &ifp_sections[IFP_SECTION_TOP];
    ifp_listing_begin(&listing, name, length, false);
    list_fields(&listing, section, true);
    int code =
        ifp_listing_end(&listing)
            ? ifp_error_set(error, IFP_ERROR_VALUE, path, "there is no such field%s; allowed: %s%s",
                            listing.meant.data, listing.names.data,
                            top ? ", as in limits.budget_usd and queries[0].rate_per_hour" : "")
            : ifp_error_memory(error);
    ifp_listing_clear(&listing);
    return code;
}

static void list_members(struct ifp_listing *listing, const void *owner,
                         const struct ifp_section *list)
{
    for (size_t m = 0; m < ifp_section_length(list, owner); m++) {
        const struct ifp_record *record = ifp_section_record(list, owner, m);
        ifp_listing_add(listing, record->name);
    }
}

int ifp_unknown_member(const void *owner, const struct ifp_section *list, const char *name,
                       size_t length, const char *others, const char *where,
                       struct ifp_error *error)
{
    struct ifp_listing listing;
    ifp_listing_begin(&listing, name, length, true);
    list_members(&listing, owner, list);
    int code = ifp_listing_end(&listing)
                   ? ifp_error_set(error, IFP_ERROR_VALUE, where,
                                   "no member of %s by that name%s; allowed: %s%s", list->name,
                                   listing.meant.data, listing.names.data, others)
                   : ifp_error_memory(error);
    ifp_listing_clear(&listing);
    return code;
}

int ifp_unknown_reference(const struct ifp_instance *instance, const struct ifp_section *list,
                          const char *name, bool nullable, const char *where,
                          struct ifp_error *error)
{
    struct ifp_listing listing;
    ifp_listing_begin(&listing, name, strlen(name), true);
    list_members(&listing, instance, list);
    const char *null = !nullable ? "" : listing.count ? ", or null" : "null";
    int code = ifp_listing_end(&listing)
                   ? ifp_error_set(error, IFP_ERROR_VALUE, where,
                                   "found \"%s\", which is no %s%s; allowed: %s%s", name,
                                   list->noun, listing.meant.data, listing.names.data, null)
                   : ifp_error_memory(error);
    ifp_listing_clear(&listing);
    return code;
}

void ifp_unknown_allowed(const struct ifp_instance *instance, const char *noun, const char *found,
                         struct ifp_text *allowed)
{
    struct ifp_listing listing;
    ifp_listing_begin(&listing, found, strlen(found), true);
    list_members(&listing, instance, ifp_section_of_noun(noun));
    if (ifp_listing_end(&listing))
        ifp_text_format(allowed, "the name of a %s of the instance%s: %s", noun, listing.meant.data,
                        listing.names.data);
    else
        allowed->failed = true;
    ifp_listing_clear(&listing);
}
