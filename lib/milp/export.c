/* SPDX-License-Identifier: MIT */
/* The compact MILP as text for other solvers: names, then free MPS or CPLEX LP. */
#include "milp/export.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/names.h"

/* Bytes of a part of a name. Both formats allow 255 bytes for a name of three parts and a frame, or
 * of four parts if configurations have operating points. */
enum { TOKEN_MAX = 60, TOKEN_MAX_OF_FOUR = 45 };

/* The names of the members of a list, as both formats allow them. */
struct tokens {
    char **items;
    size_t count;
};

struct writer {
    const struct ifp_problem *problem;
    const struct ifp_milp *milp;
    bool has_points;
    struct tokens queries;
    struct tokens models;
    struct tokens tiers;
    struct tokens pools;
    struct tokens driven; /* by configuration: its degree and its operating point, after commas */
    struct ifp_text text;
};

static bool allowed(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           c == '.';
}

static void free_tokens(struct tokens *tokens)
{
    for (size_t t = 0; tokens->items && t < tokens->count; t++)
        free(tokens->items[t]);
    free(tokens->items);
}

/* Append a name, with '_' for what the formats do not allow. */
static void put_token(struct ifp_text *text, const char *name, size_t maximum)
{
    size_t end = text->size + maximum;
    for (const char *c = name; *c && text->size < end; c++)
        ifp_text_append(text, allowed(*c) ? c : "_", 1);
}

/* Set the name of member m. A name that an earlier member has gets the number m, after a character
 * that is in no name. Takes `text`. Returns false if out of memory. */
static bool set_token(struct tokens *tokens, size_t m, struct ifp_text *text,
                      struct ifp_names *known)
{
    bool twin = !text->failed && ifp_names_find(known, text->data) < known->count;
    if (twin)
        ifp_text_format(text, "#%zu", m);
    tokens->items[m] = ifp_text_take(text);
    return tokens->items[m] && (twin || ifp_names_add(known, tokens->items[m]));
}

static bool begin_tokens(struct tokens *tokens, size_t count)
{
    tokens->items = calloc(count + 1, sizeof *tokens->items);
    tokens->count = count;
    return tokens->items != NULL;
}

static bool make_tokens(struct tokens *tokens, size_t count, const struct ifp_instance *instance,
                        const char *(*name)(const ifp_instance *, size_t))
{
    struct ifp_names known = {0};
    bool good = begin_tokens(tokens, count);
    for (size_t m = 0; good && m < count; m++) {
        struct ifp_text text = {0};
        put_token(&text, name(instance, m),
                  instance->profile_count ? TOKEN_MAX_OF_FOUR : TOKEN_MAX);
        good = set_token(tokens, m, &text, &known);
    }
    ifp_names_clear(&known);
    return good;
}

/* Append the name of a configuration's operating point, as in plans, after a comma. */
static void put_point(struct ifp_text *text, const struct ifp_instance *instance,
                      const struct ifp_configuration *c)
{
    struct ifp_text pace = {0};
    if (c->point != SIZE_MAX) {
        ifp_text_string(text, ",");
        put_token(text, instance->profiles[c->profile].points[c->point].name, TOKEN_MAX_OF_FOUR);
    } else if (!isnan(c->pace_ms)) {
        ifp_text_number(&pace, c->pace_ms);
        ifp_text_string(&pace, "ms");
        ifp_text_string(text, ",");
        if (pace.failed)
            text->failed = true;
        else
            put_token(text, pace.data, TOKEN_MAX_OF_FOUR);
        ifp_text_clear(&pace);
    }
}

/* The names of degrees and points differ within each (model, tier). */
static bool make_driven(struct tokens *tokens, const struct ifp_instance *instance,
                        const struct ifp_problem *problem)
{
    struct ifp_names known = {0};
    bool good = begin_tokens(tokens, problem->configuration_count);
    for (size_t c = 0; good && c < problem->configuration_count; c++) {
        const struct ifp_configuration *of = &problem->configurations[c];
        struct ifp_text text = {0};
        if (c == 0 || of->model != of[-1].model || of->tier != of[-1].tier)
            ifp_names_clear(&known);
        ifp_text_format(&text, ",%g", of->degree);
        put_point(&text, instance, of);
        good = set_token(tokens, c, &text, &known);
    }
    ifp_names_clear(&known);
    return good;
}

