/* SPDX-License-Identifier: MIT */
/* Options: how to solve. One table names each with its type, range, default and purpose; the
 * command line, the documentation and the bindings are made from the same table. */
#ifndef INFERPLAN_OPTIONS_H
#define INFERPLAN_OPTIONS_H

#include <stddef.h>

#include <inferplan/error.h>
#include <inferplan/export.h>

IFP_BEGIN_DECLS

/* Keys of the options. Numbers never change; new options get new numbers. */
enum ifp_option {
    /* number, 0 to 1, default 1e-4: stop when (objective - bound) / max(1, |objective|) is
     * proven to be at most this; where it is up to 1e-3 after a quarter as many nodes again, and
     * 20, in which the plan may still improve. */
    IFP_OPTION_GAP = 100,
    /* number of seconds, above 0, default none: stop then with the best plan found. Making the
     * model, and making it again after a change, count. */
    IFP_OPTION_TIME_LIMIT = 101,
    /* number of megabytes, above 0, default 8192: an instance whose model may need more is refused
     * with IFP_ERROR_VALUE before anything of it is built. An estimate by the number of routes. */
    IFP_OPTION_MEMORY_LIMIT_MB = 102,
    /* word, default "auto": "auto", "mip" or "decompose". */
    IFP_OPTION_ENGINE = 200,
    /* word, default "exact": "exact", "mccormick" or "sos1": how the products of the query-level
     * decision-dependent uncertainty are made linear. */
    IFP_OPTION_LINEARIZATION = 201
};

enum ifp_option_type { IFP_OPTION_TYPE_NUMBER = 1, IFP_OPTION_TYPE_WORD = 2 };

typedef struct ifp_options ifp_options;

/* All defaults; NULL when out of memory. */
IFP_API ifp_options *ifp_options_new(void);
/* The same values and callbacks; NULL when out of memory. */
IFP_API ifp_options *ifp_options_copy(const ifp_options *options);
IFP_API void ifp_options_free(ifp_options *options);

/* IFP_ERROR_VALUE when the option takes another type or range, IFP_ERROR_ARGUMENT when there is
 * no such option, IFP_ERROR_BUSY while another thread uses the options; the option keeps its value
 * then. */
IFP_API int ifp_options_set_number(ifp_options *options, int key, double value);
IFP_API int ifp_options_set_word(ifp_options *options, int key, const char *word);
/* By name and text ("gap", "0.001"), as programs with a command line want it. */
IFP_API int ifp_options_set(ifp_options *options, const char *name, const char *value);

/* The value of an option: a number (+infinity for no limit), NaN if it is not one; a word, NULL
 * if it is not one. Borrowed. */
IFP_API double ifp_options_number(const ifp_options *options, int key);
IFP_API const char *ifp_options_word(const ifp_options *options, int key);

/* The last error of a call on this handle. Borrowed; never NULL unless options is. */
IFP_API const ifp_error *ifp_options_last_error(const ifp_options *options);

/* The table: index from 0 to ifp_option_count() - 1. Out of range gives 0 or NULL. Static. */
IFP_API size_t ifp_option_count(void);
IFP_API int ifp_option_key(size_t index);
IFP_API int ifp_option_type(size_t index);
IFP_API const char *ifp_option_name(size_t index);
/* What may be given, for people: "a number from 0 to 1", "auto|mip|decompose". */
IFP_API const char *ifp_option_allowed(size_t index);
IFP_API const char *ifp_option_default(size_t index);
IFP_API const char *ifp_option_doc(size_t index);

/* How a running solve stands. Read it through the functions below; it lives for one call. */
typedef struct ifp_progress ifp_progress;
IFP_API double ifp_progress_seconds(const ifp_progress *progress);
/* +infinity while there is no plan. */
IFP_API double ifp_progress_objective(const ifp_progress *progress);
/* -infinity while there is no bound. */
IFP_API double ifp_progress_bound(const ifp_progress *progress);
IFP_API double ifp_progress_gap(const ifp_progress *progress);
/* Branch-and-bound nodes solved so far, and nodes still open. */
IFP_API double ifp_progress_nodes(const ifp_progress *progress);
IFP_API double ifp_progress_open_nodes(const ifp_progress *progress);

/*
 * Called now and then while a solve runs, on the thread that called ifp_model_solve; returns 0 to
 * go on, anything else to stop with the best plan found. Changes to the model that is being solved
 * are refused with IFP_ERROR_BUSY; it may be cancelled. Other handles may be used. The function
 * must return (no longjmp, no exception through it).
 */
typedef int (*ifp_progress_function)(const ifp_progress *progress, void *user);
IFP_API int ifp_options_set_progress(ifp_options *options, ifp_progress_function function,
                                     void *user);

/* Called with one line of text, without a newline, on the thread that called ifp_model_solve. */
typedef void (*ifp_log_function)(const char *line, void *user);
IFP_API int ifp_options_set_log(ifp_options *options, ifp_log_function function, void *user);

IFP_END_DECLS

#endif
