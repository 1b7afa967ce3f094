/* SPDX-License-Identifier: MIT */
/* Profiles: their index by configuration, and the public calls that add and count them. */
#include "instance/profile.h"

#include <stdlib.h>
#include <string.h>

#include "instance/record.h"
#include "instance/unknown.h"

void ifp_profile_key(size_t model, size_t tier, double degree, char key[IFP_PROFILE_KEY_SIZE])
{
    const size_t numbers[] = {model, tier, (size_t)degree};
    char *end = key;
    for (int n = 0; n < 3; n++) {
        char digits[24];
        size_t count = 0;
        for (size_t left = numbers[n]; left || !count; left /= 10)
            digits[count++] = (char)('0' + left % 10);
        if (n)
            *end++ = ',';
        while (count)
            *end++ = digits[--count];
    }
    *end = '\0';
}

static int unknown_reference(const struct ifp_instance *instance, int list, const char *name,
                             const struct ifp_place *place, const char *field,
                             struct ifp_error *error)
{
    const struct ifp_place at = {.up = place, .key = field};
    struct ifp_text where = {0};
    ifp_place_write(&at, &where);
    int code = where.failed ? ifp_error_memory(error)
                            : ifp_unknown_reference(instance, &ifp_sections[list], name, false,
                                                    where.data, error);
    ifp_text_clear(&where);
    return code;
}

int ifp_profile_enter(struct ifp_instance *instance, struct ifp_profile_data *profile,
                      const struct ifp_place *place, struct ifp_error *error)
{
    size_t model = ifp_instance_find_model(instance, profile->model);
    size_t tier = ifp_instance_find_tier(instance, profile->tier);
    if (model == instance->model_count)
        return unknown_reference(instance, IFP_SECTION_MODELS, profile->model, place, "model",
                                 error);
    if (tier == instance->tier_count)
        return unknown_reference(instance, IFP_SECTION_TIERS, profile->tier, place, "tier", error);
    char key[IFP_PROFILE_KEY_SIZE];
    ifp_profile_key(model, tier, profile->tp_degree, key);
    size_t twin = ifp_names_find(&instance->profile_names, key);
    if (twin < instance->profile_names.count)
        return ifp_place_refuse(place, error,
                                "found model \"%s\", tier \"%s\" and tp_degree %g, which "
                                "profiles[%zu] has already; allowed: one profile of each "
                                "configuration",
                                profile->model, profile->tier, profile->tp_degree, twin);
    char *copy = ifp_string_copy(key);
    if (!copy || !ifp_names_add(&instance->profile_names, copy)) {
        free(copy);
        return ifp_error_memory(error);
    }
    profile->name = copy;
    return IFP_OK;
}

const struct ifp_profile_data *ifp_instance_profile(const struct ifp_instance *instance,
                                                    size_t model, size_t tier, double degree)
{
    if (!instance->profile_count || !(degree >= 1 && degree <= 1e6) || degree != floor(degree))
        return NULL;
    char key[IFP_PROFILE_KEY_SIZE];
    ifp_profile_key(model, tier, degree, key);
    size_t index = ifp_names_find(&instance->profile_names, key);
    return index < instance->profile_names.count ? &instance->profiles[index] : NULL;
}

static const struct ifp_section *section_of_field(const struct ifp_section *owner, const char *name)
{
    return ifp_section_field(owner, name, strlen(name))->section;
}

static const struct ifp_section *points_section(void)
{
    return section_of_field(&ifp_sections[IFP_SECTION_PROFILES], "points");
}

static const struct ifp_section *measured_section(void)
{
    return section_of_field(points_section(), "queries");
}

