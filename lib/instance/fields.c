/* SPDX-License-Identifier: MIT */
/* The fields of the file format, in one table. */
#include "instance/fields.h"

#include "util/listing.h"
#include "util/number.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const placement_words[] = {"single", "matching", "split", NULL};
static const char *const slo_words[] = {"served", "offered", NULL};
static const char *const storage_words[] = {"deployment", "route", NULL};
static const char *const kind_words[] = {"none", "budget", "decision_dependent", NULL};
static const char *const level_words[] = {"cell", "query", NULL};
static const char *const basis_words[] = {"average", "route", NULL};
static const char *const residency_words[] = {"delay", NULL};

#define BETWEEN(form_, record, member, presence_, absent_, low_, above_, whole_, high_, below_)    \
    {                                                                                              \
        .name = #member, .kind = IFP_FIELD_NUMBER, .presence = presence_, .form = form_,           \
        .offset = offsetof(struct record, member), .absent = absent_, .low = low_,                 \
        .above = above_, .whole = whole_, .high = high_, .below = below_                           \
    }
#define NUMBER(record, member, presence_, absent_, low_, above_, whole_, high_)                    \
    BETWEEN(0, record, member, presence_, absent_, low_, above_, whole_, high_, false)
#define QUANTITY(record, member) NUMBER(record, member, IFP_REQUIRED, NAN, 0, false, false, MAX)
#define POSITIVE(record, member) NUMBER(record, member, IFP_REQUIRED, NAN, 0, true, false, MAX)
#define OPTIONAL(record, member, value)                                                            \
    NUMBER(record, member, IFP_DEFAULT, value, 0, false, false, MAX)
#define LIMIT(record, member, high_)                                                               \
    NUMBER(record, member, IFP_LIMIT, INFINITY, 0, false, false, high_)
/* A number that need not be given and has no default. */
#define UNSET(record, member, above_, high_)                                                       \
    NUMBER(record, member, IFP_UNSET, NAN, 0, above_, false, high_)
#define LAW(member, presence_, value, low_, whole_)                                                \
    BETWEEN(FORM_LAW, ifp_profile_data, member, presence_, value, low_, false, whole_, MAX, false)
#define WAIT(member, presence_, value, low_, above_, whole_, high_, below_)                        \
    BETWEEN(IFP_HEADROOM_WAIT, ifp_headroom_data, member, presence_, value, low_, above_, whole_,  \
            high_, below_)
#define WORD(label, record, member, words_, presence_, value, stated_)                             \
    {                                                                                              \
        .name = label, .kind = IFP_FIELD_WORD, .presence = presence_,                              \
        .offset = offsetof(struct record, member), .absent = value, .words = words_,               \
        .stated = stated_                                                                          \
    }
#define REFERENCE(record, member, presence_, fixed_, list_)                                        \
    {                                                                                              \
        .name = #member, .kind = IFP_FIELD_REFERENCE, .presence = presence_,                       \
        .offset = offsetof(struct record, member), .fixed = fixed_, .list = list_                  \
    }
#define SECTION(label, offset_, form_, section_)                                                   \
    {                                                                                              \
        .name = label, .kind = IFP_FIELD_SECTION, .presence = IFP_UNSET, .offset = offset_,        \
        .form = form_, .section = &(section_)                                                      \
    }
#define OBJECT(label, optional_, fields_, extra_)                                                  \
    {                                                                                              \
        .name = label, .fields = fields_, .field_count = COUNT(fields_), .optional = optional_,    \
        .extra = offsetof(struct ifp_instance, extra_)                                             \
    }
#define LIST(label, noun_, key_, optional_, fields_, owner, data_, count_, names_, record)         \
    .name = label, .fields = fields_, .field_count = COUNT(fields_), .list = true, .key = key_,    \
    .optional = optional_, .noun = noun_, .data = offsetof(struct owner, data_),                   \
    .count = offsetof(struct owner, count_), .names = offsetof(struct owner, names_),              \
    .stride = sizeof(struct record)
#define MAX IFP_NUMBER_MAX

