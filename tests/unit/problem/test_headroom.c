/* SPDX-License-Identifier: MIT */
/* The load that head-room allows, beside sums of Erlang's formulas and the verifier's arithmetic.
 */
#include <check.h>
#include <float.h>
#include <math.h>

#include "check/waiting.h"
#include "problem/headroom.h"
#include "support/random.h"
#include "support/suite.h"

/* The example of docs/formulation.md. */
static struct ifp_headroom_data example(void)
{
    return (struct ifp_headroom_data){.kind = IFP_HEADROOM_WAIT,
                                      .wait_ms = 500,
                                      .quantile = 0.99,
                                      .slots = 16,
                                      .service_ms = 5000,
                                      .cv2 = 1};
}

/* P(wait > w) by Erlang's sum of a^k / k! in long double, for few servers. */
static long double summed(const struct ifp_headroom_data *headroom, double replicas, double load)
{
    int servers = (int)(headroom->slots * replicas);
    long double a = (long double)headroom->slots * load, term = 1, sum = 0;
    long double gap = fma(-headroom->slots, load, servers); /* N - a */
    for (int k = 0; k < servers; k++) {
        sum += term;
        term *= a / (k + 1);
    }
    long double last = term * servers / gap;
    return last / (sum + last) *
           expl(-2 * gap * headroom->wait_ms / ((1 + headroom->cv2) * headroom->service_ms));
}

static struct ifp_headroom_data random_wait(struct random *random)
{
    static const double quantiles[] = {0.001, 0.5, 0.9, 0.99, 0.999, 0.999999};
    return (struct ifp_headroom_data){
        .kind = IFP_HEADROOM_WAIT,
        .wait_ms = random_chance(random, 0.2) ? 0 : exp(random_between(random, -3, 12)),
        .quantile = random_chance(random, 0.5) ? random_between(random, 0, 1)
                                               : quantiles[random_below(random, 6)],
        .slots = 1 + floor(exp(random_between(random, 0, 6))),
        .service_ms = exp(random_between(random, 0, 12)),
        .cv2 = random_chance(random, 0.3) ? 0 : random_between(random, 0, 5)};
}

START_TEST(utilizations_of_the_formulation)
{
    static const double replicas[] = {1, 2, 4, 8, 16, 32};
    static const double percent[] = {55, 68, 78, 86, 91, 95};
    struct ifp_headroom_data headroom = example();
    for (int i = 0; i < 6; i++)
        ck_assert_double_eq(round(100 * ifp_headroom_load(&headroom, replicas[i]) / replicas[i]),
                            percent[i]);
    /* One pool of 8 carries more than eight pools of 1. */
    ck_assert_double_eq_tol(ifp_headroom_load(&headroom, 8), 6.87, 0.005);
    ck_assert_double_eq_tol(8 * ifp_headroom_load(&headroom, 1), 4.4, 0.005);
}
END_TEST

/* At the load the sum is within the limit; at a load larger by 2e-12 of it the sum is not. */
START_TEST(few_servers_by_sums)
{
    struct random random = {.state = 1};
    for (int i = 0; i < 3000; i++) {
        struct ifp_headroom_data headroom = random_wait(&random);
        headroom.slots = 1 + random_below(&random, 20);
        double replicas = 1 + random_below(&random, 10);
        double load = ifp_headroom_load(&headroom, replicas), more = load * (1 + 2e-12);
        long double limit = 1 - (long double)headroom.quantile;
        ck_assert_msg(load > 0 && load < replicas, "load %.17g of %g", load, replicas);
        ck_assert_msg(summed(&headroom, replicas, load) <= limit * (1 + 1e-13L),
                      "%d: too much at %.17g", i, load);
        if (more < replicas)
            ck_assert_msg(summed(&headroom, replicas, more) > limit, "%d: too little at %.17g", i,
                          load);
    }
}
END_TEST

START_TEST(one_server_in_closed_form)
{
    /* C(1, a) = a, so without a wait the load is 1 - q. */
    struct ifp_headroom_data headroom = example();
    headroom.slots = 1;
    headroom.wait_ms = 0;
    static const double quantiles[] = {0.25, 0.5, 0.75, 0.999999, 1 - DBL_EPSILON};
    for (int i = 0; i < 5; i++) {
        headroom.quantile = quantiles[i];
        double exact = 1 - quantiles[i], load = ifp_headroom_load(&headroom, 1);
        ck_assert_double_le(load, exact);
        ck_assert_double_ge(load, exact * (1 - 1e-12));
    }
}
END_TEST

