/* SPDX-License-Identifier: MIT */
/* The nodes of a search tree: each knows how it differs from its parent, and the open ones wait
 * in a heap, least bound first. */
#ifndef IFP_ENGINE_NODE_NODES_H
#define IFP_ENGINE_NODE_NODES_H

#include "engine/node/branch.h"

/* Of the parent's relaxation, shared by its children. */
struct ifp_basis {
    size_t references;
    size_t rows;
    char *letters;
};

struct ifp_node {
    struct ifp_node *parent;
    size_t references; /* children, and whoever holds it */
    struct ifp_changes changes;
    struct ifp_basis *basis; /* NULL: none kept */
    double bound;
    size_t number; /* in order of creation: ties are broken the same way every time */
    size_t entity; /* what was branched on to get here; SIZE_MAX at the root */
    bool up;
    double distance; /* how far the branch moved the value */
};

struct ifp_nodes {
    struct ifp_node **heap;
    size_t count;
    size_t capacity;
    size_t bases; /* kept by nodes that are alive */
    size_t numbers;
};

/* Held by the caller, and holding its parent (NULL: the root). NULL when out of memory. */
struct ifp_node *ifp_node_new(struct ifp_nodes *nodes, struct ifp_node *parent, double bound);
/* Let go of a node, and of all above it that nobody else holds. Takes NULL. */
void ifp_node_release(struct ifp_nodes *nodes, struct ifp_node *node);

/* Takes over the letters; held by the caller. NULL when out of memory, and letters are kept. */
struct ifp_basis *ifp_basis_new(struct ifp_nodes *nodes, char *letters, size_t rows);
void ifp_basis_release(struct ifp_nodes *nodes, struct ifp_basis *basis);

/* Open a node: its hold passes to the heap. IFP_OK or IFP_ERROR_MEMORY. */
int ifp_nodes_push(struct ifp_nodes *nodes, struct ifp_node *node);
/* The open node of least bound, held by the caller again. Not on an empty heap. */
struct ifp_node *ifp_nodes_pop(struct ifp_nodes *nodes);
void ifp_nodes_clear(struct ifp_nodes *nodes);

#endif
