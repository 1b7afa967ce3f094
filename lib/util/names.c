/* SPDX-License-Identifier: MIT */
/* From names to their indices in a list: a crit-bit tree. */
#include "util/names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"

/* A test defines this macro to count the work. */
#ifndef IFP_NAMES_STEP
#define IFP_NAMES_STEP() ((void)0)
#endif

static bool is_entry(size_t child)
{
    return child % 2 != 0;
}

static size_t bit_of(const char *name, size_t size, size_t bit)
{
    size_t byte = bit / 8;
    return byte < size ? (size_t)(unsigned char)name[byte] >> (7 - bit % 8) & 1 : 0;
}

/* The entry that shares the longest prefix, in bits, with the name. */
static size_t nearest(const struct ifp_names *names, const char *name, size_t size)
{
    size_t at = names->root;
    while (!is_entry(at)) {
        const struct ifp_names_node *node = &names->nodes[at / 2];
        at = node->child[bit_of(name, size, node->bit)];
        IFP_NAMES_STEP();
    }
    return at / 2;
}

static size_t common_bytes(const struct ifp_names_entry *entry, const char *name, size_t size)
{
    size_t smallest = entry->size < size ? entry->size : size;
    size_t common = 0;
    while (common < smallest && entry->name[common] == name[common]) {
        common++;
        IFP_NAMES_STEP();
    }
    return common;
}

size_t ifp_names_find(const struct ifp_names *names, const char *name)
{
    if (!names->count)
        return 0;
    size_t size = strlen(name);
    size_t index = nearest(names, name, size);
    const struct ifp_names_entry *entry = &names->entries[index];
    bool same = entry->size == size && !memcmp(entry->name, name, size);
    return same ? index : names->count;
}

/* The index of the name that ends at `byte`, among the names below a node that agree up to it, or
 * the number of names. All bits after the end of a name are 0, so it is on the 0 side of nodes. */
static size_t ending_at(const struct ifp_names *names, size_t at, size_t byte)
{
    while (!is_entry(at) && names->nodes[at / 2].bit / 8 == byte) {
        at = names->nodes[at / 2].child[0];
        IFP_NAMES_STEP();
    }
    return is_entry(at) && names->entries[at / 2].size == byte ? at / 2 : names->count;
}

size_t ifp_names_find_before(const struct ifp_names *names, const char *text, char stop)
{
    if (!names->count)
        return 0;
    size_t size = strlen(text);
    size_t last = nearest(names, text, size);
    size_t common = common_bytes(&names->entries[last], text, size);
    /* Every name that the text begins with is on the path to the nearest entry, or one step off. */
    size_t best = names->count;
    size_t at = names->root;
    while (!is_entry(at)) {
        const struct ifp_names_node *node = &names->nodes[at / 2];
        size_t byte = node->bit / 8;
        if (byte > common)
            break;
        if (byte < size && text[byte] == stop) {
            size_t found = ending_at(names, at, byte);
            best = found < names->count ? found : best;
        }
        at = node->child[bit_of(text, size, node->bit)];
        IFP_NAMES_STEP();
    }
    size_t whole = names->entries[last].size;
    return whole == common && whole < size && text[whole] == stop ? last : best;
}

static bool reserve(struct ifp_names *names)
{
    size_t capacity = ifp_array_growth(names->capacity, names->count + 1);
    if (capacity == names->capacity)
        return true;
    if (!ifp_array_resize(&names->entries, capacity, sizeof *names->entries) ||
        !ifp_array_resize(&names->nodes, capacity, sizeof *names->nodes))
        return false;
    names->capacity = capacity;
    return true;
}

/* The first bit in which two different names differ. */
static size_t first_difference(const struct ifp_names_entry *entry, const char *name, size_t size)
{
    size_t bit = 8 * common_bytes(entry, name, size);
    while (bit_of(entry->name, entry->size, bit) == bit_of(name, size, bit))
        bit++;
    return bit;
}

bool ifp_names_add(struct ifp_names *names, const char *name)
{
    if (!reserve(names))
        return false;
    size_t size = strlen(name);
    size_t added = 2 * names->count + 1;
    if (names->count == 0) {
        names->root = added;
    } else {
        size_t near = nearest(names, name, size);
        size_t bit = first_difference(&names->entries[near], name, size);
        /* The new node goes above the first node that looks at a later bit. */
        size_t *link = &names->root;
        while (!is_entry(*link) && names->nodes[*link / 2].bit < bit) {
            struct ifp_names_node *node = &names->nodes[*link / 2];
            link = &node->child[bit_of(name, size, node->bit)];
            IFP_NAMES_STEP();
        }
        struct ifp_names_node *node = &names->nodes[names->count - 1];
        size_t side = bit_of(name, size, bit);
        node->bit = bit;
        node->child[side] = added;
        node->child[1 - side] = *link;
        *link = 2 * (names->count - 1);
    }
    names->entries[names->count++] = (struct ifp_names_entry){.name = name, .size = size};
    return true;
}

bool ifp_names_copy(struct ifp_names *to, const struct ifp_names *from)
{
    *to = (struct ifp_names){0};
    if (!from->count)
        return true;
    struct ifp_names copy = {.count = from->count, .capacity = from->count, .root = from->root};
    copy.entries = malloc(copy.capacity * sizeof *copy.entries);
    copy.nodes = malloc(copy.capacity * sizeof *copy.nodes);
    if (!copy.entries || !copy.nodes) {
        ifp_names_clear(&copy);
        return false;
    }
    memcpy(copy.entries, from->entries, from->count * sizeof *copy.entries);
    memcpy(copy.nodes, from->nodes, (from->count - 1) * sizeof *copy.nodes);
    *to = copy;
    return true;
}

void ifp_names_clear(struct ifp_names *names)
{
    free(names->entries);
    free(names->nodes);
    *names = (struct ifp_names){0};
}