static void put_model_and_tier(struct writer *writer, const char *kind, const char *query,
                               size_t model, size_t tier)
{
    ifp_text_format(&writer->text, "%s(", kind);
    if (query)
        ifp_text_format(&writer->text, "%s,", query);
    ifp_text_format(&writer->text, "%s,%s", writer->models.items[model], writer->tiers.items[tier]);
}

static void put_configuration(struct writer *writer, const char *kind, const char *query, size_t c)
{
    const struct ifp_configuration *configuration = &writer->problem->configurations[c];
    put_model_and_tier(writer, kind, query, configuration->model, configuration->tier);
    ifp_text_format(&writer->text, "%s)", writer->driven.items[c]);
}

/* A pair with several deployments in all is one configuration, and named so. */
static void put_pair(struct writer *writer, const char *kind, const char *query, size_t p)
{
    const struct ifp_pair *pair = &writer->problem->pairs[p];
    if (writer->problem->several) {
        put_configuration(writer, kind, query, pair->first);
        return;
    }
    put_model_and_tier(writer, kind, query, pair->model, pair->tier);
    ifp_text_string(&writer->text, ")");
}

/* The name of a block's column: KIND(delay,QUERY), KIND(error,QUERY) or KIND(cost). */
static void put_block(struct writer *writer, const char *kind, size_t b)
{
    const struct ifp_worst_block *block = &writer->milp->worst->blocks[b];
    if (block->kind == IFP_WORST_COST)
        ifp_text_format(&writer->text, "%s(cost)", kind);
    else
        ifp_text_format(&writer->text, "%s(%s,%s)", kind, ifp_service_names[block->kind],
                        writer->queries.items[block->query]);
}

/* The name of a group's column, by what all its routes have in common; `r` is one of its routes. */
static void put_group(struct writer *writer, const char *kind, const struct ifp_worst_block *block,
                      size_t r)
{
    const struct ifp_problem *problem = writer->problem;
    const struct ifp_route_data *route = &problem->routes[r];
    const struct ifp_configuration *c = &problem->configurations[route->configuration];
    put_block(writer, kind, (size_t)(block - writer->milp->worst->blocks));
    writer->text.size--; /* the closing parenthesis */
    if (block->kind == IFP_WORST_COST)
        ifp_text_format(&writer->text, ",%s)", writer->queries.items[route->query]);
    else if (problem->placement == IFP_PLACEMENT_SPLIT)
        ifp_text_format(&writer->text, ",%s,%s%s)", writer->models.items[c->model],
                        writer->tiers.items[c->tier],
                        problem->several ? writer->driven.items[route->configuration] : "");
    else
        ifp_text_format(&writer->text, ",%s)",
                        ifp_worst_by_model(problem) ? writer->models.items[c->model]
                                                    : writer->tiers.items[c->tier]);
}

static void put_column(struct writer *writer, size_t c)
{
    const struct ifp_column *column = &writer->milp->columns[c];
    const struct ifp_problem *problem = writer->problem;
    switch (column->kind) {
    case IFP_COLUMN_UNMET:
        ifp_text_format(&writer->text, "u(%s)", writer->queries.items[column->first]);
        break;
    case IFP_COLUMN_RENT:
        put_configuration(writer, "w", NULL, column->first);
        break;
    case IFP_COLUMN_REPLICAS:
        put_configuration(writer, "m", NULL, column->first);
        break;
    case IFP_COLUMN_EXACTLY:
        put_configuration(writer, "v", NULL, column->first);
        writer->text.size--; /* the closing parenthesis */
        ifp_text_format(&writer->text, ",%zu)", (size_t)column->second);
        break;
    case IFP_COLUMN_PAIR:
        put_pair(writer, "z", writer->queries.items[column->first], column->second);
        break;
    case IFP_COLUMN_THRESHOLD:
        put_block(writer, "t", column->first);
        break;
    case IFP_COLUMN_EXCESS: {
        const struct ifp_worst_block *block = &writer->milp->worst->blocks[column->first];
        put_group(writer, "s", block, block->entries[block->start[column->second]].route);
        break;
    }
    default: {
        static const char *const kinds[] = {
            [IFP_COLUMN_SHARE] = "x",
            [IFP_COLUMN_PRODUCT] = "p",
            [IFP_COLUMN_REMAINDER] = "y",
            [IFP_COLUMN_ROUTE] = "z",
        };
        const struct ifp_route_data *route = &problem->routes[column->first];
        put_configuration(writer, kinds[column->kind], writer->queries.items[route->query],
                          route->configuration);
        break;
    }
    }
}

