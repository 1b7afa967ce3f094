/* SPDX-License-Identifier: MIT */
/*
 * The compact mixed-integer program over configurations: tight links, no big-M. Rows are scaled
 * so that a limit is 1 (memory of one replica, the budget, a delay limit ...). Every coefficient is
 * then a fraction of a limit.
 *
 *     columns  unmet u_i; rent w_c; replicas m_c (if more than one is allowed); v_cm, whether c has
 *              exactly m replicas (if its load is limited by a table and its replicas vary); share
 *              x_ic; for each block of worst.h: its threshold t, and the excess s_G of each group
 *              over it; route z_ic (placement single) or z_ijk (matching, or weights stored per
 *              route)
 *     rows     in the order of enum ifp_row_kind
 */
#ifndef IFP_MILP_MILP_H
#define IFP_MILP_MILP_H

#include <stdint.h>

#include "problem/problem.h"
#include "problem/worst.h"

enum ifp_column_kind {
    IFP_COLUMN_UNMET,     /* of query `first` */
    IFP_COLUMN_RENT,      /* of configuration `first` */
    IFP_COLUMN_REPLICAS,  /* of configuration `first` */
    IFP_COLUMN_EXACTLY,   /* has configuration `first` exactly `second` replicas? */
    IFP_COLUMN_SHARE,     /* of route `first` */
    IFP_COLUMN_THRESHOLD, /* of block `first` */
    IFP_COLUMN_EXCESS,    /* of block `first`, group `second` */
    IFP_COLUMN_PRODUCT,   /* z of route `first` times its query's excess (mccormick, sos1) */
    IFP_COLUMN_REMAINDER, /* that excess minus the product (sos1) */
    IFP_COLUMN_ROUTE,     /* z of route `first` (single) */
    IFP_COLUMN_PAIR,      /* z of query `first` and pair `second` */
    IFP_COLUMN_KIND_COUNT
};

enum ifp_row_kind {
    IFP_ROW_DEMAND,         /* sum_c x_ic + u_i = 1 */
    IFP_ROW_DEGREE,         /* sum_n w_jkn <= 1 */
    IFP_ROW_REPLICAS_MIN,   /* the least replicas of c times w_c <= m_c */
    IFP_ROW_REPLICAS_MAX,   /* m_c <= R w_c */
    IFP_ROW_EXACTLY_ONE,    /* sum_m v_cm = w_c */
    IFP_ROW_EXACTLY_COUNT,  /* sum_m m v_cm = m_c */
    IFP_ROW_MEMORY,         /* needs of memory at c <= m_c - spare w_c */
    IFP_ROW_LOAD,           /* compute or load of c <= m_c - spare w_c, or sum_m L(m - spare) v_cm,
                               or L(m - spare) w_c if c always has m replicas */
    IFP_ROW_SLOTS,          /* needs of slots at c <= m_c - spare w_c */
    IFP_ROW_RESOURCE,       /* use of resource `first` <= its limit */
    IFP_ROW_LEVEL,          /* limit of query `first`, which may have several routes, on service
                               level `second` */
    IFP_ROW_SINGLE,         /* sum_c z_ic <= 1 */
    IFP_ROW_MATCHING_MODEL, /* sum_k z_ijk <= 1 */
    IFP_ROW_MATCHING_TIER,  /* sum_j z_ijk <= 1 */
    IFP_ROW_SERVE,          /* x_ic <= its largest share, times w_c or z_ic */
    IFP_ROW_SERVE_PAIR,     /* sum_n x_ijkn / its largest share <= z_ijk */
    IFP_ROW_OPEN,           /* z_ic <= w_c */
    IFP_ROW_OPEN_PAIR,      /* z_ijk <= sum_n w_jkn */
    /* from worst.h, for block `first` and c = the cap of entry `second`: */
    IFP_ROW_DEVIATION,   /* sum min(cap_r, c) v_r x_r <= s_G + c t */
    IFP_ROW_PRODUCTS,    /* of query `first`: the sum of its products <= its excess */
    IFP_ROW_PRODUCT_MAX, /* of route `first` (mccormick): p <= M z */
    IFP_ROW_PRODUCT_MIN, /* of route `first` (mccormick): p >= excess - N (1 - z) */
    IFP_ROW_REMAINDER,   /* of route `first` (sos1): excess <= p + remainder */
    IFP_ROW_KIND_COUNT
};

struct ifp_column {
    uint32_t first;
    uint32_t second;
    uint8_t kind; /* enum ifp_column_kind */
};

struct ifp_row {
    enum ifp_row_kind kind;
    size_t first;
    size_t second;
};

