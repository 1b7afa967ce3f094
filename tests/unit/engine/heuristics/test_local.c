/* SPDX-License-Identifier: MIT */
/*
 * The moves of the local search, with an evaluator that needs no instance: elements cover sets of
 * points, a selection of elements is worth the points that it covers less the prices of its
 * elements, and its optimum is found by enumeration. The moves reach a local optimum, are
 * reproducible, obey limits of effort, and end on a stop request and without memory.
 */
#include <check.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/heuristics/local.h"
#include "support/program.h"
#include "support/random.h"
#include "support/suite.h"
#include "util/random.h"

enum { ELEMENTS = 9, POINTS = 12, SEEDS = 200, LONG = 3000 };

static struct ifp_error error;

/* An evaluator begins with the struct of the interface. */
struct cover {
    struct ifp_evaluator evaluator;
    unsigned covers[ELEMENTS]; /* points as bits */
    double price[ELEMENTS];
    double worth[POINTS];
    bool unknown; /* do only fills compute and offer values? */
    int fail_at;  /* number of the call of fill or add_random that has no memory, from 0 */
    int calls;    /* of these functions */
    int freed;    /* of the evaluator */
    int offers;
    int keeps;
    unsigned kicked; /* the elements that add_random left; UINT_MAX if they have been filled up */
    int astray;      /* consecutive kicks of selections worse than the best offered */
    int astray_max;
    double offered;           /* the best value offered */
    unsigned trace;           /* hash of all selections filled */
    enum ifp_filling filling; /* of the last fill */
};

static struct cover *cover_of(struct ifp_evaluator *evaluator)
{
    return (struct cover *)evaluator;
}

static double value_of(const struct cover *cover, unsigned elements)
{
    unsigned points = 0;
    double value = 0;
    for (int e = 0; e < ELEMENTS; e++) {
        if (elements >> e & 1) {
            points |= cover->covers[e];
            value -= cover->price[e];
        }
    }
    for (int i = 0; i < POINTS; i++)
        value += points >> i & 1 ? cover->worth[i] : 0;
    return value;
}

static unsigned elements_of(const struct ifp_selection *selection)
{
    unsigned elements = 0;
    for (unsigned e = 0; e < ELEMENTS; e++)
        elements |= selection->configuration[e] != SIZE_MAX ? 1u << e : 0;
    return elements;
}

static void set_elements(struct ifp_selection *selection, unsigned elements)
{
    for (unsigned e = 0; e < ELEMENTS; e++) {
        selection->configuration[e] = elements >> e & 1 ? e : SIZE_MAX;
        selection->replicas[e] = 1;
    }
}

static bool is_barred(const struct ifp_barred *barred, size_t pair)
{
    for (size_t k = 0; k < barred->count; k++) {
        if (barred->pair[k] == pair)
            return true;
    }
    return false;
}

/* Add the element that adds most, time and again; the first one is not a barred one. Returns the
 * elements. */
static unsigned fill_greedily(const struct cover *cover, unsigned elements,
                              const struct ifp_barred *barred)
{
    for (int turn = 0; turn < ELEMENTS; turn++) {
        unsigned best = elements;
        for (unsigned e = 0; e < ELEMENTS; e++) {
            unsigned with = elements | 1u << e;
            if (!(turn == 0 && is_barred(barred, e)) &&
                value_of(cover, with) > value_of(cover, best) + 1e-9)
                best = with;
        }
        if (best == elements)
            break;
        elements = best;
    }
    return elements;
}

static int fill(struct ifp_evaluator *evaluator, struct ifp_selection *selection,
                const struct ifp_barred *barred, enum ifp_filling filling, struct ifp_error *failed)
{
    struct cover *cover = cover_of(evaluator);
    if (cover->calls++ == cover->fail_at)
        return ifp_error_memory(failed);
    /* A kicked selection is filled up at once; descend, which comes next, bars no element. */
    if (cover->kicked != UINT_MAX) {
        ck_assert_uint_eq(elements_of(selection), cover->kicked);
        ck_assert(barred->count == 0 || !cover->unknown);
        cover->kicked = UINT_MAX;
    }
    evaluator->effort += 1;
    cover->filling = filling;
    set_elements(selection, fill_greedily(cover, elements_of(selection), barred));
    selection->value = value_of(cover, elements_of(selection));
    cover->trace = cover->trace * 31 + elements_of(selection);
    if (cover->unknown)
        cover->offered = fmax(cover->offered, selection->value);
    return IFP_OK;
}

