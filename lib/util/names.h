/* SPDX-License-Identifier: MIT */
/*
 * From names to their indices in a list: a crit-bit tree (Morrison's PATRICIA, 1968). A search
 * reads no more bits than the name has, and then compares the name once. The work on a set of
 * names is therefore at most proportional to their bytes. Unlike a hash table, no file can be
 * written that makes it slow.
 */
#ifndef IFP_UTIL_NAMES_H
#define IFP_UTIL_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct ifp_names_entry {
    const char *name; /* owned by the caller, who keeps it until the tree is cleared */
    size_t size;
};

/* The first bit in which two groups of names differ. A child is 2 n for node n, or 2 e + 1 for
 * entry e. */
struct ifp_names_node {
    size_t bit; /* counted from the first byte's highest; all bits after a name's end are 0 */
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

/* The index of the name, or the number of names if it is missing. */
size_t ifp_names_find(const struct ifp_names *names, const char *name);

/* The index of the longest name at the beginning of `text` that is followed by `stop`, or the
 * number of names if there is none. */
size_t ifp_names_find_before(const struct ifp_names *names, const char *text, char stop);

/* Append a name that is missing. Returns false, with no change, if out of memory. */
bool ifp_names_add(struct ifp_names *names, const char *name);

/* Overwrite *to with a copy whose entries point to the names of the original. Returns false, with
 * *to empty, if out of memory. */
bool ifp_names_copy(struct ifp_names *to, const struct ifp_names *from);

void ifp_names_clear(struct ifp_names *names);

#endif
