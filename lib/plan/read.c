/* SPDX-License-Identifier: MIT */
/*
 * Reading a plan from a result document. Only the plan's decisions and the instance's name are
 * read. Costs, limits, status and other claims of the document are ignored, so they cannot be
 * trusted by mistake. The one exception: a document that says there is no plan, and has no plan, is
 * refused with an error that says so.
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <inferplan/solution.h>

#include "instance/instance.h"
#include "instance/unknown.h"
#include "plan/plan.h"
#include "plan/point.h"
#include "plan/resolve.h"
#include "plan/status.h"
#include "util/error.h"
#include "util/file.h"
#include "util/json_read.h"
#include "util/listing.h"
#include "util/number.h"
#include "util/number_text.h"

/* An entry of one of the document's lists, for the place of an error and to find repeats. */
struct key {
    size_t query;
    size_t model;
    size_t tier;
    int64_t degree;    /* degree and point: only if a pair may have several deployments */
    const char *point; /* borrowed from the plan */
    size_t index;
};

struct reader {
    const struct ifp_instance *instance;
    struct ifp_plan *plan;
    struct ifp_error *error;
    const char *list; /* the list that is being read */
    size_t index;     /* the entry that is being read */
};

/* Report "WHERE: found X; allowed: Y". */
static int refuse_at(struct ifp_error *error, const char *where, const json_t *found,
                     const char *allowed)
{
    struct ifp_text what = {0};
    if (found) {
        ifp_text_string(&what, "found ");
        ifp_json_describe(&what, found);
    } else {
        ifp_text_string(&what, "missing");
    }
    int code = what.failed ? ifp_error_memory(error)
                           : ifp_error_set(error, IFP_ERROR_VALUE, where, "%s; allowed: %s",
                                           what.data, allowed);
    ifp_text_clear(&what);
    return code;
}

/* Report an error at a field of the entry that is being read; if `field` is NULL, at the entry. */
static int refuse(const struct reader *reader, const char *field, const json_t *found,
                  const char *allowed)
{
    struct ifp_text where = {0};
    ifp_text_format(&where, "%s[%zu]", reader->list, reader->index);
    if (field)
        ifp_text_format(&where, ".%s", field);
    int code = where.failed ? ifp_error_memory(reader->error)
                            : refuse_at(reader->error, where.data, found, allowed);
    ifp_text_clear(&where);
    return code;
}

static int read_name(const struct reader *reader, const json_t *entry, const char *field,
                     size_t (*find)(const struct ifp_instance *instance, const char *name),
                     size_t count, size_t *index)
{
    const json_t *value = json_object_get(entry, field);
    if (json_is_string(value)) {
        *index = find(reader->instance, json_string_value(value));
        if (*index < count)
            return IFP_OK;
    }
    struct ifp_text allowed = {0};
    ifp_unknown_allowed(reader->instance, field,
                        json_is_string(value) ? json_string_value(value) : "", &allowed);
    int code = allowed.failed ? ifp_error_memory(reader->error)
                              : refuse(reader, field, value, allowed.data);
    ifp_text_clear(&allowed);
    return code;
}

static int read_query(const struct reader *reader, const json_t *entry, size_t *index)
{
    return read_name(reader, entry, "query", ifp_instance_find_query, reader->instance->query_count,
                     index);
}

static int read_pair(const struct reader *reader, const json_t *entry, size_t *model, size_t *tier)
{
    int code = read_name(reader, entry, "model", ifp_instance_find_model,
                         reader->instance->model_count, model);
    if (code == IFP_OK)
        code = read_name(reader, entry, "tier", ifp_instance_find_tier,
                         reader->instance->tier_count, tier);
    return code;
}

/* 2.0 is accepted as an integer. An integer below 1 is accepted, too: the check judges it. */
static int read_count(const struct reader *reader, const json_t *entry, const char *field,
                      int64_t *count)
{
    const json_t *value = json_object_get(entry, field);
    double number = json_is_number(value) ? json_number_value(value) : NAN;
    if (!(fabs(number) <= IFP_NUMBER_MAX && floor(number) == number))
        return refuse(reader, field, value, "an integer from 1 to 1e15");
    *count = (int64_t)number;
    return IFP_OK;
}

