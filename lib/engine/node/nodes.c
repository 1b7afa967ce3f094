/* SPDX-License-Identifier: MIT */
/* The nodes of a search tree, and the heap of open nodes. */
#include "engine/node/nodes.h"

#include <stdint.h>
#include <stdlib.h>

#include "util/array.h"

struct ifp_node *ifp_node_new(struct ifp_nodes *nodes, struct ifp_node *parent, double bound)
{
    struct ifp_node *node = calloc(1, sizeof *node);
    if (!node)
        return NULL;
    node->references = 1;
    node->parent = parent;
    node->bound = bound;
    node->entity = SIZE_MAX;
    node->number = nodes->numbers++;
    if (parent)
        parent->references++;
    return node;
}

void ifp_node_release(struct ifp_nodes *nodes, struct ifp_node *node)
{
    while (node && --node->references == 0) {
        struct ifp_node *parent = node->parent;
        ifp_basis_release(nodes, node->basis);
        free(node->changes.items);
        free(node);
        node = parent;
    }
}

struct ifp_basis *ifp_basis_new(struct ifp_nodes *nodes, char *letters, size_t rows)
{
    struct ifp_basis *basis = calloc(1, sizeof *basis);
    if (!basis)
        return NULL;
    *basis = (struct ifp_basis){.references = 1, .rows = rows, .letters = letters};
    nodes->bases++;
    return basis;
}

void ifp_basis_release(struct ifp_nodes *nodes, struct ifp_basis *basis)
{
    if (!basis || --basis->references > 0)
        return;
    free(basis->letters);
    free(basis);
    nodes->bases--;
}

static bool before(const struct ifp_node *a, const struct ifp_node *b)
{
    return a->bound != b->bound ? a->bound < b->bound : a->number < b->number;
}

int ifp_nodes_push(struct ifp_nodes *nodes, struct ifp_node *node)
{
    if (!ifp_array_reserve(&nodes->heap, &nodes->capacity, nodes->count + 1, sizeof *nodes->heap))
        return IFP_ERROR_MEMORY;
    size_t at = nodes->count++;
    while (at > 0 && before(node, nodes->heap[(at - 1) / 2])) {
        nodes->heap[at] = nodes->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    nodes->heap[at] = node;
    return IFP_OK;
}

struct ifp_node *ifp_nodes_pop(struct ifp_nodes *nodes)
{
    struct ifp_node *top = nodes->heap[0];
    struct ifp_node *last = nodes->heap[--nodes->count];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= nodes->count)
            break;
        if (child + 1 < nodes->count && before(nodes->heap[child + 1], nodes->heap[child]))
            child++;
        if (!before(nodes->heap[child], last))
            break;
        nodes->heap[at] = nodes->heap[child];
        at = child;
    }
    if (nodes->count)
        nodes->heap[at] = last;
    return top;
}

void ifp_nodes_clear(struct ifp_nodes *nodes)
{
    while (nodes->count)
        ifp_node_release(nodes, nodes->heap[--nodes->count]);
    free(nodes->heap);
    *nodes = (struct ifp_nodes){0};
}
