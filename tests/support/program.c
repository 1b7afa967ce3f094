/* SPDX-License-Identifier: MIT */
/* What tests of the engine's parts share. */
#include "support/program.h"

#include <check.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>

/* -- a watch that only the test stops -- */

static struct ifp_watch the_watch;
static int polls;
static int polls_max = INT_MAX;
static double seconds_left = INFINITY;

int program_stop_after(int count)
{
    int before = polls;
    polls = 0;
    polls_max = count;
    return before;
}

void program_leave_seconds(double seconds)
{
    seconds_left = seconds;
}

bool ifp_watch_stopped(struct ifp_watch *watch)
{
    (void)watch;
    return polls++ >= polls_max;
}

const struct ifp_cancel *ifp_watch_cancel(struct ifp_watch *watch)
{
    (void)watch;
    return NULL;
}

double ifp_watch_seconds_left(struct ifp_watch *watch)
{
    (void)watch;
    return polls > polls_max ? 0 : seconds_left;
}

void ifp_watch_end_early(struct ifp_watch *watch)
{
    (void)watch;
    polls_max = 0;
}

void ifp_watch_progress(struct ifp_watch *watch, double objective, double bound, double nodes,
                        double open_nodes)
{
    (void)watch;
    (void)objective;
    (void)bound;
    (void)nodes;
    (void)open_nodes;
}

void ifp_watch_log(struct ifp_watch *watch, const char *format, ...)
{
    (void)watch;
    (void)format;
}

void ifp_watch_note_stuck(struct ifp_watch *watch)
{
    (void)watch;
}

/* -- the program -- */

void program_ok(int code, const struct ifp_error *error)
{
    ck_assert_msg(code == IFP_OK, "%d: %s", code, error->message);
}

void program_build(struct program *program, ifp_instance *instance)
{
    struct ifp_error error = {0};
    *program = (struct program){.instance = instance, .watch = &the_watch};
    program_ok(ifp_problem_new(instance, NULL, &program->problem, &error), &error);
    program_ok(ifp_milp_new(program->problem, NULL, &program->milp, &error), &error);
    program_ok(ifp_milp_complete(program->problem, program->milp, NULL, &error), &error);
    program_ok(ifp_lp_environment_new(false, &program->environment, &error), &error);
}

void program_destroy(struct program *program)
{
    ifp_lp_environment_free(program->environment);
    ifp_milp_free(program->milp);
    ifp_problem_free(program->problem);
    ifp_instance_free(program->instance);
}

struct ifp_lp *program_lp(const struct program *program, const double *cost, double scale,
                          const double *lower, const double *upper, const double *row_lower,
                          const double *row_upper)
{
    const struct ifp_milp *milp = program->milp;
    struct ifp_error error = {0};
    struct ifp_lp *lp = NULL;
    double *scaled = malloc(milp->column_count * sizeof *scaled);
    ck_assert_ptr_nonnull(scaled);
    for (size_t c = 0; c < milp->column_count; c++)
        scaled[c] = cost[c] / scale;
    program_ok(ifp_lp_new(program->environment, IFP_LP_LARGE, milp->column_count, scaled,
                          lower ? lower : milp->lower, upper ? upper : milp->upper, NULL, &lp,
                          &error),
               &error);
    free(scaled);
    for (size_t r = 0; r < milp->row_count; r++) {
        size_t start = milp->start[r];
        program_ok(ifp_lp_add_row(lp, row_lower ? row_lower[r] : milp->row_lower[r],
                                  row_upper ? row_upper[r] : milp->row_upper[r],
                                  milp->start[r + 1] - start, milp->index + start,
                                  milp->value + start, &error),
                   &error);
    }
    return lp;
}

enum ifp_lp_status program_solve(struct ifp_lp *lp, double *objective)
{
    struct ifp_lp_limits limits = {.seconds = INFINITY, .iterations = 1000000, .cutoff = INFINITY};
    struct ifp_lp_result result;
    struct ifp_error error = {0};
    program_ok(ifp_lp_solve(lp, &limits, &result, &error), &error);
    /* The solver gives up now and then; the other method starts where it stands. */
    if (result.status == IFP_LP_TROUBLE) {
        limits.primal = true;
        program_ok(ifp_lp_solve(lp, &limits, &result, &error), &error);
    }
    ck_assert_msg(result.status == IFP_LP_OPTIMAL || result.status == IFP_LP_INFEASIBLE,
                  "the LP of the test is not solved: status %d", (int)result.status);
    *objective = result.status == IFP_LP_OPTIMAL ? result.objective : (double)INFINITY;
    return result.status;
}

double program_excess(const struct ifp_milp *milp, const double *point)
{
    long double worst = 0;
    for (size_t c = 0; c < milp->column_count; c++) {
        worst = fmaxl(worst, (long double)milp->lower[c] - point[c]);
        worst = fmaxl(worst, (long double)point[c] - milp->upper[c]);
        if (milp->integer[c] && point[c] != floor(point[c]))
            worst = fmaxl(worst, 1);
    }
    for (size_t r = 0; r < milp->row_count; r++) {
        long double activity = 0;
        for (size_t e = milp->start[r]; e < milp->start[r + 1]; e++)
            activity += (long double)milp->value[e] * point[milp->index[e]];
        worst = fmaxl(worst, fmaxl(milp->row_lower[r] - activity, activity - milp->row_upper[r]));
    }
    return (double)worst;
}

