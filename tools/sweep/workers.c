/* SPDX-License-Identifier: MIT */
/*
 * Shares the cells of a grid among threads. The cells are divided into runs of neighbours, and one
 * thread solves a run, cell by cell. The division does not depend on the number of threads, so
 * neither do the results.
 */
#include "sweep/workers.h"

#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "util/thread.h"

/* Enough runs for the cores of a machine, and runs long enough for a model to be worth keeping. */
enum { RUNS_MIN = 16, RUN_MAX = 16 };

/* Milliseconds of a workers_wait. */
enum { TICK = 100 };

enum { NO_CELL = GRID_SIZE_MAX };

struct worker {
    struct workers *all;
    pthread_t thread;
    ifp_options *options; /* its own, for its progress */
    size_t cell;          /* the cell that it solves, or NO_CELL */
    double gap;
    ifp_model *solving; /* the model that is being solved, or NULL */
};

struct workers {
    const struct grid *grid;
    const ifp_instance *instance;
    pthread_mutex_t mutex; /* for all that follows */
    pthread_cond_t change;
    struct worker *list;
    size_t worker_count;
    size_t working; /* threads that have not ended */
    size_t run_length;
    size_t next; /* the first cell that no thread has taken */
    bool stopping;
    struct cell_result **results; /* by cell; NULL if not solved yet, or handed over */
    size_t done;
    size_t handed; /* every cell before it has been handed over or is left out */
};

static int report(const ifp_progress *progress, void *user)
{
    struct worker *worker = user;
    pthread_mutex_lock(&worker->all->mutex);
    worker->gap = ifp_progress_gap(progress);
    pthread_mutex_unlock(&worker->all->mutex);
    return 0;
}

/* Record the model that is being solved. Returns false if solving shall stop. */
static bool begin(struct worker *worker, size_t cell, ifp_model *model)
{
    pthread_mutex_lock(&worker->all->mutex);
    bool go = !worker->all->stopping;
    worker->cell = go ? cell : NO_CELL;
    worker->gap = INFINITY;
    worker->solving = go ? model : NULL;
    pthread_mutex_unlock(&worker->all->mutex);
    return go;
}

static void end(struct worker *worker, size_t cell, struct cell_result *result)
{
    struct workers *all = worker->all;
    pthread_mutex_lock(&all->mutex);
    worker->cell = NO_CELL;
    worker->solving = NULL;
    all->results[cell] = result;
    all->done++;
    pthread_cond_signal(&all->change);
    pthread_mutex_unlock(&all->mutex);
}

static bool solve_cell(struct worker *worker, struct cell_solver *solver, size_t cell)
{
    struct cell_result *result = malloc(sizeof *result);
    if (!result) {
        /* The missing result tells the caller of workers_wait. */
        workers_stop(worker->all);
        return false;
    }
    bool ready = cell_prepare(solver, cell, result);
    if (!begin(worker, cell, solver->model)) {
        cell_result_clear(result);
        free(result);
        return false;
    }
    if (ready)
        cell_solve(solver, result);
    end(worker, cell, result);
    return true;
}

static bool take_run(struct workers *all, size_t *first, size_t *last)
{
    pthread_mutex_lock(&all->mutex);
    size_t cells = all->grid->cell_count;
    bool more = !all->stopping && all->next < cells;
    if (more) {
        *first = all->next;
        *last = cells - all->next > all->run_length ? all->next + all->run_length : cells;
        all->next = *last;
    }
    pthread_mutex_unlock(&all->mutex);
    return more;
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct workers *all = worker->all;
    struct cell_solver solver = {
        .grid = all->grid, .instance = all->instance, .options = worker->options};
    size_t first;
    size_t last;
    while (take_run(all, &first, &last)) {
        for (size_t cell = first; cell < last && solve_cell(worker, &solver, cell);)
            cell++;
        cell_forget(&solver);
    }
    cell_solver_clear(&solver);
    pthread_mutex_lock(&all->mutex);
    all->working--;
    pthread_cond_signal(&all->change);
    pthread_mutex_unlock(&all->mutex);
    return NULL;
}

