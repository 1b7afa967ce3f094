/* SPDX-License-Identifier: MIT */
/* The table of options, and the functions that read it. */
#include "api/options.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "util/nearest.h"
#include "util/number_text.h"

struct about {
    int key;
    int type;
    const char *name;
    const char *allowed;
    const char *standard; /* the default, as text */
    const char *doc;
    size_t offset;
    double low;
    bool above; /* low itself is not allowed */
    double high;
    const char *const *words;
};

static const char *const engine_words[] = {"auto", "mip", "decompose", NULL};
static const char *const linearization_words[] = {"exact", "mccormick", "sos1", NULL};

static const struct about table[] = {
    {.key = IFP_OPTION_GAP,
     .type = IFP_OPTION_TYPE_NUMBER,
     .name = "gap",
     .allowed = "a number from 0 to 1",
     .standard = "1e-4",
     .doc = "stop when the relative gap of the plan is proven to be at most this",
     .offset = offsetof(struct ifp_options, gap),
     .low = 0,
     .high = 1},
    {.key = IFP_OPTION_TIME_LIMIT,
     .type = IFP_OPTION_TYPE_NUMBER,
     .name = "time_limit",
     .allowed = "a number of seconds above 0, or none",
     .standard = "none",
     .doc = "stop after this many seconds with the best plan found",
     .offset = offsetof(struct ifp_options, time_limit),
     .low = 0,
     .above = true,
     .high = INFINITY},
    {.key = IFP_OPTION_MEMORY_LIMIT_MB,
     .type = IFP_OPTION_TYPE_NUMBER,
     .name = "memory_limit_mb",
     .allowed = "a number of megabytes above 0, or none",
     .standard = "8192",
     .doc = "refuse an instance that may need more memory than this, before it is solved",
     .offset = offsetof(struct ifp_options, memory_limit_mb),
     .low = 0,
     .above = true,
     .high = INFINITY},
    {.key = IFP_OPTION_ENGINE,
     .type = IFP_OPTION_TYPE_WORD,
     .name = "engine",
     .allowed = "auto|mip|decompose",
     .standard = "auto",
     .doc = "source of the bound: mip (compact MILP), decompose (column generation), or auto",
     .offset = offsetof(struct ifp_options, engine),
     .words = engine_words},
    {.key = IFP_OPTION_LINEARIZATION,
     .type = IFP_OPTION_TYPE_WORD,
     .name = "linearization",
     .allowed = "exact|mccormick|sos1",
     .standard = "exact",
     .doc = "how to linearise the products of decision-dependent uncertainty",
     .offset = offsetof(struct ifp_options, linearization),
     .words = linearization_words},
};

enum { OPTION_COUNT = sizeof table / sizeof *table };

ifp_options *ifp_options_new(void)
{
    ifp_options *options = calloc(1, sizeof *options);
    if (!options)
        return NULL;
    options->gap = 1e-4;
    options->time_limit = INFINITY;
    options->memory_limit_mb = 8192;
    return options;
}

void ifp_options_free(ifp_options *options)
{
    if (options && ifp_busy_free(&options->busy))
        free(options);
}

static int begin(ifp_options *options)
{
    return ifp_busy_begin(&options->busy, IFP_BUSY_OPTIONS_CHANGED) ? IFP_OK : IFP_ERROR_BUSY;
}

static int end(ifp_options *options, int code)
{
    if (ifp_busy_end(&options->busy, code != IFP_OK))
        free(options);
    return code;
}

static void end_read(const ifp_options *options)
{
    if (ifp_busy_end_read(&options->busy))
        free((ifp_options *)options);
}

void ifp_options_take(struct ifp_options *to, const struct ifp_options *from)
{
    ifp_busy_begin_read(&from->busy);
    memcpy(to, from, offsetof(struct ifp_options, error));
    end_read(from);
}

ifp_options *ifp_options_copy(const ifp_options *options)
{
    ifp_options *copy = options ? ifp_options_new() : NULL;
    if (copy)
        ifp_options_take(copy, options);
    return copy;
}

static const struct about *find_key(int key)
{
    for (size_t o = 0; o < OPTION_COUNT; o++) {
        if (table[o].key == key)
            return &table[o];
    }
    return NULL;
}