START_TEST(many_servers_by_the_verifier)
{
    struct random random = {.state = 2};
    for (int i = 0; i < 2000; i++) {
        struct ifp_headroom_data headroom = random_wait(&random);
        double servers = exp(random_between(&random, 0, log(1e6)));
        double replicas = ceil(servers / headroom.slots);
        double load = ifp_headroom_load(&headroom, replicas);
        double other = ifp_waiting_load(&headroom, replicas);
        ck_assert_msg(fabs(load - other) <= 1e-12 * other,
                      "%d: %.17g, verifier %.17g; %g servers, q %.17g, w/D %g, cv2 %g", i, load,
                      other, headroom.slots * replicas, headroom.quantile,
                      headroom.wait_ms / headroom.service_ms, headroom.cv2);
        ck_assert_double_le(ifp_waiting_probability(&headroom, replicas, load),
                            (1 - headroom.quantile) * (1 + 1e-11));
    }
}
END_TEST

START_TEST(filled_as_called)
{
    struct random random = {.state = 3};
    static double load[1000];
    for (int i = 0; i < 30; i++) {
        struct ifp_headroom_data headroom = random_wait(&random);
        ck_assert(ifp_headroom_fill(&headroom, 1000, load));
        for (size_t m = 1; m <= 1000; m++) {
            ck_assert_double_lt(load[m - 1], (double)m);
            if (m > 1) /* by nearly a replica or more */
                ck_assert_double_gt(load[m - 1], load[m - 2]);
            if (m > 1 && headroom.slots > 1)
                ck_assert_double_ge(load[m - 1] / (double)m,
                                    load[m - 2] / (double)(m - 1) * (1 - 1e-12));
            if (m % 37 == 1)
                ck_assert_double_eq_tol(load[m - 1], ifp_headroom_load(&headroom, (double)m),
                                        1e-12 * load[m - 1]);
        }
    }
}
END_TEST

/* Longer waits, lower quantiles and steadier services allow more. */
START_TEST(monotone)
{
    struct random random = {.state = 4};
    for (int i = 0; i < 1000; i++) {
        struct ifp_headroom_data headroom = random_wait(&random), other = headroom;
        double replicas = 1 + random_below(&random, 3000);
        double load = ifp_headroom_load(&headroom, replicas) * (1 - 1e-12);
        other.wait_ms = 2 * headroom.wait_ms + 1;
        ck_assert_double_ge(ifp_headroom_load(&other, replicas), load);
        other = headroom;
        other.quantile /= 2;
        ck_assert_double_ge(ifp_headroom_load(&other, replicas), load);
        other = headroom;
        other.cv2 /= 2;
        ck_assert_double_ge(ifp_headroom_load(&other, replicas), load);
        ck_assert_double_gt(ifp_headroom_load(&headroom, replicas + 1), load);
    }
}
END_TEST

START_TEST(extreme_inputs)
{
    static const double waits[] = {0, 1e-300, 1, 1e6, 1e300, DBL_MAX};
    static const double quantiles[] = {0, 1e-300, 1e-16, 0.5, 0.999999, 1 - DBL_EPSILON / 2};
    static const double services[] = {DBL_MIN, 1e-300, 1, 1e6, DBL_MAX};
    static const double slots[] = {1, 2, 64, 1e6, 1e12, 1e300};
    static const double replicas[] = {1, 2, 1000, 1e6, 1e12, DBL_MAX};
    static const double cv2s[] = {0, 1, DBL_MAX};
    for (int i = 0; i < 6 * 6 * 5 * 6 * 6 * 3; i++) {
        int n = i;
        struct ifp_headroom_data headroom = {.kind = IFP_HEADROOM_WAIT, .wait_ms = waits[n % 6]};
        headroom.quantile = quantiles[(n /= 6) % 6];
        headroom.service_ms = services[(n /= 6) % 5];
        headroom.slots = slots[(n /= 5) % 6];
        headroom.cv2 = cv2s[n / 36];
        double m = replicas[(n / 6) % 6];
        if (headroom.slots * m > 1e5 && i % 29 != 0) /* these take longer */
            continue;
        double load = ifp_headroom_load(&headroom, m);
        ck_assert_msg(load > 0 && load <= m, "%d: %g of %g", i, load, m);
        ck_assert_double_eq(ifp_headroom_load(&headroom, 0), 0);
        ck_assert_double_eq(ifp_headroom_load(&headroom, -1), 0);
        if (headroom.quantile <= 0)
            ck_assert_double_eq(load, m);
        if (headroom.slots * m <= 1e4)
            ck_assert_double_eq_tol(load, ifp_waiting_load(&headroom, m), 1e-12 * load);
    }
}
END_TEST

