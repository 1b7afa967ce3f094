/* SPDX-License-Identifier: MIT */
/* Which name a misspelt word is taken for, and how a message lists names. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "support/suite.h"
#include "util/listing.h"

static const char *const names[] = {"budget_usd", "storage_gb", "solve",    "single",
                                    "split",      "A10-FP16",   "reserved", "memory_limit_mb",
                                    "x",          "gpus"};

enum { NAME_COUNT = sizeof names / sizeof *names };

static const struct {
    const char *word;
    const char *name; /* NULL: none */
} cases[] = {
    /* missing, too much, wrong, swapped */
    {"buget_usd", "budget_usd"},
    {"budgget_usd", "budget_usd"},
    {"bodget_usd", "budget_usd"},
    {"slove", "solve"},
    {"solve", NULL},
    {"singel", "single"},
    {"reservd", "reserved"},
    /* case and dashes, which are no difference */
    {"Split", "split"},
    {"a10_fp16", "A10-FP16"},
    {"memory-limit", "memory_limit_mb"},
    /* a beginning, from three letters on */
    {"budget", "budget_usd"},
    {"sto", "storage_gb"},
    {"st", NULL},
    {"storage", "storage_gb"},
    /* a third of the letters, and more */
    {"gpu", "gpus"},
    {"gups", "gpus"},
    {"gabs", NULL},
    {"y", NULL},
    {"X", "x"},
    {"", NULL},
    {"nothing of the kind", NULL},
    /* the nearer one */
    {"splve", "solve"},
};

START_TEST(nearest)
{
    struct ifp_nearest found;
    ifp_nearest_begin(&found, cases[_i].word, strlen(cases[_i].word));
    for (size_t n = 0; n < NAME_COUNT; n++)
        ifp_nearest_try(&found, names[n]);
    ck_assert_msg(cases[_i].name ? found.name && !strcmp(found.name, cases[_i].name) : !found.name,
                  "%s: %s", cases[_i].word, found.name ? found.name : "none");
}
END_TEST

/* The distance is that of the definition, whatever the lengths, and nothing is read beyond them. */
static size_t slow(const char *a, size_t i, const char *b, size_t j)
{
    if (!i || !j)
        return i + j;
    size_t best = slow(a, i - 1, b, j - 1) + (a[i - 1] != b[j - 1]);
    size_t other = slow(a, i - 1, b, j) + 1;
    best = other < best ? other : best;
    other = slow(a, i, b, j - 1) + 1;
    best = other < best ? other : best;
    if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        other = slow(a, i - 2, b, j - 2) + 1;
        best = other < best ? other : best;
    }
    return best;
}

START_TEST(by_definition)
{
    enum { LONGEST = 6 };
    unsigned state = 7;
    size_t near = 0;
    for (int turn = 0; turn < 20000; turn++) {
        char a[LONGEST + 1] = "";
        char b[LONGEST + 1] = "";
        size_t length[2];
        for (int w = 0; w < 2; w++) {
            state = state * 1103515245U + 12345U;
            length[w] = (state >> 16) % (LONGEST + 1);
            for (size_t c = 0; c < length[w]; c++) {
                state = state * 1103515245U + 12345U;
                (w ? b : a)[c] = (char)('a' + (state >> 16) % 2);
            }
        }
        size_t longer = length[0] > length[1] ? length[0] : length[1];
        size_t distance = slow(a, length[0], b, length[1]);
        bool begins = length[0] >= 3 && !strncmp(a, b, length[0]);
        struct ifp_nearest found;
        ifp_nearest_begin(&found, a, length[0]);
        ifp_nearest_try(&found, b);
        bool expected = strcmp(a, b) != 0 && (distance <= longer / 3 || begins);
        ck_assert_msg((found.name != NULL) == expected, "%s %s", a, b);
        near += found.name != NULL;
    }
    ck_assert_uint_gt(near, 1000);
}
END_TEST

START_TEST(long_names)
{
    char word[200];
    char name[200];
    struct ifp_nearest found;
    memset(name, 'a', sizeof name);
    memset(word, 'a', sizeof word);
    word[sizeof word - 1] = '\0';
    for (size_t length = 60; length < sizeof word; length++) {
        word[length] = '\0';
        word[0] = 'b';
        ifp_nearest_begin(&found, name, length);
        ifp_nearest_try(&found, word);
        ck_assert_int_eq(found.name != NULL, length <= 64);
        if (length + 1 < sizeof word)
            word[length] = 'a';
    }
}
END_TEST

static void expect_listing(const char *word, size_t count, bool quoted, const char *meant,
                           const char *text)
{
    struct ifp_listing listing;
    ifp_listing_begin(&listing, word, strlen(word), quoted);
    for (size_t n = 0; n < count; n++)
        ifp_listing_add(&listing, names[n]);
    ck_assert(ifp_listing_end(&listing));
    ck_assert_str_eq(listing.meant.data, meant);
    ck_assert_str_eq(listing.names.data, text);
    ifp_listing_clear(&listing);
}

/* Eight names; of more, the eight first, and how many there are. */
START_TEST(listings)
{
    expect_listing("slove", 0, false, "", "");
    expect_listing("slove", 2, false, "", "budget_usd, storage_gb");
    expect_listing("slove", 3, true, " (\"solve\"?)", "\"budget_usd\", \"storage_gb\", \"solve\"");
    expect_listing("slove", 8, false, " (solve?)",
                   "budget_usd, storage_gb, solve, single, split, A10-FP16, reserved, "
                   "memory_limit_mb");
    expect_listing("gpu", 10, false, " (gpus?)",
                   "budget_usd, storage_gb, solve, single, split, A10-FP16, reserved, "
                   "memory_limit_mb and 2 more");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nearest");
    TCase *tcase = tcase_create("nearest");
    tcase_add_loop_test(tcase, nearest, 0, sizeof cases / sizeof *cases);
    tcase_add_test(tcase, by_definition);
    tcase_add_test(tcase, long_names);
    tcase_add_test(tcase, listings);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
