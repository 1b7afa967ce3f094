/* SPDX-License-Identifier: MIT */
/* Growing arrays: what is kept, how capacity grows, and sizes that cannot be had. */
#include <check.h>
#include <stdint.h>
#include <stdlib.h>

#include "support/suite.h"
#include "util/array.h"

START_TEST(elements_are_kept)
{
    double *items = NULL;
    size_t capacity = 0;
    for (size_t count = 0; count < 10000; count++) {
        ck_assert(ifp_array_reserve(&items, &capacity, count + 1, sizeof *items));
        ck_assert_uint_gt(capacity, count);
        items[count] = (double)count;
    }
    for (size_t i = 0; i < 10000; i++)
        ck_assert_double_eq(items[i], (double)i);
    free(items);
}
END_TEST

/* So few times that appending one by one costs a constant on average. */
START_TEST(capacity_doubles)
{
    char *items = NULL;
    size_t capacity = 0;
    size_t growths = 0;
    for (size_t needed = 1; needed <= 1 << 16; needed++) {
        size_t before = capacity;
        ck_assert(ifp_array_reserve(&items, &capacity, needed, 1));
        growths += capacity != before;
        ck_assert(capacity == before || capacity >= 2 * before);
    }
    ck_assert_uint_le(growths, 17);
    free(items);
}
END_TEST

START_TEST(nothing_to_do)
{
    int array[3] = {1, 2, 3};
    int *items = array;
    size_t capacity = 3;
    ck_assert(ifp_array_reserve(&items, &capacity, 3, sizeof *items));
    ck_assert(ifp_array_reserve(&items, &capacity, 0, sizeof *items));
    ck_assert_ptr_eq(items, array);
    ck_assert_uint_eq(capacity, 3);
}
END_TEST

/* More than twice as many are had at once. */
START_TEST(many_at_once)
{
    struct pair {
        double a, b;
    } *items = NULL;
    size_t capacity = 0;
    ck_assert(ifp_array_reserve(&items, &capacity, 5, sizeof *items));
    ck_assert(ifp_array_reserve(&items, &capacity, 1000, sizeof *items));
    ck_assert_uint_ge(capacity, 1000);
    items[999] = (struct pair){1, 2};
    free(items);
}
END_TEST

/* What growth gives is what reserving gives, also at the end of the address space. */
START_TEST(growth)
{
    ck_assert_uint_eq(ifp_array_growth(7, 7), 7);
    ck_assert_uint_eq(ifp_array_growth(100, 0), 100);
    ck_assert_uint_ge(ifp_array_growth(0, 1), 1);
    ck_assert_uint_eq(ifp_array_growth(100, 101), 200);
    ck_assert_uint_eq(ifp_array_growth(100, 1001), 1001);
    ck_assert_uint_eq(ifp_array_growth(SIZE_MAX / 2, SIZE_MAX / 2 + 1), SIZE_MAX - 1);
    ck_assert_uint_eq(ifp_array_growth(SIZE_MAX - 5, SIZE_MAX - 4), SIZE_MAX);
    ck_assert_uint_eq(ifp_array_growth(0, SIZE_MAX), SIZE_MAX);
}
END_TEST

/* Exactly as many, also fewer than before. */
START_TEST(exact_sizes)
{
    int *items = NULL;
    ck_assert(ifp_array_resize(&items, 3, sizeof *items));
    items[2] = 5;
    ck_assert(ifp_array_resize(&items, 1000, sizeof *items));
    ck_assert_int_eq(items[2], 5);
    items[999] = 7;
    ck_assert(!ifp_array_resize(&items, SIZE_MAX / sizeof *items + 2, sizeof *items));
    ck_assert_int_eq(items[999], 7);
    ck_assert(ifp_array_resize(&items, 3, sizeof *items));
    ck_assert_int_eq(items[2], 5);
    free(items);
}
END_TEST

/* A size beyond memory, or that overflows, is refused, and the array stays. */
START_TEST(too_many)
{
    static const size_t sizes[] = {1, 2, 3, 8, 24, 4096, SIZE_MAX / 2};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        char *items = malloc(16);
        char *before = items;
        size_t capacity = 16 / sizes[s];
        ck_assert_ptr_nonnull(items);
        items[7] = 'x';
        const size_t counts[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2 + 1, SIZE_MAX / sizes[s],
                                 SIZE_MAX / sizes[s] + 1};
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            if (counts[c] <= capacity || (sizes[s] > 4096 && counts[c] < 2))
                continue;
            ck_assert(!ifp_array_reserve(&items, &capacity, counts[c], sizes[s]));
            ck_assert_ptr_eq(items, before);
            ck_assert_uint_eq(capacity, 16 / sizes[s]);
            ck_assert_int_eq(items[7], 'x');
        }
        free(items);
    }
}
END_TEST

/* Arrays that share a capacity grow alike, each from a copy of it. */
START_TEST(growth_depends_on_arguments_only)
{
    char *bytes = NULL;
    double *numbers = NULL;
    size_t capacity = 0;
    for (size_t needed = 1; needed < 5000; needed += 7) {
        size_t other = capacity;
        ck_assert(ifp_array_reserve(&numbers, &other, needed, sizeof *numbers));
        ck_assert(ifp_array_reserve(&bytes, &capacity, needed, sizeof *bytes));
        ck_assert_uint_eq(capacity, other);
    }
    free(bytes);
    free(numbers);
}
END_TEST

static Suite *array_suite(void)
{
    Suite *suite = suite_create("array");
    TCase *array = tcase_create("array");
    tcase_add_test(array, elements_are_kept);
    tcase_add_test(array, capacity_doubles);
    tcase_add_test(array, nothing_to_do);
    tcase_add_test(array, many_at_once);
    tcase_add_test(array, growth);
    tcase_add_test(array, exact_sizes);
    tcase_add_test(array, too_many);
    tcase_add_test(array, growth_depends_on_arguments_only);
    suite_add_tcase(suite, array);
    return suite;
}

int main(void)
{
    return suite_run(array_suite());
}