/* A number outside 0 to 1 is accepted: the check judges it. Only sizes above IFP_NUMBER_MAX are
 * refused. */
static int read_fraction(const struct reader *reader, const json_t *entry, double *fraction)
{
    const json_t *value = json_object_get(entry, "fraction");
    double number = json_is_number(value) ? json_number_value(value) : NAN;
    if (!(fabs(number) <= IFP_NUMBER_MAX))
        return refuse(reader, "fraction", value, "a number from 0 to 1");
    *fraction = number;
    return IFP_OK;
}

static bool is_absent(const json_t *value)
{
    return !value || json_is_null(value);
}

/* The optional name of a point; *point stays NULL if it is missing or null. Borrowed. */
static int read_point_text(const struct reader *reader, const json_t *entry, const char **point)
{
    const json_t *value = json_object_get(entry, "point");
    if (is_absent(value))
        return IFP_OK;
    if (!json_is_string(value))
        return refuse(reader, "point", value, "the name of an operating point, such as \"40ms\"");
    *point = json_string_value(value);
    return IFP_OK;
}

/* Append the points that a profile has. */
static void list_points(const struct ifp_profile_data *profile, const char *found,
                        struct ifp_text *text)
{
    struct ifp_listing listing;
    ifp_listing_begin(&listing, found, strlen(found), true);
    for (size_t p = 0; p < profile->point_count; p++)
        ifp_listing_add(&listing, profile->points[p].name);
    if (ifp_listing_end(&listing))
        ifp_text_format(text, "the name of a point of its profile%s: %s", listing.meant.data,
                        listing.names.data);
    else
        text->failed = true;
    ifp_listing_clear(&listing);
}

static int refuse_point(const struct reader *reader, const struct ifp_profile_data *profile,
                        const json_t *value)
{
    struct ifp_text allowed = {0};
    const char *found = json_is_string(value) ? json_string_value(value) : "";
    if (!profile)
        ifp_text_string(&allowed, "no point: this model, tier and degree have no profile");
    else if (profile->point_count)
        list_points(profile, found, &allowed);
    else
        ifp_text_format(&allowed, "a pace above iteration_ms, %g, such as \"40ms\"",
                        profile->iteration_ms);
    int code = allowed.failed
                   ? ifp_error_memory(reader->error)
                   : refuse(reader, "point", is_absent(value) ? NULL : value, allowed.data);
    ifp_text_clear(&allowed);
    return code;
}

/* The point of a deployment, which may be missing only if there is no choice. */
static int read_point(const struct reader *reader, const json_t *entry, const struct key *key,
                      int64_t degree, const char **point)
{
    const json_t *value = json_object_get(entry, "point");
    const struct ifp_profile_data *profile =
        ifp_point_profile(reader->instance, key->model, key->tier, degree);
    double pace = 0;
    int code = read_point_text(reader, entry, point);
    if (code != IFP_OK)
        return code;
    bool good = !*point                ? ifp_point_is_optional(profile)
                : !profile             ? false
                : profile->point_count ? ifp_point_measured(profile, *point) < profile->point_count
                                       : ifp_point_pace_of_law(profile, *point, &pace);
    return good ? IFP_OK : refuse_point(reader, profile, value);
}

/* Append what tells apart the deployments [first, end): their degrees, or their points. */
static void list_places(const struct ifp_plan *plan, size_t first, size_t end, bool points,
                        struct ifp_text *text)
{
    struct ifp_listing listing;
    ifp_listing_begin(&listing, "", 0, points);
    char number[IFP_NUMBER_SIZE];
    for (size_t d = first; d < end; d++) {
        const struct ifp_plan_deployment *deployment = &plan->deployments[d];
        if (points) {
            ifp_listing_add(&listing, deployment->point ? deployment->point : "");
        } else if (d == first || deployment[-1].degree != deployment->degree) {
            ifp_number_write(number, (double)deployment->degree);
            ifp_listing_add(&listing, number);
        }
    }
    if (ifp_listing_end(&listing))
        ifp_text_format(text, "the %s of its deployment, since the pair has several: %s",
                        points ? "point" : "tp_degree", listing.names.data);
    else
        text->failed = true;
    ifp_listing_clear(&listing);
}

