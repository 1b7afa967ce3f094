/* SPDX-License-Identifier: MIT */
/* Partial pricing: pairs that the relaxation leaves out, and the proof that it may. */
#include "engine/compact/inactive.h"
#include "engine/tuning.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

void ifp_dormant_free(struct ifp_dormant *dormant)
{
    if (!dormant)
        return;
    free(dormant->asleep);
    free(dormant->pair);
    free(dormant->lack);
    free(dormant->row);
    free(dormant->value);
    free(dormant->memory);
    free(dormant->compute);
    free(dormant->replicas_least);
    free(dormant->replicas_most);
    free(dormant->serve);
    free(dormant->open);
    free(dormant->serve_pair);
    free(dormant->open_pair);
    free(dormant->owner);
    free(dormant->gain);
    free(dormant->order);
    free(dormant);
}

static size_t *no_rows(size_t count)
{
    size_t *rows = malloc((count + 1) * sizeof *rows);
    for (size_t k = 0; rows && k < count; k++)
        rows[k] = SIZE_MAX;
    return rows;
}

static void find_rows(struct ifp_dormant *dormant, const struct ifp_cancel *cancel)
{
    const struct ifp_milp *milp = dormant->milp;
    for (size_t r = 0; r < milp->row_count; r++) {
        if (r % IFP_POLL_ROWS_INACTIVE == 0 && ifp_is_cancelled(cancel))
            break;
        const struct ifp_row *row = &milp->rows[r];
        /* The route column of a pair is the last entry of its SERVE_PAIR row and the first entry of
         * its OPEN_PAIR row. */
        size_t first = milp->start[r] < milp->entry_count ? milp->index[milp->start[r]] : 0;
        size_t last = milp->start[r + 1] > milp->start[r] ? milp->index[milp->start[r + 1] - 1] : 0;
        switch (row->kind) {
        case IFP_ROW_MEMORY:
            dormant->memory[row->first] = r;
            break;
        case IFP_ROW_COMPUTE:
            dormant->compute[row->first] = r;
            break;
        case IFP_ROW_REPLICAS_LEAST:
            dormant->replicas_least[row->first] = r;
            break;
        case IFP_ROW_REPLICAS_MOST:
            dormant->replicas_most[row->first] = r;
            break;
        case IFP_ROW_SERVE:
            dormant->serve[row->first] = r;
            break;
        case IFP_ROW_OPEN:
            dormant->open[row->first] = r;
            break;
        case IFP_ROW_SERVE_PAIR:
            dormant->serve_pair[last] = r;
            break;
        case IFP_ROW_OPEN_PAIR:
            dormant->open_pair[first] = r;
            break;
        default:
            break;
        }
    }
}

static void find_pairs(struct ifp_dormant *dormant, const struct ifp_cancel *cancel)
{
    const struct ifp_problem *problem = dormant->problem;
    const struct ifp_milp *milp = dormant->milp;
    for (size_t p = 0; p < problem->pair_count && !ifp_is_cancelled(cancel); p++) {
        const struct ifp_pair *pair = &problem->pairs[p];
        for (size_t c = pair->first; c < pair->first + pair->count; c++) {
            const struct ifp_configuration *configuration = &problem->configurations[c];
            dormant->pair[milp->rent[c]] = p;
            dormant->pair[milp->replicas[c]] = p;
            for (size_t k = 0; k < configuration->route_count; k++) {
                size_t r = configuration->first_route + k;
                size_t column = ifp_milp_choice(milp, r);
                dormant->pair[ifp_milp_share(milp, r)] = p;
                if (column == SIZE_MAX)
                    continue;
                dormant->owner[r] =
                    dormant->pair[column] == SIZE_MAX && dormant->serve_pair[column] != SIZE_MAX;
                dormant->pair[column] = p;
            }
        }
    }
}

struct ifp_dormant *ifp_dormant_new(const struct ifp_problem *problem, const struct ifp_milp *milp,
                                    const struct ifp_cancel *cancel)
{
    struct ifp_dormant *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    made->problem = problem;
    made->milp = milp;
    made->asleep = calloc(problem->pair_count + 1, sizeof *made->asleep);
    made->lack = calloc(problem->pair_count + 1, sizeof *made->lack);
    made->pair = no_rows(milp->column_count);
    made->row = no_rows(milp->row_count);
    made->value = calloc(milp->row_count + 1, sizeof *made->value);
    made->memory = no_rows(problem->configuration_count);
    made->compute = no_rows(problem->configuration_count);
    made->replicas_least = no_rows(problem->configuration_count);
    made->replicas_most = no_rows(problem->configuration_count);
    made->serve = no_rows(problem->route_count);
    made->open = no_rows(problem->route_count);
    made->serve_pair = no_rows(milp->column_count);
    made->open_pair = no_rows(milp->column_count);
    made->owner = calloc(problem->route_count + 1, sizeof *made->owner);
    made->gain = calloc(problem->query_count + 1, sizeof *made->gain);
    made->order = calloc(problem->query_count + 1, sizeof *made->order);
    if (!made->asleep || !made->lack || !made->pair || !made->row || !made->value ||
        !made->memory || !made->compute || !made->replicas_least || !made->replicas_most ||
        !made->serve || !made->open || !made->serve_pair || !made->open_pair || !made->owner ||
        !made->gain || !made->order) {
        ifp_dormant_free(made);
        return NULL;
    }
    find_rows(made, cancel);
    find_pairs(made, cancel);
    return made;
}

