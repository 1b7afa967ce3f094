/* SPDX-License-Identifier: MIT */
/* The tables of kinds: each row is complete, no name stands twice, and what they list is all there
 * is. */
#include <check.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "check/cost_parts.h"
#include "check/limit_kinds.h"
#include "plan/plan.h"
#include "plan/status.h"
#include "problem/problem.h"
#include "support/plan_by_hand.h"
#include "support/suite.h"
#include "util/text.h"

START_TEST(parts_are_complete)
{
    ck_assert_uint_eq(ifp_cost_part_count(), IFP_COST_PART_COUNT);
    for (size_t p = 0; p < ifp_cost_part_count(); p++) {
        ifp_cost_part cost_part = IFP_COST_PART_INIT;
        ck_assert_int_eq(ifp_cost_part_get(p, &cost_part), IFP_OK);
        ck_assert_uint_eq(cost_part.size, sizeof cost_part);
        ck_assert_int_ne(cost_part.cost, IFP_COST_TOTAL);
        ck_assert(cost_part.penalty == 0 || cost_part.penalty == 1);
        ck_assert(*cost_part.key && *cost_part.label && *cost_part.title);
        ck_assert_uint_eq(strlen(cost_part.colour), 7);
        ck_assert_int_eq(cost_part.colour[0], '#');
        ck_assert_uint_eq(ifp_cost_part_find(cost_part.cost), p);
        for (size_t q = 0; q < p; q++) {
            ck_assert_str_ne(cost_part.key, ifp_cost_parts[q].key);
            ck_assert_str_ne(cost_part.label, ifp_cost_parts[q].label);
            ck_assert_str_ne(cost_part.colour, ifp_cost_parts[q].colour);
        }
    }
    ck_assert_str_eq(ifp_cost_parts[IFP_COST_PART_UNMET].key, "unmet_usd");
    ck_assert_str_eq(ifp_cost_parts[IFP_COST_PART_UNMET].title, "unmet demand");
    ck_assert_uint_eq(ifp_cost_part_find(IFP_COST_TOTAL), IFP_COST_PART_COUNT);
    ck_assert_uint_eq(ifp_cost_part_find(99), IFP_COST_PART_COUNT);
}
END_TEST

START_TEST(parts_add_up)
{
    run_check();
    double sum = 0;
    double routes = 0;
    for (size_t p = 0; p < ifp_cost_part_count(); p++) {
        sum += ifp_check_cost(check, ifp_cost_parts[p].cost);
        routes += ifp_check_route_cost(check, 0, ifp_cost_parts[p].cost);
    }
    expect_near(sum, ifp_check_cost(check, IFP_COST_TOTAL));
    expect_near(routes, ifp_check_route_cost(check, 0, IFP_COST_TOTAL));
    ck_assert_double_gt(routes, 0);
}
END_TEST

/* Which parts follow rental_hours, and which penalty_hours. */
START_TEST(parts_know_their_hours)
{
    run_check();
    double before[IFP_COST_PART_COUNT];
    for (size_t p = 0; p < IFP_COST_PART_COUNT; p++)
        before[p] = ifp_check_cost(check, ifp_cost_parts[p].cost);
    set_number("horizon.penalty_hours", 30);
    run_check();
    for (size_t p = 0; p < IFP_COST_PART_COUNT; p++)
        expect_near(ifp_check_cost(check, ifp_cost_parts[p].cost),
                    before[p] * (ifp_cost_parts[p].penalty ? 3 : 1));
}
END_TEST

START_TEST(parts_by_size)
{
    struct {
        ifp_cost_part entry;
        double later;
    } longer = {.entry = {.size = sizeof longer}, .later = -7};
    ck_assert_int_eq(ifp_cost_part_get(0, &longer.entry), IFP_OK);
    ck_assert_str_eq(longer.entry.key, "rental_usd");
    ck_assert_uint_eq(longer.entry.size, sizeof longer);
    ck_assert_double_eq(longer.later, -7);
    ifp_cost_part cost_part = IFP_COST_PART_INIT;
    ck_assert_int_eq(ifp_cost_part_get(IFP_COST_PART_COUNT, &cost_part), IFP_ERROR_ARGUMENT);
    ck_assert_int_eq(ifp_cost_part_get(0, NULL), IFP_ERROR_ARGUMENT);
    cost_part.size = IFP_COST_PART_SIZE_FIRST - 1;
    ck_assert_int_eq(ifp_cost_part_get(0, &cost_part), IFP_ERROR_ARGUMENT);
    ck_assert_ptr_null(cost_part.key);
}
END_TEST