static int refuse_missing_place(const struct reader *reader, size_t first, size_t end, bool points)
{
    struct ifp_text allowed = {0};
    list_places(reader->plan, first, end, points, &allowed);
    int code = allowed.failed ? ifp_error_memory(reader->error)
                              : refuse(reader, points ? "point" : "tp_degree", NULL, allowed.data);
    ifp_text_clear(&allowed);
    return code;
}

/* The degree and the point of a route. A route has to say them if its pair has several deployments;
 * the point only if several of them have its degree. */
static int read_place(const struct reader *reader, const json_t *entry, const struct key *key,
                      int64_t *degree, const char **point)
{
    size_t first = 0;
    size_t end = 0;
    int code = IFP_OK;
    if (!is_absent(json_object_get(entry, "tp_degree")))
        code = read_count(reader, entry, "tp_degree", degree);
    if (code == IFP_OK)
        code = read_point_text(reader, entry, point);
    if (code != IFP_OK)
        return code;
    ifp_plan_pair_deployments(reader->plan, key->model, key->tier, 0, &first, &end);
    if (end - first > 1 && !*degree)
        return refuse_missing_place(reader, first, end, false);
    ifp_plan_pair_deployments(reader->plan, key->model, key->tier, *degree, &first, &end);
    if (end - first > 1 && !*point)
        return refuse_missing_place(reader, first, end, true);
    return IFP_OK;
}

static int read_deployment(const struct reader *reader, const json_t *entry, struct key *key)
{
    int64_t degree = 0;
    int64_t replicas = 0;
    int code = read_pair(reader, entry, &key->model, &key->tier);
    if (code == IFP_OK)
        code = read_count(reader, entry, "tp_degree", &degree);
    if (code == IFP_OK)
        code = read_count(reader, entry, "replicas", &replicas);
    if (code != IFP_OK)
        return code;
    struct ifp_plan_deployment deployment = {.degree = degree, .replicas = replicas};
    double product = (double)ifp_plan_gpus(&deployment);
    if (product > IFP_NUMBER_MAX)
        return refuse(reader, "replicas", json_object_get(entry, "replicas"),
                      "at most 1e15 GPUs in a deployment");
    /* If degree and replicas are positive, their product is the number of GPUs. If the document
     * has that number, it must agree. */
    const json_t *gpus = degree > 0 && replicas > 0 ? json_object_get(entry, "gpus") : NULL;
    if (gpus && !(json_is_number(gpus) && json_number_value(gpus) == product)) {
        struct ifp_text allowed = {0};
        ifp_text_format(&allowed, "tp_degree times replicas, %g", product);
        code = allowed.failed ? ifp_error_memory(reader->error)
                              : refuse(reader, "gpus", gpus, allowed.data);
        ifp_text_clear(&allowed);
        return code;
    }
    const char *point = NULL;
    code = read_point(reader, entry, key, degree, &point);
    if (code != IFP_OK)
        return code;
    struct ifp_plan *plan = reader->plan;
    if (ifp_plan_add_deployment_at(plan, key->model, key->tier, degree, point, replicas) != IFP_OK)
        return ifp_error_memory(reader->error);
    struct ifp_plan_deployment *added = &plan->deployments[plan->deployment_count - 1];
    if (!ifp_point_resolve(ifp_point_profile(reader->instance, key->model, key->tier, degree),
                           &added->point, &added->order))
        return ifp_error_memory(reader->error);
    if (reader->instance->deployments_per_pair != 1) {
        key->degree = degree;
        key->point = added->point;
    }
    return IFP_OK;
}