/* The forms of a profile. Those of head-room are enum ifp_headroom_kind. */
enum { FORM_LAW = 1, FORM_POINTS };

static const struct ifp_field headroom_fields[] = {
    BETWEEN(IFP_HEADROOM_UTILIZATION, ifp_headroom_data, utilization, IFP_UNSET, NAN, 0, true,
            false, 1, false),
    WAIT(wait_ms, IFP_UNSET, NAN, 0, false, false, MAX, false),
    WAIT(quantile, IFP_UNSET, NAN, 0, false, false, 1, true),
    WAIT(slots, IFP_UNSET, NAN, 1, false, true, 1e6, false),
    WAIT(service_ms, IFP_UNSET, NAN, 0, true, false, MAX, false),
    WAIT(cv2, IFP_DEFAULT, 1, 0, false, false, MAX, false),
    {.name = "table",
     .kind = IFP_FIELD_NUMBERS,
     .presence = IFP_UNSET,
     .offset = offsetof(struct ifp_headroom_data, table),
     .high = MAX,
     .order = IFP_ORDER_ASCENDING,
     .form = IFP_HEADROOM_TABLE},
};

static const struct ifp_section headroom_section = {
    .name = "headroom",
    .fields = headroom_fields,
    .field_count = COUNT(headroom_fields),
    .optional = true,
    .extra = offsetof(struct ifp_headroom_data, extra),
    .forms = "one form: utilization, or wait_ms with quantile, slots and service_ms, or table",
    .stores_form = true,
    .form = offsetof(struct ifp_headroom_data, kind),
};

static const struct ifp_field top_fields[] = {
    QUANTITY(ifp_instance, storage_usd_per_gb_hour),
};

static const struct ifp_field horizon_fields[] = {
    POSITIVE(ifp_instance, rental_hours),
    NUMBER(ifp_instance, penalty_hours, IFP_INHERITED, NAN, 0, false, false, MAX),
};

static const struct ifp_field limits_fields[] = {
    LIMIT(ifp_instance, budget_usd, MAX),
    LIMIT(ifp_instance, storage_gb, MAX),
};

static const struct ifp_field policy_fields[] = {
    WORD("placement", ifp_instance, placement, placement_words, IFP_DEFAULT, IFP_PLACEMENT_SPLIT,
         true),
    WORD("slo_basis", ifp_instance, slo_basis, slo_words, IFP_DEFAULT, IFP_SLO_SERVED, true),
    WORD("storage_basis", ifp_instance, storage_basis, storage_words, IFP_DEFAULT,
         IFP_STORAGE_DEPLOYMENT, true),
    NUMBER(ifp_instance, max_replicas, IFP_DEFAULT, 1, 1, false, true, 1e6),
    WORD("limit_basis", ifp_instance, limit_basis, basis_words, IFP_DEFAULT, IFP_BASIS_AVERAGE,
         false),
    {.name = "whole_requests",
     .kind = IFP_FIELD_FLAG,
     .presence = IFP_DEFAULT,
     .offset = offsetof(struct ifp_instance, whole_requests)},
    NUMBER(ifp_instance, deployments_per_pair, IFP_OPEN, 1, 1, false, true, 1),
    NUMBER(ifp_instance, paces, IFP_DEFAULT, 8, 1, false, true, 1e6),
    SECTION("headroom", offsetof(struct ifp_instance, headroom), 0, headroom_section),
};

static const struct ifp_field uncertainty_fields[] = {
    WORD("kind", ifp_instance, uncertainty, kind_words, IFP_DEFAULT, IFP_UNCERTAINTY_NONE, true),
    WORD("level", ifp_instance, level, level_words, IFP_DEFAULT, IFP_LEVEL_QUERY, true),
    LIMIT(ifp_instance, delay_budget, MAX),
    LIMIT(ifp_instance, error_budget, MAX),
};

