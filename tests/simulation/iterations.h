/* SPDX-License-Identifier: MIT */
/*
 * One replica with continuous batching, simulated iteration by iteration. Requests of two types
 * arrive as a Poisson process and wait in one queue. In each iteration every request that has its
 * first token gets the next one, and the prompts at the head of the queue are prefilled, up to a
 * number of prompt tokens for each iteration. A request gets its first token at the end of the
 * iteration that completes its prompt. An iteration lasts
 *
 *   a + b (prompt tokens) + sum over running requests (g + k context)     ms.
 *
 * This knows nothing of the law T = a / (1 - load), which it is to test.
 */
#ifndef IFP_TEST_ITERATIONS_H
#define IFP_TEST_ITERATIONS_H

#include <stdbool.h>
#include <stdint.h>

enum { ITERATIONS_TYPES = 2 };

struct iterations_replica {
    double iteration_ms;         /* a */
    double prefill_ms_per_token; /* b */
    double decode_ms_per_token;  /* g */
    double context_ms_per_token; /* k */
    double chunk_tokens;         /* prompt tokens in an iteration */
};

struct iterations_traffic {
    int input_tokens[ITERATIONS_TYPES];
    int output_tokens[ITERATIONS_TYPES]; /* from 2 to 1000 */
    double per_ms[ITERATIONS_TYPES];     /* rates of arrival */
};

/* Means over the requests of a type that complete in the time that is measured; 0 without any. */
struct iterations_result {
    double tpot_ms[ITERATIONS_TYPES]; /* time after the first token over the tokens after it */
    double mean_tpot_ms;              /* over the requests of both types */
    double ttft_ms[ITERATIONS_TYPES];
    double residency_ms[ITERATIONS_TYPES]; /* from arrival to the last token */
    double in_system[ITERATIONS_TYPES];    /* requests, averaged over time */
    double count[ITERATIONS_TYPES];        /* requests completed */
    double late[ITERATIONS_TYPES];         /* the fraction with a first token after `promised_ms` */
    double iteration_ms;                   /* the mean length of an iteration */
};

/* Simulate warm_up_ms, then measure for `measured_ms`. Returns false if out of memory, or if more
 * than 100000 requests wait. */
bool iterations_run(const struct iterations_replica *replica,
                    const struct iterations_traffic *traffic, const double *promised_ms,
                    double warm_up_ms, double measured_ms, uint64_t seed,
                    struct iterations_result *result);

#endif