static int read_route(const struct reader *reader, const json_t *entry, struct key *key)
{
    double fraction = 0;
    int code = read_query(reader, entry, &key->query);
    if (code == IFP_OK)
        code = read_pair(reader, entry, &key->model, &key->tier);
    if (code == IFP_OK)
        code = read_fraction(reader, entry, &fraction);
    if (code != IFP_OK)
        return code;
    int64_t degree = 0;
    const char *point = NULL;
    code = read_place(reader, entry, key, &degree, &point);
    if (code != IFP_OK)
        return code;
    struct ifp_plan *plan = reader->plan;
    if (ifp_plan_add_route_at(plan, key->query, key->model, key->tier, degree, point, fraction) !=
            IFP_OK ||
        ifp_plan_resolve_route(reader->instance, plan, plan->route_count - 1) != IFP_OK)
        return ifp_error_memory(reader->error);
    if (reader->instance->deployments_per_pair != 1) {
        key->degree = plan->routes[plan->route_count - 1].degree;
        key->point = plan->routes[plan->route_count - 1].point;
    }
    return IFP_OK;
}

static int read_unmet(const struct reader *reader, const json_t *entry, struct key *key)
{
    double fraction = 0;
    int code = read_query(reader, entry, &key->query);
    if (code == IFP_OK)
        code = read_fraction(reader, entry, &fraction);
    if (code != IFP_OK)
        return code;
    code = ifp_plan_add_unmet(reader->plan, key->query, fraction);
    return code == IFP_OK ? code : ifp_error_memory(reader->error);
}

static int compare_keys(const void *left, const void *right)
{
    const struct key *a = left;
    const struct key *b = right;
    if (a->query != b->query)
        return a->query < b->query ? -1 : 1;
    if (a->model != b->model)
        return a->model < b->model ? -1 : 1;
    if (a->tier != b->tier)
        return a->tier < b->tier ? -1 : 1;
    if (a->degree != b->degree)
        return a->degree < b->degree ? -1 : 1;
    int order = strcmp(a->point ? a->point : "", b->point ? b->point : "");
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

/* Report the first entry of the list that repeats an earlier one. */
static int refuse_repeats(struct reader *reader, struct key *keys, size_t count)
{
    size_t first = count;
    size_t repeat = count;
    if (count > 1)
        qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t k = 1; k < count; k++) {
        if (keys[k].query == keys[k - 1].query && keys[k].model == keys[k - 1].model &&
            keys[k].tier == keys[k - 1].tier &&
            ifp_plan_same_point(keys[k].degree, keys[k].point, keys[k - 1].degree,
                                keys[k - 1].point) &&
            keys[k].index < repeat) {
            first = keys[k - 1].index;
            repeat = keys[k].index;
        }
    }
    if (repeat == count)
        return IFP_OK;
    struct ifp_text where = {0};
    ifp_text_format(&where, "%s[%zu]", reader->list, repeat);
    int code = where.failed ? ifp_error_memory(reader->error)
                            : ifp_error_set(reader->error, IFP_ERROR_VALUE, where.data,
                                            "found the same as in %s[%zu]; allowed: each once",
                                            reader->list, first);
    ifp_text_clear(&where);
    return code;
}

static int read_list(struct reader *reader, const json_t *document, const char *name,
                     int (*read_entry)(const struct reader *reader, const json_t *entry,
                                       struct key *key))
{
    const json_t *list = json_object_get(document, name);
    if (!json_is_array(list))
        return refuse_at(reader->error, name, list, "a list");
    size_t count = json_array_size(list);
    struct key *keys = calloc(count ? count : 1, sizeof *keys);
    if (!keys)
        return ifp_error_memory(reader->error);
    int code = IFP_OK;
    reader->list = name;
    for (size_t e = 0; e < count && code == IFP_OK; e++) {
        const json_t *entry = json_array_get(list, e);
        reader->index = keys[e].index = e;
        code = json_is_object(entry) ? read_entry(reader, entry, &keys[e])
                                     : refuse(reader, NULL, entry, "an object");
    }
    if (code == IFP_OK)
        code = refuse_repeats(reader, keys, count);
    free(keys);
    return code;
}