static void put_row(struct writer *writer, size_t r)
{
    const struct ifp_row *row = &writer->milp->rows[r];
    const struct ifp_problem *problem = writer->problem;
    const char *kind = ifp_row_traits[row->kind].name;
    struct ifp_text *text = &writer->text;
    switch (row->kind) {
    case IFP_ROW_DEMAND:
    case IFP_ROW_SINGLE:
    case IFP_ROW_PRODUCTS:
        ifp_text_format(text, "%s(%s)", kind, writer->queries.items[row->first]);
        break;
    case IFP_ROW_LEVEL:
        ifp_text_format(text, "%s(%s)", ifp_service_names[row->second],
                        writer->queries.items[row->first]);
        break;
    case IFP_ROW_DEGREE:
        put_pair(writer, kind, NULL, row->first);
        break;
    case IFP_ROW_REPLICAS_MIN:
    case IFP_ROW_REPLICAS_MAX:
    case IFP_ROW_EXACTLY_ONE:
    case IFP_ROW_EXACTLY_COUNT:
    case IFP_ROW_MEMORY:
    case IFP_ROW_SLOTS:
        put_configuration(writer, kind, NULL, row->first);
        break;
    case IFP_ROW_LOAD:
        put_configuration(
            writer, problem->configurations[row->first].profile == SIZE_MAX ? "compute" : kind,
            NULL, row->first);
        break;
    case IFP_ROW_RESOURCE: {
        const struct ifp_resource *resource = &problem->resources[row->first];
        ifp_text_string(text, resource->trait->key);
        if (resource->pool != SIZE_MAX)
            ifp_text_format(text, "(%s)", writer->pools.items[resource->pool]);
        break;
    }
    case IFP_ROW_MATCHING_MODEL:
        ifp_text_format(text, "%s(%s,%s)", kind, writer->queries.items[row->first],
                        writer->models.items[row->second]);
        break;
    case IFP_ROW_MATCHING_TIER:
        ifp_text_format(text, "%s(%s,%s)", kind, writer->queries.items[row->first],
                        writer->tiers.items[row->second]);
        break;
    case IFP_ROW_SERVE_PAIR:
        /* If a pair is one configuration, "serve" is the row of its share. */
        kind = problem->several ? "serve_route" : kind;
        put_pair(writer, kind, writer->queries.items[row->first], row->second);
        break;
    case IFP_ROW_OPEN_PAIR:
        put_pair(writer, kind, writer->queries.items[row->first], row->second);
        break;
    case IFP_ROW_DEVIATION: {
        /* The row is named by the first route of its group that has this cap. */
        const struct ifp_worst_block *block = &writer->milp->worst->blocks[row->first];
        const struct ifp_route_data *route = &problem->routes[block->entries[row->second].route];
        const struct ifp_configuration *c = &problem->configurations[route->configuration];
        put_block(writer, kind, row->first);
        text->size--; /* the closing parenthesis */
        if (block->kind == IFP_WORST_COST)
            ifp_text_format(text, ",%s", writer->queries.items[route->query]);
        ifp_text_format(text, ",%s,%s%s)", writer->models.items[c->model],
                        writer->tiers.items[c->tier], writer->driven.items[route->configuration]);
        break;
    }
    default: {
        const struct ifp_route_data *route = &problem->routes[row->first];
        put_configuration(writer, kind, writer->queries.items[route->query], route->configuration);
        break;
    }
    }
}

/* The entries by column, as MPS needs them: those of column c are at[c] .. at[c + 1] - 1. */
struct transpose {
    size_t *at;
    size_t *row;
    double *value;
};

static bool make_transpose(const struct ifp_milp *milp, struct transpose *transpose)
{
    transpose->at = calloc(milp->column_count + 2, sizeof *transpose->at);
    transpose->row = calloc(milp->entry_count + 1, sizeof *transpose->row);
    transpose->value = calloc(milp->entry_count + 1, sizeof *transpose->value);
    if (!transpose->at || !transpose->row || !transpose->value)
        return false;
    for (size_t e = 0; e < milp->entry_count; e++)
        transpose->at[milp->index[e] + 2]++;
    for (size_t c = 2; c < milp->column_count + 2; c++)
        transpose->at[c] += transpose->at[c - 1];
    for (size_t r = 0; r < milp->row_count; r++) {
        for (size_t e = milp->start[r]; e < milp->start[r + 1]; e++) {
            size_t to = transpose->at[milp->index[e] + 1]++;
            transpose->row[to] = r;
            transpose->value[to] = milp->value[e];
        }
    }
    return true;
}