static void take_out(struct ifp_evaluator *evaluator, struct ifp_selection *selection, size_t pair)
{
    ck_assert(selection->configuration[pair] == pair);
    selection->value = cover_of(evaluator)->unknown
                           ? -INFINITY
                           : value_of(cover_of(evaluator), elements_of(selection) & ~(1u << pair));
}

static int add_random(struct ifp_evaluator *evaluator, struct ifp_selection *selection,
                      const struct ifp_barred *barred, struct ifp_random *random,
                      struct ifp_error *failed)
{
    struct cover *cover = cover_of(evaluator);
    size_t e = ifp_random_below(random, ELEMENTS);
    unsigned kicked = elements_of(selection);
    ck_assert_uint_le(barred->count, 2);
    for (size_t k = 0; k < barred->count; k++) {
        ck_assert_uint_eq(barred->configuration[k], barred->pair[k]);
        ck_assert_double_eq(barred->replicas[k], 1);
        kicked |= 1u << barred->pair[k];
    }
    cover->astray = value_of(cover, kicked) < cover->offered ? cover->astray + 1 : 0;
    if (cover->astray > cover->astray_max)
        cover->astray_max = cover->astray;
    if (cover->calls++ == cover->fail_at)
        return ifp_error_memory(failed);
    if (!is_barred(barred, e))
        set_elements(selection, elements_of(selection) | 1u << e);
    selection->value = cover->unknown ? -INFINITY : value_of(cover, elements_of(selection));
    cover->kicked = elements_of(selection);
    return IFP_OK;
}

/* The point is that of the elements, 1 if selected. There are no plans here. */
static void read_point(struct ifp_evaluator *evaluator, const ifp_plan *plan, const double *point,
                       struct ifp_selection *selection)
{
    unsigned elements = 0;
    ck_assert_ptr_null(plan);
    for (int e = 0; point && e < ELEMENTS; e++)
        elements |= point[e] > 0.5 ? 1u << e : 0;
    set_elements(selection, elements);
    selection->value =
        cover_of(evaluator)->unknown ? -INFINITY : value_of(cover_of(evaluator), elements);
}

static int offer(struct ifp_evaluator *evaluator, const struct ifp_selection *selection,
                 struct ifp_error *failed)
{
    struct cover *cover = cover_of(evaluator);
    (void)failed;
    ck_assert_double_eq(selection->value, value_of(cover, elements_of(selection)));
    cover->offers++;
    cover->offered = fmax(cover->offered, selection->value);
    return IFP_OK;
}

static int keep(struct ifp_evaluator *evaluator, struct ifp_error *failed)
{
    (void)failed;
    cover_of(evaluator)->keeps++;
    return IFP_OK;
}

static void free_cover(struct ifp_evaluator *evaluator)
{
    cover_of(evaluator)->freed++;
}

static const struct ifp_problem PROBLEM = {.pair_count = ELEMENTS, .configuration_count = ELEMENTS};

static void make_cover(struct cover *cover, unsigned long seed, bool unknown)
{
    struct random random = {seed};
    *cover = (struct cover){
        .evaluator = {.problem = &PROBLEM,
                      .worse_max = 0.05,
                      .removed_of_plan = 2,
                      .removed_of_point = 2,
                      .selection_size = sizeof(struct ifp_selection),
                      .free = free_cover,
                      .read = read_point,
                      .remove = take_out,
                      .fill = fill,
                      .add_random = add_random,
                      .offer = unknown ? NULL : offer,
                      .keep = keep},
        .unknown = unknown,
        .fail_at = INT_MAX,
        .offered = -INFINITY,
        .kicked = UINT_MAX,
    };
    for (int i = 0; i < POINTS; i++)
        cover->worth[i] = random_between(&random, 1, 3);
    for (int e = 0; e < ELEMENTS; e++) {
        cover->covers[e] = (unsigned)random_below(&random, 1 << POINTS);
        cover->price[e] = random_between(&random, 1, 8);
    }
    for (int i = 0; i < POINTS; i++)
        cover->evaluator.nothing_usd += cover->worth[i];
}

static struct ifp_local *make_local(struct cover *cover, unsigned long seed, bool unknown)
{
    struct ifp_local *local;
    make_cover(cover, seed, unknown);
    program_ok(ifp_local_new(&cover->evaluator, &local, &error), &error);
    return local;
}

static double optimum(const struct cover *cover)
{
    double best = 0;
    for (unsigned elements = 0; elements < 1u << ELEMENTS; elements++)
        best = fmax(best, value_of(cover, elements));
    return best;
}