int ifp_measured_append(const struct ifp_instance *instance, struct ifp_point_data *point,
                        const char *query, const struct ifp_place *list, struct ifp_error *error)
{
    const struct ifp_place place = {.up = list, .key = query, .member = true};
    if (ifp_instance_find_query(instance, query) == instance->query_count) {
        struct ifp_text where = {0};
        ifp_place_write(&place, &where);
        int code = where.failed ? ifp_error_memory(error)
                                : ifp_unknown_member(instance, &ifp_sections[IFP_SECTION_QUERIES],
                                                     query, strlen(query),
                                                     ", and names of your own that begin with x_",
                                                     where.data, error);
        ifp_text_clear(&where);
        return code;
    }
    if (ifp_names_find(&point->query_names, query) < point->query_names.count)
        return ifp_place_refuse(
            &place, error, "found \"%s\" again; allowed: each query type once in a point", query);
    return ifp_record_append(measured_section(), point, query, list, error);
}

static int add_profile(struct ifp_instance *instance, const char *model, const char *tier,
                       double tp_degree)
{
    const struct ifp_section *section = &ifp_sections[IFP_SECTION_PROFILES];
    const struct ifp_place list = {.key = "profiles"};
    const struct ifp_place place = {.up = &list, .index = instance->profile_count};
    const struct ifp_place degree_at = {.up = &place, .key = "tp_degree"};
    struct ifp_error *error = &instance->error;
    const struct ifp_field *degree = ifp_section_field(section, "tp_degree", strlen("tp_degree"));
    if (!model || !tier)
        return ifp_error_set(error, IFP_ERROR_ARGUMENT, NULL, "the name is NULL");
    if (!ifp_field_holds(degree, tp_degree)) {
        struct ifp_text where = {0};
        ifp_place_write(&degree_at, &where);
        int code = where.failed ? ifp_error_memory(error)
                                : ifp_field_check(degree, tp_degree, where.data, error);
        ifp_text_clear(&where);
        return code;
    }
    struct ifp_profile_data *profile = ifp_record_append_unnamed(section, instance);
    if (!profile)
        return ifp_error_memory(error);
    profile->model = ifp_string_copy(model);
    profile->tier = ifp_string_copy(tier);
    profile->tp_degree = tp_degree;
    int code = profile->model && profile->tier ? ifp_profile_enter(instance, profile, &place, error)
                                               : ifp_error_memory(error);
    if (code)
        ifp_record_remove_last(section, instance);
    return code;
}

int ifp_instance_add_profile(ifp_instance *instance, const char *model, const char *tier,
                             size_t tp_degree)
{
    if (!instance)
        return IFP_ERROR_ARGUMENT;
    if (ifp_instance_begin(instance))
        return IFP_ERROR_BUSY;
    return ifp_instance_end(instance, add_profile(instance, model, tier, (double)tp_degree));
}

/* Returns IFP_ERROR_ARGUMENT if an index is out of range or the name is NULL. `point` may be NULL:
 * no index of a point. */
static int check_arguments(struct ifp_instance *instance, size_t profile, const size_t *point,
                           const char *name)
{
    struct ifp_error *error = &instance->error;
    if (!name)
        return ifp_error_set(error, IFP_ERROR_ARGUMENT, NULL, "the name is NULL");
    if (profile >= instance->profile_count)
        return ifp_error_set(error, IFP_ERROR_ARGUMENT, "profiles",
                             "found index %zu; allowed: below the number of profiles, %zu", profile,
                             instance->profile_count);
    size_t points = instance->profiles[profile].point_count;
    if (point && *point >= points)
        return ifp_error_set(error, IFP_ERROR_ARGUMENT, "points",
                             "found index %zu; allowed: below the number of points, %zu", *point,
                             points);
    return IFP_OK;
}

int ifp_instance_add_point(ifp_instance *instance, size_t profile, const char *name)
{
    if (!instance)
        return IFP_ERROR_ARGUMENT;
    if (ifp_instance_begin(instance))
        return IFP_ERROR_BUSY;
    const struct ifp_place profiles = {.key = "profiles"};
    const struct ifp_place owner = {.up = &profiles, .index = profile};
    const struct ifp_place list = {.up = &owner, .key = "points"};
    int code = check_arguments(instance, profile, NULL, name);
    if (!code)
        code = ifp_record_append(points_section(), &instance->profiles[profile], name, &list,
                                 &instance->error);
    return ifp_instance_end(instance, code);
}

