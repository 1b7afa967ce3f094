/* SPDX-License-Identifier: MIT */
/*
 * The instance: query types, models, GPU tiers, pools, limits, policy and measured performance.
 * An instance is built by calls or read from JSON. docs/instance-format.md lists every field with
 * its unit and range. A field is named by its path in the file:
 *
 *     limits.budget_usd                      queries[2].rate_per_hour
 *     queries[summarization].max_unmet       tiers[*].usd_per_hour
 *     performance.delay_ms_per_token         performance.error_rate[qa][*][T4-INT8]
 *     policy.headroom.utilization            profiles[0].points[fast].queries[chat].ttft_ms
 *
 * [number] (from 0), [name] or [*] (all) selects members of a list. A profile is also selected by
 * [MODEL,TIER,DEGREE]. After the name of a list of numbers, such as tp_degrees or paces_ms,
 * [number] or [*] selects entries. Names and source have separate setters. A value is checked
 * against its own range when it is set. Rules that concern several fields (shapes, unknown pools,
 * missing values) are checked by ifp_instance_validate and ifp_model_new.
 */
#ifndef INFERPLAN_INSTANCE_H
#define INFERPLAN_INSTANCE_H

#include <stddef.h>

#include <inferplan/error.h>
#include <inferplan/export.h>

IFP_BEGIN_DECLS

typedef struct ifp_instance ifp_instance;

/* An empty instance with the defaults of the file format. NULL if out of memory. */
IFP_API ifp_instance *ifp_instance_new(void);
/* Free the instance. If other calls still read it, such as a stress test, it is freed when the last
 * of them returns. */
IFP_API void ifp_instance_free(ifp_instance *instance);

/* A deep copy. NULL if out of memory or if instance is NULL. */
IFP_API ifp_instance *ifp_instance_copy(const ifp_instance *instance);

/*
 * Read an instance from a JSON file, or from a text of the given length in bytes. The result is
 * complete and valid; on failure it is NULL with IFP_ERROR_FILE, _SYNTAX, _VALUE or _MEMORY in
 * error.
 */
IFP_API ifp_instance *ifp_instance_read_file(const char *path, ifp_error *error);
IFP_API ifp_instance *ifp_instance_read_string(const char *text, size_t length, ifp_error *error);

/*
 * The instance as JSON in the file format. It need not be complete. Reading the JSON back gives the
 * same numbers to the last bit, and writing that instance gives the same bytes. Owned by the
 * caller, freed with ifp_text_free. NULL if out of memory.
 */
IFP_API char *ifp_instance_write_json(const ifp_instance *instance);
IFP_API void ifp_text_free(char *text);

/* The name of the instance. Empty until it is set. Borrowed. */
IFP_API const char *ifp_instance_name(const ifp_instance *instance);
IFP_API int ifp_instance_set_name(ifp_instance *instance, const char *name);
IFP_API int ifp_instance_set_source(ifp_instance *instance, const char *source);

/*
 * Append a member with default fields, to be set by path. The name must be non-empty, unique in its
 * list, and valid UTF-8 without control characters, bidirectional controls, invisible characters
 * and noncharacters. Returns IFP_ERROR_VALUE if it is not.
 */
IFP_API int ifp_instance_add_query(ifp_instance *instance, const char *name);
IFP_API int ifp_instance_add_model(ifp_instance *instance, const char *name);
IFP_API int ifp_instance_add_tier(ifp_instance *instance, const char *name);
IFP_API int ifp_instance_add_pool(ifp_instance *instance, const char *name);

/*
 * Append a profile: what one replica of a configuration does under load. Model and tier must be in
 * their lists; the tier must have the degree before the instance is used. A profile is then a law,
 * whose fields are set by path (profiles[0].iteration_ms), or it gets points that were measured,
 * and each point gets query types with what was measured for them
 * (profiles[0].points[0].queries[chat].rate_per_hour). Profiles and points are counted from 0.
 * IFP_ERROR_VALUE if a name is unknown or not allowed, the degree is not from 1 to 1e6, or the
 * configuration, the point or the query type is there already. IFP_ERROR_ARGUMENT if an index is
 * out of range or a name is NULL.
 */
IFP_API int ifp_instance_add_profile(ifp_instance *instance, const char *model, const char *tier,
                                     size_t tp_degree);
IFP_API int ifp_instance_add_point(ifp_instance *instance, size_t profile, const char *name);
IFP_API int ifp_instance_add_measured(ifp_instance *instance, size_t profile, size_t point,
                                      const char *query);

/* The number of members of each list. */
IFP_API size_t ifp_instance_query_count(const ifp_instance *instance);
IFP_API size_t ifp_instance_model_count(const ifp_instance *instance);
IFP_API size_t ifp_instance_tier_count(const ifp_instance *instance);
IFP_API size_t ifp_instance_pool_count(const ifp_instance *instance);

