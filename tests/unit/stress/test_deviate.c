/* SPDX-License-Identifier: MIT */
/* Deviations as they are drawn: the generator, points of the set, the rule that spends the budget,
 * and the instance that they make real. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "stress/deviate.h"
#include "support/plan_by_hand.h"
#include "support/suite.h"
#include "util/random.h"

enum { SAMPLES = 400, CELLS = 8, PAIRS = 4 };

/* The numbers of PCG RXS-M-XS for the seed 1234567, by arithmetic of arbitrary precision. */
START_TEST(the_generator)
{
    static const uint64_t expected[] = {
        UINT64_C(13743835500811988153), UINT64_C(14570239657329013191),
        UINT64_C(17854039771582976009), UINT64_C(8508079099168943426),
        UINT64_C(13901016500042261137)};
    struct ifp_random random = {.state = 1234567};
    for (size_t n = 0; n < sizeof expected / sizeof *expected; n++)
        ck_assert_uint_eq(ifp_random_bits(&random), expected[n]);
    size_t seen[7] = {0};
    double sum = 0;
    for (int n = 0; n < 7000; n++) {
        double fraction = ifp_random_fraction(&random);
        size_t below = ifp_random_below(&random, 7);
        ck_assert(fraction >= 0 && fraction < 1);
        ck_assert_uint_lt(below, 7);
        sum += fraction;
        seen[below]++;
    }
    ck_assert_double_eq_tol(sum / 7000, 0.5, 0.02);
    for (int n = 0; n < 7; n++)
        ck_assert(seen[n] > 850 && seen[n] < 1150);
    ck_assert_uint_eq(ifp_random_below(&random, 1), 0);
}
END_TEST

static void make_uncertain(const char *kind, const char *level, double delay_budget,
                           double error_budget)
{
    set("uncertainty.kind", kind);
    if (level)
        set("uncertainty.level", level);
    set_number("uncertainty.delay_budget", delay_budget);
    set_number("uncertainty.error_budget", error_budget);
    set_number("performance.delay_deviation_ms_per_token", 0.5);
    set_number("performance.error_deviation", 0.01);
}

static bool known(const struct ifp_deviate *deviate, size_t cell)
{
    return !isnan(ifp_deviate_entry(&deviate->tables[IFP_DEVIATING_DELAY].nominal, cell)) &&
           !isnan(ifp_deviate_entry(&deviate->tables[IFP_DEVIATING_ERROR].nominal, cell));
}

/* Of one query type: in the caps, and the budget is spent unless all are at their caps, or only
 * some of it could be. Returns how many are at neither 0 nor their cap. */
static int expect_in_set(const struct ifp_deviate *deviate, const struct ifp_deviate_table *table,
                         size_t query, const double *caps)
{
    double sum = 0;
    double caps_known = 0;
    int between = 0;
    for (size_t p = 0; p < PAIRS; p++) {
        size_t cell = query * PAIRS + p;
        double factor = table->factor[cell];
        ck_assert(factor >= 0 && factor <= caps[p]);
        if (!known(deviate, cell))
            ck_assert_double_eq(factor, 0);
        caps_known += known(deviate, cell) ? caps[p] : 0;
        sum += factor;
        between += factor > 0 && factor < caps[p];
    }
    ck_assert_double_le(sum, table->budget * (1 + 1e-12));
    ck_assert_double_le(sum, caps_known * (1 + 1e-12));
    return between;
}

static const double shrinks[PAIRS] = {0.25, -0.5, 1, 0};

static void set_shrinks(void)
{
    ck_assert_int_eq(ifp_instance_set_numbers(instance, "performance.delay_shrink", shrinks, PAIRS),
                     IFP_OK);
}

