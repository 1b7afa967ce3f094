/* SPDX-License-Identifier: MIT */
/* The verifier's numbers: sums, products and quotients against whole numbers, which are exact. */
#include <check.h>
#include <math.h>
#include <stdint.h>

#include "support/random.h"
#include "support/suite.h"
#include "util/wide.h"

/* The whole number of a wide one, which is below 2^107 in size. */
__extension__ typedef __int128 whole;

static whole whole_of(struct ifp_wide wide)
{
    return (whole)wide.high + (whole)wide.low;
}

static struct ifp_wide wide_of(whole value)
{
    double high = (double)value;
    return ifp_wide_two_sum(high, (double)(value - (whole)high));
}

static whole any_whole(struct random *random, int bits)
{
    whole value = 0;
    int length = random_below(random, bits + 1);
    for (int b = 0; b < length; b++)
        value = 2 * value + random_chance(random, 0.5);
    return random_chance(random, 0.5) ? -value : value;
}

/* Within 2^-100 of the true value. */
static void expect_near(struct ifp_wide found, struct ifp_wide expected)
{
    struct ifp_wide error = ifp_wide_minus(found, expected);
    ck_assert(fabs(error.high) <= ldexp(fabs(expected.high), -100));
    ck_assert(found.high == found.high + found.low);
}

START_TEST(whole_numbers)
{
    struct random random = {77};
    for (int trial = 0; trial < 20000; trial++) {
        whole a = any_whole(&random, 103);
        whole b = any_whole(&random, 103);
        /* Below 2^104 each result is a wide number, and no rounding is left over. */
        ck_assert(whole_of(ifp_wide_plus(wide_of(a), wide_of(b))) == a + b);
        ck_assert(whole_of(ifp_wide_minus(wide_of(a), wide_of(b))) == a - b);
        ck_assert_int_eq(ifp_wide_above(wide_of(a), wide_of(b)), a > b);
        whole c = any_whole(&random, 52);
        whole d = any_whole(&random, 50);
        struct ifp_wide product = ifp_wide_times(wide_of(c), wide_of(d));
        ck_assert(whole_of(product) == c * d);
        if (d)
            ck_assert(whole_of(ifp_wide_over(product, wide_of(d))) == c);
        whole e = any_whole(&random, 103);
        if (b) {
            struct ifp_wide quotient = ifp_wide_over(wide_of(e), wide_of(b));
            expect_near(ifp_wide_times(quotient, wide_of(b)), wide_of(e));
        }
    }
}
END_TEST

/* A hundred thousand terms over sixteen orders of size, which cancel but for the smallest. */
START_TEST(long_sums)
{
    enum { TERMS = 100000 };
    struct random random = {5};
    struct ifp_wide sum = {0};
    static double terms[TERMS];
    for (int t = 0; t < TERMS; t++) {
        terms[t] = random_between(&random, 1, 2) * pow(10, random_below(&random, 17) - 8);
        ifp_wide_add(&sum, ifp_wide(terms[t]));
    }
    ifp_wide_add(&sum, ifp_wide(0x1p-60));
    for (int t = 0; t < TERMS; t++)
        ifp_wide_add(&sum, ifp_wide(-terms[t]));
    ck_assert(fabs(ifp_wide_get(sum) - 0x1p-60) <= 1e-14);
    /* Tenths are no doubles: their exact sum rounds to 1, the sum of rounded sums does not. */
    sum = ifp_wide(0);
    for (int t = 0; t < 10; t++)
        ifp_wide_add(&sum, ifp_wide(0.1));
    ck_assert(ifp_wide_get(sum) == 1);
}
END_TEST

START_TEST(numbers_without_bound)
{
    const struct ifp_wide infinite = ifp_wide((double)INFINITY);
    ck_assert(isinf(ifp_wide_get(ifp_wide_plus(infinite, ifp_wide(1)))));
    ck_assert(isinf(ifp_wide_get(ifp_wide_minus(infinite, ifp_wide(1)))));
    ck_assert(isinf(ifp_wide_get(IFP_WIDE_PRODUCT(1e200, 1e200))));
    ck_assert(ifp_wide_above(infinite, ifp_wide(1e300)));
    ck_assert(!ifp_wide_above(ifp_wide(1e300), infinite));
    ck_assert(isnan(ifp_wide_get(ifp_wide_minus(infinite, infinite))));
    ck_assert(ifp_wide_get(ifp_wide_over(ifp_wide(1), infinite)) == 0);
    ck_assert(isinf(ifp_wide_get(ifp_wide_over(ifp_wide(1), ifp_wide(0)))));
}
END_TEST

static Suite *wide_suite(void)
{
    Suite *suite = suite_create("wide");
    TCase *numbers = tcase_create("numbers");
    tcase_add_test(numbers, whole_numbers);
    tcase_add_test(numbers, long_sums);
    tcase_add_test(numbers, numbers_without_bound);
    suite_add_tcase(suite, numbers);
    return suite;
}

int main(void)
{
    return suite_run(wide_suite());
}
