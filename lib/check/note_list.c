/* SPDX-License-Identifier: MIT */
/* A list of notes. */
#include "check/note_list.h"

#include <stdlib.h>

#include "plan/plan.h"
#include "util/array.h"

bool ifp_note_list_add(struct ifp_note_list *list, const char *kind, struct ifp_text *text,
                       struct ifp_text *path)
{
    struct ifp_note_data made = {
        .kind = kind, .text = ifp_text_take(text), .path = ifp_text_take(path)};
    if (made.text && made.path &&
        ifp_array_reserve(&list->items, &list->capacity, list->count + 1, sizeof *list->items)) {
        list->items[list->count++] = made;
        return true;
    }
    free(made.text);
    free(made.path);
    return false;
}

void ifp_note_list_clear(struct ifp_note_list *list)
{
    for (size_t n = 0; n < list->count; n++) {
        free(list->items[n].text);
        free(list->items[n].path);
    }
    free(list->items);
    *list = (struct ifp_note_list){0};
}

int ifp_note_list_get(const struct ifp_note_list *list, size_t index, ifp_note *entry)
{
    if (!entry || index >= list->count)
        return IFP_ERROR_ARGUMENT;
    const struct ifp_note_data *from = &list->items[index];
    const ifp_note ours = {
        .size = entry->size, .kind = from->kind, .text = from->text, .path = from->path};
    return ifp_entry_fill(entry, entry->size, &ours, sizeof ours, IFP_NOTE_SIZE_FIRST);
}

void ifp_note_list_write(const struct ifp_note_list *list, struct ifp_json *json)
{
    ifp_json_open(json, "notes", '[', false);
    for (size_t n = 0; n < list->count; n++) {
        ifp_json_open(json, NULL, '{', true);
        ifp_json_string(json, "kind", list->items[n].kind);
        ifp_json_string(json, "text", list->items[n].text);
        ifp_json_string(json, "path", list->items[n].path);
        ifp_json_close(json, '}');
    }
    ifp_json_close(json, ']');
}