static void put_mps_column(struct writer *writer, const struct transpose *transpose, size_t c)
{
    struct ifp_text *text = &writer->text;
    ifp_text_string(text, " ");
    put_column(writer, c);
    ifp_text_format(text, " cost %g\n", writer->milp->cost[c]);
    for (size_t e = transpose->at[c]; e < transpose->at[c + 1]; e++) {
        ifp_text_string(text, " ");
        put_column(writer, c);
        ifp_text_string(text, " ");
        put_row(writer, transpose->row[e]);
        ifp_text_format(text, " %g\n", transpose->value[e]);
    }
}

/* The first line. By it the command recognises a file that it may replace. */
static void put_maker(struct ifp_text *text, const char *mark)
{
    ifp_text_format(text, "%s Made by inferplan.\n", mark);
}

/* Comment lines for readers without the documentation. */
static void put_comments(struct writer *writer, const char *mark)
{
    struct ifp_text *text = &writer->text;
    static const char *const lines[] = {
        "Costs are in USD. Each limit's row is divided by its limit; a limit of 0 is not.",
        "Columns: x share, u unmet, w rent, m replicas, z route; then (query,model,tier,degree),",
        "as far as they apply; t threshold, s excess over it in a worst case of delay, error or",
        "cost; p product of s and z, y what it leaves of s. In names, _ stands for what the format",
        "does not take; those that are equal then get # and their place in the instance's list,",
        "counted from 0.",
    };
    for (size_t l = 0; l < sizeof lines / sizeof *lines; l++)
        ifp_text_format(text, "%s %s\n", mark, lines[l]);
    if (writer->problem->load_table_count)
        ifp_text_format(text, "%s v: exactly so many replicas (the last number in its name).\n",
                        mark);
    if (writer->has_points)
        ifp_text_format(text, "%s Behind a degree: the point, or the pace in ms per token.\n",
                        mark);
}

/* Pairs of columns of which one must be 0, as special ordered sets of type 1. */
static void put_complements(struct writer *writer, bool mps)
{
    const struct ifp_milp *milp = writer->milp;
    struct ifp_text *text = &writer->text;
    if (!milp->complement)
        return;
    ifp_text_string(text, "SOS\n");
    for (size_t c = 0; c < milp->column_count; c++) {
        if (milp->complement[c] == SIZE_MAX)
            continue;
        const size_t pair[2] = {c, milp->complement[c]};
        ifp_text_string(text, mps ? " S1 either_" : " either_");
        put_column(writer, c);
        ifp_text_string(text, mps ? "\n" : ": S1::");
        for (size_t k = 0; k < 2; k++) {
            ifp_text_string(text, " ");
            put_column(writer, pair[k]);
            ifp_text_format(text, mps ? " %d\n" : ":%d", (int)k + 1);
        }
        ifp_text_string(text, mps ? "" : "\n");
    }
}

static void put_mps(struct writer *writer, const char *name, const struct transpose *transpose)
{
    const struct ifp_milp *milp = writer->milp;
    struct ifp_text *text = &writer->text;
    put_maker(text, "*");
    put_comments(writer, "*");
    ifp_text_format(text, "NAME %s\nROWS\n N cost\n", name);
    for (size_t r = 0; r < milp->row_count; r++) {
        ifp_text_string(text, milp->row_lower[r] == milp->row_upper[r] ? " E " : " L ");
        put_row(writer, r);
        ifp_text_string(text, "\n");
    }
    ifp_text_string(text, "COLUMNS\n");
    bool inside = false;
    size_t markers = 0;
    for (size_t c = 0; c < milp->column_count; c++) {
        if (milp->integer[c] != inside) {
            inside = !inside;
            ifp_text_format(text, " M%zu 'MARKER' '%s'\n", markers++, inside ? "INTORG" : "INTEND");
        }
        put_mps_column(writer, transpose, c);
    }
    if (inside)
        ifp_text_format(text, " M%zu 'MARKER' 'INTEND'\n", markers);
    ifp_text_string(text, "RHS\n");
    for (size_t r = 0; r < milp->row_count; r++) {
        if (milp->row_upper[r] == 0)
            continue;
        ifp_text_string(text, " rhs ");
        put_row(writer, r);
        ifp_text_format(text, " %g\n", milp->row_upper[r]);
    }
    ifp_text_string(text, "BOUNDS\n");
    for (size_t c = 0; c < milp->column_count; c++) {
        ifp_text_string(text, " UP bound ");
        put_column(writer, c);
        ifp_text_format(text, " %g\n", milp->upper[c]);
    }
    put_complements(writer, true);
    ifp_text_string(text, "ENDATA\n");
}

