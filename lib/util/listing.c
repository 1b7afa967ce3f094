/* SPDX-License-Identifier: MIT */
/* Lists of names, short enough for one line of a message. */
#include "util/listing.h"

#include <string.h>

/* The maximum number of names in a list, and of bytes of each. */
enum { NAMES_MAX = 8, NAME_SIZE_MAX = 40 };

void ifp_listing_begin(struct ifp_listing *listing, const char *word, size_t length, bool quoted)
{
    *listing = (struct ifp_listing){.quoted = quoted};
    ifp_nearest_begin(&listing->nearest, word, length);
}

static void put_name(struct ifp_text *text, const char *name, bool quoted)
{
    if (quoted)
        ifp_text_string(text, "\"");
    ifp_text_shorten(text, name, strlen(name), NAME_SIZE_MAX);
    if (quoted)
        ifp_text_string(text, "\"");
}

void ifp_listing_add(struct ifp_listing *listing, const char *name)
{
    ifp_nearest_try(&listing->nearest, name);
    if (listing->count < NAMES_MAX) {
        ifp_text_string(&listing->names, listing->count ? ", " : "");
        put_name(&listing->names, name, listing->quoted);
    }
    listing->count++;
}

bool ifp_listing_end(struct ifp_listing *listing)
{
    ifp_text_string(&listing->names, "");
    if (listing->count > NAMES_MAX)
        ifp_text_format(&listing->names, " and %zu more", listing->count - NAMES_MAX);
    ifp_text_string(&listing->meant, "");
    if (listing->nearest.name) {
        ifp_text_string(&listing->meant, " (");
        put_name(&listing->meant, listing->nearest.name, listing->quoted);
        ifp_text_string(&listing->meant, "?)");
    }
    return !listing->names.failed && !listing->meant.failed;
}

void ifp_listing_clear(struct ifp_listing *listing)
{
    ifp_text_clear(&listing->names);
    ifp_text_clear(&listing->meant);
}
