/* SPDX-License-Identifier: MIT */
/* The operating points of an instance with profiles, and what a query feels and needs at each:
 * written from the formulation; nothing of the library takes part. */
#ifndef IFP_TEST_POINTS_H
#define IFP_TEST_POINTS_H

#include "loaded.h"

enum { POINTS_MAX = 64 };

struct point {
    int model;
    int tier;
    int degree; /* its index */
    int form;   /* LOADED_NO_PROFILE .. */
    int entry;  /* of the measured points */
    double pace_ms;
};

/* In milliseconds, hours and replicas, all for the whole demand of the query. */
struct figures {
    long double ttft_ms; /* NaN: not known */
    long double tpot_ms;
    long double e2e_ms;
    long double ttft_deviation_ms;
    long double tpot_deviation_ms;
    long double e2e_deviation_ms;
    long double load;       /* replicas that it fills */
    long double memory_gb;  /* of one GPU, with the KV cache of all requests at once */
    long double slots;      /* requests at once */
    long double request_gb; /* of one GPU, one request */
    long double attainment; /* NaN: not known */
};

/* All of them, whether or not anything fits. Returns how many, at most POINTS_MAX. */
int points_find(const struct loaded *loaded, struct point points[POINTS_MAX]);

/* false: never measured, or not allowed. */
bool points_figures(const struct loaded *loaded, const struct point *point, int i,
                    struct figures *figures);

/* Can the query use the point by itself: by what is known, memory, and limits that hold on every
 * route? */
bool points_candidate(const struct loaded *loaded, const struct point *point, int i);

/* What the weights leave of one GPU's memory; below 0 where the shard does not fit. */
long double points_room_gb(const struct loaded *loaded, const struct point *point);

/* L(m - spare) in replicas. */
long double points_load(const struct loaded *loaded, const struct point *point, int replicas);

/* The largest load of `replicas` by Erlang's formula for waiting, in replicas. */
long double points_waiting(const struct loaded_headroom *headroom, int replicas);

/* NULL where the configuration has none. */
const struct loaded_profile *points_profile(const struct loaded *loaded, const struct point *point);

#endif