static void start(struct workers *workers, const ifp_options *options, size_t jobs)
{
    for (size_t m = 0; m < jobs; m++) {
        struct worker *worker = &workers->list[m];
        worker->all = workers;
        worker->cell = NO_CELL;
        worker->options = ifp_options_copy(options);
        if (!worker->options)
            break;
        ifp_options_set_progress(worker->options, report, worker);
        pthread_mutex_lock(&workers->mutex);
        bool started = ifp_thread_start(&worker->thread, work, worker);
        workers->worker_count += started;
        workers->working += started;
        pthread_mutex_unlock(&workers->mutex);
        if (!started) {
            ifp_options_free(worker->options);
            break;
        }
    }
}

struct workers *workers_new(const struct grid *grid, const ifp_instance *instance,
                            const ifp_options *options, size_t jobs)
{
    struct workers *workers = calloc(1, sizeof *workers);
    if (!workers)
        return NULL;
    if (pthread_mutex_init(&workers->mutex, NULL)) {
        free(workers);
        return NULL;
    }
    if (!ifp_thread_condition(&workers->change)) {
        pthread_mutex_destroy(&workers->mutex);
        free(workers);
        return NULL;
    }
    size_t cells = grid->cell_count;
    workers->grid = grid;
    workers->instance = instance;
    workers->run_length = (cells + RUNS_MIN - 1) / RUNS_MIN;
    if (workers->run_length > RUN_MAX)
        workers->run_length = RUN_MAX;
    size_t runs = (cells + workers->run_length - 1) / workers->run_length;
    jobs = jobs < runs ? jobs : runs;
    workers->results = calloc(cells, sizeof *workers->results);
    workers->list = calloc(jobs, sizeof *workers->list);
    if (workers->results && workers->list)
        start(workers, options, jobs);
    if (workers->worker_count == 0) {
        workers_free(workers);
        workers = NULL;
    }
    return workers;
}

void workers_free(struct workers *workers)
{
    if (!workers)
        return;
    workers_stop(workers);
    for (size_t m = 0; m < workers->worker_count; m++)
        pthread_join(workers->list[m].thread, NULL);
    for (size_t c = 0; workers->results && c < workers->grid->cell_count; c++) {
        if (workers->results[c])
            cell_result_clear(workers->results[c]);
        free(workers->results[c]);
    }
    for (size_t m = 0; workers->list && m < workers->worker_count; m++)
        ifp_options_free(workers->list[m].options);
    free(workers->list);
    free(workers->results);
    pthread_cond_destroy(&workers->change);
    pthread_mutex_destroy(&workers->mutex);
    free(workers);
}

/* Take the next result in grid order. Missing cells are skipped once all threads have ended. */
static bool hand_over(struct workers *workers, size_t *cell, struct cell_result *result)
{
    size_t cells = workers->grid->cell_count;
    while (workers->working == 0 && workers->handed < cells && !workers->results[workers->handed])
        workers->handed++;
    if (workers->handed == cells || !workers->results[workers->handed])
        return false;
    *cell = workers->handed++;
    *result = *workers->results[*cell];
    free(workers->results[*cell]);
    workers->results[*cell] = NULL;
    return true;
}

enum workers_news workers_wait(struct workers *workers, size_t *cell, struct cell_result *result)
{
    const struct timespec until = ifp_thread_deadline(TICK);
    pthread_mutex_lock(&workers->mutex);
    bool late = false;
    bool there = hand_over(workers, cell, result);
    while (!there && !late && workers->working > 0) {
        late = pthread_cond_timedwait(&workers->change, &workers->mutex, &until) != 0;
        there = hand_over(workers, cell, result);
    }
    enum workers_news news = there                  ? WORKERS_RESULT
                             : workers->working > 0 ? WORKERS_TICK
                                                    : WORKERS_END;
    pthread_mutex_unlock(&workers->mutex);
    return news;
}

void workers_stop(struct workers *workers)
{
    pthread_mutex_lock(&workers->mutex);
    workers->stopping = true;
    for (size_t m = 0; m < workers->worker_count; m++)
        ifp_model_cancel(workers->list[m].solving);
    pthread_mutex_unlock(&workers->mutex);
}

void workers_poll(struct workers *workers, struct workers_state *state)
{
    *state = (struct workers_state){.first = NO_CELL, .gap = INFINITY};
    pthread_mutex_lock(&workers->mutex);
    state->done = workers->done;
    for (size_t m = 0; m < workers->worker_count; m++) {
        const struct worker *worker = &workers->list[m];
        if (worker->cell == NO_CELL)
            continue;
        state->running++;
        if (worker->cell < state->first) {
            state->first = worker->cell;
            state->gap = worker->gap;
        }
    }
    pthread_mutex_unlock(&workers->mutex);
}