/* Does removing up to two elements and adding others improve a selection? */
static bool may_improve(const struct cover *cover, unsigned elements)
{
    for (size_t a = 0; a < ELEMENTS; a++) {
        for (size_t b = a; b < ELEMENTS; b++) {
            unsigned removed = 1u << a | 1u << b;
            if (removed & ~elements)
                continue;
            struct ifp_barred barred = {.pair = {a, b}, .count = 2};
            unsigned changed = fill_greedily(cover, elements & ~removed, &barred);
            if (ifp_local_better(value_of(cover, changed), value_of(cover, elements)))
                return true;
        }
    }
    return false;
}

/* The elements of the best value offered; there must be one such selection only. */
static unsigned offered_elements(const struct cover *cover)
{
    unsigned found = UINT_MAX;
    for (unsigned elements = 0; elements < 1u << ELEMENTS; elements++) {
        if (value_of(cover, elements) == cover->offered)
            found = elements;
    }
    ck_assert_uint_ne(found, UINT_MAX);
    return found;
}

START_TEST(reaches_a_local_optimum)
{
    int best = 0;
    int improved = 0;
    int keeps = 0;
    int astray = 0;
    for (unsigned long seed = 0; seed < SEEDS; seed++) {
        struct cover cover;
        double point[ELEMENTS];
        struct random random = {seed};
        for (int e = 0; e < ELEMENTS; e++)
            point[e] = random_chance(&random, 0.5);
        struct ifp_local *local = make_local(&cover, seed, _i);
        program_ok(ifp_local_round(local, point, INFINITY, &error), &error);
        ck_assert_msg(!may_improve(&cover, offered_elements(&cover)), "seed %lu", seed);
        ck_assert_double_le(cover.offered, optimum(&cover));
        best += cover.offered == optimum(&cover);
        double before = cover.offered;
        program_ok(ifp_local_walk(local, LONG, &error), &error);
        /* The walk accepts worse selections, and returns to the best one in time. */
        ck_assert_int_lt(cover.astray_max, 12);
        astray += cover.astray_max > 5;
        ck_assert_msg(cover.offered == optimum(&cover), "seed %lu: %g, not %g", seed, cover.offered,
                      optimum(&cover));
        improved += cover.offered > before;
        keeps += cover.keeps;
        ck_assert_int_eq(cover.freed, 0);
        ifp_local_free(local);
        ck_assert_int_eq(cover.freed, 1);
    }
    /* Descents are good, and random changes lead out of local optima. */
    ck_assert_int_gt(keeps, SEEDS);
    ck_assert_int_gt(astray, 0);
    ck_assert_msg(best >= SEEDS * 7 / 10 && improved > 0, "%d of %d, then %d", best, SEEDS,
                  improved);
}
END_TEST

START_TEST(constructs_and_completes)
{
    int thrifty = 0;
    for (unsigned long seed = 0; seed < SEEDS; seed++) {
        struct cover cover;
        static const struct ifp_barred none = {.count = 0};
        struct ifp_local *local = make_local(&cover, seed, _i);
        program_ok(ifp_local_complete(local, NULL, &error), &error);
        ck_assert_int_eq(cover.calls, 1);
        ck_assert_int_eq(cover.offers, 0);
        ck_assert_uint_eq(cover.trace, fill_greedily(&cover, 0, &none));
        program_ok(ifp_local_construct(local, 2, &error), &error);
        ck_assert_int_eq(cover.calls, 3);
        thrifty += cover.filling == IFP_FILLING_THRIFTY;
        program_ok(ifp_local_construct(local, INFINITY, &error), &error);
        ck_assert(!may_improve(&cover, offered_elements(&cover)));
        program_ok(ifp_local_polish(local, NULL, INFINITY, &error), &error);
        if (_i)
            ck_assert_int_eq(cover.filling, IFP_FILLING_WIDE);
        ifp_local_free(local);
    }
    ck_assert_int_eq(thrifty, SEEDS);
}
END_TEST

START_TEST(wanders_reproducibly)
{
    unsigned traces = 0;
    for (unsigned long seed = 0; seed < SEEDS; seed++) {
        struct cover one;
        struct cover other;
        struct ifp_local *first = make_local(&one, seed, _i);
        struct ifp_local *second = make_local(&other, seed, _i);
        program_ok(ifp_local_walk(first, 200, &error), &error);
        program_ok(ifp_local_walk(second, 200, &error), &error);
        ck_assert_uint_eq(one.trace, other.trace);
        ck_assert_int_eq(one.calls, other.calls);
        ck_assert_double_eq(one.offered, other.offered);
        /* A second walk goes on, and does not repeat the first one. */
        unsigned before = one.trace;
        one.trace = 0;
        program_ok(ifp_local_walk(first, 200, &error), &error);
        traces += one.trace != before;
        ifp_local_free(first);
        ifp_local_free(second);
    }
    ck_assert_uint_ge(traces, SEEDS * 9 / 10);
}
END_TEST