static int refuse(ifp_options *options, const struct about *about, const char *found)
{
    return ifp_error_set(&options->error, IFP_ERROR_VALUE, about->name, "found %s; allowed: %s",
                         found, about->allowed);
}

/* Refuse an unknown name or key, and list the known ones. */
static int unknown(ifp_options *options, const char *name, int key)
{
    struct ifp_text allowed = {0};
    struct ifp_nearest nearest;
    ifp_nearest_begin(&nearest, name ? name : "", name ? strlen(name) : 0);
    for (size_t o = 0; o < OPTION_COUNT; o++) {
        const char *comma = o ? ", " : "";
        ifp_nearest_try(&nearest, table[o].name);
        if (name)
            ifp_text_format(&allowed, "%s%s", comma, table[o].name);
        else
            ifp_text_format(&allowed, "%s%d (%s)", comma, table[o].key, table[o].name);
    }
    int code = IFP_ERROR_ARGUMENT;
    if (allowed.failed)
        code = ifp_error_memory(&options->error);
    else if (name)
        ifp_error_set(&options->error, code, name, "there is no such option%s%s%s; allowed: %s",
                      nearest.name ? " (" : "", nearest.name ? nearest.name : "",
                      nearest.name ? "?)" : "", allowed.data);
    else
        ifp_error_set(&options->error, code, NULL, "no option has the key %d; allowed: %s", key,
                      allowed.data);
    ifp_text_clear(&allowed);
    return code;
}

static double *number_of(ifp_options *options, const struct about *about)
{
    return (double *)(void *)((char *)options + about->offset);
}

static int *word_of(ifp_options *options, const struct about *about)
{
    return (int *)(void *)((char *)options + about->offset);
}

static int set_number(ifp_options *options, int key, double value)
{
    const struct about *about = find_key(key);
    if (!about)
        return unknown(options, NULL, key);
    if (about->type != IFP_OPTION_TYPE_NUMBER)
        return refuse(options, about, "a number");
    if (isnan(value) || value < about->low || value > about->high ||
        (about->above && value == about->low))
        return ifp_error_set(&options->error, IFP_ERROR_VALUE, about->name, "found %g; allowed: %s",
                             value, about->allowed);
    *number_of(options, about) = value;
    return IFP_OK;
}

static int set_word(ifp_options *options, int key, const char *word)
{
    const struct about *about = find_key(key);
    if (!about)
        return unknown(options, NULL, key);
    if (!word)
        return ifp_error_set(&options->error, IFP_ERROR_ARGUMENT, about->name, "the word is NULL");
    for (int w = 0; about->words && about->words[w]; w++) {
        if (!strcmp(about->words[w], word)) {
            *word_of(options, about) = w;
            return IFP_OK;
        }
    }
    struct ifp_text found = {0};
    struct ifp_nearest nearest;
    ifp_nearest_begin(&nearest, word, strlen(word));
    for (int w = 0; about->words && about->words[w]; w++)
        ifp_nearest_try(&nearest, about->words[w]);
    ifp_text_format(&found, "\"%s\"", word);
    if (nearest.name)
        ifp_text_format(&found, " (%s?)", nearest.name);
    int code =
        found.failed ? ifp_error_memory(&options->error) : refuse(options, about, found.data);
    ifp_text_clear(&found);
    return code;
}

static int set(ifp_options *options, const char *name, const char *value)
{
    if (!name || !value)
        return ifp_error_set(&options->error, IFP_ERROR_ARGUMENT, NULL, "an argument is NULL");
    for (size_t o = 0; o < OPTION_COUNT; o++) {
        double number;
        if (strcmp(table[o].name, name) != 0)
            continue;
        if (table[o].type == IFP_OPTION_TYPE_WORD)
            return set_word(options, table[o].key, value);
        if (isinf(table[o].high) && !strcmp(value, "none"))
            return set_number(options, table[o].key, INFINITY);
        if (ifp_number_read(value, strlen(value), &number))
            return set_number(options, table[o].key, number);
        struct ifp_text found = {0};
        ifp_text_format(&found, "\"%s\"", value);
        int code = found.failed ? ifp_error_memory(&options->error)
                                : refuse(options, &table[o], found.data);
        ifp_text_clear(&found);
        return code;
    }
    return unknown(options, name, 0);
}

