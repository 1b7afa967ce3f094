/* SPDX-License-Identifier: MIT */
/* What a result document says of itself, beside the plan that the library reads from it. */
#ifndef INFERPLAN_TOOLS_DOCUMENT_H
#define INFERPLAN_TOOLS_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether the document names another instance than `name`. `text` is `length` bytes that the
 * library has read as a plan, so that they are an object in good JSON. False where it names none.
 */
bool document_is_of_another(const char *text, size_t length, const char *name);

#endif