/* For budget, and for cell with its caps; a pair whose error is null takes part in nothing. */
START_TEST(pairs_of_each_query)
{
    static const double ones[PAIRS] = {1, 1, 1, 1};
    static const double cell_caps[PAIRS] = {0.75, 1.5, 0, 1};
    bool cell = _i == 1;
    make_uncertain(cell ? "decision_dependent" : "budget", cell ? "cell" : NULL, 1.5, 0.75);
    set_shrinks();
    set("performance.error_rate[a][N][U]", "null");
    struct ifp_deviate *deviate = ifp_deviate_new(instance, plan);
    ck_assert_ptr_nonnull(deviate);
    const struct ifp_deviate_table *delay = &deviate->tables[IFP_DEVIATING_DELAY];
    const struct ifp_deviate_table *error_table = &deviate->tables[IFP_DEVIATING_ERROR];
    const double *caps = cell ? cell_caps : ones;
    int spent = 0;
    int full[CELLS] = {0};
    int independent = 0;
    for (uint64_t s = 0; s < SAMPLES; s++) {
        ifp_deviate_sample(deviate, s);
        for (size_t i = 0; i < 2; i++) {
            double sum = 0;
            expect_in_set(deviate, delay, i, caps);
            /* No shrink of errors: its caps are 1 for both. */
            expect_in_set(deviate, error_table, i, ones);
            for (size_t p = 0; p < PAIRS; p++) {
                sum += delay->factor[i * PAIRS + p];
                full[i * PAIRS + p] += caps[p] > 0 && delay->factor[i * PAIRS + p] == caps[p];
            }
            spent += fabs(sum - 1.5) < 1e-12;
        }
        independent += delay->factor[0] != error_table->factor[0];
    }
    ck_assert_int_ge(spent, 2 * SAMPLES / 3);
    ck_assert_int_ge(independent, SAMPLES / 4);
    for (size_t n = 0; n < CELLS; n++) {
        bool can = known(deviate, n) && caps[n % PAIRS] > 0;
        ck_assert_msg(can ? full[n] >= SAMPLES / 20 : full[n] == 0, "cell %zu: %d", n, full[n]);
    }
    ifp_deviate_free(deviate);
}
END_TEST

/* A budget that is enough for all lets each do as it likes; one of 0 lets none. */
START_TEST(budgets_at_their_ends)
{
    make_uncertain("budget", NULL, 1e6, 0);
    struct ifp_deviate *deviate = ifp_deviate_new(instance, plan);
    const struct ifp_deviate_table *delay = &deviate->tables[IFP_DEVIATING_DELAY];
    int whole = 0;
    double rest = 0;
    for (uint64_t s = 0; s < SAMPLES; s++) {
        ifp_deviate_sample(deviate, s);
        for (size_t n = 0; n < CELLS; n++) {
            whole += delay->factor[n] == 1;
            rest += delay->factor[n] < 1 ? delay->factor[n] : 0;
            ck_assert_double_eq(deviate->tables[IFP_DEVIATING_ERROR].factor[n], 0);
        }
    }
    /* As often whole as not, and the rest uniform. */
    ck_assert_double_eq_tol((double)whole / (SAMPLES * CELLS), 0.5, 0.03);
    ck_assert_double_eq_tol(rest / (SAMPLES * CELLS - whole), 0.5, 0.03);
    ifp_deviate_free(deviate);
}
END_TEST

/* One factor for each query type, of one budget; caps by the plan's routes M on T and N on U. */
START_TEST(one_factor_by_query)
{
    set("policy.placement", "single");
    make_uncertain("decision_dependent", "query", 1.25, 0.5);
    set_shrinks();
    struct ifp_deviate *deviate = ifp_deviate_new(instance, plan);
    const struct ifp_deviate_table *delay = &deviate->tables[IFP_DEVIATING_DELAY];
    int spent = 0;
    int first_full = 0;
    for (uint64_t s = 0; s < SAMPLES; s++) {
        ifp_deviate_sample(deviate, s);
        double a = delay->factor[0];
        double b = delay->factor[PAIRS + 3];
        ck_assert(a >= 0 && a <= 0.75 && b >= 0 && b <= 1);
        ck_assert_double_le(a + b, 1.25 * (1 + 1e-12));
        for (size_t i = 0; i < 2; i++) {
            double theta = i == 0 ? a / 0.75 : b;
            for (size_t p = 0; p < PAIRS; p++)
                ck_assert_double_eq_tol(delay->factor[i * PAIRS + p],
                                        theta * fmax(0, 1 - shrinks[p]), 1e-15);
        }
        spent += fabs(a + b - 1.25) < 1e-12;
        first_full += a == 0.75;
        double errors = deviate->tables[IFP_DEVIATING_ERROR].factor[0] +
                        deviate->tables[IFP_DEVIATING_ERROR].factor[PAIRS + 3];
        ck_assert_double_le(errors, 0.5 * (1 + 1e-12));
    }
    ck_assert_int_ge(spent, SAMPLES / 8);
    ck_assert_int_ge(first_full, SAMPLES / 4);
    ifp_deviate_free(deviate);
}
END_TEST

