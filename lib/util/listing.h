/* SPDX-License-Identifier: MIT */
/* The list of allowed names in a message, and the name that was probably meant. */
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
    bool quoted;           /* true for the user's names, false for words of the format */
    struct ifp_text meant; /* made by ifp_listing_end */
};

/* For a word of `length` bytes. The word and the names are borrowed. */
void ifp_listing_begin(struct ifp_listing *listing, const char *word, size_t length, bool quoted);
void ifp_listing_add(struct ifp_listing *listing, const char *name);

/* Call after the last name. Afterwards names.data is "a, b, c and 5 more", or "" if there are no
 * names, and meant.data is " (b?)" or "". Returns false if out of memory. */
bool ifp_listing_end(struct ifp_listing *listing);

void ifp_listing_clear(struct ifp_listing *listing);

#endif
