/* SPDX-License-Identifier: MIT */
#include "loaded.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/plain_numbers.h"

static FILE *out; /* while an instance is being written */

static void number(double value)
{
    char text[40];
    (void)snprintf(text, sizeof text, "%.15g", value);
    if (strtod(text, NULL) != value)
        (void)snprintf(text, sizeof text, "%.17g", value);
    (void)fputs(isfinite(value) ? text : "null", out);
}

static void member(const char *name, double value)
{
    (void)fprintf(out, ", \"%s\": ", name);
    number(value);
}

static void member_if(const char *name, double value)
{
    if (isfinite(value))
        member(name, value);
}

static void numbers(const char *name, const double *values, int count)
{
    (void)fprintf(out, ", \"%s\": [", name);
    for (int n = 0; n < count; n++) {
        (void)fputs(n ? ", " : "", out);
        number(values[n]);
    }
    (void)fputs("]", out);
}

static void write_headroom(const struct loaded_headroom *headroom)
{
    if (headroom->form == LOADED_ABSENT)
        return;
    (void)fputs(", \"headroom\": {\"x_form\": 0", out);
    if (headroom->form == LOADED_UTILIZATION)
        member("utilization", headroom->utilization);
    if (headroom->form == LOADED_STEPS)
        numbers("table", headroom->table, headroom->entries);
    if (headroom->form == LOADED_WAIT) {
        member("wait_ms", headroom->wait_ms);
        member("quantile", headroom->quantile);
        member("slots", headroom->slots);
        member("service_ms", headroom->service_ms);
        if (headroom->cv2 != 1)
            member("cv2", headroom->cv2);
    }
    (void)fputs("}", out);
}

static void write_policy(const struct loaded *loaded)
{
    static const char *const placements[] = {"single", "matching", "split"};
    (void)fprintf(out,
                  "\"policy\": {\"placement\": \"%s\", \"slo_basis\": \"%s\", \"storage_basis\": "
                  "\"%s\", \"max_replicas\": %d, \"limit_basis\": \"%s\", \"whole_requests\": %s, "
                  "\"deployments_per_pair\": %s, \"paces\": %d",
                  placements[loaded->placement], loaded->offered ? "offered" : "served",
                  loaded->stored_by_route ? "route" : "deployment", loaded->max_replicas,
                  loaded->route_limits ? "route" : "average",
                  loaded->whole_requests ? "true" : "false",
                  loaded->many_deployments ? "null" : "1", loaded->paces);
    write_headroom(&loaded->headroom);
    (void)fputs("},\n", out);
}

static void write_query(const struct loaded *loaded, int i)
{
    (void)fprintf(out, "%s{\"name\": \"q%d\"", i ? ",\n " : "", i);
    member("input_tokens", loaded->query[i].input_tokens);
    member("output_tokens", loaded->query[i].output_tokens);
    member("cached_input_fraction", loaded->query[i].cached_input_fraction);
    member("rate_per_hour", loaded->query[i].rate_per_hour);
    member("tflop_per_1k_tokens", loaded->query[i].tflop_per_1k_tokens);
    member("storage_gb_per_token", loaded->query[i].storage_gb_per_token);
    member("ttft_limit_ms", loaded->query[i].ttft_limit_ms);
    member("tpot_limit_ms", loaded->query[i].tpot_limit_ms);
    member("delay_limit_ms", loaded->query[i].delay_limit_ms);
    member("error_limit", loaded->query[i].error_limit);
    member("attainment_target", loaded->query[i].attainment_target);
    if (loaded->query[i].limit_basis >= 0)
        (void)fprintf(out, ", \"limit_basis\": \"%s\"",
                      loaded->query[i].limit_basis ? "route" : "average");
    member("delay_penalty_usd_per_ms", loaded->query[i].delay_penalty_usd_per_ms);
    member("unmet_penalty_usd", loaded->query[i].unmet_penalty_usd);
    member("max_unmet", loaded->query[i].max_unmet);
    (void)fputs("}", out);
}