static const struct ifp_field query_fields[] = {
    QUANTITY(ifp_query_data, input_tokens),
    QUANTITY(ifp_query_data, output_tokens),
    QUANTITY(ifp_query_data, rate_per_hour),
    OPTIONAL(ifp_query_data, tflop_per_1k_tokens, 0),
    OPTIONAL(ifp_query_data, storage_gb_per_token, 0),
    LIMIT(ifp_query_data, delay_limit_ms, MAX),
    LIMIT(ifp_query_data, error_limit, 1),
    OPTIONAL(ifp_query_data, delay_penalty_usd_per_ms, 0),
    QUANTITY(ifp_query_data, unmet_penalty_usd),
    NUMBER(ifp_query_data, max_unmet, IFP_DEFAULT, 1, 0, false, false, 1),
    LIMIT(ifp_query_data, ttft_limit_ms, MAX),
    LIMIT(ifp_query_data, tpot_limit_ms, MAX),
    WORD("limit_basis", ifp_query_data, limit_basis, basis_words, IFP_INHERITED, -1, false),
    UNSET(ifp_query_data, attainment_target, false, 1),
    NUMBER(ifp_query_data, cached_input_fraction, IFP_DEFAULT, 0, 0, false, false, 1),
};

static const struct ifp_field model_fields[] = {
    QUANTITY(ifp_model_data, weights_gb),
    QUANTITY(ifp_model_data, kv_gb_per_token),
    OPTIONAL(ifp_model_data, compute_scale, 1),
};

static const struct ifp_field tier_fields[] = {
    POSITIVE(ifp_tier_data, memory_gb),
    POSITIVE(ifp_tier_data, tflops),
    QUANTITY(ifp_tier_data, usd_per_hour),
    {.name = "tp_degrees",
     .kind = IFP_FIELD_NUMBERS,
     .presence = IFP_REQUIRED,
     .offset = offsetof(struct ifp_tier_data, tp_degrees),
     .low = 1,
     .whole = true,
     .high = 1e6,
     .order = IFP_ORDER_DISTINCT,
     .plural = "degrees"},
    {.name = "tp_speedup",
     .kind = IFP_FIELD_NUMBERS,
     .presence = IFP_INHERITED,
     .offset = offsetof(struct ifp_tier_data, tp_speedup),
     .low = IFP_SPEEDUP_MIN,
     .high = MAX},
    OPTIONAL(ifp_tier_data, weight_scale, 1),
    OPTIONAL(ifp_tier_data, kv_scale, 1),
    REFERENCE(ifp_tier_data, pool, IFP_UNSET, false, IFP_SECTION_POOLS),
    NUMBER(ifp_tier_data, memory_utilization, IFP_DEFAULT, 1, 0, true, false, 1),
};

static const struct ifp_field pool_fields[] = {
    QUANTITY(ifp_pool_data, gpus),
};

static const struct ifp_field measured_fields[] = {
    POSITIVE(ifp_measured_data, rate_per_hour),
    QUANTITY(ifp_measured_data, ttft_ms),
    UNSET(ifp_measured_data, tpot_ms, true, MAX),
    UNSET(ifp_measured_data, e2e_ms, false, MAX),
    UNSET(ifp_measured_data, attainment, false, 1),
    UNSET(ifp_measured_data, ttft_deviation_ms, false, MAX),
    UNSET(ifp_measured_data, tpot_deviation_ms, false, MAX),
    UNSET(ifp_measured_data, e2e_deviation_ms, false, MAX),
};

static const struct ifp_section measured_section = {
    LIST("queries", "query", IFP_KEY_QUERY, false, measured_fields, ifp_point_data, queries,
         query_count, query_names, ifp_measured_data)};

static const struct ifp_field point_fields[] = {
    UNSET(ifp_point_data, tpot_ms, true, MAX),
    SECTION("queries", 0, 0, measured_section),
};

static const struct ifp_section points_section = {LIST("points", "point", IFP_KEY_NAME, false,
                                                       point_fields, ifp_profile_data, points,
                                                       point_count, point_names, ifp_point_data)};

