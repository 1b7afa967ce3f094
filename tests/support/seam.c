/* SPDX-License-Identifier: MIT */
#include "support/seam.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <inferplan/inferplan.h>

struct ifp_error seam_error;
const struct ifp_lp_limits seam_no_limits = {
    .seconds = INFINITY, .iterations = 1000000, .cutoff = INFINITY};

static size_t chosen; /* in ifp_lp_backends */

static const struct ifp_lp_backend *backend(size_t number)
{
    size_t count;
    const struct ifp_lp_backend *const *all = ifp_lp_backends(&count);
    return all[number % count];
}

int seam_tests(int variants)
{
    size_t count;
    (void)ifp_lp_backends(&count);
    return (int)count * variants;
}

int seam_choose(int number, int variants)
{
    chosen = (size_t)(number / variants);
    return number % variants;
}

void seam_choose_named(const char *name)
{
    size_t count;
    const struct ifp_lp_backend *const *all = ifp_lp_backends(&count);
    for (chosen = 0; chosen < count; chosen++) {
        if (!strcmp(ifp_lp_backend_name(all[chosen]), name))
            return;
    }
    ck_abort_msg("there is no backend %s", name);
}

const struct ifp_lp_backend *seam_backend(void)
{
    return backend(chosen);
}

const char *seam_name(void)
{
    return ifp_lp_backend_name(backend(chosen));
}

struct ifp_lp_environment *seam_environment(bool careful)
{
    struct ifp_lp_environment *environment = NULL;
    seam_ok(ifp_lp_environment_new_of(backend(chosen), careful, &environment, &seam_error));
    return environment;
}

struct ifp_lp_environment *seam_other_environment(void)
{
    struct ifp_lp_environment *environment = NULL;
    seam_ok(ifp_lp_environment_new_of(backend(chosen + 1), false, &environment, &seam_error));
    return environment;
}

struct ifp_lp_environment *seam_try_environment(void)
{
    struct ifp_lp_environment *environment = NULL;
    struct ifp_error error = {0};
    (void)ifp_lp_environment_new_of(backend(chosen), false, &environment, &error);
    return environment;
}

void seam_ok(int code)
{
    ck_assert_msg(code == IFP_OK, "%d: %s", code, seam_error.message);
}

struct ifp_lp *seam_lp(struct ifp_lp_environment *environment)
{
    static const double cost[] = {-1, -2};
    static const double lower[] = {0, 0};
    static const double upper[] = {10, 10};
    static const size_t index[] = {0, 1};
    static const double first[] = {1, 1};
    static const double second[] = {1, 3};
    struct ifp_lp *lp = NULL;
    seam_ok(ifp_lp_new(environment, IFP_LP_LARGE, 2, cost, lower, upper, NULL, &lp, &seam_error));
    seam_ok(ifp_lp_add_row(lp, -INFINITY, 4, 2, index, first, &seam_error));
    seam_ok(ifp_lp_add_row(lp, -INFINITY, 6, 2, index, second, &seam_error));
    return lp;
}

void seam_expect_solved(struct ifp_lp *lp, double objective)
{
    struct ifp_lp_result result;
    seam_ok(ifp_lp_solve(lp, &seam_no_limits, &result, &seam_error));
    ck_assert_int_eq(result.status, IFP_LP_OPTIMAL);
    ck_assert_double_eq_tol(result.objective, objective, 1e-9);
}

static const char instance_text[] =
    "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"small\","
    " \"horizon\": {\"rental_hours\": 1}, \"storage_usd_per_gb_hour\": 0.01,"
    " \"queries\": [{\"name\": \"a\", \"input_tokens\": 600, \"output_tokens\": 400,"
    "   \"rate_per_hour\": 100, \"unmet_penalty_usd\": 1},"
    "  {\"name\": \"b\", \"input_tokens\": 100, \"output_tokens\": 400,"
    "   \"rate_per_hour\": 300, \"unmet_penalty_usd\": 1, \"tflop_per_1k_tokens\": 500}],"
    " \"models\": [{\"name\": \"M\", \"weights_gb\": 10, \"kv_gb_per_token\": 0.001}],"
    " \"tiers\": [{\"name\": \"T\", \"memory_gb\": 24, \"tflops\": 13, \"usd_per_hour\": 2,"
    "   \"tp_degrees\": [1, 2]}, {\"name\": \"U\", \"memory_gb\": 24, \"tflops\": 9,"
    "   \"usd_per_hour\": 1.25, \"tp_degrees\": [1]}],"
    " \"performance\": {\"delay_ms_per_token\": 0.5, \"error_rate\": 0.02,"
    "   \"kv_residency_hours\": 0.01}}";

double seam_solve_instance(void)
{
    ifp_instance *instance = ifp_instance_read_string(instance_text, strlen(instance_text), NULL);
    ck_assert_ptr_nonnull(instance);
    ifp_model *model = ifp_model_new(instance, NULL, NULL);
    ck_assert_ptr_nonnull(model);
    ifp_solution *solution = ifp_model_solve(model);
    ck_assert_ptr_nonnull(solution);
    ck_assert_int_eq(ifp_solution_status(solution), IFP_STATUS_OPTIMAL);
    double objective = ifp_solution_objective(solution);
    ifp_solution_free(solution);
    ifp_model_free(model);
    ifp_instance_free(instance);
    return objective;
}

static FILE *captured;
static int kept[2];

void seam_capture(void)
{
    (void)fflush(NULL);
    captured = tmpfile();
    ck_assert_ptr_nonnull(captured);
    for (int fd = 0; fd < 2; fd++) {
        kept[fd] = dup(fd + 1);
        ck_assert_int_ge(dup2(fileno(captured), fd + 1), 0);
    }
}

void seam_expect_silence(void)
{
    (void)fflush(NULL);
    for (int fd = 0; fd < 2; fd++) {
        (void)dup2(kept[fd], fd + 1);
        (void)close(kept[fd]);
    }
    char text[200] = "";
    (void)fseek(captured, 0, SEEK_SET);
    size_t size = fread(text, 1, sizeof text - 1, captured);
    (void)fclose(captured);
    ck_assert_msg(size == 0, "printed: %s", text);
}
