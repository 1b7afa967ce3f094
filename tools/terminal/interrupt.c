/* SPDX-License-Identifier: MIT */
/* Turns the first SIGINT or SIGTERM into a cancel. A signal handler can only reach global
 * variables, so this file is the only one that has any. */
#define _POSIX_C_SOURCE 200809L

#include "terminal/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

static const int stopping[] = {SIGINT, SIGTERM};

enum { STOPPING_COUNT = sizeof stopping / sizeof *stopping };

static _Atomic(ifp_model *) running_model;
static volatile sig_atomic_t interrupted;
static struct sigaction previous_actions[STOPPING_COUNT];
static volatile sig_atomic_t installed[STOPPING_COUNT];

static void give_back(void)
{
    for (size_t s = 0; s < STOPPING_COUNT; s++) {
        if (installed[s])
            sigaction(stopping[s], &previous_actions[s], NULL);
        installed[s] = 0;
    }
}

/* Handles the first signal of either kind; the next one has its usual effect. */
static void on_interrupt(int signal_number)
{
    (void)signal_number;
    int saved = errno;
    ifp_model *model = atomic_load(&running_model);
    if (model)
        ifp_model_cancel(model);
    interrupted = 1;
    give_back();
    errno = saved;
}

void interrupt_begin(ifp_model *model)
{
    struct sigaction action = {0};
    sigset_t before;
    interrupted = 0;
    atomic_store(&running_model, model);
    action.sa_handler = on_interrupt;
    action.sa_flags = (int)SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (size_t s = 0; s < STOPPING_COUNT; s++)
        sigaddset(&action.sa_mask, stopping[s]);
    /* Signals that arrive before both handlers are installed wait. */
    sigprocmask(SIG_BLOCK, &action.sa_mask, &before);
    for (size_t s = 0; s < STOPPING_COUNT; s++) {
        installed[s] = !sigaction(stopping[s], NULL, &previous_actions[s]) &&
                       previous_actions[s].sa_handler != SIG_IGN &&
                       !sigaction(stopping[s], &action, NULL);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
}

void interrupt_attach(ifp_model *model)
{
    atomic_store(&running_model, model);
    /* A handler that ran before this line has not seen the model. */
    if (interrupted)
        ifp_model_cancel(model);
}

bool interrupt_seen(void)
{
    return interrupted != 0;
}

bool interrupt_end(void)
{
    give_back();
    atomic_store(&running_model, NULL);
    return interrupted != 0;
}
