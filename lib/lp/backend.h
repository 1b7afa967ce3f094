/* SPDX-License-Identifier: MIT */
/*
 * The table of functions that a backend of lp.h implements for one LP solver. Only lp/ includes
 * this header (and bench/clp.c). The functions of the table are those of lp.h with the same names;
 * lp.c calls them.
 *
 * `environment` is the backend's own, from environment_new. An LP of the backend begins with a
 * struct ifp_lp, in which the backend sets its table. LPs are freed before their environment.
 */
#ifndef IFP_LP_BACKEND_H
#define IFP_LP_BACKEND_H

#include "lp/lp.h"

struct ifp_lp {
    const struct ifp_lp_backend *backend;
};

struct ifp_lp_backend {
    const char *name; /* of the solver */

    int (*environment_new)(bool careful, void **environment, struct ifp_error *error);
    void (*environment_free)(void *environment);

    int (*lp_new)(void *environment, size_t columns, const double *cost, const double *lower,
                  const double *upper, const struct ifp_cancel *cancel, struct ifp_lp **lp,
                  struct ifp_error *error);
    void (*lp_free)(struct ifp_lp *lp);
    int (*copy)(struct ifp_lp **to, struct ifp_lp *from, struct ifp_error *error);

    int (*add_row)(struct ifp_lp *lp, double lower, double upper, size_t count, const size_t *index,
                   const double *value, struct ifp_error *error);
    int (*add_column)(struct ifp_lp *lp, double cost, double lower, double upper, size_t count,
                      const size_t *row, const double *value, struct ifp_error *error);
    int (*set_column_bounds)(struct ifp_lp *lp, size_t column, double lower, double upper,
                             struct ifp_error *error);
    int (*set_row_bounds)(struct ifp_lp *lp, size_t row, double lower, double upper,
                          struct ifp_error *error);
    int (*delete_rows)(struct ifp_lp *lp, size_t count, const size_t *rows,
                       struct ifp_error *error);
    int (*delete_columns)(struct ifp_lp *lp, size_t count, const size_t *columns,
                          struct ifp_error *error);

    size_t (*size)(const struct ifp_lp *lp);
    int (*solve)(struct ifp_lp *lp, const struct ifp_lp_limits *limits,
                 struct ifp_lp_result *result, struct ifp_error *error);

    int (*point)(struct ifp_lp *lp, double *point, struct ifp_error *error);
    int (*multipliers)(struct ifp_lp *lp, double *multipliers, struct ifp_error *error);
    int (*reduced_costs)(struct ifp_lp *lp, double *reduced, struct ifp_error *error);
    int (*tableau_row)(struct ifp_lp *lp, size_t column, double *multipliers,
                       struct ifp_error *error);

    int (*get_basis)(struct ifp_lp *lp, char *basis, struct ifp_error *error);
    int (*set_basis)(struct ifp_lp *lp, const char *basis, size_t rows, struct ifp_error *error);
    bool (*row_is_basic)(const struct ifp_lp *lp, size_t row);
};

/* The backends; a build has those that meson_options.txt selects, and our own. */
extern const struct ifp_lp_backend ifp_lp_glpk;
extern const struct ifp_lp_backend ifp_lp_highs;
extern const struct ifp_lp_backend ifp_lp_own; /* own/dense.h */
/* Only for measurements: bench/clp.c. */
extern const struct ifp_lp_backend ifp_lp_clp;

#endif
