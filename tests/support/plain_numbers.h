/* SPDX-License-Identifier: MIT */
/* Writing numbers with a decimal point in tests, whatever the locale. Call both in pairs, in one
 * thread. */
#ifndef TESTS_SUPPORT_PLAIN_NUMBERS_H
#define TESTS_SUPPORT_PLAIN_NUMBERS_H

#include <locale.h>

#include <check.h>

struct plain_numbers {
    locale_t plain;
    locale_t before;
};

static inline struct plain_numbers plain_numbers_begin(void)
{
    struct plain_numbers made = {.plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0)};
    ck_assert(made.plain != (locale_t)0);
    made.before = uselocale(made.plain);
    return made;
}

static inline void plain_numbers_end(struct plain_numbers numbers)
{
    uselocale(numbers.before);
    freelocale(numbers.plain);
}

#endif