static const struct ifp_field profile_fields[] = {
    REFERENCE(ifp_profile_data, model, IFP_REQUIRED, true, IFP_SECTION_MODELS),
    REFERENCE(ifp_profile_data, tier, IFP_REQUIRED, true, IFP_SECTION_TIERS),
    {.name = "tp_degree",
     .kind = IFP_FIELD_NUMBER,
     .presence = IFP_REQUIRED,
     .offset = offsetof(struct ifp_profile_data, tp_degree),
     .absent = NAN,
     .low = 1,
     .whole = true,
     .high = 1e6,
     .fixed = true},
    SECTION("headroom", offsetof(struct ifp_profile_data, headroom), 0, headroom_section),
    NUMBER(ifp_profile_data, spare_replicas, IFP_DEFAULT, 0, 0, false, true, 1e6),
    NUMBER(ifp_profile_data, min_replicas, IFP_DEFAULT, 0, 0, false, true, 1e6),
    OPTIONAL(ifp_profile_data, network_ms, 0),
    OPTIONAL(ifp_profile_data, delay_deviation, 0),
    LAW(iteration_ms, IFP_UNSET, NAN, 0, false),
    LAW(prefill_ms_per_token, IFP_UNSET, NAN, 0, false),
    LAW(decode_ms_per_token, IFP_UNSET, NAN, 0, false),
    LAW(context_ms_per_token, IFP_DEFAULT, 0, 0, false),
    LAW(max_sequences, IFP_LIMIT, INFINITY, 1, true),
    LAW(chunk_tokens, IFP_LIMIT, INFINITY, 1, true),
    {.name = "paces_ms",
     .kind = IFP_FIELD_NUMBERS,
     .presence = IFP_UNSET,
     .offset = offsetof(struct ifp_profile_data, paces_ms),
     .above = true,
     .high = MAX,
     .form = FORM_LAW,
     .order = IFP_ORDER_DISTINCT,
     .plural = "paces"},
    SECTION("points", 0, FORM_POINTS, points_section),
};

#define TOP_LIST(label, noun_, key_, optional_, fields_, data_, count_, names_, record)            \
    {                                                                                              \
        LIST(label, noun_, key_, optional_, fields_, ifp_instance, data_, count_, names_, record)  \
    }

const struct ifp_section ifp_sections[IFP_SECTION_COUNT] = {
    [IFP_SECTION_TOP] = OBJECT("", false, top_fields, extra),
    [IFP_SECTION_HORIZON] = OBJECT("horizon", false, horizon_fields, horizon_extra),
    [IFP_SECTION_LIMITS] = OBJECT("limits", true, limits_fields, limits_extra),
    [IFP_SECTION_POLICY] = OBJECT("policy", true, policy_fields, policy_extra),
    [IFP_SECTION_UNCERTAINTY] = OBJECT("uncertainty", true, uncertainty_fields, uncertainty_extra),
    [IFP_SECTION_QUERIES] = TOP_LIST("queries", "query", IFP_KEY_NAME, false, query_fields, queries,
                                     query_count, query_names, ifp_query_data),
    [IFP_SECTION_MODELS] = TOP_LIST("models", "model", IFP_KEY_NAME, false, model_fields, models,
                                    model_count, model_names, ifp_model_data),
    [IFP_SECTION_TIERS] = TOP_LIST("tiers", "tier", IFP_KEY_NAME, false, tier_fields, tiers,
                                   tier_count, tier_names, ifp_tier_data),
    [IFP_SECTION_POOLS] = TOP_LIST("pools", "pool", IFP_KEY_NAME, true, pool_fields, pools,
                                   pool_count, pool_names, ifp_pool_data),
    [IFP_SECTION_PROFILES] =
        {LIST("profiles", "profile", IFP_KEY_CONFIGURATION, true, profile_fields, ifp_instance,
              profiles, profile_count, profile_names, ifp_profile_data),
         .forms =
             "one form: iteration_ms, prefill_ms_per_token and decode_ms_per_token (a law), or "
             "points (measured)"},
};

#define TABLE(label, presence_, low_, high_, dimensions_, nullable_)                               \
    {                                                                                              \
        .field = {.name = label, .presence = presence_, .low = low_, .high = high_},               \
        .dimensions = dimensions_, .nullable = nullable_                                           \
    }

