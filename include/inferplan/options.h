/* SPDX-License-Identifier: MIT */
/* Options: how to solve. One table gives the name, type, range, default and purpose of each option.
 * The command line, the documentation and the bindings are generated from this table. */
#ifndef INFERPLAN_OPTIONS_H
#define INFERPLAN_OPTIONS_H

#include <stddef.h>

#include <inferplan/error.h>
#include <inferplan/export.h>

IFP_BEGIN_DECLS

/* Keys of the options. Numbers never change. New options get new numbers. */
enum ifp_option {
    /* number, 0 to 1, default 1e-4: stop when (objective - bound) / max(1, |objective|) is proven
     * to be at most this. For values up to 1e-3 the search then continues for 25 % more nodes plus
     * 20, because the plan may still improve. */
    IFP_OPTION_GAP = 100,
    /* number of seconds, above 0, default none: stop after this time with the best plan found. The
     * time includes building the model, and building it again after a change. */
    IFP_OPTION_TIME_LIMIT = 101,
    /* number of megabytes, above 0, default 8192: refuse an instance with IFP_ERROR_VALUE if its
     * model may need more memory, before building any of it. The need is estimated from the number
     * of routes. */
    IFP_OPTION_MEMORY_LIMIT_MB = 102,
    /* word, default "auto": "auto", "mip" or "decompose". */
    IFP_OPTION_ENGINE = 200,
    /* word, default "exact": "exact", "mccormick" or "sos1". How to linearise the products of the
     * query-level decision-dependent uncertainty. */
    IFP_OPTION_LINEARIZATION = 201
};

enum ifp_option_type { IFP_OPTION_TYPE_NUMBER = 1, IFP_OPTION_TYPE_WORD = 2 };

typedef struct ifp_options ifp_options;

/* Options with all defaults. NULL if out of memory. */
IFP_API ifp_options *ifp_options_new(void);
/* A copy with the same values and callbacks. NULL if out of memory. */
IFP_API ifp_options *ifp_options_copy(const ifp_options *options);
IFP_API void ifp_options_free(ifp_options *options);

/* Set an option. IFP_ERROR_VALUE if the option has another type or range, IFP_ERROR_ARGUMENT if
 * there is no such option, IFP_ERROR_BUSY while another thread uses the options. On failure the
 * option keeps its value. */
IFP_API int ifp_options_set_number(ifp_options *options, int key, double value);
IFP_API int ifp_options_set_word(ifp_options *options, int key, const char *word);
/* Set an option by name and text ("gap", "0.001"), for programs with a command line. */
IFP_API int ifp_options_set(ifp_options *options, const char *name, const char *value);

/* The value of an option. ifp_options_number returns +infinity for no limit, and NaN if the option
 * is not a number. ifp_options_word returns NULL if the option is not a word. Borrowed. */
IFP_API double ifp_options_number(const ifp_options *options, int key);
IFP_API const char *ifp_options_word(const ifp_options *options, int key);

/* The error of the last failed call on this handle. Borrowed. NULL only if options is NULL. */
IFP_API const ifp_error *ifp_options_last_error(const ifp_options *options);

/* The option table: index from 0 to ifp_option_count() - 1. An index out of range gives 0 or NULL.
 * Static. */
IFP_API size_t ifp_option_count(void);
IFP_API int ifp_option_key(size_t index);
IFP_API int ifp_option_type(size_t index);
IFP_API const char *ifp_option_name(size_t index);
/* The allowed values in words: "a number from 0 to 1", "auto|mip|decompose". */
IFP_API const char *ifp_option_allowed(size_t index);
IFP_API const char *ifp_option_default(size_t index);
IFP_API const char *ifp_option_doc(size_t index);

/* The state of a running solve, read through the functions below. It is valid only during the call
 * of the callback. */
typedef struct ifp_progress ifp_progress;
IFP_API double ifp_progress_seconds(const ifp_progress *progress);
/* The cost of the best plan. +infinity while there is no plan. */
IFP_API double ifp_progress_objective(const ifp_progress *progress);
/* The proven bound. -infinity while there is no bound. */
IFP_API double ifp_progress_bound(const ifp_progress *progress);
IFP_API double ifp_progress_gap(const ifp_progress *progress);
/* Branch-and-bound nodes solved so far, and nodes still open. */
IFP_API double ifp_progress_nodes(const ifp_progress *progress);
IFP_API double ifp_progress_open_nodes(const ifp_progress *progress);

/*
 * Progress callback, called repeatedly during a solve on the thread that called ifp_model_solve. A
 * return of 0 continues the solve; any other value stops it with the best plan found. Calls that
 * change the model being solved fail with IFP_ERROR_BUSY, but ifp_model_cancel is allowed. Other
 * handles may be used. The callback must return: no longjmp, and no exception may leave it.
 */
typedef int (*ifp_progress_function)(const ifp_progress *progress, void *user);
IFP_API int ifp_options_set_progress(ifp_options *options, ifp_progress_function function,
                                     void *user);

/* Log callback, called with one line of text without a newline, on the thread that called
 * ifp_model_solve. */
typedef void (*ifp_log_function)(const char *line, void *user);
IFP_API int ifp_options_set_log(ifp_options *options, ifp_log_function function, void *user);

IFP_END_DECLS

#endif
