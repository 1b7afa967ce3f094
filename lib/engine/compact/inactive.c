/* SPDX-License-Identifier: MIT */
/* Partial pricing: pairs that the relaxation leaves out, and the proof that it may. */
#include "engine/compact/inactive.h"
#include "engine/tuning.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

void ifp_inactive_free(struct ifp_inactive *inactive)
{
    if (!inactive)
        return;
    free(inactive->is_inactive);
    free(inactive->pair);
    free(inactive->violation);
    free(inactive->row);
    free(inactive->value);
    free(inactive->memory_row);
    free(inactive->compute_row);
    free(inactive->replicas_min);
    free(inactive->replicas_max);
    free(inactive->serve);
    free(inactive->open);
    free(inactive->serve_pair);
    free(inactive->open_pair);
    free(inactive->owner);
    free(inactive->gain);
    free(inactive->order);
    free(inactive);
}

static size_t *no_rows(size_t count)
{
    size_t *rows = malloc((count + 1) * sizeof *rows);
    for (size_t k = 0; rows && k < count; k++)
        rows[k] = SIZE_MAX;
    return rows;
}

static void find_rows(struct ifp_inactive *inactive, const struct ifp_cancel *cancel)
{
    const struct ifp_milp *milp = inactive->milp;
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
            inactive->memory_row[row->first] = r;
            break;
        case IFP_ROW_COMPUTE:
            inactive->compute_row[row->first] = r;
            break;
        case IFP_ROW_REPLICAS_MIN:
            inactive->replicas_min[row->first] = r;
            break;
        case IFP_ROW_REPLICAS_MAX:
            inactive->replicas_max[row->first] = r;
            break;
        case IFP_ROW_SERVE:
            inactive->serve[row->first] = r;
            break;
        case IFP_ROW_OPEN:
            inactive->open[row->first] = r;
            break;
        case IFP_ROW_SERVE_PAIR:
            inactive->serve_pair[last] = r;
            break;
        case IFP_ROW_OPEN_PAIR:
            inactive->open_pair[first] = r;
            break;
        default:
            break;
        }
    }
}

static void find_pairs(struct ifp_inactive *inactive, const struct ifp_cancel *cancel)
{
    const struct ifp_problem *problem = inactive->problem;
    const struct ifp_milp *milp = inactive->milp;
    for (size_t p = 0; p < problem->pair_count && !ifp_is_cancelled(cancel); p++) {
        const struct ifp_pair *pair = &problem->pairs[p];
        for (size_t c = pair->first; c < pair->first + pair->count; c++) {
            const struct ifp_configuration *configuration = &problem->configurations[c];
            inactive->pair[milp->rent[c]] = p;
            inactive->pair[milp->replicas[c]] = p;
            for (size_t k = 0; k < configuration->route_count; k++) {
                size_t r = configuration->first_route + k;
                size_t column = ifp_milp_choice(milp, r);
                inactive->pair[ifp_milp_share(milp, r)] = p;
                if (column == SIZE_MAX)
                    continue;
                inactive->owner[r] =
                    inactive->pair[column] == SIZE_MAX && inactive->serve_pair[column] != SIZE_MAX;
                inactive->pair[column] = p;
            }
        }
    }
}

struct ifp_inactive *ifp_inactive_new(const struct ifp_problem *problem,
                                      const struct ifp_milp *milp, const struct ifp_cancel *cancel)
{
    struct ifp_inactive *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    made->problem = problem;
    made->milp = milp;
    made->is_inactive = calloc(problem->pair_count + 1, sizeof *made->is_inactive);
    made->violation = calloc(problem->pair_count + 1, sizeof *made->violation);
    made->pair = no_rows(milp->column_count);
    made->row = no_rows(milp->row_count);
    made->value = calloc(milp->row_count + 1, sizeof *made->value);
    made->memory_row = no_rows(problem->configuration_count);
    made->compute_row = no_rows(problem->configuration_count);
    made->replicas_min = no_rows(problem->configuration_count);
    made->replicas_max = no_rows(problem->configuration_count);
    made->serve = no_rows(problem->route_count);
    made->open = no_rows(problem->route_count);
    made->serve_pair = no_rows(milp->column_count);
    made->open_pair = no_rows(milp->column_count);
    made->owner = calloc(problem->route_count + 1, sizeof *made->owner);
    made->gain = calloc(problem->query_count + 1, sizeof *made->gain);
    made->order = calloc(problem->query_count + 1, sizeof *made->order);
    if (!made->is_inactive || !made->violation || !made->pair || !made->row || !made->value ||
        !made->memory_row || !made->compute_row || !made->replicas_min || !made->replicas_max ||
        !made->serve || !made->open || !made->serve_pair || !made->open_pair || !made->owner ||
        !made->gain || !made->order) {
        ifp_inactive_free(made);
        return NULL;
    }
    find_rows(made, cancel);
    find_pairs(made, cancel);
    return made;
}

