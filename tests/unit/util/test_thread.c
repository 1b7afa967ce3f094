/* SPDX-License-Identifier: MIT */
/* Private threads: their signals, and waits that end by the monotonic clock. */
#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>

#include "support/suite.h"
#include "util/clock.h"
#include "util/thread.h"

static void *read_mask(void *mask)
{
    (void)pthread_sigmask(SIG_BLOCK, NULL, mask);
    return NULL;
}

/* The thread has every signal blocked that can be, and its starter none more than before. */
START_TEST(signals_stay_with_the_starter)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};
    sigset_t before;
    sigset_t after;
    sigset_t inside;
    pthread_t thread;
    ck_assert(!pthread_sigmask(SIG_BLOCK, NULL, &before));
    sigemptyset(&inside);
    ck_assert(ifp_thread_start(&thread, read_mask, &inside));
    ck_assert(!pthread_join(thread, NULL));
    ck_assert(!pthread_sigmask(SIG_BLOCK, NULL, &after));
    for (size_t s = 0; s < sizeof signals / sizeof *signals; s++) {
        ck_assert_int_eq(sigismember(&inside, signals[s]), 1);
        ck_assert_int_eq(sigismember(&after, signals[s]), sigismember(&before, signals[s]));
    }
}
END_TEST

/* Each wait ends, and not before its time: also where a second begins in between. */
START_TEST(waits_end_in_time)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t condition;
    ck_assert(ifp_thread_condition(&condition));
    pthread_mutex_lock(&mutex);
    for (int n = 0; n < 12; n++) {
        double begin = ifp_clock_seconds();
        struct timespec deadline = ifp_thread_deadline(100);
        ck_assert(deadline.tv_nsec >= 0 && deadline.tv_nsec < 1000000000);
        int code;
        do
            code = pthread_cond_timedwait(&condition, &mutex, &deadline);
        while (code == 0);
        ck_assert_int_eq(code, ETIMEDOUT);
        ck_assert_double_ge(ifp_clock_seconds() - begin, 0.0999);
    }
    pthread_mutex_unlock(&mutex);
    pthread_cond_destroy(&condition);
}
END_TEST

START_TEST(deadlines_are_ahead)
{
    for (int milliseconds = 0; milliseconds <= 1000; milliseconds++) {
        double begin = ifp_clock_seconds();
        struct timespec deadline = ifp_thread_deadline(milliseconds);
        double at = (double)deadline.tv_sec + 1e-9 * (double)deadline.tv_nsec;
        ck_assert_double_ge(at - begin, 1e-3 * milliseconds - 1e-6);
        ck_assert_double_le(at - ifp_clock_seconds(), 1e-3 * milliseconds + 1e-6);
        ck_assert(deadline.tv_nsec >= 0 && deadline.tv_nsec < 1000000000);
    }
}
END_TEST

static Suite *thread_suite(void)
{
    Suite *suite = suite_create("thread");
    TCase *thread = tcase_create("thread");
    tcase_set_timeout(thread, 60);
    tcase_add_test(thread, signals_stay_with_the_starter);
    tcase_add_test(thread, waits_end_in_time);
    tcase_add_test(thread, deadlines_are_ahead);
    suite_add_tcase(suite, thread);
    return suite;
}

int main(void)
{
    return suite_run(thread_suite());
}
