/* SPDX-License-Identifier: MIT */
/* Turns the first SIGINT into a cancel. A signal handler can only reach what is global, so this is
 * the one file with variables of its own. */
#define _POSIX_C_SOURCE 200809L

#include "interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

static _Atomic(ifp_model *) running_model;
static volatile sig_atomic_t interrupted;
static struct sigaction previous_action;
static bool installed;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    int saved = errno;
    ifp_model *model = atomic_load(&running_model);
    if (model)
        ifp_model_cancel(model);
    interrupted = 1;
    errno = saved;
}

void interrupt_begin(ifp_model *model)
{
    interrupted = 0;
    installed = false;
    atomic_store(&running_model, model);
    if (sigaction(SIGINT, NULL, &previous_action) || previous_action.sa_handler == SIG_IGN)
        return;
    struct sigaction action = {0};
    action.sa_handler = on_interrupt;
    /* The handler serves once; the next SIGINT has its usual effect. */
    action.sa_flags = (int)(SA_RESETHAND | SA_RESTART);
    sigemptyset(&action.sa_mask);
    installed = sigaction(SIGINT, &action, NULL) == 0;
}

bool interrupt_seen(void)
{
    return interrupted != 0;
}

bool interrupt_end(void)
{
    if (installed)
        sigaction(SIGINT, &previous_action, NULL);
    installed = false;
    atomic_store(&running_model, NULL);
    return interrupted != 0;
}
