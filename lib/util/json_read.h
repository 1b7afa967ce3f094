/* SPDX-License-Identifier: MIT */
/* Reading JSON text: strict syntax, the place of an error, and the description of a value. Also
 * turns values back into text. */
#ifndef IFP_UTIL_JSON_READ_H
#define IFP_UTIL_JSON_READ_H

#include <stddef.h>

#include <jansson.h>

#include "util/error.h"
#include "util/text.h"

/* The maximum nesting of lists and objects. It is limited because readers recurse. */
#define IFP_JSON_DEPTH_MAX 512

/*
 * Parse the text; *root becomes a new reference to its value. Text that is not JSON (RFC 8259), NUL
 * in strings, repeated keys and numbers too large for their type are refused: IFP_ERROR_SYNTAX with
 * the place "line L, column C" (in characters, from 1), and *root is NULL. The root may be any
 * value: the caller checks whether it is an object.
 */
int ifp_json_parse(const char *text, size_t length, json_t **root, struct ifp_error *error);

/* The value as text on one line, owned by the caller (free). NULL if out of memory. */
char *ifp_json_dump(const json_t *value);

/* The value as an error message shows it: null, true, 3.5, "a string", a list, an object. The
 * middle of long strings is left out. */
void ifp_json_describe(struct ifp_text *text, const json_t *value);

#endif
