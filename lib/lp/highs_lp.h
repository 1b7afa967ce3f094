/* SPDX-License-Identifier: MIT */
/* The LPs of the backend for HiGHS, only for highs.c (which changes them) and highs_solve.c. */
#ifndef IFP_LP_HIGHS_LP_H
#define IFP_LP_HIGHS_LP_H

#include "lp/backend.h"
#include "lp/highs_api.h"

enum { IFP_HIGHS_SPARES_MAX = 4 };

struct ifp_highs_environment {
    bool careful;
    bool dead;
    bool out_of_memory;
    const char *failed; /* the call that failed */
    size_t spares;
    void *spare[IFP_HIGHS_SPARES_MAX]; /* solver objects without a model */
};

/* A column or a row (a "line"): its data for the next solve, and the results of the last solve. */
struct ifp_highs_line {
    double cost; /* only columns */
    double lower;
    double upper;
    double value; /* columns: the value in the last point */
    double price; /* columns: the reduced cost; rows: the multiplier */
    char letter;  /* its character in the basis */
    bool changed; /* have its bounds changed since they were passed to HiGHS? */
};

struct ifp_highs_lines {
    struct ifp_highs_line *line;
    size_t count;
    size_t capacity;
    size_t passed; /* HiGHS has the first `passed` lines; the others are pending */
};

struct ifp_highs_lp {
    struct ifp_lp base;
    struct ifp_highs_environment *environment;
    void *highs;
    struct ifp_highs_lines columns;
    struct ifp_highs_lines rows;
    /* Entries of the pending lines, which are all columns or all rows. */
    size_t starts_capacity;
    size_t entries;
    size_t entries_capacity;
    HighsInt *start; /* by pending line */
    HighsInt *index;
    double *value;
    bool basis_changed; /* since it was passed to HiGHS */
    bool factorised;    /* HiGHS has factorised the last solve's basis, and no change was passed */
    size_t capacity;    /* capacity in lines of the arrays below: the larger of columns and rows */
    HighsInt *status;   /* 2 per line */
    double *number;     /* 3 per line */
};

static inline struct ifp_highs_lp *ifp_highs_of(struct ifp_lp *base)
{
    return (struct ifp_highs_lp *)base;
}

static inline const struct ifp_highs_lp *ifp_highs_of_const(const struct ifp_lp *base)
{
    return (const struct ifp_highs_lp *)base;
}

/* The error of an environment that is dead. */
int ifp_highs_fatal(struct ifp_highs_environment *environment, struct ifp_error *error);
/* If the status is an error, the environment is dead, because of this call. */
bool ifp_highs_has_failed(struct ifp_highs_environment *environment, HighsInt status,
                          const char *call);
/* Call work(argument), which may throw, if the environment is alive. */
int ifp_highs_guarded(struct ifp_highs_environment *environment, void (*work)(void *),
                      void *argument, struct ifp_error *error);

size_t ifp_highs_line_count(const struct ifp_highs_lp *lp);
/* Columns first, then rows: the order of a basis. */
struct ifp_highs_line *ifp_highs_line_at(const struct ifp_highs_lp *lp, size_t at);

/* Replace the basis by the standard one if `replace` is true, or if its number of basic lines is
 * not the number of rows. */
void ifp_highs_mend_basis(struct ifp_highs_lp *lp, bool replace);
/* Pass all recorded changes to HiGHS. Call it inside the guard. */
void ifp_highs_pass_all(struct ifp_highs_lp *lp);

/* The functions of struct ifp_lp_backend that highs_solve.c defines. */
int ifp_highs_solve(struct ifp_lp *base, const struct ifp_lp_limits *limits,
                    struct ifp_lp_result *result, struct ifp_error *error);
int ifp_highs_point(struct ifp_lp *base, double *point, struct ifp_error *error);
int ifp_highs_multipliers(struct ifp_lp *base, double *multipliers, struct ifp_error *error);
int ifp_highs_reduced_costs(struct ifp_lp *base, double *reduced, struct ifp_error *error);
int ifp_highs_tableau_row(struct ifp_lp *base, size_t column, double *multipliers,
                          struct ifp_error *error);

#endif