START_TEST(obeys_limits_of_effort)
{
    for (unsigned long seed = 0; seed < SEEDS; seed++) {
        struct cover cover;
        double point[ELEMENTS] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
        struct ifp_local *local = make_local(&cover, seed, _i);
        for (int effort = 0; effort < 12; effort++) {
            double before = cover.evaluator.effort;
            program_ok(ifp_local_round(local, point, effort, &error), &error);
            /* Of a point of known value, the first fill is always made. */
            ck_assert_double_le(cover.evaluator.effort - before, fmax(effort, _i ? 0 : 1));
            before = cover.evaluator.effort;
            program_ok(ifp_local_walk(local, effort, &error), &error);
            /* A kick begins before the limit, and fills once if values are known. */
            ck_assert_double_le(cover.evaluator.effort - before, effort);
            if (effort > 0)
                ck_assert_double_gt(cover.evaluator.effort, before);
        }
        /* With a limit of its own, each descent ends by that limit; the walk continues. */
        cover.evaluator.descent_effort = 3;
        double before = cover.evaluator.effort;
        program_ok(ifp_local_round(local, point, INFINITY, &error), &error);
        ck_assert_double_le(cover.evaluator.effort - before, _i ? 3 : 4);
        before = cover.evaluator.effort;
        program_ok(ifp_local_walk(local, 40, &error), &error);
        ck_assert_double_ge(cover.evaluator.effort - before, 40);
        ck_assert_double_le(cover.evaluator.effort - before, 40 + 4);
        ifp_local_free(local);
    }
}
END_TEST

/* Run everything that the schedule may call. */
static int run_all(struct ifp_local *local)
{
    int code = ifp_local_construct(local, 20, &error);
    if (!code)
        code = ifp_local_round(local, NULL, 20, &error);
    if (!code)
        code = ifp_local_polish(local, NULL, 20, &error);
    if (!code)
        code = ifp_local_walk(local, 20, &error);
    return code ? code : ifp_local_complete(local, NULL, &error);
}

START_TEST(ends_without_memory)
{
    struct cover cover;
    struct ifp_local *local = make_local(&cover, 1, _i);
    program_ok(run_all(local), &error);
    int calls = cover.calls;
    ifp_local_free(local);
    ck_assert_int_ge(calls, 20);
    for (int n = 0; n < calls; n++) {
        local = make_local(&cover, 1, _i);
        cover.fail_at = n;
        ck_assert_int_eq(run_all(local), IFP_ERROR_MEMORY);
        /* The call that fails is the last one. */
        ck_assert_int_eq(cover.calls, n + 1);
        ifp_local_free(local);
        ck_assert_int_eq(cover.freed, 1);
    }
    ck_assert_int_eq(ifp_local_new(NULL, &local, &error), IFP_ERROR_MEMORY);
    ck_assert_ptr_null(local);
}
END_TEST

START_TEST(ends_on_a_stop_request)
{
    struct cover cover;
    double point[ELEMENTS] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    int last = -1;
    for (int passes = 0; passes < 40; passes++) {
        struct ifp_local *local = make_local(&cover, 1, _i);
        program_stop_after(passes);
        program_ok(ifp_local_round(local, point, INFINITY, &error), &error);
        program_ok(ifp_local_walk(local, INFINITY, &error), &error);
        program_stop_after(INT_MAX);
        /* At most one fill between two polls, and a first one before them. */
        ck_assert_int_le((int)cover.evaluator.effort, 2 * passes + 1);
        ck_assert_int_ge((int)cover.evaluator.effort, last);
        last = (int)cover.evaluator.effort;
        ifp_local_free(local);
    }
    ck_assert_int_gt(last, 10);
}
END_TEST

static Suite *local_suite(void)
{
    Suite *suite = suite_create("local");
    TCase *tests = tcase_create("local");
    tcase_set_timeout(tests, 60);
    /* With values that are always known (0), and with values that only fills compute (1). */
    tcase_add_loop_test(tests, reaches_a_local_optimum, 0, 2);
    tcase_add_loop_test(tests, constructs_and_completes, 0, 2);
    tcase_add_loop_test(tests, wanders_reproducibly, 0, 2);
    tcase_add_loop_test(tests, obeys_limits_of_effort, 0, 2);
    tcase_add_loop_test(tests, ends_without_memory, 0, 2);
    tcase_add_loop_test(tests, ends_on_a_stop_request, 0, 2);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(local_suite());
}
