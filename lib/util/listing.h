/* SPDX-License-Identifier: MIT */
/* Names that are allowed, as a message lists them, and the one that was probably meant. */
#ifndef IFP_UTIL_LISTING_H
#define IFP_UTIL_LISTING_H

#include <stdbool.h>

#include "util/nearest.h"
#include "util/text.h"

/* Begin with ifp_listing_begin, end with ifp_listing_clear. */
struct ifp_listing {
    struct ifp_nearest nearest;
    struct ifp_text names;
    size_t count;
    bool quoted;           /* names of a user's, unlike words of the format */
    struct ifp_text meant; /* made by ifp_listing_end */
};

/* For a word of that many bytes, which is borrowed, as the names are. */
void ifp_listing_begin(struct ifp_listing *listing, const char *word, size_t length, bool quoted);
void ifp_listing_add(struct ifp_listing *listing, const char *name);

/* After the last name. False if out of memory. names.data is then "a, b, c and 5 more", or "" for
 * none, and meant.data " (b?)" or "". */
bool ifp_listing_end(struct ifp_listing *listing);

void ifp_listing_clear(struct ifp_listing *listing);

#endif