int ifp_instance_add_measured(ifp_instance *instance, size_t profile, size_t point,
                              const char *query)
{
    if (!instance)
        return IFP_ERROR_ARGUMENT;
    if (ifp_instance_begin(instance))
        return IFP_ERROR_BUSY;
    const struct ifp_place profiles = {.key = "profiles"};
    const struct ifp_place owner = {.up = &profiles, .index = profile};
    const struct ifp_place points = {.up = &owner, .key = "points"};
    const struct ifp_place member = {.up = &points, .index = point};
    const struct ifp_place list = {.up = &member, .key = "queries"};
    int code = check_arguments(instance, profile, &point, query);
    if (!code)
        code = ifp_measured_append(instance, &instance->profiles[profile].points[point], query,
                                   &list, &instance->error);
    return ifp_instance_end(instance, code);
}

/* The profile at that index, or NULL. */
static const struct ifp_profile_data *profile_at(const ifp_instance *instance, size_t profile)
{
    return instance && profile < instance->profile_count ? &instance->profiles[profile] : NULL;
}

static const struct ifp_point_data *point_at(const ifp_instance *instance, size_t profile,
                                             size_t point)
{
    const struct ifp_profile_data *owner = profile_at(instance, profile);
    return owner && point < owner->point_count ? &owner->points[point] : NULL;
}

size_t ifp_instance_profile_count(const ifp_instance *instance)
{
    ifp_instance_begin_read(instance);
    size_t count = instance ? instance->profile_count : 0;
    ifp_instance_end_read(instance);
    return count;
}

const char *ifp_instance_profile_model(const ifp_instance *instance, size_t profile)
{
    ifp_instance_begin_read(instance);
    const struct ifp_profile_data *found = profile_at(instance, profile);
    const char *name = found ? found->model : NULL;
    ifp_instance_end_read(instance);
    return name;
}

const char *ifp_instance_profile_tier(const ifp_instance *instance, size_t profile)
{
    ifp_instance_begin_read(instance);
    const struct ifp_profile_data *found = profile_at(instance, profile);
    const char *name = found ? found->tier : NULL;
    ifp_instance_end_read(instance);
    return name;
}

size_t ifp_instance_profile_degree(const ifp_instance *instance, size_t profile)
{
    ifp_instance_begin_read(instance);
    const struct ifp_profile_data *found = profile_at(instance, profile);
    size_t degree = found ? (size_t)found->tp_degree : 0;
    ifp_instance_end_read(instance);
    return degree;
}

size_t ifp_instance_point_count(const ifp_instance *instance, size_t profile)
{
    ifp_instance_begin_read(instance);
    const struct ifp_profile_data *found = profile_at(instance, profile);
    size_t count = found ? found->point_count : 0;
    ifp_instance_end_read(instance);
    return count;
}

const char *ifp_instance_point_name(const ifp_instance *instance, size_t profile, size_t point)
{
    ifp_instance_begin_read(instance);
    const struct ifp_point_data *found = point_at(instance, profile, point);
    const char *name = found ? found->name : NULL;
    ifp_instance_end_read(instance);
    return name;
}

size_t ifp_instance_measured_count(const ifp_instance *instance, size_t profile, size_t point)
{
    ifp_instance_begin_read(instance);
    const struct ifp_point_data *found = point_at(instance, profile, point);
    size_t count = found ? found->query_count : 0;
    ifp_instance_end_read(instance);
    return count;
}

const char *ifp_instance_measured_query(const ifp_instance *instance, size_t profile, size_t point,
                                        size_t index)
{
    ifp_instance_begin_read(instance);
    const struct ifp_point_data *found = point_at(instance, profile, point);
    const char *name = found && index < found->query_count ? found->queries[index].query : NULL;
    ifp_instance_end_read(instance);
    return name;
}
