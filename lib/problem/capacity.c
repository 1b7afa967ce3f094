/* SPDX-License-Identifier: MIT */
/* The capacities of a deployment, and the tables of head-rooms. */
#include "problem/capacity.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "problem/headroom.h"
#include "problem/problem.h"
#include "util/array.h"

static bool same_headroom(const struct ifp_headroom_data *a, const struct ifp_headroom_data *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == IFP_HEADROOM_WAIT)
        return a->wait_ms == b->wait_ms && a->quantile == b->quantile && a->slots == b->slots &&
               a->service_ms == b->service_ms && a->cv2 == b->cv2;
    return a->table.count == b->table.count &&
           !memcmp(a->table.values, b->table.values, a->table.count * sizeof *a->table.values);
}

/* Copy what a load table needs of a head-room. Returns false if out of memory. */
static bool copy_headroom(const struct ifp_headroom_data *from, struct ifp_headroom_data *to)
{
    *to = *from;
    to->extra = NULL;
    to->table = (struct ifp_numbers){0};
    if (from->kind != IFP_HEADROOM_TABLE)
        return true;
    to->table.values = malloc(from->table.count * sizeof *to->table.values);
    if (!to->table.values)
        return false;
    memcpy(to->table.values, from->table.values, from->table.count * sizeof *to->table.values);
    to->table.count = from->table.count;
    return true;
}

bool ifp_capacity_table(struct ifp_problem *problem, const struct ifp_headroom_data *headroom,
                        size_t *table, double *utilization)
{
    *table = SIZE_MAX;
    *utilization = 1;
    if (ifp_headroom_is_linear(headroom, utilization))
        return true;
    *utilization = 1;
    for (size_t t = 0; t < problem->load_table_count; t++) {
        if (same_headroom(&problem->load_tables[t].headroom, headroom)) {
            *table = t;
            return true;
        }
    }
    if (!ifp_array_resize(&problem->load_tables, problem->load_table_count + 1,
                          sizeof *problem->load_tables))
        return false;
    struct ifp_load_table *made = &problem->load_tables[problem->load_table_count];
    *made = (struct ifp_load_table){0};
    if (!copy_headroom(headroom, &made->headroom))
        return false;
    *table = problem->load_table_count++;
    return true;
}

bool ifp_capacity_reach(struct ifp_load_table *table, size_t count)
{
    enum { FIRST = 16 };
    if (count <= table->count)
        return true;
    size_t larger = count > FIRST ? count : FIRST;
    if (!ifp_array_resize(&table->load, larger, sizeof *table->load) ||
        !ifp_headroom_fill(&table->headroom, larger, table->load))
        return false;
    table->count = larger;
    return true;
}

void ifp_capacity_close(struct ifp_problem *problem)
{
    for (size_t t = 0; problem->load_tables && t < problem->load_table_count; t++) {
        free(problem->load_tables[t].headroom.table.values);
        free(problem->load_tables[t].load);
    }
    free(problem->load_tables);
    problem->load_tables = NULL;
    problem->load_table_count = 0;
}

bool ifp_capacity_copy(const struct ifp_problem *from, struct ifp_problem *problem)
{
    size_t count = from->load_table_count;
    problem->load_table_count = 0;
    problem->load_tables = calloc(count + 1, sizeof *problem->load_tables);
    for (size_t t = 0; problem->load_tables && t < count; t++) {
        const struct ifp_load_table *old = &from->load_tables[t];
        struct ifp_load_table *made = &problem->load_tables[problem->load_table_count++];
        made->load = malloc((old->count + 1) * sizeof *made->load);
        if (!made->load || !copy_headroom(&old->headroom, &made->headroom)) {
            ifp_capacity_close(problem);
            return false;
        }
        if (old->count)
            memcpy(made->load, old->load, old->count * sizeof *made->load);
        made->count = old->count;
    }
    return problem->load_tables != NULL;
}

/* L(counted) of a table: counted is a whole number. */
static double table_value(const struct ifp_load_table *table, double counted)
{
    if (!(counted >= 1) || !table->count)
        return 0;
    size_t last = counted < (double)table->count ? (size_t)counted : table->count;
    return table->load[last - 1];
}

double ifp_capacity_of(const struct ifp_problem *problem, const struct ifp_configuration *c,
                       enum ifp_capacity capacity, double replicas)
{
    double counted = fmax(0, replicas - c->spare);
    return capacity == IFP_CAPACITY_LOAD && c->load_table != SIZE_MAX
               ? table_value(&problem->load_tables[c->load_table], counted)
               : counted;
}

double ifp_capacity_replicas(const struct ifp_problem *problem, const struct ifp_configuration *c,
                             const double load[IFP_CAPACITY_COUNT], double tolerance)
{
    double minimum = fmax(1, c->min_replicas);
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++) {
        if (load[k] > tolerance && !(k == IFP_CAPACITY_LOAD && c->load_table != SIZE_MAX))
            minimum = fmax(minimum, ceil(load[k] - tolerance) + c->spare);
    }
    if (c->load_table != SIZE_MAX && load[IFP_CAPACITY_LOAD] > tolerance) {
        const struct ifp_load_table *table = &problem->load_tables[c->load_table];
        size_t low = 0; /* L(low) is too small, or low is 0 */
        size_t high = table->count + 1;
        while (high - low > 1) {
            size_t middle = low + (high - low) / 2;
            if (table->load[middle - 1] >= load[IFP_CAPACITY_LOAD] - tolerance)
                high = middle;
            else
                low = middle;
        }
        minimum = high > table->count ? INFINITY : fmax(minimum, (double)high + c->spare);
    }
    return minimum <= c->max_replicas ? minimum : INFINITY;
}
