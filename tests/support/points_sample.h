/* SPDX-License-Identifier: MIT */
/* Random small instances with operating points: laws and measured points, head-room, spare and
 * least replicas, attainment targets, every placement, one or several deployments of a pair. */
#ifndef IFP_TEST_POINTS_SAMPLE_H
#define IFP_TEST_POINTS_SAMPLE_H

#include <check.h>
#include <stdio.h>
#include <string.h>

#include <inferplan/inferplan.h>

#include "support/random.h"
#include "util/text.h"

enum { POINTS_QUERIES = 4, POINTS_MODELS = 2, POINTS_TIERS = 2 };

static inline void points_headroom(struct ifp_text *text, struct random *random)
{
    static const char *const forms[] = {
        "{\"table\": [0.2, 1.3, 1.5, 3.1]}", "{\"utilization\": 0.8}",
        "{\"wait_ms\": 300, \"quantile\": 0.95, \"slots\": 4, \"service_ms\": 3000}", "null"};
    ifp_text_string(text, forms[random_below(random, 4)]);
}

static inline void points_law(struct ifp_text *text, struct random *random)
{
    ifp_text_format(text,
                    ", \"iteration_ms\": %g, \"prefill_ms_per_token\": %g,"
                    " \"decode_ms_per_token\": %g, \"chunk_tokens\": 512",
                    random_between(random, 4, 9), random_between(random, 0.005, 0.05),
                    random_between(random, 0.05, 0.3));
    if (random_chance(random, 0.6))
        ifp_text_format(text, ", \"max_sequences\": %d", 4 + random_below(random, 30));
}

static inline void points_measured(struct ifp_text *text, struct random *random)
{
    ifp_text_string(text, ", \"points\": [");
    for (int p = 0; p < 2; p++) {
        ifp_text_format(text, "%s{\"name\": \"p%d\", \"tpot_ms\": %d, \"queries\": {",
                        p ? ", " : "", p, 20 + 20 * p);
        for (int i = 0; i < POINTS_QUERIES; i++)
            ifp_text_format(text,
                            "%s\"q%d\": {\"rate_per_hour\": %g, \"ttft_ms\": 300,"
                            " \"attainment\": %g}",
                            i ? ", " : "", i, random_between(random, 2000, 9000),
                            random_between(random, 0.8, 1));
        ifp_text_string(text, "}}");
    }
    ifp_text_string(text, "]");
}

/* `several`: any number of deployments of a pair. `targets`: half of the query types have an
 * attainment target; all points are then measured. */
static inline ifp_instance *points_sample(unsigned long seed, const char *placement,
                                          const char *slo_basis, bool several, bool targets)
{
    struct random random = {seed};
    struct ifp_text text = {0};
    ifp_text_format(&text,
                    "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"points\","
                    " \"horizon\": {\"rental_hours\": 1}, \"storage_usd_per_gb_hour\": 0.001,"
                    " \"policy\": {\"max_replicas\": %d, \"placement\": \"%s\","
                    " \"slo_basis\": \"%s\", \"paces\": 3, \"deployments_per_pair\": %s},"
                    " \"queries\": [",
                    random_chance(&random, 0.3) ? 60 : 5, placement, slo_basis,
                    several ? "null" : "1");
    for (int i = 0; i < POINTS_QUERIES; i++) {
        ifp_text_format(
            &text,
            "%s{\"name\": \"q%d\", \"input_tokens\": %d, \"output_tokens\": %d,"
            " \"rate_per_hour\": %g, \"delay_penalty_usd_per_ms\": 1e-8,"
            " \"unmet_penalty_usd\": %g, \"max_unmet\": %g, \"tpot_limit_ms\": %d",
            i ? ", " : "", i, 200 + random_below(&random, 800), 50 + random_below(&random, 200),
            random_between(&random, 1000, 20000), random_between(&random, 0.0005, 0.01),
            random_chance(&random, 0.3) ? 0.5 : 1., random_chance(&random, 0.3) ? 25 : 60);
        if (targets && random_chance(&random, 0.5))
            ifp_text_format(&text, ", \"attainment_target\": %g",
                            random_between(&random, 0.5, 0.9));
        ifp_text_string(&text, "}");
    }
    ifp_text_string(&text, "], \"models\": [");
    for (int j = 0; j < POINTS_MODELS; j++)
        ifp_text_format(&text, "%s{\"name\": \"m%d\", \"weights_gb\": %d, \"kv_gb_per_token\": %g}",
                        j ? ", " : "", j, 10 + 10 * j, random_between(&random, 5e-4, 3e-3));
    ifp_text_string(&text, "], \"tiers\": [");
    for (int k = 0; k < POINTS_TIERS; k++)
        ifp_text_format(&text,
                        "%s{\"name\": \"t%d\", \"memory_gb\": %d, \"tflops\": 100,"
                        " \"usd_per_hour\": %g, \"tp_degrees\": [1, 2]}",
                        k ? ", " : "", k, 24 + 24 * k, random_between(&random, 0.5, 3));
    ifp_text_string(&text, "], \"performance\": {\"error_rate\": 0.02}, \"profiles\": [");
    bool first = true;
    for (int n = 0; n < 2 * POINTS_MODELS * POINTS_TIERS; n++) {
        ifp_text_format(&text, "%s{\"model\": \"m%d\", \"tier\": \"t%d\", \"tp_degree\": %d",
                        first ? "" : ", ", n / 4, n / 2 % 2, 1 + n % 2);
        first = false;
        if (random_chance(&random, 0.6)) {
            ifp_text_string(&text, ", \"headroom\": ");
            points_headroom(&text, &random);
        }
        if (random_chance(&random, 0.3))
            ifp_text_format(&text, ", \"spare_replicas\": 1, \"min_replicas\": %d",
                            1 + random_below(&random, 3));
        if (targets || random_chance(&random, 0.3))
            points_measured(&text, &random);
        else
            points_law(&text, &random);
        ifp_text_string(&text, "}");
    }
    ifp_text_string(&text, "]}");
    char *json = ifp_text_take(&text);
    ck_assert_ptr_nonnull(json);
    ifp_error *error = ifp_error_new();
    ck_assert_ptr_nonnull(error);
    ifp_instance *instance = ifp_instance_read_string(json, strlen(json), error);
    ck_assert_msg(instance != NULL, "%s: %s", ifp_error_message(error), json);
    ifp_error_free(error);
    free(json);
    return instance;
}

#endif