/* Use a row "<=" with the multiplier -size. */
static void use_row(struct ifp_dormant *dormant, size_t row, double size)
{
    if (row == SIZE_MAX || size <= 0)
        return;
    dormant->row[dormant->multipliers] = row;
    dormant->value[dormant->multipliers++] = -size;
}

static double need_of(const struct ifp_problem *problem, const struct ifp_candidate *route,
                      bool memory)
{
    return memory ? ifp_route_kv_fraction(problem, route)
                  : ifp_route_compute_fraction(problem, route);
}

/* What share 1 of a route saves. The route column of a pair is paid in proportion to the share. */
static double gain_of(const struct ifp_dormant *dormant, size_t r, const double *reduced)
{
    const struct ifp_milp *milp = dormant->milp;
    double gain = -reduced[ifp_milp_share(milp, r)];
    size_t route = ifp_milp_choice(milp, r);
    if (route != SIZE_MAX && dormant->serve_pair[route] != SIZE_MAX)
        gain -= fmax(0, reduced[route]) / dormant->problem->routes[r].max_share;
    return gain;
}

/* The fixed charge of a route (placement single). */
static double charge_of(const struct ifp_dormant *dormant, size_t r, const double *reduced)
{
    return dormant->open[r] != SIZE_MAX ? reduced[ifp_milp_choice(dormant->milp, r)] : 0;
}

/* The reduced cost of renting if capacity costs `price`, and each route with a saving is taken. */
static double rest_of(const struct ifp_dormant *dormant, size_t c, const double *reduced,
                      double price, bool memory)
{
    const struct ifp_problem *problem = dormant->problem;
    const struct ifp_milp *milp = dormant->milp;
    const struct ifp_configuration *configuration = &problem->configurations[c];
    double rest = reduced[milp->rent[c]];
    if (milp->replicas[c] == milp->rent[c]) {
        rest -= price;
    } else {
        double each = reduced[milp->replicas[c]] - price;
        rest += each > 0 ? each : each * configuration->max_replicas;
    }
    for (size_t k = 0; k < configuration->route_count; k++) {
        size_t r = configuration->first_route + k;
        const struct ifp_candidate *route = &problem->routes[r];
        double net = dormant->gain[k] - price * need_of(problem, route, memory);
        rest -= fmax(0, fmax(0, net) * route->max_share - charge_of(dormant, r, reduced));
    }
    return rest;
}

/* The market-clearing price: the price at which the demand for capacity equals `room`. */
static double clearing_price(struct ifp_dormant *dormant, size_t c, double room, bool memory)
{
    const struct ifp_problem *problem = dormant->problem;
    const struct ifp_configuration *configuration = &problem->configurations[c];
    size_t count = 0;
    for (size_t k = 0; k < configuration->route_count; k++) {
        const struct ifp_candidate *route = &problem->routes[configuration->first_route + k];
        double need = need_of(problem, route, memory);
        if (dormant->gain[k] <= 0 || need <= 0)
            continue;
        double density = dormant->gain[k] / need;
        size_t at = count++;
        for (; at > 0; at--) {
            size_t before = dormant->order[at - 1];
            const struct ifp_candidate *other =
                &problem->routes[configuration->first_route + before];
            if (dormant->gain[before] / need_of(problem, other, memory) >= density)
                break;
            dormant->order[at] = before;
        }
        dormant->order[at] = k;
    }
    for (size_t k = 0; k < count; k++) {
        const struct ifp_candidate *route =
            &problem->routes[configuration->first_route + dormant->order[k]];
        double need = need_of(problem, route, memory);
        room -= need * route->max_share;
        if (room < 0)
            return dormant->gain[dormant->order[k]] / need;
    }
    return 0;
}

/* Find the best price of memory or of compute. Returns the reduced cost of renting at that price.
 */