static void write_tier(const struct loaded *loaded, int k)
{
    (void)fprintf(out, "%s{\"name\": \"t%d\"", k ? ",\n " : "", k);
    member("memory_gb", loaded->tier[k].memory_gb);
    member("memory_utilization", loaded->tier[k].memory_utilization);
    member("tflops", loaded->tier[k].tflops);
    member("usd_per_hour", loaded->tier[k].usd_per_hour);
    member("weight_scale", loaded->tier[k].weight_scale);
    member("kv_scale", loaded->tier[k].kv_scale);
    numbers("tp_degrees", loaded->tier[k].tp_degrees, loaded->tier[k].degrees);
    numbers("tp_speedup", loaded->tier[k].tp_speedup, loaded->tier[k].degrees);
    (void)fputs(isfinite(loaded->pool_gpus) ? ", \"pool\": \"pool\"}" : "}", out);
}

static void write_entries(const struct loaded *loaded, const struct loaded_entry *entries)
{
    bool first = true;
    for (int i = 0; i < loaded->queries; i++) {
        const struct loaded_entry *entry = &entries[i];
        if (!entry->there)
            continue;
        (void)fprintf(out, "%s\n    \"q%d\": {\"rate_per_hour\": ", first ? "" : ",", i);
        number(entry->rate_per_hour);
        member("ttft_ms", entry->ttft_ms);
        member_if("tpot_ms", entry->tpot_ms);
        member_if("e2e_ms", entry->e2e_ms);
        member_if("attainment", entry->attainment);
        member_if("ttft_deviation_ms", entry->ttft_deviation_ms);
        member_if("tpot_deviation_ms", entry->tpot_deviation_ms);
        member_if("e2e_deviation_ms", entry->e2e_deviation_ms);
        (void)fputs("}", out);
        first = false;
    }
}

static void write_profile(const struct loaded *loaded, const struct loaded_profile *profile, int j,
                          int k, double degree)
{
    (void)fprintf(out, "{\"model\": \"m%d\", \"tier\": \"t%d\", \"tp_degree\": %d", j, k,
                  (int)degree);
    write_headroom(&profile->headroom);
    member("spare_replicas", profile->spare_replicas);
    member("min_replicas", profile->min_replicas);
    member("network_ms", profile->network_ms);
    member("delay_deviation", profile->delay_deviation);
    if (profile->form == LOADED_LAW) {
        member("iteration_ms", profile->iteration_ms);
        member("prefill_ms_per_token", profile->prefill_ms_per_token);
        member("decode_ms_per_token", profile->decode_ms_per_token);
        member("context_ms_per_token", profile->context_ms_per_token);
        member_if("max_sequences", profile->max_sequences);
        member_if("chunk_tokens", profile->chunk_tokens);
        if (profile->paces)
            numbers("paces_ms", profile->pace_ms, profile->paces);
        (void)fputs("}", out);
        return;
    }
    (void)fputs(",\n  \"points\": [", out);
    for (int p = 0; p < profile->points; p++) {
        (void)fprintf(out, "%s{\"name\": \"p%d\"", p ? ",\n   " : "", p);
        member("tpot_ms", profile->tpot_ms[p]);
        (void)fputs(", \"queries\": {", out);
        write_entries(loaded, profile->entry[p]);
        (void)fputs("}}", out);
    }
    (void)fputs("]}", out);
}

static void write_profiles(const struct loaded *loaded)
{
    bool first = true;
    (void)fputs("\"profiles\": [", out);
    for (int j = 0; j < loaded->models; j++) {
        for (int k = 0; k < loaded->tiers; k++) {
            for (int n = 0; n < loaded->tier[k].degrees; n++) {
                const struct loaded_profile *profile = &loaded->profile[j][k][n];
                if (profile->form == LOADED_NO_PROFILE)
                    continue;
                (void)fputs(first ? "\n " : ",\n ", out);
                write_profile(loaded, profile, j, k, loaded->tier[k].tp_degrees[n]);
                first = false;
            }
        }
    }
    (void)fprintf(out, "]%s\n", first ? ", \"x_none\": 0," : ",");
}

typedef const double row[LOADED_TIERS];

static void write_rows(const struct loaded *loaded, row *rows)
{
    (void)fputs("[", out);
    for (int j = 0; j < loaded->models; j++) {
        (void)fputs(j ? ", [" : "[", out);
        for (int k = 0; k < loaded->tiers; k++) {
            (void)fputs(k ? ", " : "", out);
            number(rows[j][k]);
        }
        (void)fputs("]", out);
    }
    (void)fputs("]", out);
}