/* Above 1e9 servers the utilization stays; below it still rises. */
START_TEST(beyond_the_servers)
{
    struct ifp_headroom_data headroom = example();
    headroom.slots = 1e6;
    double at = ifp_headroom_load(&headroom, 1000) / 1000;
    ck_assert_double_gt(at, ifp_headroom_load(&headroom, 999) / 999);
    ck_assert_double_lt(1 - at, 1e-3);
    ck_assert_double_eq_tol(ifp_headroom_load(&headroom, 1001) / 1001, at, 1e-12);
    ck_assert_double_eq_tol(ifp_waiting_load(&headroom, 1001) / 1001, at, 1e-12);
}
END_TEST

START_TEST(tables)
{
    double values[] = {0.5, 1.25, 2};
    struct ifp_headroom_data headroom = {.kind = IFP_HEADROOM_TABLE, .table = {values, 3}};
    static const double expected[] = {0.5, 1.25, 2, 2.75, 3.5};
    double load[5], utilization;
    ck_assert(ifp_headroom_fill(&headroom, 5, load));
    for (int m = 1; m <= 5; m++) {
        ck_assert_double_eq(load[m - 1], expected[m - 1]);
        ck_assert_double_eq(ifp_headroom_load(&headroom, m), expected[m - 1]);
        ck_assert_double_eq(ifp_waiting_load(&headroom, m), expected[m - 1]);
    }
    ck_assert_double_eq(ifp_headroom_load(&headroom, 0), 0);
    ck_assert(!ifp_headroom_is_linear(&headroom, &utilization));

    headroom.table.count = 1;
    ck_assert_double_eq(ifp_headroom_load(&headroom, 7), 3.5);
    ck_assert_double_eq(ifp_waiting_load(&headroom, 7), 3.5);
    ck_assert(ifp_headroom_is_linear(&headroom, &utilization));
    ck_assert_double_eq(utilization, 0.5);

    values[0] = 0;
    ck_assert(!ifp_headroom_is_linear(&headroom, &utilization));
    ck_assert_double_eq(ifp_headroom_load(&headroom, 7), 0);

    /* No step at the end: flat from there. */
    values[0] = values[1] = 1;
    headroom.table.count = 2;
    ck_assert_double_eq(ifp_headroom_load(&headroom, 9), 1);
    ck_assert_double_eq(ifp_waiting_load(&headroom, 9), 1);

    values[1] = 1e308;
    ck_assert(!ifp_headroom_fill(&headroom, 5, load));
    ck_assert(isinf(load[4]) && load[1] == 1e308);
}
END_TEST

START_TEST(linear)
{
    struct ifp_headroom_data headroom = {.kind = IFP_HEADROOM_ABSENT};
    double utilization = 0;
    ck_assert(ifp_headroom_is_linear(&headroom, &utilization));
    ck_assert_double_eq(utilization, 1);
    ck_assert_double_eq(ifp_headroom_load(&headroom, 3), 3);
    ck_assert_double_eq(ifp_headroom_load(&headroom, -3), 0);
    headroom = (struct ifp_headroom_data){.kind = IFP_HEADROOM_UTILIZATION, .utilization = 0.75};
    ck_assert(ifp_headroom_is_linear(&headroom, &utilization));
    ck_assert_double_eq(utilization, 0.75);
    ck_assert_double_eq(ifp_headroom_load(&headroom, 4), 3);
    headroom = example();
    ck_assert(!ifp_headroom_is_linear(&headroom, &utilization));
    headroom.quantile = 0;
    ck_assert(ifp_headroom_is_linear(&headroom, &utilization));
    ck_assert_double_eq(utilization, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("headroom");
    TCase *waits = tcase_create("waits");
    tcase_set_timeout(waits, 120);
    tcase_add_test(waits, utilizations_of_the_formulation);
    tcase_add_test(waits, few_servers_by_sums);
    tcase_add_test(waits, one_server_in_closed_form);
    tcase_add_test(waits, many_servers_by_the_verifier);
    tcase_add_test(waits, filled_as_called);
    tcase_add_test(waits, monotone);
    tcase_add_test(waits, extreme_inputs);
    tcase_add_test(waits, beyond_the_servers);
    suite_add_tcase(suite, waits);
    TCase *others = tcase_create("other kinds");
    tcase_add_test(others, tables);
    tcase_add_test(others, linear);
    suite_add_tcase(suite, others);
    return suite_run(suite);
}
