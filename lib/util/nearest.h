/* SPDX-License-Identifier: MIT */
/* The name that a misspelt word probably stands for. */
#ifndef IFP_UTIL_NEAREST_H
#define IFP_UTIL_NEAREST_H

#include <stddef.h>

struct ifp_nearest {
    const char *word;
    size_t length;
    const char *name; /* the nearest so far; NULL if no name is near enough */
    size_t distance;
};

/* Begin with a word of `length` bytes. The word and the names are borrowed. */
void ifp_nearest_begin(struct ifp_nearest *nearest, const char *word, size_t length);

/*
 * Try one name. It is near enough if at most a third of the letters are wrong, missing, superfluous
 * or swapped with a neighbour, or if it begins with the word. Upper and lower case count as equal,
 * and so do - and _. The first of equally near names is kept; the word itself never is.
 */
void ifp_nearest_try(struct ifp_nearest *nearest, const char *name);

#endif
