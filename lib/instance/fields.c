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

#define NUMBER(record, member, presence_, absent_, low_, above_, whole_, high_)                    \
    {                                                                                              \
        .name = #member, .kind = IFP_FIELD_NUMBER, .presence = presence_,                          \
        .offset = offsetof(struct record, member), .absent = absent_, .low = low_,                 \
        .above = above_, .whole = whole_, .high = high_                                            \
    }
#define QUANTITY(record, member) NUMBER(record, member, IFP_REQUIRED, NAN, 0, false, false, MAX)
#define POSITIVE(record, member) NUMBER(record, member, IFP_REQUIRED, NAN, 0, true, false, MAX)
#define OPTIONAL(record, member, value)                                                            \
    NUMBER(record, member, IFP_DEFAULT, value, 0, false, false, MAX)
#define LIMIT(record, member, high_)                                                               \
    NUMBER(record, member, IFP_LIMIT, INFINITY, 0, false, false, high_)
#define WORD(label, member, words_, value)                                                         \
    {                                                                                              \
        .name = label, .kind = IFP_FIELD_WORD, .presence = IFP_DEFAULT,                            \
        .offset = offsetof(struct ifp_instance, member), .absent = value, .words = words_          \
    }
#define MAX IFP_NUMBER_MAX

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
    WORD("placement", placement, placement_words, IFP_PLACEMENT_SPLIT),
    WORD("slo_basis", slo_basis, slo_words, IFP_SLO_SERVED),
    WORD("storage_basis", storage_basis, storage_words, IFP_STORAGE_DEPLOYMENT),
    NUMBER(ifp_instance, max_replicas, IFP_DEFAULT, 1, 1, false, true, 1e6),
};

static const struct ifp_field uncertainty_fields[] = {
    WORD("kind", uncertainty, kind_words, IFP_UNCERTAINTY_NONE),
    WORD("level", level, level_words, IFP_LEVEL_QUERY),
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
     .high = 1e6},
    {.name = "tp_speedup",
     .kind = IFP_FIELD_NUMBERS,
     .presence = IFP_INHERITED,
     .offset = offsetof(struct ifp_tier_data, tp_speedup),
     .low = IFP_SPEEDUP_MIN,
     .high = MAX},
    OPTIONAL(ifp_tier_data, weight_scale, 1),
    OPTIONAL(ifp_tier_data, kv_scale, 1),
    {.name = "pool",
     .kind = IFP_FIELD_POOL,
     .presence = IFP_DEFAULT,
     .offset = offsetof(struct ifp_tier_data, pool)},
};

static const struct ifp_field pool_fields[] = {
    QUANTITY(ifp_pool_data, gpus),
};

#define OBJECT(label, optional_, fields_, extra_)                                                  \
    {                                                                                              \
        .name = label, .fields = fields_, .field_count = COUNT(fields_), .optional = optional_,    \
        .extra = offsetof(struct ifp_instance, extra_)                                             \
    }
#define LIST(label, noun_, optional_, fields_, data_, count_, names_, record)                      \
    {                                                                                              \
        .name = label, .fields = fields_, .field_count = COUNT(fields_), .list = true,             \
        .optional = optional_, .noun = noun_, .data = offsetof(struct ifp_instance, data_),        \
        .count = offsetof(struct ifp_instance, count_),                                            \
        .names = offsetof(struct ifp_instance, names_), .stride = sizeof(struct record)            \
    }

const struct ifp_section ifp_sections[IFP_SECTION_COUNT] = {
    [IFP_SECTION_TOP] = OBJECT("", false, top_fields, extra),
    [IFP_SECTION_HORIZON] = OBJECT("horizon", false, horizon_fields, horizon_extra),
    [IFP_SECTION_LIMITS] = OBJECT("limits", true, limits_fields, limits_extra),
    [IFP_SECTION_POLICY] = OBJECT("policy", true, policy_fields, policy_extra),
    [IFP_SECTION_UNCERTAINTY] = OBJECT("uncertainty", true, uncertainty_fields, uncertainty_extra),
    [IFP_SECTION_QUERIES] = LIST("queries", "query", false, query_fields, queries, query_count,
                                 query_names, ifp_query_data),
    [IFP_SECTION_MODELS] = LIST("models", "model", false, model_fields, models, model_count,
                                model_names, ifp_model_data),
    [IFP_SECTION_TIERS] =
        LIST("tiers", "tier", false, tier_fields, tiers, tier_count, tier_names, ifp_tier_data),
    [IFP_SECTION_POOLS] =
        LIST("pools", "pool", true, pool_fields, pools, pool_count, pool_names, ifp_pool_data),
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
    [IFP_KV_RESIDENCY] = TABLE("kv_residency_hours", IFP_DEFAULT, 0, MAX, 3, false),
    [IFP_DELAY_SHRINK] = TABLE("delay_shrink", IFP_DEFAULT, -MAX, 1, 2, false),
    [IFP_ERROR_SHRINK] = TABLE("error_shrink", IFP_DEFAULT, -MAX, 1, 2, false),
};

static void *at(const void *base, size_t offset)
{
    return (char *)(uintptr_t)base + offset;
}