START_TEST(limits_have_words)
{
    static const char *const words[] = {NULL,         "budget", "storage", "pool", "memory",
                                        "compute",    "delay",  "error",   "load", "slots",
                                        "attainment", NULL,     NULL};
    for (int kind = 0; kind < (int)(sizeof words / sizeof *words); kind++) {
        const char *word = ifp_limit_kind_word(kind);
        if (words[kind])
            ck_assert_str_eq(word, words[kind]);
        else
            ck_assert_ptr_null(word);
    }
    ck_assert_ptr_null(ifp_limit_kind_word(-1));
}
END_TEST

START_TEST(limits_are_named)
{
    static const struct {
        int kind;
        struct ifp_limit_subject subject;
        const char *name;
    } cases[] = {
        {IFP_LIMIT_KIND_STORAGE, {.query = NULL}, "storage_gb"},
        {IFP_LIMIT_KIND_POOL, {.pool = "a,b]"}, "pool[a,b]]"},
        {IFP_LIMIT_KIND_MEMORY, {.model = "M", .tier = "T"}, "memory[M,T]"},
        {IFP_LIMIT_KIND_DELAY, {.query = "chat"}, "delay[chat]"},
        {IFP_LIMIT_KIND_LOAD, {.model = "M", .tier = "T"}, "load[M,T]"},
        {IFP_LIMIT_KIND_SLOTS,
         {.model = "M", .tier = "T", .degree = 2, .point = "40ms"},
         "slots[M,T,2,40ms]"},
        {IFP_LIMIT_KIND_MEMORY, {.model = "M", .tier = "T", .degree = 8}, "memory[M,T,8]"},
        {IFP_LIMIT_KIND_ATTAINMENT, {.query = "chat"}, "attainment[chat]"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        char *name = ifp_limit_name(ifp_limit_traits_of(cases[c].kind), &cases[c].subject);
        ck_assert_str_eq(name, cases[c].name);
        ifp_text_free(name);
    }
}
END_TEST

/* The reasons for removing a configuration are numbered below 20, in the first release. */
START_TEST(removals_have_kinds_and_texts)
{
    size_t configurations = 0;
    size_t routes = 0;
    for (int reason = -1; reason < 100; reason++) {
        const char *kind = ifp_removal_kind(reason);
        ck_assert_int_eq(kind == NULL, ifp_removal_text(reason) == NULL);
        if (!kind)
            continue;
        ck_assert_str_ne(ifp_removal_text(reason), "");
        ck_assert_str_eq(kind, reason < 20 ? "configuration" : "route");
        configurations += strcmp(kind, "configuration") == 0;
        routes += strcmp(kind, "route") == 0;
        ck_assert_int_lt(reason, IFP_REMOVAL_COUNT);
    }
    ck_assert_uint_eq(configurations, 8);
    ck_assert_uint_eq(routes, 10);
}
END_TEST

START_TEST(pictures_and_statuses_have_words)
{
    static const char *const pictures[] = {"traffic", "costs", "fleet", "limits", "gap"};
    static const char *const statuses[] = {"optimal", "feasible", "infeasible", "no_plan"};
    for (int p = 0; p < 5; p++)
        ck_assert_str_eq(ifp_picture_word(IFP_PICTURE_TRAFFIC + p), pictures[p]);
    for (int s = 0; s < 4; s++)
        ck_assert_str_eq(ifp_status_word(IFP_STATUS_OPTIMAL + s), statuses[s]);
    ck_assert_ptr_null(ifp_picture_word(0));
    ck_assert_ptr_null(ifp_picture_word(IFP_PICTURE_GAP + 1));
    ck_assert_ptr_null(ifp_status_word(0));
    ck_assert_ptr_null(ifp_status_word(IFP_STATUS_NO_PLAN + 1));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kinds");
    TCase *cost_parts = new_case(suite, "cost parts");
    tcase_add_test(cost_parts, parts_are_complete);
    tcase_add_test(cost_parts, parts_add_up);
    tcase_add_test(cost_parts, parts_know_their_hours);
    tcase_add_test(cost_parts, parts_by_size);
    TCase *limits = new_case(suite, "limit kinds");
    tcase_add_test(limits, limits_have_words);
    tcase_add_test(limits, limits_are_named);
    TCase *words = tcase_create("words");
    suite_add_tcase(suite, words);
    tcase_add_test(words, removals_have_kinds_and_texts);
    tcase_add_test(words, pictures_and_statuses_have_words);
    return suite_run(suite);
}
