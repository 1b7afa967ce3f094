/* SPDX-License-Identifier: MIT */
/* The name that a misspelt word was probably meant to be. The command is built with it as well. */
#ifndef IFP_UTIL_NEAREST_H
#define IFP_UTIL_NEAREST_H

#include <stddef.h>

struct ifp_nearest {
    const char *word;
    size_t length;
    const char *name; /* the nearest so far; NULL: none is near enough */
    size_t distance;
};

/* Begin with a word of that many bytes, which is borrowed, as the names are. */
void ifp_nearest_begin(struct ifp_nearest *nearest, const char *word, size_t length);

/*
 * Try one name. It is near enough if at most a third of the letters are wrong, missing, too many or
 * swapped with their neighbour, or if the word is its beginning. Upper and lower case are the same
 * here, and so are - and _. Of equally near names the first is taken; the word itself never is.
 */
void ifp_nearest_try(struct ifp_nearest *nearest, const char *name);

#endif
