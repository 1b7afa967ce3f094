/* SPDX-License-Identifier: MIT */
/* The table of the kinds of notes, and how a note is put together. */
#include "check/notes.h"

#include <string.h>

/* In the order of documents: first what may make the plan worthless. The words never change. */
static const struct {
    const char *kind;
    void (*find)(struct ifp_noting *noting);
    bool needs_plan;
} rules[] = {
    {"load_unlimited", ifp_noting_unlimited, true},
    {"kv_residency_zero", ifp_noting_residency, true},
    {"everything_unmet", ifp_noting_unmet, true},
    {"max_replicas", ifp_noting_replicas, true},
    {"chunk_tokens", ifp_noting_chunks, true},
    {"mean_hides_route", ifp_noting_mean, true},
    {"no_headroom", ifp_noting_headroom, true},
    {"point_paces_differ", ifp_noting_points, false},
    {"deviations_ignored", ifp_noting_deviations, false},
    {"linear_speedup", ifp_noting_speedup, false},
    {"weights_unusual", ifp_noting_weights, false},
    {"kv_unusual", ifp_noting_kv, false},
};

bool ifp_notes_make(const struct ifp_instance *instance, const struct ifp_evaluation *evaluation,
                    struct ifp_note_list *list)
{
    struct ifp_noting noting = {.instance = instance, .evaluation = evaluation, .list = list};
    for (size_t r = 0; !noting.failed && r < sizeof rules / sizeof *rules; r++) {
        noting.kind = rules[r].kind;
        if (evaluation || !rules[r].needs_plan)
            rules[r].find(&noting);
    }
    return !noting.failed;
}

void ifp_noting_put(struct ifp_noting *noting, size_t cases, struct ifp_text *text,
                    struct ifp_text *path)
{
    if (cases > 1)
        ifp_text_format(text, " (and %zu more %s)", cases - 1, cases > 2 ? "cases" : "case");
    if (cases > 0) {
        ifp_text_string(text, ".");
        if (!ifp_note_list_add(noting->list, noting->kind, text, path))
            noting->failed = true;
    }
    ifp_text_clear(text);
    ifp_text_clear(path);
}

void ifp_noting_path(struct ifp_text *path, const char *list, const char *name, size_t index,
                     const char *field)
{
    /* A path reads digits as a position, and a star as all members. */
    if (strpbrk(name, "[]") || strspn(name, "0123456789*") == strlen(name))
        ifp_text_format(path, "%s[%zu].%s", list, index, field);
    else
        ifp_text_format(path, "%s[%s].%s", list, name, field);
}
