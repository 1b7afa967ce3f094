/* SPDX-License-Identifier: MIT */
/* Two query types, two models and two tiers for the tests of plans, and a document for them. */
#ifndef IFP_TEST_PLAN_SMALL_H
#define IFP_TEST_PLAN_SMALL_H

#include <check.h>
#include <string.h>

#include <inferplan/inferplan.h>

static const char instance_text[] =
    "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"small\","
    " \"horizon\": {\"rental_hours\": 10}, \"storage_usd_per_gb_hour\": 0.01,"
    " \"queries\": ["
    "  {\"name\": \"a\", \"input_tokens\": 1, \"output_tokens\": 1, \"rate_per_hour\": 1,"
    "   \"unmet_penalty_usd\": 1},"
    "  {\"name\": \"b\", \"input_tokens\": 1, \"output_tokens\": 1, \"rate_per_hour\": 1,"
    "   \"unmet_penalty_usd\": 1}],"
    " \"models\": [{\"name\": \"M\", \"weights_gb\": 1, \"kv_gb_per_token\": 0},"
    "  {\"name\": \"N\", \"weights_gb\": 1, \"kv_gb_per_token\": 0}],"
    " \"tiers\": [{\"name\": \"T\", \"memory_gb\": 1, \"tflops\": 1, \"usd_per_hour\": 1,"
    "   \"tp_degrees\": [1, 2]},"
    "  {\"name\": \"U\", \"memory_gb\": 1, \"tflops\": 1, \"usd_per_hour\": 1,"
    "   \"tp_degrees\": [1]}],"
    " \"performance\": {\"delay_ms_per_token\": 1, \"error_rate\": 0}}";

#define HEADER "{\"format\": \"inferplan-plan\", \"version\": 1, "
#define DEPLOYMENTS                                                                                \
    "\"deployments\": [{\"model\": \"N\", \"tier\": \"U\", \"tp_degree\": 1, \"replicas\": 3},"    \
    " {\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 2, \"replicas\": 1, \"gpus\": 2}]"
#define ROUTES                                                                                     \
    "\"routes\": [{\"query\": \"b\", \"model\": \"N\", \"tier\": \"U\", \"fraction\": 0.25},"      \
    " {\"query\": \"a\", \"model\": \"N\", \"tier\": \"U\", \"fraction\": 0.5},"                   \
    " {\"query\": \"a\", \"model\": \"M\", \"tier\": \"T\", \"fraction\": 0.5}]"
#define UNMET "\"unmet\": [{\"query\": \"b\", \"fraction\": 0.75}]"

static ifp_instance *instance;
static ifp_error *error;

static void setup(void)
{
    error = ifp_error_new();
    ck_assert_ptr_nonnull(error);
    instance = ifp_instance_read_string(instance_text, strlen(instance_text), error);
    ck_assert_msg(instance != NULL, "%s", ifp_error_message(error));
}

static void teardown(void)
{
    ifp_instance_free(instance);
    ifp_error_free(error);
}

static ifp_plan *read_text(const char *text)
{
    return ifp_plan_read_string(instance, text, strlen(text), error);
}

#endif
