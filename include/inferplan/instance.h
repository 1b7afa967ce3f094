/* SPDX-License-Identifier: MIT */
/*
 * The instance: query types, models, GPU tiers, pools, limits, policy and measured performance.
 * Built through calls, or read from JSON; docs/instance-format.md lists every field with its unit
 * and range. Fields are named by their path in the file:
 *
 *     limits.budget_usd                      queries[2].rate_per_hour
 *     queries[summarization].max_unmet       tiers[*].usd_per_hour
 *     performance.delay_ms_per_token         performance.error_rate[qa][*][T4-INT8]
 *
 * A list member is chosen by [number] (from 0), [name] or [*] (all of them); [number] or [*] behind
 * tp_degrees or tp_speedup is an entry. Names and source have setters of their own.
 * Each value is checked against its own range when it is set; what concerns several fields at once
 * (shapes, unknown pools, missing values) is checked by ifp_instance_validate and ifp_model_new.
 */
#ifndef INFERPLAN_INSTANCE_H
#define INFERPLAN_INSTANCE_H

#include <stddef.h>

#include <inferplan/error.h>
#include <inferplan/export.h>

IFP_BEGIN_DECLS

typedef struct ifp_instance ifp_instance;

/* An empty instance with every default of the file format; NULL only when out of memory. */
IFP_API ifp_instance *ifp_instance_new(void);
/* An instance that other calls read, a stress test above all, goes when the last of them ends. */
IFP_API void ifp_instance_free(ifp_instance *instance);

/* A deep copy; NULL when out of memory or when instance is NULL. */
IFP_API ifp_instance *ifp_instance_copy(const ifp_instance *instance);

/*
 * Read from a JSON file, or from a text of the given length in bytes. The result is complete and
 * valid, or NULL with IFP_ERROR_FILE, _SYNTAX, _VALUE or _MEMORY in error.
 */
IFP_API ifp_instance *ifp_instance_read_file(const char *path, ifp_error *error);
IFP_API ifp_instance *ifp_instance_read_string(const char *text, size_t length, ifp_error *error);

/*
 * The instance as JSON in the file format, also while it is still incomplete. Reading it back
 * gives the same numbers to the last bit, and writing that again the same bytes.
 * Owned by the caller, freed with ifp_text_free; NULL when out of memory.
 */
IFP_API char *ifp_instance_write_json(const ifp_instance *instance);
IFP_API void ifp_text_free(char *text);

/* The instance's name; empty until set. Borrowed. */
IFP_API const char *ifp_instance_name(const ifp_instance *instance);
IFP_API int ifp_instance_set_name(ifp_instance *instance, const char *name);
IFP_API int ifp_instance_set_source(ifp_instance *instance, const char *source);

/*
 * Append a member with defaults; its fields are then set by path. Names are non-empty, unique in
 * their list, valid UTF-8 without control characters, bidirectional controls, invisible characters
 * and noncharacters. IFP_ERROR_VALUE if not.
 */
IFP_API int ifp_instance_add_query(ifp_instance *instance, const char *name);
IFP_API int ifp_instance_add_model(ifp_instance *instance, const char *name);
IFP_API int ifp_instance_add_tier(ifp_instance *instance, const char *name);
IFP_API int ifp_instance_add_pool(ifp_instance *instance, const char *name);

/* How many members each list has. */
IFP_API size_t ifp_instance_query_count(const ifp_instance *instance);
IFP_API size_t ifp_instance_model_count(const ifp_instance *instance);
IFP_API size_t ifp_instance_tier_count(const ifp_instance *instance);
IFP_API size_t ifp_instance_pool_count(const ifp_instance *instance);

/* A member's name, NULL where index is out of range. Borrowed until the list grows. */
IFP_API const char *ifp_instance_query_name(const ifp_instance *instance, size_t index);
IFP_API const char *ifp_instance_model_name(const ifp_instance *instance, size_t index);
IFP_API const char *ifp_instance_tier_name(const ifp_instance *instance, size_t index);
IFP_API const char *ifp_instance_pool_name(const ifp_instance *instance, size_t index);

/*
 * Set every field that path names. On failure nothing is changed. IFP_ERROR_BUSY, as in all calls
 * that change an instance, while another call reads or changes it: also in the callback of its
 * stress test.
 *   number    one value for each of them
 *   numbers   with a list field (tiers[..].tp_degrees, .tp_speedup): the whole list;
 *             with [*]: one value for each member, count as many as members;
 *             with entries of a list field: one value for all, for each entry (tp_degrees[*]) or
 *             for each member (tiers[*].tp_degrees[0]);
 *             with performance.*: row-major in query, model, tier (shrink factors: model, tier), as
 *             far as the path leaves them open. count is 1 for one value for all, or the product of
 *             the first open lists, or of all of them.
 *             What is read by a path can be set back by the same path: in number and numbers
 *             +infinity is null if null is allowed. In delay_ms_per_token and error_rate NaN is too
 *   word      placement, slo_basis, storage_basis, kind, level, or a tier's pool
 *   null      no limit; no pool; with performance.delay_ms_per_token[..] or .error_rate[..]:
 *             not a candidate
 *   scale     multiply what is there; "no limit" and "not a candidate" stay so
 */
IFP_API int ifp_instance_set_number(ifp_instance *instance, const char *path, double value);
IFP_API int ifp_instance_set_numbers(ifp_instance *instance, const char *path, const double *values,
                                     size_t count);
IFP_API int ifp_instance_set_word(ifp_instance *instance, const char *path, const char *word);
IFP_API int ifp_instance_set_null(ifp_instance *instance, const char *path);
IFP_API int ifp_instance_scale(ifp_instance *instance, const char *path, double factor);

/* Set from text, as the command line's --set: a number, a list of numbers such as "[1, 2]", "null",
 * a word, or "scale:F". */
IFP_API int ifp_instance_set(ifp_instance *instance, const char *path, const char *value);

/*
 * Read the one number that path names (no [*]). An absent limit and "not a candidate" give
 * +infinity. IFP_ERROR_VALUE if there is no such field, it is not a number, or was never set.
 */
IFP_API int ifp_instance_get_number(const ifp_instance *instance, const char *path, double *value,
                                    ifp_error *error);

/*
 * Read all numbers that path names into values, which has room for *count: of [*] one for each
 * member, of a list field (of one member) its entries, of performance.* row-major in what is not
 * chosen of query, model, tier, whatever shape it was given in. Absent limits and what is no
 * candidate are +infinity. *count becomes how many they are; with values NULL that is all that is
 * done. IFP_ERROR_ARGUMENT where they do not fit, IFP_ERROR_VALUE as above; *count stays then.
 */
IFP_API int ifp_instance_get_numbers(const ifp_instance *instance, const char *path, double *values,
                                     size_t *count, ifp_error *error);

/* Check the whole instance; the first thing wrong is reported as IFP_ERROR_VALUE. */
IFP_API int ifp_instance_validate(const ifp_instance *instance, ifp_error *error);

/* The last error of a call on this handle. Borrowed; never NULL unless instance is. */
IFP_API const ifp_error *ifp_instance_last_error(const ifp_instance *instance);

IFP_END_DECLS

#endif
