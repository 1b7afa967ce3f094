/* SPDX-License-Identifier: MIT */
/*
 * What bounds a node. A method solves a relaxation of the compact MILP under changing bounds; a
 * bounder is a method at work on one problem. There are two methods: the compact relaxation
 * (compact/compact_bounder.h) and the master (master/master_bounder.h). The searches know only this
 * interface: they ask a method for its properties and never which one it is.
 *
 * All methods share the columns of the compact MILP. A bounder has a compact relaxation, which
 * holds the present bounds of columns and rows, and which receives the results of each solve: its
 * point, objective, bound and reduced costs. It is itself solved only if the method needs it.
 */
#ifndef IFP_ENGINE_BOUNDER_H
#define IFP_ENGINE_BOUNDER_H

#include <stdbool.h>
#include <stddef.h>

#include "util/error.h"

struct ifp_context;
struct ifp_pattern;
struct ifp_relaxation;
struct ifp_warm_start;

enum ifp_relaxation_status {
    IFP_RELAXATION_SOLVED,     /* point, objective and bound are valid */
    IFP_RELAXATION_CUTOFF,     /* bound is above the cutoff; there is no point */
    IFP_RELAXATION_INFEASIBLE, /* proven */
    IFP_RELAXATION_STOPPED,    /* cancelled, or out of time */
    IFP_RELAXATION_UNKNOWN     /* the LP solver gave up; bound is valid but may be weak */
};

/* The purpose of a solve. */
enum ifp_bound_mode {
    IFP_BOUND_NODE,     /* prove the bound of a node; if the method gives up, by other means */
    IFP_BOUND_THOROUGH, /* as NODE, with much more effort at points with whole deployments */
    IFP_BOUND_DIVE,     /* stop after a few rounds, which is enough to find plans by diving */
    IFP_BOUND_TRIAL     /* rank candidates by the bound of a branch (strong branching) */
};

struct ifp_bound_effort {
    enum ifp_bound_mode mode;
    /* Stop early at points with fractional deployments, once the remaining gain is small compared
     * with the distance to the cutoff? The node is branched on anyway. */
    bool early;
};

/* The results of a solve, to be restored after other solves. */
struct ifp_snapshot {
    double *point; /* by column; then the reduced costs by column */
    double bound;
    double reduced_bound;
    double objective;
    char *basis; /* NULL if the method keeps none */
    size_t rows;
};

/* The progress of cuts at the root. */
struct ifp_cutting {
    int rounds;    /* number of rounds so far */
    int stalled;   /* number of rounds without progress */
    double before; /* the bound before the first round */
    bool more;     /* may a further round raise the bound? */
    bool dropped;  /* has the last round ended with the removal of cuts that are not tight? */
};

struct ifp_bounder {
    const struct ifp_bound_method *method;
    struct ifp_relaxation *relaxation; /* owned */
};

/* Functions return IFP_OK or the code of the error. `cutoff` is in dollars. */
struct ifp_bound_method {
    const char *word;  /* of the option `engine` */
    const char *label; /* in the log */

    /* Properties that the searches adapt to. */
    bool all_classes;      /* branch on all classes of candidates? If false, only on the first class
                              that is not empty: patterns have whole routes. */
    bool has_patience;     /* may the mode THOROUGH raise the bound of a solved node? */
    bool completes_by_lp;  /* is the LP of the compact relaxation loaded, for completing points? */
    bool searches_around;  /* are sub-searches around the best plan worth their time? */
    bool trusts_start;     /* skip the root's rounding if the start plan holds the limits? */
    bool gives_turns;      /* does the other method have turns if the search takes long? */
    bool keeps_warm_start; /* are pseudo-costs worth keeping for the next solve? */
    int restart_percent;   /* restart if fewer configurations than this are left */
    size_t strong_max;     /* maximum number of candidates tried by strong branching at a node */
    double reliable_gains; /* number of gains per side from which pseudo-costs are reliable */

    /* Make a bounder for the problem of a context, whose members are borrowed. */
    int (*make)(const struct ifp_context *context, struct ifp_bounder **bounder);
    void (*free)(struct ifp_bounder *bounder);

    /* Prepare the root's solve. `warm_start` is a warm start; it may be NULL. */
    int (*begin)(struct ifp_bounder *bounder, const struct ifp_warm_start *warm_start,
                 struct ifp_error *error);
    /* Solve under the present bounds; fills the results in the relaxation. */
    int (*solve)(struct ifp_bounder *bounder, struct ifp_bound_effort effort, double cutoff,
                 enum ifp_relaxation_status *status, struct ifp_error *error);
    /* The root has been solved: keep what the next search of the model can start from. */
    int (*keep)(const struct ifp_bounder *bounder, struct ifp_warm_start *warm_start,
                struct ifp_error *error);

    /* Add a round of cuts and solve again. NULL if the method has no cuts. */
    int (*cut)(struct ifp_bounder *bounder, double cutoff, struct ifp_cutting *cutting,
               enum ifp_relaxation_status *status, struct ifp_error *error);
    /* Drop the cuts that are not tight, and solve again. No round of cuts may follow. */
    int (*drop_cuts)(struct ifp_bounder *bounder, double cutoff, enum ifp_relaxation_status *status,
                     struct ifp_error *error);

    /* A fast estimate of the objective under the present bounds, in dollars; it is not a bound.
     * NULL if the method has none. */
    int (*estimate)(struct ifp_bounder *bounder, double *objective, struct ifp_error *error);

    /* Remember the results of the last solve. The caller frees the snapshot with ifp_snapshot_free;
     * it is empty if the code is not IFP_OK. put_back restores them and the basis; the bounds are
     * the caller's to restore. */
    int (*remember)(const struct ifp_bounder *bounder, struct ifp_snapshot *snapshot,
                    struct ifp_error *error);
    int (*put_back)(struct ifp_bounder *bounder, const struct ifp_snapshot *snapshot,
                    struct ifp_error *error);

    /* The basis of the last solve, owned by the caller; *letters is NULL if the method keeps none.
     * set_basis takes what `basis` gave. */
    int (*basis)(const struct ifp_bounder *bounder, char **letters, size_t *rows,
                 struct ifp_error *error);
    int (*set_basis)(struct ifp_bounder *bounder, const char *letters, size_t rows,
                     struct ifp_error *error);

    /* The patterns of the last solve: deployments with their routes. *weight is the pattern's value
     * at the point. They are valid until the next solve. NULL if the method has no patterns. */
    size_t (*pattern_count)(const struct ifp_bounder *bounder);
    const struct ifp_pattern *(*pattern)(const struct ifp_bounder *bounder, size_t k,
                                         double *weight);
};

/* The method of a search, and the one that it asks in turn or if its own leaves a gap. */
struct ifp_bound_methods {
    const struct ifp_bound_method *own;
    const struct ifp_bound_method *other;
};

static inline struct ifp_bound_methods ifp_bound_methods_swapped(struct ifp_bound_methods methods)
{
    return (struct ifp_bound_methods){.own = methods.other, .other = methods.own};
}

void ifp_bounder_free(struct ifp_bounder *bounder); /* may be NULL */
void ifp_snapshot_free(struct ifp_snapshot *snapshot);

#endif