/* Use a row "<=" with the multiplier -size. */
static void use_row(struct ifp_inactive *inactive, size_t row, double size)
{
    if (row == SIZE_MAX || size <= 0)
        return;
    inactive->row[inactive->multipliers] = row;
    inactive->value[inactive->multipliers++] = -size;
}

static double need_of(const struct ifp_problem *problem, const struct ifp_route_data *route,
                      bool memory)
{
    return memory ? ifp_route_need(problem, route, IFP_CAPACITY_MEMORY)
                  : ifp_route_need(problem, route, IFP_CAPACITY_LOAD);
}

/* What share 1 of a route saves. The route column of a pair is paid in proportion to the share. */
static double gain_of(const struct ifp_inactive *inactive, size_t r, const double *reduced)
{
    const struct ifp_milp *milp = inactive->milp;
    double gain = -reduced[ifp_milp_share(milp, r)];
    size_t route = ifp_milp_choice(milp, r);
    if (route != SIZE_MAX && inactive->serve_pair[route] != SIZE_MAX)
        gain -= fmax(0, reduced[route]) / inactive->problem->routes[r].max_share;
    return gain;
}

/* The fixed charge of a route (placement single). */
static double charge_of(const struct ifp_inactive *inactive, size_t r, const double *reduced)
{
    return inactive->open[r] != SIZE_MAX ? reduced[ifp_milp_choice(inactive->milp, r)] : 0;
}

/* The reduced cost of renting if capacity costs `price`, and each route with a saving is taken. */
static double rest_of(const struct ifp_inactive *inactive, size_t c, const double *reduced,
                      double price, bool memory)
{
    const struct ifp_problem *problem = inactive->problem;
    const struct ifp_milp *milp = inactive->milp;
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
        const struct ifp_route_data *route = &problem->routes[r];
        double net = inactive->gain[k] - price * need_of(problem, route, memory);
        rest -= fmax(0, fmax(0, net) * route->max_share - charge_of(inactive, r, reduced));
    }
    return rest;
}

/* The market-clearing price: the price at which the demand for capacity equals `capacity`. */
static double clearing_price(struct ifp_inactive *inactive, size_t c, double capacity, bool memory)
{
    const struct ifp_problem *problem = inactive->problem;
    const struct ifp_configuration *configuration = &problem->configurations[c];
    size_t count = 0;
    for (size_t k = 0; k < configuration->route_count; k++) {
        const struct ifp_route_data *route = &problem->routes[configuration->first_route + k];
        double need = need_of(problem, route, memory);
        if (inactive->gain[k] <= 0 || need <= 0)
            continue;
        double density = inactive->gain[k] / need;
        size_t at = count++;
        for (; at > 0; at--) {
            size_t before = inactive->order[at - 1];
            const struct ifp_route_data *other =
                &problem->routes[configuration->first_route + before];
            if (inactive->gain[before] / need_of(problem, other, memory) >= density)
                break;
            inactive->order[at] = before;
        }
        inactive->order[at] = k;
    }
    for (size_t k = 0; k < count; k++) {
        const struct ifp_route_data *route =
            &problem->routes[configuration->first_route + inactive->order[k]];
        double need = need_of(problem, route, memory);
        capacity -= need * route->max_share;
        if (capacity < 0)
            return inactive->gain[inactive->order[k]] / need;
    }
    return 0;
}

/* Find the best price of memory or of compute. Returns the reduced cost of renting at that
 * price. */
