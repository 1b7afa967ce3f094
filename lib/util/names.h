/* SPDX-License-Identifier: MIT */
/*
 * From names to their places in a list: a crit-bit tree (Morrison's PATRICIA, 1968). A search looks
 * at no more bits than the name has, and then compares it once. So the work on a set of names is at
 * most proportional to their bytes, whatever the names are: there is no hash that a file could be
 * made to defeat.
 */
#ifndef IFP_UTIL_NAMES_H
#define IFP_UTIL_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct ifp_names_entry {
    const char *name; /* owned by the caller, and kept until the tree is cleared */
    size_t size;
};

/* Where two groups of names first differ. A child is twice the index of a node, or twice the index
 * of an entry and 1. */
struct ifp_names_node {
    size_t bit; /* counted from the first byte's highest; behind a name, all bits are 0 */
    size_t child[2];
};

/* Zero-initialise. Entries are in the order in which they were added. */
struct ifp_names {
    struct ifp_names_entry *entries;
    struct ifp_names_node *nodes; /* one fewer than entries */
    size_t count;
    size_t capacity;
    size_t root;
};

/* The index of the name, or the number of names if it is not among them. */
size_t ifp_names_find(const struct ifp_names *names, const char *name);

/* The longest name that the text begins with and `stop` follows, or the number of names. */
size_t ifp_names_find_before(const struct ifp_names *names, const char *text, char stop);

/* Append a name that is not among them. False if out of memory; nothing changes then. */
bool ifp_names_add(struct ifp_names *names, const char *name);

/* A copy whose entries still point to the names of the original; *to is overwritten. False if out
 * of memory; *to is empty then. */
bool ifp_names_copy(struct ifp_names *to, const struct ifp_names *from);

void ifp_names_clear(struct ifp_names *names);

#endif
