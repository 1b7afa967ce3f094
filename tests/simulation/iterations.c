/* SPDX-License-Identifier: MIT */
#include "simulation/iterations.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/random.h"

enum { RING = 1024, QUEUE = 100000 };

struct waiting {
    int type;
    double arrival;
    double tokens; /* of the prompt, still to be prefilled */
};

/* The requests of a type that got their first token in one iteration; they end together. */
struct batch {
    double first_token; /* the time */
    double count;
    double arrivals; /* the sum of the times */
};

struct state {
    const struct iterations_replica *replica;
    const struct iterations_traffic *traffic;
    const double *promised_ms;
    struct iterations_result *result;
    struct random random;
    double now, next_arrival, measured_from;
    struct waiting *queue; /* a ring */
    size_t head, waiting;
    struct batch ring[ITERATIONS_TYPES][RING];
    size_t iteration;
    double running[ITERATIONS_TYPES];
    double context;                     /* the sum over the running requests */
    double in_system[ITERATIONS_TYPES]; /* requests */
    double started[ITERATIONS_TYPES];   /* first tokens that are measured */
    double iterations;
};

static double exponential(struct random *random)
{
    return -log(1 - random_between(random, 0, 1));
}

/* Account for the time until `time`, in which the number of requests stays. */
static void advance(struct state *state, double time)
{
    double from = fmax(state->now, state->measured_from);
    for (int i = 0; i < ITERATIONS_TYPES; i++)
        if (time > from)
            state->result->in_system[i] += state->in_system[i] * (time - from);
    state->now = time;
}

/* Requests that arrive until `time`. Returns false if the queue is full. */
static bool arrive(struct state *state, double time)
{
    const struct iterations_traffic *traffic = state->traffic;
    double rate = traffic->per_ms[0] + traffic->per_ms[1];
    while (state->next_arrival <= time) {
        if (state->waiting == QUEUE)
            return false;
        int type = random_chance(&state->random, traffic->per_ms[1] / rate);
        state->queue[(state->head + state->waiting++) % QUEUE] =
            (struct waiting){type, state->next_arrival, traffic->input_tokens[type]};
        advance(state, state->next_arrival);
        state->in_system[type]++;
        state->next_arrival += exponential(&state->random) / rate;
    }
    return true;
}

/* Take prompt tokens from the head of the queue. Returns their number; *complete becomes the number
 * of prompts that are complete with them, which stay at the head. */
static double prefill(struct state *state, size_t *complete)
{
    double budget = state->replica->chunk_tokens, taken = 0;
    size_t done = 0;
    while (done < state->waiting && taken < budget) {
        struct waiting *request = &state->queue[(state->head + done) % QUEUE];
        double tokens = fmin(request->tokens, budget - taken);
        request->tokens -= tokens;
        taken += tokens;
        if (request->tokens > 0)
            break;
        done++;
    }
    *complete = done;
    return taken;
}

/* The requests of a type whose last token this iteration made. */
static void finish(struct state *state, int type)
{
    int steps = state->traffic->output_tokens[type] - 1;
    struct batch *batch = &state->ring[type][(state->iteration - (size_t)steps) % RING];
    if (state->iteration < (size_t)steps || !(batch->count > 0))
        return;
    struct iterations_result *result = state->result;
    if (state->now > state->measured_from) {
        result->count[type] += batch->count;
        result->tpot_ms[type] += batch->count * (state->now - batch->first_token) / steps;
        result->residency_ms[type] += batch->count * state->now - batch->arrivals;
    }
    state->running[type] -= batch->count;
    state->in_system[type] -= batch->count;
    state->context -= batch->count * (state->traffic->input_tokens[type] + steps);
    batch->count = 0;
}

/* First tokens for the prompts that are complete, at the end of the iteration. */
static void start(struct state *state, size_t complete)
{
    struct iterations_result *result = state->result;
    for (int i = 0; i < ITERATIONS_TYPES; i++)
        state->ring[i][state->iteration % RING] = (struct batch){.first_token = state->now};
    for (size_t i = 0; i < complete; i++) {
        struct waiting *request = &state->queue[state->head];
        struct batch *batch = &state->ring[request->type][state->iteration % RING];
        double ttft = state->now - request->arrival;
        batch->count++;
        batch->arrivals += request->arrival;
        state->running[request->type]++;
        state->context += state->traffic->input_tokens[request->type];
        if (state->now > state->measured_from) {
            state->started[request->type]++;
            result->ttft_ms[request->type] += ttft;
            result->late[request->type] += ttft > state->promised_ms[request->type];
        }
        state->head = (state->head + 1) % QUEUE;
        state->waiting--;
    }
}

static bool iterate(struct state *state)
{
    const struct iterations_replica *replica = state->replica;
    double running = state->running[0] + state->running[1];
    if (!(running > 0) && !state->waiting)
        return arrive(state, state->next_arrival); /* idle until then */
    size_t complete;
    double prompts = prefill(state, &complete);
    state->context += running; /* each request sees its last token too */
    double length = replica->iteration_ms + replica->prefill_ms_per_token * prompts +
                    replica->decode_ms_per_token * running +
                    replica->context_ms_per_token * state->context;
    double end = state->now + length;
    if (!arrive(state, end))
        return false;
    advance(state, end);
    if (end > state->measured_from) {
        state->result->iteration_ms += length;
        state->iterations++;
    }
    for (int i = 0; i < ITERATIONS_TYPES; i++)
        finish(state, i);
    start(state, complete);
    state->iteration++;
    return true;
}

static double mean(double sum, double count)
{
    return count > 0 ? sum / count : 0;
}

bool iterations_run(const struct iterations_replica *replica,
                    const struct iterations_traffic *traffic, const double *promised_ms,
                    double warm_up_ms, double measured_ms, uint64_t seed,
                    struct iterations_result *result)
{
    struct state *state = calloc(1, sizeof *state);
    if (!state)
        return false;
    state->queue = calloc(QUEUE, sizeof *state->queue);
    *result = (struct iterations_result){.iteration_ms = 0};
    state->replica = replica;
    state->traffic = traffic;
    state->promised_ms = promised_ms;
    state->result = result;
    state->random.state = seed;
    state->measured_from = warm_up_ms;
    state->next_arrival = exponential(&state->random) / (traffic->per_ms[0] + traffic->per_ms[1]);
    bool stable = state->queue != NULL;
    while (stable && state->now < warm_up_ms + measured_ms)
        stable = iterate(state);
    double tpot = result->tpot_ms[0] + result->tpot_ms[1];
    result->mean_tpot_ms = mean(tpot, result->count[0] + result->count[1]);
    result->iteration_ms = mean(result->iteration_ms, state->iterations);
    for (int i = 0; i < ITERATIONS_TYPES; i++) {
        result->tpot_ms[i] = mean(result->tpot_ms[i], result->count[i]);
        result->residency_ms[i] = mean(result->residency_ms[i], result->count[i]);
        result->ttft_ms[i] = mean(result->ttft_ms[i], state->started[i]);
        result->late[i] = mean(result->late[i], state->started[i]);
        result->in_system[i] = mean(result->in_system[i], state->now - warm_up_ms);
    }
    free(state->queue);
    free(state);
    return stable;
}
