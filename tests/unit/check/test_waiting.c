/* SPDX-License-Identifier: MIT */
/*
 * The verifier's probability of waiting, beside published values of Erlang's formulas and exact
 * fractions.
 */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdint.h>

#include "check/waiting.h"
#include "support/random.h"
#include "support/suite.h"

/* `slots` servers in each replica; without a wait the probability is Erlang's C. */
static struct ifp_headroom_data servers(double slots)
{
    return (struct ifp_headroom_data){
        .kind = IFP_HEADROOM_WAIT, .quantile = 0.99, .slots = slots, .service_ms = 1, .cv2 = 1};
}

/* C(N, a) */
static double delayed(double count, double load)
{
    struct ifp_headroom_data headroom = servers(1);
    return ifp_waiting_probability(&headroom, count, load);
}

/* B(N, a), from 1/C = a/N + (1 - a/N) / B */
static double lost(double count, double load)
{
    return (1 - load / count) / (1 / delayed(count, load) - load / count);
}

/*
 * The table of Erlang B in Carrier Grade Voice over IP, second edition, appendix A
 * (www.globalspec.com/reference/55139/203279/appendix-a-table-of-erlang-b): the load in erlangs, to
 * one decimal, that so many channels carry at this blocking probability.
 */
START_TEST(table_of_erlang_b)
{
    static const struct {
        double channels, blocked, load;
    } rows[] = {
        {4, 0.05, 1.5},   {5, 0.01, 1.4},    {6, 0.002, 1.3},  {6, 0.03, 2.5},
        {7, 0.0001, 1.1}, {7, 0.05, 3.7},    {8, 0.001, 2.1},  {8, 0.01, 3.1},
        {8, 0.05, 4.5},   {9, 0.0005, 2.3},  {9, 0.005, 3.3},  {9, 0.02, 4.3},
        {9, 0.05, 5.4},   {10, 0.0001, 2.3}, {10, 0.001, 3.1}, {10, 0.003, 3.6},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ck_assert_double_lt(lost(rows[i].channels, rows[i].load - 0.051), rows[i].blocked);
        ck_assert_double_gt(lost(rows[i].channels, rows[i].load + 0.051), rows[i].blocked);
    }
    /* 10 servers at 5 erlangs */
    ck_assert_double_eq_tol(lost(10, 5), 0.018385, 5e-7);
}
END_TEST

/*
 * The table of Erlang C in the appendix on traffic of a textbook on TETRA
 * (www.scribd.com/document/831962299/TABLE-C), with its example: 8 channels carry 3.87 erlangs with
 * 5 % delayed, 10 carry 4.08 with 1 %. Of the delayed, 1.6 % and 0.22 % wait longer than a service
 * at 3.87.
 */
START_TEST(table_of_erlang_c)
{
    ck_assert_double_eq_tol(delayed(8, 3.87), 0.05, 2e-4);
    ck_assert_double_eq_tol(delayed(10, 4.08), 0.01, 1e-4);
    struct ifp_headroom_data headroom = servers(1);
    headroom.wait_ms = headroom.service_ms;
    ck_assert_double_eq_tol(ifp_waiting_probability(&headroom, 8, 3.87) / delayed(8, 3.87), 0.016,
                            5e-4);
    ck_assert_double_eq_tol(ifp_waiting_probability(&headroom, 10, 3.87) / delayed(10, 3.87),
                            0.0022, 5e-5);
}
END_TEST

/* C(N, a) for whole a as a fraction of integers: a^N/N! N/(N-a) over the sum, times N! (N-a). */
START_TEST(exact_fractions)
{
    for (uint64_t n = 1; n <= 11; n++)
        for (uint64_t a = 1; a < n; a++) {
            uint64_t term = n - a, sum = 0; /* term = a^k N!/k! (N-a) */
            for (uint64_t k = 2; k <= n; k++)
                term *= k;
            for (uint64_t k = 0; k < n; k++) {
                sum += term;
                term = term / (k + 1) * a; /* N!/k! is divisible by k + 1 while k < N */
            }
            uint64_t last = term / (n - a) * n;
            double exact = (double)last / (double)(sum + last);
            ck_assert_double_eq_tol(delayed((double)n, (double)a), exact, 4e-15 * exact);
        }
    ck_assert_double_eq_tol(delayed(2, 1), 1.0 / 3, 1e-16);
    ck_assert_double_eq_tol(delayed(3, 2), 4.0 / 9, 1e-16);
}
END_TEST

/* Near saturation C(N, N - b sqrt(N)) tends to 1 / (1 + b F(b) / f(b)), F and f the distribution
 * and density of the normal law (Halfin and Whitt, Operations Research 29, 1981). */