const struct ifp_table_field ifp_table_fields[IFP_PERFORMANCE_COUNT] = {
    [IFP_DELAY] = TABLE("delay_ms_per_token", IFP_REQUIRED, 0, MAX, 3, true),
    [IFP_DELAY_DEVIATION] = TABLE("delay_deviation_ms_per_token", IFP_DEFAULT, 0, MAX, 3, false),
    [IFP_ERROR_RATE] = TABLE("error_rate", IFP_REQUIRED, 0, 1, 3, true),
    [IFP_ERROR_DEVIATION] = TABLE("error_deviation", IFP_DEFAULT, 0, MAX, 3, false),
    [IFP_KV_RESIDENCY] = {.field = {.name = "kv_residency_hours",
                                    .presence = IFP_DEFAULT,
                                    .low = 0,
                                    .high = MAX,
                                    .words = residency_words},
                          .word = offsetof(struct ifp_instance, residency_is_delay),
                          .dimensions = 3},
    [IFP_DELAY_SHRINK] = TABLE("delay_shrink", IFP_DEFAULT, -MAX, 1, 2, false),
    [IFP_ERROR_SHRINK] = TABLE("error_shrink", IFP_DEFAULT, -MAX, 1, 2, false),
};

static void *at(const void *base, size_t offset)
{
    return (char *)(uintptr_t)base + offset;
}

struct ifp_names *ifp_section_names(const struct ifp_section *section, const void *owner)
{
    return at(owner, section->names);
}

size_t ifp_section_length(const struct ifp_section *section, const void *owner)
{
    return section->list ? *(const size_t *)at(owner, section->count) : 1;
}

void *ifp_section_record(const struct ifp_section *section, const void *owner, size_t index)
{
    if (!section->list)
        return at(owner, 0);
    char *records;
    memcpy(&records, at(owner, section->data), sizeof records);
    return records + index * section->stride;
}

size_t ifp_section_find(const struct ifp_section *section, const void *owner, const char *name)
{
    return ifp_names_find(ifp_section_names(section, owner), name);
}

char **ifp_section_extra(const struct ifp_section *section, void *record)
{
    return section->list ? &((struct ifp_record *)record)->extra : at(record, section->extra);
}

const struct ifp_section *ifp_section_of_noun(const char *noun)
{
    for (size_t s = 0; s < IFP_SECTION_COUNT; s++) {
        if (ifp_sections[s].noun && !strcmp(ifp_sections[s].noun, noun))
            return &ifp_sections[s];
    }
    return NULL;
}

const struct ifp_field *ifp_section_field(const struct ifp_section *section, const char *name,
                                          size_t length)
{
    for (size_t f = 0; f < section->field_count; f++) {
        const char *known = section->fields[f].name;
        if (strlen(known) == length && !memcmp(known, name, length))
            return &section->fields[f];
    }
    return NULL;
}

double *ifp_field_number(const struct ifp_field *field, void *record)
{
    return at(record, field->offset);
}

int *ifp_field_word(const struct ifp_field *field, void *record)
{
    return at(record, field->offset);
}

struct ifp_numbers *ifp_field_numbers(const struct ifp_field *field, void *record)
{
    return at(record, field->offset);
}

bool *ifp_field_flag(const struct ifp_field *field, void *record)
{
    return at(record, field->offset);
}

char **ifp_field_reference(const struct ifp_field *field, void *record)
{
    return at(record, field->offset);
}

void *ifp_field_owner(const struct ifp_field *field, const void *record)
{
    return at(record, field->offset);
}

bool ifp_field_nullable(const struct ifp_field *field)
{
    return field->presence != IFP_REQUIRED && field->presence != IFP_DEFAULT;
}

bool ifp_field_has_form(const struct ifp_section *section, const struct ifp_field *field,
                        const void *record)
{
    return !section->stores_form || !field->form ||
           *(const int *)at(record, section->form) == field->form;
}