int ifp_options_set_number(ifp_options *options, int key, double value)
{
    if (!options)
        return IFP_ERROR_ARGUMENT;
    return begin(options) ? IFP_ERROR_BUSY : end(options, set_number(options, key, value));
}

int ifp_options_set_word(ifp_options *options, int key, const char *word)
{
    if (!options)
        return IFP_ERROR_ARGUMENT;
    return begin(options) ? IFP_ERROR_BUSY : end(options, set_word(options, key, word));
}

int ifp_options_set(ifp_options *options, const char *name, const char *value)
{
    if (!options)
        return IFP_ERROR_ARGUMENT;
    return begin(options) ? IFP_ERROR_BUSY : end(options, set(options, name, value));
}

double ifp_options_number(const ifp_options *options, int key)
{
    const struct about *about = find_key(key);
    if (!options || !about || about->type != IFP_OPTION_TYPE_NUMBER)
        return NAN;
    ifp_busy_begin_read(&options->busy);
    double number = *(const double *)(const void *)((const char *)options + about->offset);
    end_read(options);
    return number;
}

const char *ifp_options_word(const ifp_options *options, int key)
{
    const struct about *about = find_key(key);
    if (!options || !about || about->type != IFP_OPTION_TYPE_WORD)
        return NULL;
    ifp_busy_begin_read(&options->busy);
    int word = *(const int *)(const void *)((const char *)options + about->offset);
    end_read(options);
    return about->words[word];
}

const ifp_error *ifp_options_last_error(const ifp_options *options)
{
    return options ? ifp_busy_error(&options->busy, &options->error) : NULL;
}

size_t ifp_option_count(void)
{
    return OPTION_COUNT;
}

int ifp_option_key(size_t index)
{
    return index < OPTION_COUNT ? table[index].key : 0;
}

int ifp_option_type(size_t index)
{
    return index < OPTION_COUNT ? table[index].type : 0;
}

const char *ifp_option_name(size_t index)
{
    return index < OPTION_COUNT ? table[index].name : NULL;
}

const char *ifp_option_allowed(size_t index)
{
    return index < OPTION_COUNT ? table[index].allowed : NULL;
}

const char *ifp_option_default(size_t index)
{
    return index < OPTION_COUNT ? table[index].standard : NULL;
}

const char *ifp_option_doc(size_t index)
{
    return index < OPTION_COUNT ? table[index].doc : NULL;
}

int ifp_options_set_progress(ifp_options *options, ifp_progress_function function, void *user)
{
    if (!options)
        return IFP_ERROR_ARGUMENT;
    if (begin(options))
        return IFP_ERROR_BUSY;
    options->progress = function;
    options->progress_user = user;
    return end(options, IFP_OK);
}

int ifp_options_set_log(ifp_options *options, ifp_log_function function, void *user)
{
    if (!options)
        return IFP_ERROR_ARGUMENT;
    if (begin(options))
        return IFP_ERROR_BUSY;
    options->log = function;
    options->log_user = user;
    return end(options, IFP_OK);
}

double ifp_progress_seconds(const ifp_progress *progress)
{
    return progress ? progress->seconds : 0;
}

double ifp_progress_objective(const ifp_progress *progress)
{
    return progress ? progress->objective : INFINITY;
}

double ifp_progress_bound(const ifp_progress *progress)
{
    return progress ? progress->bound : -INFINITY;
}

double ifp_progress_gap(const ifp_progress *progress)
{
    if (!progress || isinf(progress->objective) || isinf(progress->bound))
        return INFINITY;
    double gap = (progress->objective - progress->bound) / fmax(1, fabs(progress->objective));
    return fmax(0, gap);
}

double ifp_progress_nodes(const ifp_progress *progress)
{
    return progress ? progress->nodes : 0;
}

double ifp_progress_open_nodes(const ifp_progress *progress)
{
    return progress ? progress->open_nodes : 0;
}
