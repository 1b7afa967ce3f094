/* SPDX-License-Identifier: MIT */
/* The names of operating points in plans: reading, writing, and finding them in a profile. */
#include "plan/point.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "util/number_text.h"
#include "util/text.h"

static const char unit[] = "ms";

char *ifp_point_of_pace(double ms)
{
    struct ifp_text text = {0};
    ifp_text_number(&text, ms);
    ifp_text_string(&text, unit);
    return ifp_text_take(&text);
}

bool ifp_point_pace(const char *point, double *ms)
{
    size_t length = strlen(point);
    size_t suffix = sizeof unit - 1;
    double value = 0;
    if (length <= suffix || strcmp(&point[length - suffix], unit) != 0 ||
        !ifp_number_read(point, length - suffix, &value) || !(value > 0) || !isfinite(value))
        return false;
    *ms = value;
    return true;
}

bool ifp_point_pace_of_law(const struct ifp_profile_data *law, const char *point, double *ms)
{
    return ifp_point_pace(point, ms) && *ms > law->iteration_ms;
}

size_t ifp_point_measured(const struct ifp_profile_data *profile, const char *name)
{
    size_t p = 0;
    while (p < profile->point_count && strcmp(profile->points[p].name, name) != 0)
        p++;
    return p;
}

bool ifp_point_is_optional(const struct ifp_profile_data *profile)
{
    return !profile ||
           (profile->point_count ? profile->point_count == 1 : profile->paces_ms.count == 1);
}

const struct ifp_profile_data *ifp_point_profile(const struct ifp_instance *instance, size_t model,
                                                 size_t tier, int64_t degree)
{
    return instance->profile_count ? ifp_instance_profile(instance, model, tier, (double)degree)
                                   : NULL;
}

/* Takes ownership of `made`, which is NULL if out of memory. */
static bool replace(char **point, char *made)
{
    if (!made)
        return false;
    free(*point);
    *point = made;
    return true;
}

bool ifp_point_resolve(const struct ifp_profile_data *profile, char **point, double *order)
{
    *order = 0;
    if (!profile)
        return true;
    if (!*point && !ifp_point_is_optional(profile))
        return true;
    if (profile->point_count) {
        size_t p = *point ? ifp_point_measured(profile, *point) : 0;
        *order = p < profile->point_count ? (double)p : INFINITY;
        return *point || replace(point, ifp_string_copy(profile->points[0].name));
    }
    double pace = INFINITY;
    if (!*point)
        pace = profile->paces_ms.values[0];
    else if (!ifp_point_pace(*point, &pace))
        pace = INFINITY;
    *order = pace;
    return isinf(pace) || replace(point, ifp_point_of_pace(pace));
}
