/* SPDX-License-Identifier: MIT */
/*
 * The names of operating points in plans. A measured point has the name that its profile gives it.
 * A pace of a law is named by its shortest decimal that reads back as the same double, with "ms":
 * "40ms", "12.345ms". Measured points are matched by name, paces by value.
 */
#ifndef IFP_PLAN_POINT_H
#define IFP_PLAN_POINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "instance/instance.h"

/* The name of a pace, owned by the caller. NULL if out of memory. */
char *ifp_point_of_pace(double ms);

/* Read the name of a pace, in any spelling of its number: "40ms", "40.0ms". Returns false if it is
 * not a number above 0 with "ms" behind it. */
bool ifp_point_pace(const char *point, double *ms);

/* The pace that the name stands for at a law. Returns false if it is not a pace above
 * iteration_ms. */
bool ifp_point_pace_of_law(const struct ifp_profile_data *law, const char *point, double *ms);

/* The index of a measured point, or the number of points if the profile has none of that name. */
size_t ifp_point_measured(const struct ifp_profile_data *profile, const char *name);

/* May a plan leave out the point of a configuration with that profile (NULL: without)? */
bool ifp_point_is_optional(const struct ifp_profile_data *profile);

/* The profile of a deployment, or NULL. */
const struct ifp_profile_data *ifp_point_profile(const struct ifp_instance *instance, size_t model,
                                                 size_t tier, int64_t degree);

/*
 * Put the name of a point into the form that is the same for all spellings, and set *order, by
 * which the points of a configuration are sorted: the index of a measured point, or the pace. If
 * *point is NULL and the profile has one point only, *point becomes its name. A name that the
 * profile does not have is unchanged, and sorted last. *point is owned by the caller before and
 * after. Returns false if out of memory.
 */
bool ifp_point_resolve(const struct ifp_profile_data *profile, char **point, double *order);

#endif