static void write_table(const struct loaded *loaded, const char *name,
                        const double (*table)[LOADED_MODELS][LOADED_TIERS])
{
    (void)fprintf(out, ",\n \"%s\": [", name);
    for (int i = 0; i < loaded->queries; i++) {
        (void)fputs(i ? ", " : "", out);
        write_rows(loaded, table[i]);
    }
    (void)fputs("]", out);
}

static void write_performance(const struct loaded *loaded)
{
    (void)fputs("\"performance\": {\"x_tables\": 0", out);
    if (!loaded->delays_absent)
        write_table(loaded, "delay_ms_per_token", loaded->delay_ms_per_token);
    write_table(loaded, "error_rate", loaded->error_rate);
    if (loaded->resides_for_delay)
        (void)fputs(",\n \"kv_residency_hours\": \"delay\"", out);
    else
        write_table(loaded, "kv_residency_hours", loaded->kv_residency_hours);
    if (loaded->uncertainty != LOADED_NOMINAL) {
        write_table(loaded, "delay_deviation_ms_per_token", loaded->delay_deviation_ms_per_token);
        write_table(loaded, "error_deviation", loaded->error_deviation);
        (void)fputs(",\n \"delay_shrink\": ", out);
        write_rows(loaded, loaded->delay_shrink);
        (void)fputs(",\n \"error_shrink\": ", out);
        write_rows(loaded, loaded->error_shrink);
    }
    (void)fputs("}", out);
}

static void write_uncertainty(const struct loaded *loaded)
{
    bool decision = loaded->uncertainty >= LOADED_CELL;
    if (loaded->uncertainty == LOADED_NOMINAL)
        return;
    (void)fprintf(out, "\"uncertainty\": {\"kind\": \"%s\"",
                  decision ? "decision_dependent" : "budget");
    if (loaded->uncertainty == LOADED_CELL)
        (void)fputs(", \"level\": \"cell\"", out);
    member("delay_budget", loaded->delay_budget);
    member("error_budget", loaded->error_budget);
    (void)fputs("},\n", out);
}

char *loaded_json(const struct loaded *loaded)
{
    char *text = NULL;
    size_t size = 0;
    struct plain_numbers numbers = plain_numbers_begin();
    out = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(out);
    (void)fputs("{\"format\": \"inferplan-instance\", \"version\": 1, \"name\": \"loaded\",\n"
                "\"horizon\": {\"x_hours\": 0",
                out);
    member("rental_hours", loaded->rental_hours);
    member("penalty_hours", loaded->penalty_hours);
    (void)fputs("},\n\"limits\": {\"x_limits\": 0", out);
    member("budget_usd", loaded->budget_usd);
    member("storage_gb", loaded->storage_gb);
    (void)fputs("}", out);
    member("storage_usd_per_gb_hour", loaded->storage_usd_per_gb_hour);
    (void)fputs(",\n", out);
    write_policy(loaded);
    write_uncertainty(loaded);
    (void)fputs("\"queries\": [", out);
    for (int i = 0; i < loaded->queries; i++)
        write_query(loaded, i);
    (void)fputs("],\n\"models\": [", out);
    for (int j = 0; j < loaded->models; j++) {
        (void)fprintf(out, "%s{\"name\": \"m%d\"", j ? ", " : "", j);
        member("weights_gb", loaded->model[j].weights_gb);
        member("kv_gb_per_token", loaded->model[j].kv_gb_per_token);
        (void)fputs("}", out);
    }
    (void)fputs("],\n\"tiers\": [", out);
    for (int k = 0; k < loaded->tiers; k++)
        write_tier(loaded, k);
    (void)fputs("],\n", out);
    if (isfinite(loaded->pool_gpus))
        (void)fprintf(out, "\"pools\": [{\"name\": \"pool\", \"gpus\": %d}],\n",
                      (int)loaded->pool_gpus);
    write_profiles(loaded);
    write_performance(loaded);
    (void)fputs("}\n", out);
    ck_assert_int_eq(fclose(out), 0);
    plain_numbers_end(numbers);
    return text;
}
