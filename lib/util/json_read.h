/* SPDX-License-Identifier: MIT */
/* Reading JSON text: strict syntax, the place of what is wrong, and what a value is in words; and
 * turning values back into text. */
#ifndef IFP_UTIL_JSON_READ_H
#define IFP_UTIL_JSON_READ_H

#include <stddef.h>

#include <jansson.h>

#include "util/error.h"
#include "util/text.h"

/* How deep lists and objects may nest; readers walk them by recursion. */
#define IFP_JSON_DEPTH_MAX 512

/*
 * The value that the text is, as a new reference in *root. Refuses what is not JSON (RFC 8259),
 * NUL in strings, repeated keys and numbers too large for their type, with IFP_ERROR_SYNTAX and
 * "line L, column C" (in characters, from 1) as the place; *root is NULL then. The root may be
 * any value: whether it is an object is the caller's to say.
 */
int ifp_json_parse(const char *text, size_t length, json_t **root, struct ifp_error *error);

/* The value as text on one line, owned by the caller (free); NULL when memory ran out. */
char *ifp_json_dump(const json_t *value);

/* What was found, for error messages: null, true, 3.5, "a string", a list, an object. Long
 * strings lose their middle. */
void ifp_json_describe(struct ifp_text *text, const json_t *value);

#endif