/* The same for the same seed, whatever was drawn before and whatever the plan. */
START_TEST(samples_are_repeated)
{
    make_uncertain("budget", NULL, 1.5, 1.5);
    struct ifp_deviate *one = ifp_deviate_new(instance, plan);
    plan->route_count = 1;
    struct ifp_deviate *other = ifp_deviate_new(instance, plan);
    size_t size = CELLS * sizeof(double);
    ifp_deviate_sample(one, 3);
    ifp_deviate_sample(one, 4);
    ifp_deviate_sample(other, 4);
    for (int kind = 0; kind < IFP_DEVIATING_COUNT; kind++)
        ck_assert_int_eq(memcmp(one->tables[kind].factor, other->tables[kind].factor, size), 0);
    ifp_deviate_sample(other, 5);
    ck_assert_int_ne(memcmp(one->tables[0].factor, other->tables[0].factor, size), 0);
    ifp_deviate_free(other);
    ifp_deviate_free(one);
}
END_TEST

/* Tables of any rank are looked up where they are, and not copied for all cells. */
START_TEST(tables_stay_as_they_are)
{
    static const double by_query[] = {3, 4};
    make_uncertain("budget", NULL, 2, 2);
    set_number("performance.error_rate", 0.5);
    ck_assert_int_eq(
        ifp_instance_set_numbers(instance, "performance.delay_ms_per_token", by_query, 2), IFP_OK);
    struct ifp_deviate *deviate = ifp_deviate_new(instance, plan);
    ck_assert_ptr_nonnull(deviate);
    for (int kind = 0; kind < IFP_DEVIATING_COUNT; kind++) {
        const struct ifp_deviate_table *table = &deviate->tables[kind];
        bool delay = kind == IFP_DEVIATING_DELAY;
        const struct ifp_table *nominal =
            &instance->performance[delay ? IFP_DELAY : IFP_ERROR_RATE];
        ck_assert_ptr_eq(table->nominal.values, nominal->values);
        for (size_t n = 0; n < CELLS; n++) {
            double entry = ifp_deviate_entry(&table->nominal, n);
            ck_assert_double_eq(entry, delay ? by_query[n / PAIRS] : 0.5);
            ck_assert_double_eq(ifp_deviate_entry(&table->deviation, n), delay ? 0.5 : 0.01);
        }
    }
    ifp_deviate_free(deviate);
}
END_TEST

/* Nominal plus inflation x deviation x factor, in an instance without uncertainty; null stays. */
START_TEST(realised)
{
    make_uncertain("budget", NULL, 2, 2);
    set("performance.delay_ms_per_token[b][M][U]", "null");
    struct ifp_deviate *deviate = ifp_deviate_new(instance, plan);
    struct ifp_instance *made = ifp_deviate_instance(deviate);
    ck_assert_ptr_nonnull(made);
    ck_assert_int_eq(made->uncertainty, IFP_UNCERTAINTY_NONE);
    ck_assert_int_eq(ifp_instance_validate(made, NULL), IFP_OK);
    ck_assert_double_eq(ifp_instance_performance(made, IFP_DELAY, A, M, T), 2);
    ifp_deviate_sample(deviate, 7);
    for (int turn = 0; turn < 2; turn++) {
        double inflation = turn ? 1.5 : 1;
        ifp_deviate_realise(deviate, inflation, made);
        for (size_t n = 0; n < CELLS; n++) {
            size_t i = n / PAIRS;
            size_t j = n % PAIRS / 2;
            size_t k = n % 2;
            double nominal = ifp_instance_performance(instance, IFP_DELAY, i, j, k);
            double delay = ifp_instance_performance(made, IFP_DELAY, i, j, k);
            double rate = ifp_instance_performance(instance, IFP_ERROR_RATE, i, j, k);
            double error_rate = ifp_instance_performance(made, IFP_ERROR_RATE, i, j, k);
            ck_assert_int_eq(isnan(delay), isnan(nominal));
            if (!isnan(nominal))
                ck_assert_double_eq_tol(
                    delay, nominal + inflation * 0.5 * deviate->tables[0].factor[n], 1e-15);
            ck_assert_double_eq_tol(error_rate,
                                    rate + inflation * 0.01 * deviate->tables[1].factor[n], 1e-16);
        }
    }
    ifp_instance_free(made);
    ifp_deviate_free(deviate);
}
END_TEST

static Suite *deviate_suite(void)
{
    Suite *suite = suite_create("deviate");
    TCase *tests = new_case(suite, "deviate");
    tcase_add_test(tests, the_generator);
    tcase_add_loop_test(tests, pairs_of_each_query, 0, 2);
    tcase_add_test(tests, budgets_at_their_ends);
    tcase_add_test(tests, one_factor_by_query);
    tcase_add_test(tests, samples_are_repeated);
    tcase_add_test(tests, tables_stay_as_they_are);
    tcase_add_test(tests, realised);
    return suite;
}

int main(void)
{
    return suite_run(deviate_suite());
}