static double best_price(struct ifp_dormant *dormant, size_t c, const double *reduced,
                         double *price, bool *memory)
{
    const struct ifp_milp *milp = dormant->milp;
    double best = rest_of(dormant, c, reduced, 0, true);
    *price = 0;
    *memory = true;
    for (int turn = 0; turn < 2 && best < 0; turn++) {
        double tried[3];
        size_t count = 0;
        bool by_memory = turn == 0;
        size_t row = by_memory ? dormant->memory[c] : dormant->compute[c];
        if (row == SIZE_MAX || (by_memory && dormant->problem->configurations[c].kv_gb <= 0))
            continue;
        tried[count++] = clearing_price(dormant, c, 1, by_memory);
        if (milp->replicas[c] != milp->rent[c]) {
            tried[count++] = clearing_price(
                dormant, c, dormant->problem->configurations[c].max_replicas, by_memory);
            tried[count++] = fmax(0, reduced[milp->replicas[c]]);
        }
        for (size_t k = 0; k < count; k++) {
            double rest = rest_of(dormant, c, reduced, tried[k], by_memory);
            if (rest > best) {
                best = rest;
                *price = tried[k];
                *memory = by_memory;
            }
        }
    }
    return best;
}

/* Append the multipliers that prove the reduced cost at a price. */
static void prove(struct ifp_dormant *dormant, size_t c, const double *reduced, double price,
                  bool memory)
{
    const struct ifp_problem *problem = dormant->problem;
    const struct ifp_milp *milp = dormant->milp;
    const struct ifp_configuration *configuration = &problem->configurations[c];
    use_row(dormant, memory ? dormant->memory[c] : dormant->compute[c], price);
    if (milp->replicas[c] != milp->rent[c]) {
        double each = reduced[milp->replicas[c]] - price;
        use_row(dormant, dormant->replicas_least[c], each);
        use_row(dormant, dormant->replicas_most[c], -each);
    }
    for (size_t k = 0; k < configuration->route_count; k++) {
        size_t r = configuration->first_route + k;
        const struct ifp_candidate *route = &problem->routes[r];
        double net = dormant->gain[k] - price * need_of(problem, route, memory);
        use_row(dormant, dormant->serve[r], net);
        use_row(dormant, dormant->open[r],
                fmax(0, net) * route->max_share - charge_of(dormant, r, reduced));
    }
}

/* Returns the sum of the bonuses (negative reduced costs) of the pair's route columns: each of its
 * configurations could use all of them. If `use` is true, append the multipliers of their rows. */
static double bonus_of(struct ifp_dormant *dormant, size_t p, const double *reduced, bool use)
{
    const struct ifp_problem *problem = dormant->problem;
    const struct ifp_milp *milp = dormant->milp;
    const struct ifp_pair *pair = &problem->pairs[p];
    double bonus = 0;
    for (size_t c = pair->first; c < pair->first + pair->count; c++) {
        const struct ifp_configuration *configuration = &problem->configurations[c];
        for (size_t k = 0; k < configuration->route_count; k++) {
            size_t r = configuration->first_route + k;
            size_t column = ifp_milp_choice(milp, r);
            /* Degrees share the column; count it once, at the first degree that has it. */
            if (!dormant->owner[r])
                continue;
            bonus += fmax(0, -reduced[column]);
            if (use) {
                use_row(dormant, dormant->serve_pair[column], reduced[column]);
                use_row(dormant, dormant->open_pair[column], -reduced[column]);
            }
        }
    }
    return bonus;
}

static void price_pair(struct ifp_dormant *dormant, size_t p, const double *reduced,
                       const double *upper, double tolerance)
{
    const struct ifp_problem *problem = dormant->problem;
    const struct ifp_pair *pair = &problem->pairs[p];
    size_t mark = dormant->multipliers;
    double bonus = bonus_of(dormant, p, reduced, true);
    dormant->lack[p] = 0;
    for (size_t c = pair->first; c < pair->first + pair->count; c++) {
        const struct ifp_configuration *configuration = &problem->configurations[c];
        double price = 0;
        bool memory = true;
        for (size_t k = 0; k < configuration->route_count; k++)
            dormant->gain[k] = gain_of(dormant, configuration->first_route + k, reduced);
        /* A closed configuration needs no price: its reduced cost may be negative. */
        if (upper[dormant->milp->rent[c]] > 0.5) {
            double rest = best_price(dormant, c, reduced, &price, &memory) - bonus;
            dormant->lack[p] = fmax(dormant->lack[p], -rest);
        }
        prove(dormant, c, reduced, price, memory);
    }
    if (dormant->lack[p] > tolerance)
        dormant->multipliers = mark;
}

bool ifp_dormant_price(struct ifp_dormant *dormant, const double *reduced, const double *upper,
                       double tolerance)
{
    bool any = false;
    dormant->multipliers = 0;
    for (size_t p = 0; p < dormant->problem->pair_count; p++) {
        if (!dormant->asleep[p])
            continue;
        price_pair(dormant, p, reduced, upper, tolerance);
        any |= dormant->lack[p] > tolerance;
    }
    return any;
}
