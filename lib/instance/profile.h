/* SPDX-License-Identifier: MIT */
/* Profiles: their index by configuration, and the conditions on them. */
#ifndef IFP_INSTANCE_PROFILE_H
#define IFP_INSTANCE_PROFILE_H

#include "instance/instance.h"
#include "instance/place.h"

/* The key of a configuration in profile_names: the indices of model and tier, and the degree, an
 * integer from 1 to 1e6. */
enum { IFP_PROFILE_KEY_SIZE = 64 };
void ifp_profile_key(size_t model, size_t tier, double degree, char key[IFP_PROFILE_KEY_SIZE]);

/* Enter a profile whose model, tier and degree are set, the last of its list, into the index.
 * Returns IFP_ERROR_VALUE if a model or tier is unknown, or if the configuration has a profile. */
int ifp_profile_enter(struct ifp_instance *instance, struct ifp_profile_data *profile,
                      const struct ifp_place *place, struct ifp_error *error);

/* Append what is measured for a query type to the queries of a point. Returns IFP_ERROR_VALUE if
 * there is no such query type, or if the point has it already. `list` is the place of the
 * queries. */
int ifp_measured_append(const struct ifp_instance *instance, struct ifp_point_data *point,
                        const char *query, const struct ifp_place *list, struct ifp_error *error);

/* The conditions on several fields: of head-room, of the profiles and of their points. */
int ifp_profiles_validate(const struct ifp_instance *instance, struct ifp_error *error);

#endif