START_TEST(many_servers_in_the_limit)
{
    for (double b = 0.1; b < 3; b += 0.3) {
        double density = exp(-b * b / 2) / sqrt(2 * 3.14159265358979323846);
        double limit = 1 / (1 + b * (0.5 * erfc(-b / sqrt(2))) / density);
        double last = INFINITY;
        for (double n = 100; n <= 1e6; n *= 100) {
            double error = fabs(delayed(n, n - b * sqrt(n)) / limit - 1);
            ck_assert_double_lt(error, 10 / sqrt(n));
            ck_assert_double_lt(error, last);
            last = error;
        }
    }
}
END_TEST

START_TEST(probabilities)
{
    struct random random = {.state = 5};
    for (int i = 0; i < 2000; i++) {
        struct ifp_headroom_data headroom = servers(1 + random_below(&random, 300));
        headroom.wait_ms = random_chance(&random, 0.5) ? 0 : random_between(&random, 0, 1);
        double replicas = 1 + random_below(&random, 3000);
        double one = replicas * random_between(&random, 0, 1);
        double other = one + (replicas - one) * random_between(&random, 0, 1);
        double low = ifp_waiting_probability(&headroom, replicas, one);
        double high = ifp_waiting_probability(&headroom, replicas, other);
        ck_assert_msg(low >= 0 && low <= high * (1 + 1e-11) && high <= 1, "%d: %g, %g", i, low,
                      high);
        ck_assert_double_eq(ifp_waiting_probability(&headroom, replicas, 0), 0);
        ck_assert_double_eq(ifp_waiting_probability(&headroom, replicas, replicas), 1);
    }
    /* The approximation for M/G/N: half of 1 + cv2 scales the wait. */
    struct ifp_headroom_data headroom = servers(4), steady = servers(4);
    headroom.wait_ms = 0.5;
    steady.wait_ms = 0.25;
    steady.cv2 = 0;
    ck_assert_double_eq(ifp_waiting_probability(&headroom, 2, 1.5),
                        ifp_waiting_probability(&steady, 2, 1.5));
}
END_TEST

/* The largest load keeps the limit, and one that is larger by 1e-12 does not. */
START_TEST(largest_load)
{
    struct random random = {.state = 6};
    for (int i = 0; i < 500; i++) {
        struct ifp_headroom_data headroom = servers(1 + random_below(&random, 64));
        headroom.quantile = random_between(&random, 0, 1);
        headroom.wait_ms = random_chance(&random, 0.5) ? 0 : random_between(&random, 0, 0.2);
        double replicas = 1 + random_below(&random, i % 2 ? 20 : 15000);
        double load = ifp_waiting_load(&headroom, replicas), limit = 1 - headroom.quantile;
        ck_assert_double_le(ifp_waiting_probability(&headroom, replicas, load), limit);
        ck_assert_double_gt(ifp_waiting_probability(&headroom, replicas, load * (1 + 1e-12)),
                            limit * (1 - 1e-12));
    }
}
END_TEST

START_TEST(other_kinds)
{
    struct ifp_headroom_data headroom = {.kind = IFP_HEADROOM_ABSENT};
    ck_assert_double_eq(ifp_waiting_load(&headroom, 5), 5);
    ck_assert_double_eq(ifp_waiting_load(&headroom, 0), 0);
    ck_assert_double_eq(ifp_waiting_load(&headroom, -5), 0);
    headroom = (struct ifp_headroom_data){.kind = IFP_HEADROOM_UTILIZATION, .utilization = 0.75};
    ck_assert_double_eq(ifp_waiting_load(&headroom, 8), 6);
    headroom = servers(16);
    headroom.quantile = 0;
    ck_assert_double_eq(ifp_waiting_load(&headroom, 8), 8);
    headroom.wait_ms = 1e300;
    headroom.quantile = 0.999999;
    headroom.service_ms = DBL_MIN;
    ck_assert_double_eq(ifp_waiting_load(&headroom, 8), nextafter(8, 0));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("waiting");
    TCase *probability = tcase_create("probability");
    tcase_set_timeout(probability, 120);
    tcase_add_test(probability, table_of_erlang_b);
    tcase_add_test(probability, table_of_erlang_c);
    tcase_add_test(probability, exact_fractions);
    tcase_add_test(probability, many_servers_in_the_limit);
    tcase_add_test(probability, probabilities);
    suite_add_tcase(suite, probability);
    TCase *load = tcase_create("load");
    tcase_set_timeout(load, 120);
    tcase_add_test(load, largest_load);
    tcase_add_test(load, other_kinds);
    suite_add_tcase(suite, load);
    return suite_run(suite);
}
