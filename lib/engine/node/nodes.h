/* SPDX-License-Identifier: MIT */
/* The nodes of a search tree. Each node stores its changes relative to its parent. The open nodes
 * are in a heap: the one with the lowest bound comes first, and of equal ones the oldest. */
#ifndef IFP_ENGINE_NODE_NODES_H
#define IFP_ENGINE_NODE_NODES_H

#include "engine/node/branch.h"

/* The basis of the parent's relaxation, shared by its children. */
struct ifp_basis {
    size_t references;
    size_t rows;   /* number of rows that the basis covers */
    char *letters; /* as in lp.h; owned */
};

struct ifp_node {
    struct ifp_node *parent;    /* NULL at the root */
    size_t references;          /* number of children and of other holders */
    struct ifp_changes changes; /* owned: of the branch, later also by reduced-cost fixing */
    struct ifp_basis *basis;    /* to start from; NULL if it is not kept */
    double bound;               /* in dollars; its parent's until the node is solved */
    size_t number;              /* in order of creation; breaks ties deterministically */
    size_t entity;              /* of the branch that made the node; SIZE_MAX at the root */
    bool up;                    /* is it the upper side of that branch? */
    double distance;            /* by which that side moves the value, see ifp_branch_distance */
};

/* Zeros are an empty tree. */
struct ifp_nodes {
    struct ifp_node **heap; /* the open nodes */
    size_t count;
    size_t capacity;
    size_t bases;   /* number of bases kept by existing nodes */
    size_t numbers; /* number of nodes created so far */
};

/* A new node, with one reference for the caller. It takes a reference to its parent, which is NULL
 * for the root. Returns NULL if out of memory. */
struct ifp_node *ifp_node_new(struct ifp_nodes *nodes, struct ifp_node *parent, double bound);
/* Release the caller's reference. Frees the node and its ancestors that have no other reference.
 * `node` may be NULL. */
void ifp_node_release(struct ifp_nodes *nodes, struct ifp_node *node);

/* A new basis, with one reference for the caller; it takes ownership of `letters`. Returns NULL if
 * out of memory; then `letters` still belong to the caller. */
struct ifp_basis *ifp_basis_new(struct ifp_nodes *nodes, char *letters, size_t rows);
void ifp_basis_release(struct ifp_nodes *nodes, struct ifp_basis *basis);

/* Open a node: the caller's reference passes to the heap. If it returns IFP_ERROR_MEMORY, the
 * reference stays with the caller. */
int ifp_nodes_push(struct ifp_nodes *nodes, struct ifp_node *node);
/* Remove the open node with the lowest bound; its reference passes to the caller. The heap must not
 * be empty. */
struct ifp_node *ifp_nodes_pop(struct ifp_nodes *nodes);
/* Release the open nodes and free the heap. */
void ifp_nodes_clear(struct ifp_nodes *nodes);

#endif
