/* SPDX-License-Identifier: MIT */
/* Writing JSON: indentation, commas, escapes and numbers. */
#ifndef IFP_UTIL_JSON_WRITE_H
#define IFP_UTIL_JSON_WRITE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/text.h"

/* Zero-initialise; take the result with ifp_text_take(&json.text). Nesting is at most 31 deep. */
struct ifp_json {
    struct ifp_text text;
    unsigned depth;
    unsigned filled;       /* one bit per level: the next value needs a comma before it */
    unsigned inline_depth; /* levels from this one inward stay on one line; 0: no level does */
};

/* `key` is NULL inside a list. `one_line` keeps the whole value on one line. */
void ifp_json_open(struct ifp_json *json, const char *key, char bracket, bool one_line);
void ifp_json_close(struct ifp_json *json, char bracket);
void ifp_json_string(struct ifp_json *json, const char *key, const char *value);
/* Writes null if the value is not finite. */
void ifp_json_number(struct ifp_json *json, const char *key, double value);
void ifp_json_bool(struct ifp_json *json, const char *key, bool value);
void ifp_json_null(struct ifp_json *json, const char *key);
/* Text that is JSON already. Its strings are escaped as in ifp_json_string. */
void ifp_json_raw(struct ifp_json *json, const char *key, const char *value);

#endif