/* -- plain branching -- */

struct branching {
    const struct program *program;
    struct ifp_lp *lp;
    double scale;
    double than; /* in dollars, or what the cost is in */
    int nodes;   /* left */
    double *best;
    double *lower;
    double *upper;
};

static void set_bounds(struct branching *branching, size_t c, double lower, double upper)
{
    struct ifp_error error = {0};
    branching->lower[c] = lower;
    branching->upper[c] = upper;
    program_ok(ifp_lp_set_column_bounds(branching->lp, c, lower, upper, &error), &error);
}

/* All integers are whole up to rounding: once more with them whole. */
static void take(struct branching *branching, const double *point)
{
    const struct ifp_milp *milp = branching->program->milp;
    struct ifp_error error = {0};
    double objective;
    double *lower = malloc(3 * milp->column_count * sizeof *lower);
    ck_assert_ptr_nonnull(lower);
    double *upper = lower + milp->column_count;
    double *fixed_upper = upper + milp->column_count;
    for (size_t c = 0; c < milp->column_count; c++) {
        double whole = floor(point[c] + 0.5);
        lower[c] = branching->lower[c];
        upper[c] = branching->upper[c];
        if (milp->integer[c])
            set_bounds(branching, c, whole, whole);
    }
    if (program_solve(branching->lp, &objective) == IFP_LP_OPTIMAL &&
        objective * branching->scale < branching->than) {
        branching->than = objective * branching->scale;
        program_ok(ifp_lp_point(branching->lp, fixed_upper, &error), &error);
        for (size_t c = 0; branching->best && c < milp->column_count; c++)
            branching->best[c] = milp->integer[c] ? floor(fixed_upper[c] + 0.5) : fixed_upper[c];
    }
    for (size_t c = 0; c < milp->column_count; c++) {
        if (milp->integer[c])
            set_bounds(branching, c, lower[c], upper[c]);
    }
    free(lower);
}

static void branch(struct branching *branching)
{
    const struct ifp_milp *milp = branching->program->milp;
    struct ifp_error error = {0};
    double objective;
    size_t worst = milp->column_count;
    double minimum = 0.5 - 1e-7;
    if (branching->nodes-- <= 0 || program_solve(branching->lp, &objective) != IFP_LP_OPTIMAL ||
        objective * branching->scale >= branching->than)
        return;
    double *point = malloc(milp->column_count * sizeof *point);
    ck_assert_ptr_nonnull(point);
    program_ok(ifp_lp_point(branching->lp, point, &error), &error);
    for (size_t c = 0; c < milp->column_count; c++) {
        double distance = fabs(point[c] - floor(point[c]) - 0.5);
        if (milp->integer[c] && distance < minimum) {
            minimum = distance;
            worst = c;
        }
    }
    if (worst == milp->column_count) {
        take(branching, point);
    } else {
        double lower = branching->lower[worst];
        double upper = branching->upper[worst];
        double below = floor(point[worst]);
        bool up = point[worst] - below > 0.5;
        for (int turn = 0; turn < 2; turn++) {
            if (up == (turn == 0))
                set_bounds(branching, worst, below + 1, upper);
            else
                set_bounds(branching, worst, lower, below);
            branch(branching);
        }
        set_bounds(branching, worst, lower, upper);
    }
    free(point);
}

double program_minimum(const struct program *program, const double *cost, double than, int nodes,
                       double *point)
{
    const struct ifp_milp *milp = program->milp;
    size_t columns = milp->column_count;
    struct branching branching = {.program = program, .than = than, .nodes = nodes, .best = point};
    branching.lower = malloc(2 * columns * sizeof *branching.lower);
    ck_assert_ptr_nonnull(branching.lower);
    branching.upper = branching.lower + columns;
    for (size_t c = 0; c < columns; c++) {
        branching.lower[c] = milp->lower[c];
        branching.upper[c] = milp->upper[c];
        branching.scale = fmax(branching.scale, fabs(cost[c]));
    }
    branching.scale = branching.scale > 0 ? branching.scale : 1;
    branching.lp = program_lp(program, cost, branching.scale, NULL, NULL, NULL, NULL);
    branch(&branching);
    ifp_lp_free(branching.lp);
    free(branching.lower);
    if (branching.nodes < 0)
        return (double)NAN;
    return branching.than < than ? branching.than : (double)INFINITY;
}

void program_expect_plan(const struct program *program, const struct ifp_incumbent *incumbent,
                         double minimum, unsigned long seed)
{
    if (!incumbent->plan) {
        ck_assert_double_eq(incumbent->objective, INFINITY);
        return;
    }
    ifp_check *check = ifp_check_new(program->instance, incumbent->plan, NULL);
    ck_assert_ptr_nonnull(check);
    ck_assert_msg(ifp_check_feasible(check), "seed %lu: %s", seed, ifp_check_reason(check));
    ck_assert_double_eq(ifp_check_cost(check, IFP_COST_TOTAL), incumbent->objective);
    ifp_check_free(check);
    ck_assert_msg(incumbent->objective >= minimum - 1e-6 * fmax(1, fabs(minimum)),
                  "seed %lu: a plan of %.12g, but none is below %.12g", seed, incumbent->objective,
                  minimum);
}