static double best_price(struct ifp_inactive *inactive, size_t c, const double *reduced,
                         double *price, bool *memory)
{
    const struct ifp_milp *milp = inactive->milp;
    double best = rest_of(inactive, c, reduced, 0, true);
    *price = 0;
    *memory = true;
    for (int turn = 0; turn < 2 && best < 0; turn++) {
        double tried[3];
        size_t count = 0;
        bool by_memory = turn == 0;
        size_t row = by_memory ? inactive->memory_row[c] : inactive->compute_row[c];
        if (row == SIZE_MAX || (by_memory && inactive->problem->configurations[c].kv_gb <= 0))
            continue;
        tried[count++] = clearing_price(inactive, c, 1, by_memory);
        if (milp->replicas[c] != milp->rent[c]) {
            tried[count++] = clearing_price(
                inactive, c, inactive->problem->configurations[c].max_replicas, by_memory);
            tried[count++] = fmax(0, reduced[milp->replicas[c]]);
        }
        for (size_t k = 0; k < count; k++) {
            double rest = rest_of(inactive, c, reduced, tried[k], by_memory);
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
static void prove(struct ifp_inactive *inactive, size_t c, const double *reduced, double price,
                  bool memory)
{
    const struct ifp_problem *problem = inactive->problem;
    const struct ifp_milp *milp = inactive->milp;
    const struct ifp_configuration *configuration = &problem->configurations[c];
    use_row(inactive, memory ? inactive->memory_row[c] : inactive->compute_row[c], price);
    if (milp->replicas[c] != milp->rent[c]) {
        double each = reduced[milp->replicas[c]] - price;
        use_row(inactive, inactive->replicas_min[c], each);
        use_row(inactive, inactive->replicas_max[c], -each);
    }
    for (size_t k = 0; k < configuration->route_count; k++) {
        size_t r = configuration->first_route + k;
        const struct ifp_route_data *route = &problem->routes[r];
        double net = inactive->gain[k] - price * need_of(problem, route, memory);
        use_row(inactive, inactive->serve[r], net);
        use_row(inactive, inactive->open[r],
                fmax(0, net) * route->max_share - charge_of(inactive, r, reduced));
    }
}

/* Returns the sum of the bonuses (negative reduced costs) of the pair's route columns: each of its
 * configurations could use all of them. If `use` is true, append the multipliers of their rows. */
static double bonus_of(struct ifp_inactive *inactive, size_t p, const double *reduced, bool use)
{
    const struct ifp_problem *problem = inactive->problem;
    const struct ifp_milp *milp = inactive->milp;
    const struct ifp_pair *pair = &problem->pairs[p];
    double bonus = 0;
    for (size_t c = pair->first; c < pair->first + pair->count; c++) {
        const struct ifp_configuration *configuration = &problem->configurations[c];
        for (size_t k = 0; k < configuration->route_count; k++) {
            size_t r = configuration->first_route + k;
            size_t column = ifp_milp_choice(milp, r);
            /* Degrees share the column; count it once, at the first degree that has it. */
            if (!inactive->owner[r])
                continue;
            bonus += fmax(0, -reduced[column]);
            if (use) {
                use_row(inactive, inactive->serve_pair[column], reduced[column]);
                use_row(inactive, inactive->open_pair[column], -reduced[column]);
            }
        }
    }
    return bonus;
}

static void price_pair(struct ifp_inactive *inactive, size_t p, const double *reduced,
                       const double *upper, double tolerance)
{
    const struct ifp_problem *problem = inactive->problem;
    const struct ifp_pair *pair = &problem->pairs[p];
    size_t mark = inactive->multipliers;
    double bonus = bonus_of(inactive, p, reduced, true);
    inactive->violation[p] = 0;
    for (size_t c = pair->first; c < pair->first + pair->count; c++) {
        const struct ifp_configuration *configuration = &problem->configurations[c];
        double price = 0;
        bool memory = true;
        for (size_t k = 0; k < configuration->route_count; k++)
            inactive->gain[k] = gain_of(inactive, configuration->first_route + k, reduced);
        /* A closed configuration needs no price: its reduced cost may be negative. */
        if (upper[inactive->milp->rent[c]] > 0.5) {
            double rest = best_price(inactive, c, reduced, &price, &memory) - bonus;
            inactive->violation[p] = fmax(inactive->violation[p], -rest);
        }
        prove(inactive, c, reduced, price, memory);
    }
    if (inactive->violation[p] > tolerance)
        inactive->multipliers = mark;
}

bool ifp_inactive_price(struct ifp_inactive *inactive, const double *reduced, const double *upper,
                        double tolerance)
{
    bool any = false;
    inactive->multipliers = 0;
    for (size_t p = 0; p < inactive->problem->pair_count; p++) {
        if (!inactive->is_inactive[p])
            continue;
        price_pair(inactive, p, reduced, upper, tolerance);
        any |= inactive->violation[p] > tolerance;
    }
    return any;
}