void ifp_section_defaults(const struct ifp_section *section, void *record)
{
    for (size_t f = 0; f < section->field_count; f++) {
        const struct ifp_field *field = &section->fields[f];
        if (field->kind == IFP_FIELD_NUMBER)
            *ifp_field_number(field, record) = field->absent;
        else if (field->kind == IFP_FIELD_WORD)
            *ifp_field_word(field, record) = (int)field->absent;
        else if (field->kind == IFP_FIELD_SECTION && !field->section->list)
            ifp_section_defaults(field->section, ifp_field_owner(field, record));
    }
}

static void allow_number(const struct ifp_field *field, struct ifp_text *text)
{
    if (field->low == field->high) {
        ifp_text_number(text, field->low);
        return;
    }
    ifp_text_string(text, field->whole ? "an integer" : "a number");
    if (field->low <= -IFP_NUMBER_MAX)
        ifp_text_format(text, " of at most %g", field->high);
    else if (field->high >= IFP_NUMBER_MAX)
        ifp_text_format(text, field->above ? " above %g" : " of at least %g", field->low);
    else if (field->above)
        ifp_text_format(text, " above %g and at most %g", field->low, field->high);
    else if (field->below)
        ifp_text_format(text, " of at least %g and below %g", field->low, field->high);
    else
        ifp_text_format(text, " from %g to %g", field->low, field->high);
}

void ifp_field_allowed(const struct ifp_field *field, struct ifp_text *text)
{
    switch (field->kind) {
    case IFP_FIELD_WORD:
        ifp_text_string(text, "one of");
        for (size_t w = 0; field->words[w]; w++)
            ifp_text_format(text, "%s %s", w ? "," : "", field->words[w]);
        break;
    case IFP_FIELD_FLAG:
        ifp_text_string(text, "true or false");
        break;
    case IFP_FIELD_REFERENCE:
        ifp_text_format(text, "the name of a %s", ifp_sections[field->list].noun);
        break;
    case IFP_FIELD_SECTION:
        ifp_text_string(text, field->section->key == IFP_KEY_QUERY
                                  ? "an object keyed by query types, with at least one"
                              : field->section->list ? "a list with at least one member"
                                                     : "an object");
        break;
    case IFP_FIELD_NUMBERS:
        ifp_text_string(text, "a non-empty list such as [1, 2], each ");
        allow_number(field, text);
        break;
    default:
        allow_number(field, text);
        break;
    }
    if (field->presence == IFP_LIMIT || field->presence == IFP_OPEN)
        ifp_text_string(text, ", or null for no limit");
    else if (field->presence == IFP_UNSET &&
             !(field->kind == IFP_FIELD_SECTION && field->section->list))
        ifp_text_string(text, ", or null");
    else if (field->presence == IFP_INHERITED && field->kind == IFP_FIELD_WORD)
        ifp_text_string(text, ", or null for the policy's");
}

bool ifp_field_holds(const struct ifp_field *field, double value)
{
    if (!(isfinite(value) && value >= field->low && value <= field->high))
        return false;
    if ((field->above && !(value > field->low)) || (field->below && !(value < field->high)))
        return false;
    return !field->whole || value == floor(value);
}

int ifp_field_check(const struct ifp_field *field, double value, const char *where,
                    struct ifp_error *error)
{
    if (ifp_field_holds(field, value))
        return IFP_OK;
    if (!error)
        return IFP_ERROR_VALUE;
    struct ifp_text allowed = {0};
    ifp_field_allowed(field, &allowed);
    /* Mention the general maximum only if the value exceeds it. */
    if (value > IFP_NUMBER_MAX && field->high >= IFP_NUMBER_MAX)
        ifp_text_format(&allowed, ", and at most %g", IFP_NUMBER_MAX);
    int code = allowed.failed ? ifp_error_memory(error)
                              : ifp_error_set(error, IFP_ERROR_VALUE, where,
                                              "found %g; allowed: %s", value, allowed.data);
    ifp_text_clear(&allowed);
    return code;
}

struct indexed {
    double value;
    size_t index;
};