static void put_term(struct writer *writer, double value, size_t column)
{
    ifp_text_format(&writer->text, value < 0 ? " - %g " : " + %g ", value < 0 ? -value : value);
    put_column(writer, column);
}

static void put_lp(struct writer *writer, const char *name)
{
    const struct ifp_milp *milp = writer->milp;
    struct ifp_text *text = &writer->text;
    enum { TERMS_A_LINE = 6 }; /* readers limit the length of a line */
    put_maker(text, "\\");
    ifp_text_format(text, "\\ %s\n", name);
    put_comments(writer, "\\");
    ifp_text_string(text, "Minimize\n cost:");
    for (size_t c = 0; c < milp->column_count; c++) {
        if (c && c % TERMS_A_LINE == 0)
            ifp_text_string(text, "\n ");
        put_term(writer, milp->cost[c], c);
    }
    ifp_text_string(text, "\nSubject To\n");
    for (size_t r = 0; r < milp->row_count; r++) {
        ifp_text_string(text, " ");
        put_row(writer, r);
        ifp_text_string(text, ":");
        for (size_t e = milp->start[r]; e < milp->start[r + 1]; e++) {
            if (e > milp->start[r] && (e - milp->start[r]) % TERMS_A_LINE == 0)
                ifp_text_string(text, "\n ");
            put_term(writer, milp->value[e], milp->index[e]);
        }
        ifp_text_format(text, milp->row_lower[r] == milp->row_upper[r] ? " = %g\n" : " <= %g\n",
                        milp->row_upper[r]);
    }
    ifp_text_string(text, "Bounds\n");
    for (size_t c = 0; c < milp->column_count; c++) {
        ifp_text_string(text, " 0 <= ");
        put_column(writer, c);
        ifp_text_format(text, " <= %g\n", milp->upper[c]);
    }
    bool any = false;
    for (size_t c = 0; c < milp->column_count; c++) {
        if (!milp->integer[c])
            continue;
        ifp_text_string(text, any ? " " : "General\n ");
        put_column(writer, c);
        ifp_text_string(text, "\n");
        any = true;
    }
    put_complements(writer, false);
    ifp_text_string(text, "End\n");
}

char *ifp_milp_export(const struct ifp_instance *instance, const struct ifp_problem *problem,
                      const struct ifp_milp *milp, enum ifp_export_format format)
{
    struct writer writer = {
        .problem = problem, .milp = milp, .has_points = instance->profile_count > 0};
    struct transpose transpose = {0};
    char *result = NULL;
    struct ifp_text name = {0};
    put_token(&name, instance->name, TOKEN_MAX);
    if (!name.failed &&
        make_tokens(&writer.queries, instance->query_count, instance, ifp_instance_query_name) &&
        make_tokens(&writer.models, instance->model_count, instance, ifp_instance_model_name) &&
        make_tokens(&writer.tiers, instance->tier_count, instance, ifp_instance_tier_name) &&
        make_tokens(&writer.pools, instance->pool_count, instance, ifp_instance_pool_name) &&
        make_driven(&writer.driven, instance, problem) && make_transpose(milp, &transpose)) {
        if (format == IFP_EXPORT_MPS)
            put_mps(&writer, name.data, &transpose);
        else
            put_lp(&writer, name.data);
        result = ifp_text_take(&writer.text);
    }
    ifp_text_clear(&name);
    free(transpose.at);
    free(transpose.row);
    free(transpose.value);
    free_tokens(&writer.queries);
    free_tokens(&writer.models);
    free_tokens(&writer.tiers);
    free_tokens(&writer.pools);
    free_tokens(&writer.driven);
    return result;
}
