/* SPDX-License-Identifier: MIT */
/* A list of notes: facts about an instance and its plan that a user should know before signing. */
#ifndef IFP_CHECK_NOTE_LIST_H
#define IFP_CHECK_NOTE_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include <inferplan/plan.h>

#include "util/json_write.h"
#include "util/text.h"

struct ifp_note_data {
    const char *kind; /* a stable word, static */
    char *text;       /* a sentence, owned */
    char *path;       /* of the field to look at, owned */
};

struct ifp_note_list {
    struct ifp_note_data *items;
    size_t count;
    size_t capacity;
};

/* Append a note. It takes the contents of both texts, which are empty afterwards. Returns false if
 * out of memory. */
bool ifp_note_list_add(struct ifp_note_list *list, const char *kind, struct ifp_text *text,
                       struct ifp_text *path);
void ifp_note_list_clear(struct ifp_note_list *list);

/* Fill an entry up to its size. IFP_ERROR_ARGUMENT if `index` is out of range or the size is too
 * small. */
int ifp_note_list_get(const struct ifp_note_list *list, size_t index, ifp_note *entry);

/* Write the member "notes" of a document: a list, which may be empty. */
void ifp_note_list_write(const struct ifp_note_list *list, struct ifp_json *json);

#define IFP_NOTE_SIZE_FIRST (offsetof(ifp_note, path) + sizeof(const char *))

#endif