static int compare_indexed(const void *left, const void *right)
{
    const struct indexed *a = left;
    const struct indexed *b = right;
    if (a->value != b->value)
        return a->value < b->value ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

/* *repeat becomes the index of the first number that equals an earlier one, or `count`. */
static int find_repeat(const double *values, size_t count, size_t *repeat, struct ifp_error *error)
{
    size_t ascending = 1;
    *repeat = count;
    while (ascending < count && values[ascending - 1] < values[ascending])
        ascending++;
    if (ascending >= count)
        return IFP_OK;
    struct indexed *sorted = malloc(count * sizeof *sorted);
    if (!sorted)
        return ifp_error_memory(error);
    for (size_t v = 0; v < count; v++)
        sorted[v] = (struct indexed){.value = values[v], .index = v};
    qsort(sorted, count, sizeof *sorted, compare_indexed);
    for (size_t d = 1; d < count; d++) {
        if (sorted[d].value == sorted[d - 1].value && sorted[d].index < *repeat)
            *repeat = sorted[d].index;
    }
    free(sorted);
    return IFP_OK;
}

/* The index of the first number that is below its predecessor, or `count`. */
static size_t find_descent(const double *values, size_t count)
{
    size_t v = 1;
    while (v < count && values[v - 1] <= values[v])
        v++;
    return v < count ? v : count;
}

int ifp_numbers_check(const struct ifp_field *field, const double *values, size_t count,
                      const char *path, struct ifp_error *error)
{
    if (!count)
        return ifp_error_set(error, IFP_ERROR_VALUE, path,
                             "found an empty list; allowed: at least one number");
    size_t bad = 0;
    while (bad < count && ifp_field_holds(field, values[bad]))
        bad++;
    size_t misplaced = bad;
    int code = IFP_OK;
    if (field->order == IFP_ORDER_DISTINCT)
        code = find_repeat(values, bad, &misplaced, error);
    else if (field->order == IFP_ORDER_ASCENDING)
        misplaced = find_descent(values, bad);
    if (code || (misplaced == count && bad == count))
        return code;
    if (!error)
        return IFP_ERROR_VALUE;
    struct ifp_text where = {0};
    ifp_text_format(&where, "%s[%zu]", path, misplaced < bad ? misplaced : bad);
    if (where.failed)
        code = ifp_error_memory(error);
    else if (misplaced < bad && field->order == IFP_ORDER_DISTINCT)
        code =
            ifp_error_set(error, IFP_ERROR_VALUE, where.data,
                          "found %g twice; allowed: distinct %s", values[misplaced], field->plural);
    else if (misplaced < bad)
        code = ifp_error_set(error, IFP_ERROR_VALUE, where.data,
                             "found %g after %g; allowed: numbers that do not decrease",
                             values[misplaced], values[misplaced - 1]);
    else
        code = ifp_field_check(field, values[bad], where.data, error);
    ifp_text_clear(&where);
    return code;
}

int ifp_field_word_index(const struct ifp_field *field, const char *word, const char *where,
                         struct ifp_error *error)
{
    for (int w = 0; field->words[w]; w++) {
        if (!strcmp(field->words[w], word))
            return w;
    }
    struct ifp_listing listing;
    ifp_listing_begin(&listing, word, strlen(word), false);
    for (size_t w = 0; field->words[w]; w++)
        ifp_listing_add(&listing, field->words[w]);
    if (ifp_listing_end(&listing))
        ifp_error_set(error, IFP_ERROR_VALUE, where, "found \"%s\"%s; allowed: %s %s", word,
                      listing.meant.data,
                      field->kind == IFP_FIELD_NUMBER ? "numbers, or the word" : "one of",
                      listing.names.data);
    else
        ifp_error_memory(error);
    ifp_listing_clear(&listing);
    return -1;
}

const struct ifp_section *ifp_table_list(const struct ifp_table_field *table, int dimension)
{
    enum { DIMENSIONS_MAX = 3 };
    static const int lists[DIMENSIONS_MAX] = {IFP_SECTION_QUERIES, IFP_SECTION_MODELS,
                                              IFP_SECTION_TIERS};
    return &ifp_sections[lists[DIMENSIONS_MAX - table->dimensions + dimension]];
}