/* The name of a member. NULL if index is out of range. Borrowed until the list grows. */
IFP_API const char *ifp_instance_query_name(const ifp_instance *instance, size_t index);
IFP_API const char *ifp_instance_model_name(const ifp_instance *instance, size_t index);
IFP_API const char *ifp_instance_tier_name(const ifp_instance *instance, size_t index);
IFP_API const char *ifp_instance_pool_name(const ifp_instance *instance, size_t index);

/* The configuration of a profile. NULL, or 0 for the degree, if the index is out of range. Names
 * are borrowed until the list grows. */
IFP_API size_t ifp_instance_profile_count(const ifp_instance *instance);
IFP_API const char *ifp_instance_profile_model(const ifp_instance *instance, size_t profile);
IFP_API const char *ifp_instance_profile_tier(const ifp_instance *instance, size_t profile);
IFP_API size_t ifp_instance_profile_degree(const ifp_instance *instance, size_t profile);

/* The points of a profile, and the query types that were measured at a point. 0 or NULL if an index
 * is out of range. Names are borrowed until the list grows. */
IFP_API size_t ifp_instance_point_count(const ifp_instance *instance, size_t profile);
IFP_API const char *ifp_instance_point_name(const ifp_instance *instance, size_t profile,
                                            size_t point);
IFP_API size_t ifp_instance_measured_count(const ifp_instance *instance, size_t profile,
                                           size_t point);
IFP_API const char *ifp_instance_measured_query(const ifp_instance *instance, size_t profile,
                                                size_t point, size_t index);

/*
 * Set every field that path names. On failure nothing changes. Every call that changes an instance
 * fails with IFP_ERROR_BUSY while another call reads or changes it, also in the callback of its
 * stress test.
 *   number    one value for all fields named
 *   numbers   a list field (tiers[..].tp_degrees, profiles[..].paces_ms): the whole list;
 *             with [*]: one value for each member, so count is the number of members;
 *             entries of a list field: one value for all, one for each entry (tp_degrees[*]) or
 *             one for each member (tiers[*].tp_degrees[0]);
 *             performance.*: row-major in query, model, tier (shrink factors: model, tier), over
 *             the open lists, from which the path does not choose one member. count is 1 (one
 *             value for all), or the product of the lengths of the first open lists, or of all.
 *             Values that were read by a path can be set again by the same path: number and numbers
 *             take +infinity as null if the field allows null. delay_ms_per_token and error_rate
 *             also take NaN as null.
 *   word      placement, slo_basis, storage_basis, limit_basis, kind, level, or the pool of a tier;
 *             "true" or "false" for whole_requests; "delay" for kv_residency_hours
 *   null      no limit; no pool; not given; headroom as a whole: absent; with
 * performance.delay_ms_per_token[..] or .error_rate[..]: not a candidate scale     multiply the
 * current value; "no limit" and "not a candidate" stay as they are
 */
IFP_API int ifp_instance_set_number(ifp_instance *instance, const char *path, double value);
IFP_API int ifp_instance_set_numbers(ifp_instance *instance, const char *path, const double *values,
                                     size_t count);
IFP_API int ifp_instance_set_word(ifp_instance *instance, const char *path, const char *word);
IFP_API int ifp_instance_set_null(ifp_instance *instance, const char *path);
IFP_API int ifp_instance_scale(ifp_instance *instance, const char *path, double factor);

/* Set a field from text, as --set of the command does. The text is a number, a list of numbers such
 * as "[1, 2]", "null", a word, or "scale:F". */
IFP_API int ifp_instance_set(ifp_instance *instance, const char *path, const char *value);

/*
 * Read the one number that path names (no [*]). An absent limit, a number without a default that is
 * not given, and "not a candidate" give +infinity. IFP_ERROR_VALUE if the field does not exist, is
 * not a number or was never set.
 */
IFP_API int ifp_instance_get_number(const ifp_instance *instance, const char *path, double *value,
                                    ifp_error *error);

/*
 * Read all numbers that path names into values, an array of *count numbers. [*] gives one number
 * for each member. A list field of one member gives its entries. performance.* gives a row-major
 * table over the lists (query, model, tier) from which the path does not choose one member, in
 * whatever shape the table was set. Absent limits and pairs that are not candidates give +infinity.
 * On success, *count becomes the number of values. Pass NULL as values to learn only that.
 * IFP_ERROR_ARGUMENT if the array is too small, IFP_ERROR_VALUE as in ifp_instance_get_number. On
 * failure, *count is unchanged.
 */
IFP_API int ifp_instance_get_numbers(const ifp_instance *instance, const char *path, double *values,
                                     size_t *count, ifp_error *error);

/* Check the whole instance. Reports the first mistake as IFP_ERROR_VALUE. */
IFP_API int ifp_instance_validate(const ifp_instance *instance, ifp_error *error);

/* The error of the last failed call on this handle. Borrowed. NULL only if instance is NULL. */
IFP_API const ifp_error *ifp_instance_last_error(const ifp_instance *instance);

IFP_END_DECLS

#endif
