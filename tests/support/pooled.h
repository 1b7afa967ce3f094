/* SPDX-License-Identifier: MIT */
/* An instance with a law, and a plan of two of its points on one model and tier. */
#ifndef IFP_TEST_POOLED_H
#define IFP_TEST_POOLED_H

static const char pooled_text[] =
    "{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"pooled\","
    " \"horizon\": {\"rental_hours\": 1}, \"storage_usd_per_gb_hour\": 0,"
    " \"policy\": {\"deployments_per_pair\": null},"
    " \"queries\": [{\"name\": \"a\", \"input_tokens\": 120, \"output_tokens\": 80,"
    "   \"rate_per_hour\": 3600, \"unmet_penalty_usd\": 1}],"
    " \"models\": [{\"name\": \"M\", \"weights_gb\": 16, \"kv_gb_per_token\": 1e-5}],"
    " \"tiers\": [{\"name\": \"T\", \"memory_gb\": 24, \"tflops\": 10, \"usd_per_hour\": 2,"
    "   \"tp_degrees\": [1]}],"
    " \"performance\": {\"error_rate\": 0},"
    " \"profiles\": [{\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 1, \"iteration_ms\": 10,"
    "   \"prefill_ms_per_token\": 0.01, \"decode_ms_per_token\": 0.1, \"max_sequences\": 64}]}";
static const char pooled_document[] =
    "{\"format\": \"inferplan-plan\", \"version\": 1, \"deployments\": ["
    "  {\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 1, \"point\": \"40ms\", \"replicas\": 1},"
    "  {\"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 1, \"point\": \"20.0ms\","
    "   \"replicas\": 1}],"
    " \"routes\": [{\"query\": \"a\", \"model\": \"M\", \"tier\": \"T\", \"tp_degree\": 1,"
    "   \"point\": \"20ms\", \"fraction\": 0.5}],"
    " \"unmet\": [{\"query\": \"a\", \"fraction\": 0.5}]}";

#endif