/* What the rows of a kind have in common. */
struct ifp_row_trait {
    const char *name; /* in exports; NULL: that of the resource or of the service level */
    bool is_link;  /* link of a route to a deployment, or a worst case: by far the most rows, from
                      which no cuts are made */
    bool is_limit; /* a limit of the instance, which a verified plan may exceed by a tolerance */
    bool is_exact; /* are its coefficients whole numbers? Others are computed */
    bool starts_in_lp; /* is it in the LP relaxation from the start? Rows of a pair are added when
                          the pair is activated, other rows when a point violates them */
};

extern const struct ifp_row_trait ifp_row_traits[IFP_ROW_KIND_COUNT];

struct ifp_milp {
    bool complete;          /* does the program have all rows? */
    size_t early_row_count; /* the rows that ifp_milp_new made */
    size_t column_count;
    size_t row_count;
    size_t entry_count;
    struct ifp_column *columns;
    double *cost; /* dollars */
    double *lower;
    double *upper; /* all finite */
    bool *integer;
    struct ifp_row *rows;
    double *row_lower; /* -infinity: no bound */
    double *row_upper;
    size_t *start; /* entries of row r: start[r] .. start[r + 1] - 1 */
    size_t *index;
    double *value;
    /* Indices of columns and rows: */
    size_t *rent;       /* by configuration */
    size_t *replicas;   /* by configuration; the column of `rent` if at most one is allowed */
    size_t *exactly;    /* by configuration: the column of v_cm for its least m, or SIZE_MAX if it
                           has no v; NULL if no configuration has one; see ifp_milp_exactly */
    size_t first_share; /* of route 0; see ifp_milp_share */
    size_t share_step;
    uint32_t *choice; /* by route: its z column; NULL if no route has one; see ifp_milp_choice */
    size_t *degree;   /* by pair: its IFP_ROW_DEGREE, or SIZE_MAX if it has one degree */
    struct ifp_worst *worst;
    /* By column: the column that must be 0 if this binary is 1, or SIZE_MAX; NULL if no column has
     * one. No row of the program says so (sos1): branching must enforce it. */
    size_t *complement;
};

/* The share column of a route. Share columns are `share_step` apart, in the order of routes. */
static inline size_t ifp_milp_share(const struct ifp_milp *milp, size_t route)
{
    return milp->first_share + route * milp->share_step;
}

/* The z column of a route, or SIZE_MAX if it has none. */
static inline size_t ifp_milp_choice(const struct ifp_milp *milp, size_t route)
{
    return milp->choice ? milp->choice[route] : SIZE_MAX;
}

/* The first and the last v column of a configuration. Returns false if it has no v. They are in the
 * order of m, which is `second` of their ifp_column. */
static inline bool ifp_milp_exactly_range(const struct ifp_milp *milp, size_t c, size_t *first,
                                          size_t *last)
{
    *first = *last = milp->exactly ? milp->exactly[c] : SIZE_MAX;
    if (*first == SIZE_MAX)
        return false;
    while (*last + 1 < milp->column_count && milp->columns[*last + 1].kind == IFP_COLUMN_EXACTLY &&
           milp->columns[*last + 1].first == c)
        ++*last;
    return true;
}

/* The column of v_cm, or SIZE_MAX if configuration c has no v, or none for so many replicas.
 * `replicas` is a whole number. */
static inline size_t ifp_milp_exactly(const struct ifp_milp *milp, size_t c, double replicas)
{
    size_t first = milp->exactly ? milp->exactly[c] : SIZE_MAX;
    if (first == SIZE_MAX || !(replicas >= milp->columns[first].second) ||
        !(replicas - milp->columns[first].second < (double)(milp->column_count - first)))
        return SIZE_MAX;
    size_t column = first + ((size_t)replicas - milp->columns[first].second);
    bool is_exactly =
        milp->columns[column].kind == IFP_COLUMN_EXACTLY && milp->columns[column].first == c;
    return is_exactly ? column : SIZE_MAX;
}

/* Set the v columns of a point by its replicas, each of which is rounded to a whole number. The
 * other columns are unchanged. `point` is by column. */
void ifp_milp_set_exactly(const struct ifp_milp *milp, size_t configuration_count, double *point);

/* Make the columns, and the rows of demand and degree. ifp_milp_complete makes the other rows, by
 * far the most. If cancelled, returns IFP_OK with *milp = NULL. `cancel` may be NULL. */
int ifp_milp_new(const struct ifp_problem *problem, const struct ifp_cancel *cancel,
                 struct ifp_milp **milp, struct ifp_error *error);
/* Add the missing rows, from the same problem. If that fails or is cancelled, *milp is unchanged;
 * `complete` says whether it has all rows. `cancel` may be NULL. */
int ifp_milp_complete(const struct ifp_problem *problem, struct ifp_milp *milp,
                      const struct ifp_cancel *cancel, struct ifp_error *error);
void ifp_milp_free(struct ifp_milp *milp);

/* Dollars per unit of an objective whose costs are near 1. It is a power of two, so scaling by it
 * is exact. */
double ifp_milp_scale(const struct ifp_milp *milp);

#endif
