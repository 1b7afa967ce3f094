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
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++)
        free(inactive->capacity_row[k]);
    free(inactive->replicas_min);
    free(inactive->replicas_max);
    free(inactive->exactly_one);
    free(inactive->exactly_count);
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
            inactive->capacity_row[IFP_CAPACITY_MEMORY][row->first] = r;
            break;
        case IFP_ROW_LOAD:
            inactive->capacity_row[IFP_CAPACITY_LOAD][row->first] = r;
            break;
        case IFP_ROW_SLOTS:
            inactive->capacity_row[IFP_CAPACITY_SLOTS][row->first] = r;
            break;
        case IFP_ROW_EXACTLY_ONE:
            inactive->exactly_one[row->first] = r;
            break;
        case IFP_ROW_EXACTLY_COUNT:
            inactive->exactly_count[row->first] = r;
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
            size_t first;
            size_t last;
            if (ifp_milp_exactly_range(milp, c, &first, &last)) {
                for (size_t v = first; v <= last; v++)
                    inactive->pair[v] = p;
            }
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
    bool good = true;
    for (int k = 0; k < IFP_CAPACITY_COUNT; k++) {
        made->capacity_row[k] = no_rows(problem->configuration_count);
        good = good && made->capacity_row[k];
    }
    made->replicas_min = no_rows(problem->configuration_count);
    made->replicas_max = no_rows(problem->configuration_count);
    made->exactly_one = no_rows(problem->configuration_count);
    made->exactly_count = no_rows(problem->configuration_count);
    made->serve = no_rows(problem->route_count);
    made->open = no_rows(problem->route_count);
    made->serve_pair = no_rows(milp->column_count);
    made->open_pair = no_rows(milp->column_count);
    made->owner = calloc(problem->route_count + 1, sizeof *made->owner);
    made->gain = calloc(problem->query_count + 1, sizeof *made->gain);
    made->order = calloc(problem->query_count + 1, sizeof *made->order);
    if (!good || !made->is_inactive || !made->violation || !made->pair || !made->row ||
        !made->value || !made->replicas_min || !made->replicas_max || !made->exactly_one ||
        !made->exactly_count || !made->serve || !made->open || !made->serve_pair ||
        !made->open_pair || !made->owner || !made->gain || !made->order) {
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

/* Use an equation with the multiplier. */
static void use_equation(struct ifp_inactive *inactive, size_t row, double multiplier)
{
    if (row == SIZE_MAX || multiplier == 0)
        return;
    inactive->row[inactive->multipliers] = row;
    inactive->value[inactive->multipliers++] = multiplier;
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

/* A capacity of configurations, and the price of one part of it. */
struct priced {
    enum ifp_capacity capacity;
    double price;
};

/* Is what a configuration has of the capacity a table's value, and not its replicas less the spare
 * ones? */
static bool is_by_table(const struct ifp_inactive *inactive, size_t c, enum ifp_capacity capacity)
{
    return capacity == IFP_CAPACITY_LOAD &&
           inactive->problem->configurations[c].load_table != SIZE_MAX;
}

/* What the replicas column must pay: its reduced cost, less the value of one more replica. */
static double price_of_replica(const struct ifp_inactive *inactive, size_t c, const double *reduced,
                               struct priced priced)
{
    double each = reduced[inactive->milp->replicas[c]];
    return is_by_table(inactive, c, priced.capacity) ? each : each - priced.price;
}

/*
 * The least reduced cost of the replicas, of the numbers v that are open; of all numbers if they
 * are all closed. A closed number needs no price.
 */
static double cheapest_number(const struct ifp_inactive *inactive, size_t c, const double *reduced,
                              const double *upper, struct priced priced)
{
    const struct ifp_milp *milp = inactive->milp;
    const struct ifp_configuration *configuration = &inactive->problem->configurations[c];
    double each = price_of_replica(inactive, c, reduced, priced);
    double cheapest[2] = {INFINITY, INFINITY}; /* closed, open */
    size_t first;
    size_t last;
    (void)ifp_milp_exactly_range(milp, c, &first, &last);
    for (size_t v = first; v <= last; v++) {
        double replicas = milp->columns[v].second;
        double cost = reduced[v] + each * replicas;
        if (priced.capacity == IFP_CAPACITY_LOAD)
            cost -= priced.price *
                    ifp_capacity_of(inactive->problem, configuration, IFP_CAPACITY_LOAD, replicas);
        bool open = upper[v] > 0.5;
        cheapest[open] = fmin(cheapest[open], cost);
    }
    return isfinite(cheapest[true]) ? cheapest[true] : cheapest[false];
}

/* The reduced cost of renting at a price, if each route with a saving is taken. */
static double rest_of(const struct ifp_inactive *inactive, size_t c, const double *reduced,
                      const double *upper, struct priced priced)
{
    const struct ifp_problem *problem = inactive->problem;
    const struct ifp_milp *milp = inactive->milp;
    const struct ifp_configuration *configuration = &problem->configurations[c];
    double rest = reduced[milp->rent[c]];
    if (inactive->exactly_one[c] != SIZE_MAX) {
        rest += cheapest_number(inactive, c, reduced, upper, priced);
    } else if (milp->replicas[c] != milp->rent[c]) {
        double each = price_of_replica(inactive, c, reduced, priced);
        rest += each * (each > 0 ? configuration->min_replicas : configuration->max_replicas);
    } else if (!is_by_table(inactive, c, priced.capacity)) {
        rest -= priced.price;
    }
    if (!is_by_table(inactive, c, priced.capacity))
        rest += priced.price * configuration->spare;
    else if (inactive->exactly_one[c] == SIZE_MAX)
        rest -= priced.price * ifp_capacity_of(problem, configuration, priced.capacity,
                                               configuration->max_replicas);
    for (size_t k = 0; k < configuration->route_count; k++) {
        size_t r = configuration->first_route + k;
        const struct ifp_route_data *route = &problem->routes[r];
        double net =
            inactive->gain[k] - priced.price * ifp_route_need(problem, route, priced.capacity);
        rest -= fmax(0, fmax(0, net) * route->max_share - charge_of(inactive, r, reduced));
    }
    return rest;
}

/* The market-clearing price: the price at which the demand for capacity equals `amount`. */
static double clearing_price(struct ifp_inactive *inactive, size_t c, double amount,
                             enum ifp_capacity capacity)
{
    const struct ifp_problem *problem = inactive->problem;
    const struct ifp_configuration *configuration = &problem->configurations[c];
    size_t count = 0;
    for (size_t k = 0; k < configuration->route_count; k++) {
        const struct ifp_route_data *route = &problem->routes[configuration->first_route + k];
        double need = ifp_route_need(problem, route, capacity);
        if (inactive->gain[k] <= 0 || need <= 0)
            continue;
        double density = inactive->gain[k] / need;
        size_t at = count++;
        for (; at > 0; at--) {
            size_t before = inactive->order[at - 1];
            const struct ifp_route_data *other =
                &problem->routes[configuration->first_route + before];
            if (inactive->gain[before] / ifp_route_need(problem, other, capacity) >= density)
                break;
            inactive->order[at] = before;
        }
        inactive->order[at] = k;
    }
    for (size_t k = 0; k < count; k++) {
        const struct ifp_route_data *route =
            &problem->routes[configuration->first_route + inactive->order[k]];
        double need = ifp_route_need(problem, route, capacity);
        amount -= need * route->max_share;
        if (amount < 0)
            return inactive->gain[inactive->order[k]] / need;
    }
    return 0;
}

/* Prices of a capacity that may be the best one; returns their number. */
enum { TRIED_MAX = 4 };

static size_t prices_to_try(struct ifp_inactive *inactive, size_t c, const double *reduced,
                            enum ifp_capacity capacity, double tried[TRIED_MAX])
{
    const struct ifp_problem *problem = inactive->problem;
    const struct ifp_milp *milp = inactive->milp;
    const struct ifp_configuration *configuration = &problem->configurations[c];
    double minimum = ifp_capacity_of(problem, configuration, capacity, configuration->min_replicas);
    double maximum = ifp_capacity_of(problem, configuration, capacity, configuration->max_replicas);
    size_t count = 0;
    tried[count++] = clearing_price(inactive, c, minimum, capacity);
    if (milp->replicas[c] == milp->rent[c])
        return count;
    double each = fmax(0, reduced[milp->replicas[c]]);
    tried[count++] = clearing_price(inactive, c, maximum, capacity);
    if (!is_by_table(inactive, c, capacity)) {
        tried[count++] = each;
        return count;
    }
    /* The price at which the largest number of replicas costs as much as no replica, or as the
     * least number. */
    double more = configuration->max_replicas - configuration->min_replicas;
    if (maximum > 0)
        tried[count++] = each * configuration->max_replicas / maximum;
    if (maximum > minimum)
        tried[count++] = each * more / (maximum - minimum);
    return count;
}

/* Find the best price of a capacity. Returns the reduced cost of renting at that price. */
static double best_price(struct ifp_inactive *inactive, size_t c, const double *reduced,
                         const double *upper, struct priced *best_priced)
{
    *best_priced = (struct priced){IFP_CAPACITY_MEMORY, 0};
    double best = rest_of(inactive, c, reduced, upper, *best_priced);
    for (int turn = 0; turn < IFP_CAPACITY_COUNT && best < 0; turn++) {
        struct priced priced = {.capacity = (enum ifp_capacity)turn};
        double tried[TRIED_MAX];
        if (inactive->capacity_row[turn][c] == SIZE_MAX)
            continue;
        size_t count = prices_to_try(inactive, c, reduced, priced.capacity, tried);
        for (size_t k = 0; k < count; k++) {
            priced.price = tried[k];
            double rest = rest_of(inactive, c, reduced, upper, priced);
            if (rest > best) {
                best = rest;
                *best_priced = priced;
            }
        }
    }
    return best;
}

/* Append the multipliers that prove the reduced cost at a price. */
static void prove(struct ifp_inactive *inactive, size_t c, const double *reduced,
                  const double *upper, struct priced priced)
{
    const struct ifp_problem *problem = inactive->problem;
    const struct ifp_milp *milp = inactive->milp;
    const struct ifp_configuration *configuration = &problem->configurations[c];
    use_row(inactive, inactive->capacity_row[priced.capacity][c], priced.price);
    if (milp->replicas[c] != milp->rent[c]) {
        double each = price_of_replica(inactive, c, reduced, priced);
        if (inactive->exactly_one[c] != SIZE_MAX) {
            /* The replicas column costs nothing then, and each number what its replicas cost. */
            use_equation(inactive, inactive->exactly_count[c], -each);
            use_equation(inactive, inactive->exactly_one[c],
                         cheapest_number(inactive, c, reduced, upper, priced));
        } else {
            use_row(inactive, inactive->replicas_min[c], each);
            use_row(inactive, inactive->replicas_max[c], -each);
        }
    }
    for (size_t k = 0; k < configuration->route_count; k++) {
        size_t r = configuration->first_route + k;
        const struct ifp_route_data *route = &problem->routes[r];
        double net =
            inactive->gain[k] - priced.price * ifp_route_need(problem, route, priced.capacity);
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
        struct priced priced = {IFP_CAPACITY_MEMORY, 0};
        for (size_t k = 0; k < configuration->route_count; k++)
            inactive->gain[k] = gain_of(inactive, configuration->first_route + k, reduced);
        /* A closed configuration needs no price: its reduced cost may be negative. */
        if (upper[inactive->milp->rent[c]] > 0.5) {
            double rest = best_price(inactive, c, reduced, upper, &priced) - bonus;
            inactive->violation[p] = fmax(inactive->violation[p], -rest);
        }
        prove(inactive, c, reduced, upper, priced);
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