struct ifp_names *ifp_section_names(const struct ifp_section *section,
                                    const struct ifp_instance *instance)
{
    return at(instance, section->names);
}

size_t ifp_section_length(const struct ifp_section *section, const struct ifp_instance *instance)
{
    return section->list ? *(const size_t *)at(instance, section->count) : 1;
}

void *ifp_section_record(const struct ifp_section *section, const struct ifp_instance *instance,
                         size_t index)
{
    if (!section->list)
        return at(instance, 0);
    char *records;
    memcpy(&records, at(instance, section->data), sizeof records);
    return records + index * section->stride;
}

size_t ifp_section_find(const struct ifp_section *section, const struct ifp_instance *instance,
                        const char *name)
{
    return ifp_names_find(ifp_section_names(section, instance), name);
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

char **ifp_field_pool(const struct ifp_field *field, void *record)
{
    return at(record, field->offset);
}

/* The defaults of members without a row in the tables. */
static void more_defaults(const struct ifp_section *section, void *record)
{
    if (section == &ifp_sections[IFP_SECTION_QUERIES]) {
        struct ifp_query_data *query = record;
        query->ttft_limit_ms = query->tpot_limit_ms = INFINITY;
        query->limit_basis = -1;
        query->attainment_target = (double)NAN;
    } else if (section == &ifp_sections[IFP_SECTION_TIERS]) {
        ((struct ifp_tier_data *)record)->memory_utilization = 1;
    } else if (section == &ifp_sections[IFP_SECTION_POLICY]) {
        ((struct ifp_instance *)record)->deployments_per_pair = 1;
        ((struct ifp_instance *)record)->paces = 8;
    }
}

void ifp_section_defaults(const struct ifp_section *section, void *record)
{
    more_defaults(section, record);
    for (size_t f = 0; f < section->field_count; f++) {
        const struct ifp_field *field = &section->fields[f];
        if (field->kind == IFP_FIELD_NUMBER)
            *ifp_field_number(field, record) = field->absent;
        else if (field->kind == IFP_FIELD_WORD)
            *ifp_field_word(field, record) = (int)field->absent;
    }
}

void ifp_field_allowed(const struct ifp_field *field, struct ifp_text *text)
{
    if (field->kind == IFP_FIELD_WORD) {
        ifp_text_string(text, "one of");
        for (size_t w = 0; field->words[w]; w++)
            ifp_text_format(text, "%s %s", w ? "," : "", field->words[w]);
        return;
    }
    if (field->kind == IFP_FIELD_POOL) {
        ifp_text_string(text, "the name of a pool, or null");
        return;
    }
    if (field->kind == IFP_FIELD_NUMBERS)
        ifp_text_string(text, "a non-empty list such as [1, 2], each ");
    ifp_text_string(text, field->whole ? "an integer" : "a number");
    if (field->high < IFP_NUMBER_MAX && field->low > -IFP_NUMBER_MAX)
        ifp_text_format(text, " from %g to %g", field->low, field->high);
    else if (field->low <= -IFP_NUMBER_MAX)
        ifp_text_format(text, " of at most %g", field->high);
    else
        ifp_text_format(text, field->above ? " above %g" : " of at least %g", field->low);
    if (field->presence == IFP_LIMIT)
        ifp_text_string(text, ", or null for no limit");
}

bool ifp_field_holds(const struct ifp_field *field, double value)
{
    if (!(isfinite(value) && value >= field->low && value <= field->high))
        return false;
    if (field->above && !(value > field->low))
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

struct degree {
    double value;
    size_t index;
};

static int compare_degrees(const void *left, const void *right)
{
    const struct degree *a = left;
    const struct degree *b = right;
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
    struct degree *degrees = malloc(count * sizeof *degrees);
    if (!degrees)
        return ifp_error_memory(error);
    for (size_t v = 0; v < count; v++)
        degrees[v] = (struct degree){.value = values[v], .index = v};
    qsort(degrees, count, sizeof *degrees, compare_degrees);
    for (size_t d = 1; d < count; d++) {
        if (degrees[d].value == degrees[d - 1].value && degrees[d].index < *repeat)
            *repeat = degrees[d].index;
    }
    free(degrees);
    return IFP_OK;
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
    /* Degrees are the only list of integers, and must be distinct. */
    size_t repeat = bad;
    int code = field->whole ? find_repeat(values, bad, &repeat, error) : IFP_OK;
    if (code || (repeat == count && bad == count))
        return code;
    if (!error)
        return IFP_ERROR_VALUE;
    struct ifp_text where = {0};
    ifp_text_format(&where, "%s[%zu]", path, repeat < bad ? repeat : bad);
    if (where.failed)
        code = ifp_error_memory(error);
    else if (repeat < bad)
        code = ifp_error_set(error, IFP_ERROR_VALUE, where.data,
                             "found %g twice; allowed: distinct degrees", values[repeat]);
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
        ifp_error_set(error, IFP_ERROR_VALUE, where, "found \"%s\"%s; allowed: one of %s", word,
                      listing.meant.data, listing.names.data);
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