static bool is_word(const json_t *value, const char *word)
{
    return json_is_string(value) && strcmp(json_string_value(value), word) == 0;
}

static int check_header(const json_t *document, struct ifp_error *error)
{
    if (!json_is_object(document))
        return refuse_at(error, NULL, document, "an object with format \"inferplan-plan\"");
    const json_t *format = json_object_get(document, "format");
    if (!is_word(format, "inferplan-plan"))
        return refuse_at(error, "format", format, "\"inferplan-plan\"");
    const json_t *version = json_object_get(document, "version");
    if (!json_is_number(version) || json_number_value(version) != 1)
        return refuse_at(error, "version", version, "1");
    const json_t *status = json_object_get(document, "status");
    if ((is_word(status, ifp_status_word(IFP_STATUS_INFEASIBLE)) ||
         is_word(status, ifp_status_word(IFP_STATUS_NO_PLAN))) &&
        !json_array_size(json_object_get(document, "deployments")) &&
        !json_array_size(json_object_get(document, "routes")) &&
        !json_array_size(json_object_get(document, "unmet")))
        return refuse_at(error, "status", status,
                         "a document that holds a plan (this one has no deployments, routes or "
                         "unmet shares)");
    return IFP_OK;
}

/* The name may be that of another instance: the caller judges that. */
static int read_instance_name(struct ifp_plan *plan, const json_t *document,
                              struct ifp_error *error)
{
    const json_t *name = json_object_get(document, "instance");
    free(plan->instance);
    plan->instance = NULL;
    if (!json_is_string(name))
        return IFP_OK;
    plan->instance = ifp_string_copy(json_string_value(name));
    return plan->instance ? IFP_OK : ifp_error_memory(error);
}

ifp_plan *ifp_plan_read_string(const ifp_instance *instance, const char *text, size_t length,
                               ifp_error *error)
{
    json_t *document = NULL;
    struct reader reader = {.instance = instance, .error = error};
    int code = IFP_OK;
    if (!instance || !text) {
        (void)ifp_error_set(error, IFP_ERROR_ARGUMENT, NULL, "the %s is NULL",
                            instance ? "text" : "instance");
        return NULL;
    }
    ifp_instance_begin_read(instance);
    code = ifp_json_parse(text, length, &document, error);
    if (code == IFP_OK)
        code = check_header(document, error);
    if (code != IFP_OK)
        goto cleanup;
    reader.plan = ifp_plan_new(instance);
    if (!reader.plan) {
        code = ifp_error_memory(error);
        goto cleanup;
    }
    code = read_instance_name(reader.plan, document, error);
    if (code == IFP_OK)
        code = read_list(&reader, document, "deployments", read_deployment);
    if (code == IFP_OK && ifp_plan_resolve_deployments(instance, reader.plan) != IFP_OK)
        code = ifp_error_memory(error);
    if (code == IFP_OK)
        code = read_list(&reader, document, "routes", read_route);
    if (code == IFP_OK)
        code = read_list(&reader, document, "unmet", read_unmet);
    if (code == IFP_OK)
        ifp_plan_sort(reader.plan); /* all entries are resolved */

cleanup:
    if (code != IFP_OK) {
        ifp_plan_free(reader.plan);
        reader.plan = NULL;
    }
    json_decref(document);
    ifp_instance_end_read(instance);
    return reader.plan;
}

ifp_plan *ifp_plan_read_file(const ifp_instance *instance, const char *path, ifp_error *error)
{
    if (!instance || !path) {
        (void)ifp_error_set(error, IFP_ERROR_ARGUMENT, NULL, "the %s is NULL",
                            instance ? "path" : "instance");
        return NULL;
    }
    size_t size = 0;
    char *text = ifp_file_read(path, &size, error);
    if (!text)
        return NULL;
    ifp_plan *plan = ifp_plan_read_string(instance, text, size, error);
    free(text);
    if (!plan && error && error->code != IFP_ERROR_MEMORY)
        ifp_error_prefix(error, path);
    return plan;
}
