/* SPDX-License-Identifier: MIT */
/*
 * The notes on an instance and its plan: what is left unlimited or unmeasured, and what makes a
 * plan worthless in practice. notes.c has the table of kinds. A kind gives at most one note, which
 * names its most important case and the number of the others, so that their number stays small.
 * Notes read the sums of the check, and change nothing.
 */
#ifndef IFP_CHECK_NOTES_H
#define IFP_CHECK_NOTES_H

#include <stdbool.h>

#include "check/evaluation.h"
#include "check/note_list.h"

/* What a rule for a kind of notes reads and writes. */
struct ifp_noting {
    const struct ifp_instance *instance;
    const struct ifp_evaluation *evaluation; /* finished; NULL: there is no plan */
    const char *kind;                        /* of the rule */
    struct ifp_note_list *list;
    bool failed; /* out of memory */
};

/* Append all notes on a valid instance and its plan. Without a plan, `evaluation` is NULL. Returns
 * false if out of memory. */
bool ifp_notes_make(const struct ifp_instance *instance, const struct ifp_evaluation *evaluation,
                    struct ifp_note_list *list);

/* Append a note of the rule's kind about a case, of `cases` cases; none if that is 0. Both texts
 * are empty afterwards. */
void ifp_noting_put(struct ifp_noting *noting, size_t cases, struct ifp_text *text,
                    struct ifp_text *path);

/* Append "queries[NAME].field"; the position stands for a name that a path cannot hold. */
void ifp_noting_path(struct ifp_text *path, const char *list, const char *name, size_t index,
                     const char *field);

/* What all requests of a query type need of one replica, in replicas; INFINITY if a replica has no
 * capacity. */
struct ifp_needs {
    double load; /* at the operating point; of compute, without a profile */
    double kv;
    double slots;
};

struct ifp_needs ifp_noting_needs(const struct ifp_operating *operating, size_t query,
                                  const struct ifp_felt *felt);
double ifp_needs_largest(const struct ifp_needs *needs);

/* use / capacity: 0 without use, else INFINITY without capacity. */
double ifp_noting_fraction(double use, double capacity);
/* The memory that the weights leave in one replica, in GB. */
double ifp_noting_kv_capacity(const struct ifp_operating *operating);

/* -- rules about the instance (notes_instance.c) -- */

void ifp_noting_weights(struct ifp_noting *noting);
void ifp_noting_kv(struct ifp_noting *noting);
void ifp_noting_deviations(struct ifp_noting *noting);
void ifp_noting_speedup(struct ifp_noting *noting);
void ifp_noting_points(struct ifp_noting *noting);

/* -- rules about the plan (notes_plan.c) -- */

void ifp_noting_unlimited(struct ifp_noting *noting);
void ifp_noting_residency(struct ifp_noting *noting);
void ifp_noting_unmet(struct ifp_noting *noting);
void ifp_noting_mean(struct ifp_noting *noting);
void ifp_noting_headroom(struct ifp_noting *noting);
void ifp_noting_chunks(struct ifp_noting *noting);

/* -- the rule about max_replicas (notes_replicas.c) -- */

void ifp_noting_replicas(struct ifp_noting *noting);

#endif
