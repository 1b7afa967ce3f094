/* SPDX-License-Identifier: MIT */
/* Names and their places: right against a plain search, and with work in proportion to their bytes,
 * whatever they are. */
#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t steps;
#define IFP_NAMES_STEP() ((void)steps++)
#include "util/names.c"

#include "support/random.h"
#include "support/suite.h"

enum { MANY = 3000 };

/* Names to add, which the tree does not copy. */
struct list {
    char *names[MANY];
    size_t count;
    size_t bytes;
};

static void push(struct list *list, const char *name)
{
    char *copy = malloc(strlen(name) + 1);
    ck_assert_ptr_nonnull(copy);
    strcpy(copy, name);
    list->names[list->count++] = copy;
    list->bytes += strlen(name) + 1;
}

static void clear(struct list *list)
{
    for (size_t n = 0; n < list->count; n++)
        free(list->names[n]);
    list->count = 0;
    list->bytes = 0;
}

static size_t plain_find(const struct list *list, const char *name)
{
    size_t n = 0;
    while (n < list->count && strcmp(list->names[n], name) != 0)
        n++;
    return n;
}

static size_t plain_find_before(const struct list *list, const char *text, char stop)
{
    size_t best = list->count;
    for (size_t n = 0; n < list->count; n++) {
        size_t size = strlen(list->names[n]);
        bool longer = best == list->count || size > strlen(list->names[best]);
        if (longer && !strncmp(list->names[n], text, size) && text[size] == stop)
            best = n;
    }
    return best;
}

/* Of few letters, so that names share beginnings and are each other's; also of bytes above 127. */
static void random_name(struct random *random, char *to, size_t maximum)
{
    static const char letters[] = {'a', 'b', ']', '\x7f', '\xc3', '\xff'};
    size_t size = (size_t)random_below(random, (int)maximum + 1);
    for (size_t c = 0; c < size; c++)
        to[c] = letters[random_below(random, (int)sizeof letters)];
    to[size] = '\0';
}

START_TEST(finds_what_a_plain_search_finds)
{
    struct random random = {(uint64_t)_i + 1};
    struct list list = {.count = 0};
    struct ifp_names names = {0};
    char name[16];
    for (int n = 0; n < 400; n++) {
        random_name(&random, name, 6);
        size_t place = plain_find(&list, name);
        ck_assert_uint_eq(ifp_names_find(&names, name), place);
        if (place == list.count) {
            push(&list, name);
            ck_assert(ifp_names_add(&names, list.names[place]));
        }
        ck_assert_uint_eq(names.count, list.count);
        ck_assert_uint_eq(ifp_names_find(&names, name), place);
        random_name(&random, name, 12);
        ck_assert_uint_eq(ifp_names_find_before(&names, name, ']'),
                          plain_find_before(&list, name, ']'));
    }
    struct ifp_names copy;
    ck_assert(ifp_names_copy(&copy, &names));
    ifp_names_clear(&names);
    ck_assert_uint_eq(names.count, 0);
    for (size_t n = 0; n < list.count; n++)
        ck_assert_uint_eq(ifp_names_find(&copy, list.names[n]), n);
    push(&list, "one more");
    ck_assert(ifp_names_add(&copy, "one more"));
    ck_assert_uint_eq(ifp_names_find(&copy, "one more"), list.count - 1);
    ifp_names_clear(&copy);
    clear(&list);
}
END_TEST

START_TEST(empty_has_nothing)
{
    struct ifp_names names = {0};
    struct ifp_names copy;
    ck_assert_uint_eq(ifp_names_find(&names, "a"), 0);
    ck_assert_uint_eq(ifp_names_find_before(&names, "a]", ']'), 0);
    ck_assert(ifp_names_copy(&copy, &names));
    ck_assert_uint_eq(copy.count, 0);
    ifp_names_clear(&copy);
}
END_TEST

/* Families of names that are hard for a list, a hash or a tree of whole names. */
static void one_family(int family, size_t n, char *name)
{
    switch (family) {
    case 0: /* numbers */
        sprintf(name, "name %zu", n);
        break;
    case 1: /* each the beginning of the next: as deep as there are names */
        memset(name, 'a', n + 1);
        name[n + 1] = '\0';
        break;
    case 2: /* a long beginning that all share */
        memset(name, 'b', 500);
        sprintf(name + 500, "%zu", n);
        break;
    case 3: /* brackets that may or may not be the end of a selector */
        memset(name, ']', n + 1);
        name[n + 1] = '\0';
        break;
    default: /* in descending order, with a bit of difference each */
        sprintf(name, "%08zx", MANY - n);
        break;
    }
}

/* Adding each, finding each, and finding each in a path takes a few steps a byte. With a search of
 * the list it would be thousands. */
START_TEST(work_is_in_proportion_to_bytes)
{
    struct list list = {.count = 0};
    struct ifp_names names = {0};
    char *name = malloc(MANY + 520);
    ck_assert_ptr_nonnull(name);
    steps = 0;
    for (size_t n = 0; n < MANY; n++) {
        one_family(_i, n, name);
        push(&list, name);
        ck_assert(ifp_names_add(&names, list.names[n]));
        ck_assert_uint_eq(ifp_names_find(&names, name), n);
        strcat(name, "].x");
        ck_assert_uint_eq(ifp_names_find_before(&names, name, ']'), n);
    }
    ck_assert_uint_lt(steps, 40 * list.bytes);
    ifp_names_clear(&names);
    clear(&list);
    free(name);
}
END_TEST

/* A text of nothing but possible ends is walked once, not once for each. */
START_TEST(a_path_of_brackets_is_walked_once)
{
    struct list list = {.count = 0};
    struct ifp_names names = {0};
    char *text = malloc(100001);
    ck_assert_ptr_nonnull(text);
    memset(text, ']', 100000);
    text[100000] = '\0';
    for (size_t n = 0; n < 1000; n++) {
        text[n + 1] = '\0';
        push(&list, text);
        ck_assert(ifp_names_add(&names, list.names[n]));
        text[n + 1] = ']';
    }
    steps = 0;
    ck_assert_uint_eq(ifp_names_find_before(&names, text, ']'), 999);
    ck_assert_uint_lt(steps, 40000);
    ifp_names_clear(&names);
    clear(&list);
    free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("names");
    TCase *names = tcase_create("names");
    tcase_add_loop_test(names, finds_what_a_plain_search_finds, 0, 20);
    tcase_add_test(names, empty_has_nothing);
    tcase_add_loop_test(names, work_is_in_proportion_to_bytes, 0, 5);
    tcase_add_test(names, a_path_of_brackets_is_walked_once);
    suite_add_tcase(suite, names);
    return suite_run(suite);
}
