/* SPDX-License-Identifier: MIT */
/* The options of a solve, in the form that the engine reads. */
#ifndef IFP_ENGINE_OPTIONS_H
#define IFP_ENGINE_OPTIONS_H

#include <inferplan/options.h>

#include "util/busy.h"
#include "util/error.h"

enum ifp_engine_word { IFP_ENGINE_AUTO, IFP_ENGINE_MIP, IFP_ENGINE_DECOMPOSE };

struct ifp_options {
    double gap; /* relative gap at which the solve may stop, as a fraction of max(1, |cost|) */
    double time_limit; /* seconds; +infinity if there is no limit */
    double memory_limit_mb;
    int engine;        /* enum ifp_engine_word */
    int linearization; /* index into the words of this option */
    ifp_progress_function progress;
    void *progress_user;
    ifp_log_function log;
    void *log_user;
    /* The members below belong to the handle and are not copied. */
    struct ifp_error error;
    struct ifp_busy busy;
};

struct ifp_progress {
    double seconds;   /* since the solve began */
    double objective; /* cost of the best plan, in dollars; +infinity if there is no plan */
    double bound;     /* in dollars */
    double nodes;
    double open_nodes;
};

#endif
