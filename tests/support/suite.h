/* SPDX-License-Identifier: MIT */
/* What every Check program has in common: its main, and locales to run in. */
#ifndef IFP_TEST_SUITE_H
#define IFP_TEST_SUITE_H

#include <check.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The exit status of a program that runs this suite. */
static inline int suite_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* Long texts are equal; if not, what stands where they part is shown. */
static inline void suite_expect_same(const char *one, const char *other)
{
    size_t same = 0;
    while (one[same] && one[same] == other[same])
        same++;
    size_t from = same > 60 ? same - 60 : 0;
    ck_assert_msg(one[same] == other[same], "at byte %zu: ..%.100s\nother: ..%.100s", same,
                  one + from, other + from);
}

/* Locales whose decimal sign is no point: a comma, and (of ps_AF) a character of two bytes. The
 * build makes them where it can, and sets LOCPATH to the place. */
static const char *const suite_locales[] = {"de_DE.UTF-8", "ps_AF.UTF-8"};
enum { SUITE_LOCALES = 2 };

/* Take on a locale for the whole program; false where the machine does not have it. */
static inline bool suite_enter_locale(int which)
{
    return setlocale(LC_ALL, suite_locales[which]) && strcmp(localeconv()->decimal_point, ".") != 0;
}

#endif
