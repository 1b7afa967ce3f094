/* SPDX-License-Identifier: MIT */
/* Writing JSON: indentation, commas, escapes and numbers. */
#include "util/json_write.h"

#include <math.h>
#include <string.h>

#include "util/unicode.h"
#include "util/utf8.h"

static void put_unit(struct ifp_text *text, uint32_t unit)
{
    static const char hex[] = "0123456789abcdef";
    char escape[] = {
        '\\', 'u', hex[unit >> 12], hex[unit >> 8 & 15], hex[unit >> 4 & 15], hex[unit & 15],
    };
    ifp_text_append(text, escape, sizeof escape);
}

/* Append the character at *value and move *value past it. A character that may not be shown is
 * escaped, since a document may be read on a terminal. */
static void put_character(struct ifp_text *text, const char **value)
{
    const char *c = *value;
    uint32_t point = ifp_utf8_next(value);
    if (point == UINT32_MAX || ifp_unicode_kind(point) == IFP_UNICODE_SHOWN) {
        ifp_text_append(text, c, (size_t)(*value - c));
    } else if (point < 0x10000) {
        put_unit(text, point);
    } else {
        put_unit(text, 0xd800 + ((point - 0x10000) >> 10));
        put_unit(text, 0xdc00 + ((point - 0x10000) & 0x3ff));
    }
}

static void put_string(struct ifp_text *text, const char *value)
{
    ifp_text_append(text, "\"", 1);
    while (*value) {
        if (*value == '"' || *value == '\\')
            ifp_text_append(text, "\\", 1);
        put_character(text, &value);
    }
    ifp_text_append(text, "\"", 1);
}

static bool on_one_line(const struct ifp_json *json)
{
    return json->inline_depth && json->depth >= json->inline_depth;
}

static void new_line(struct ifp_json *json)
{
    ifp_text_append(&json->text, "\n", 1);
    for (unsigned d = 0; d < json->depth; d++)
        ifp_text_append(&json->text, " ", 1);
}

static void begin(struct ifp_json *json, const char *key)
{
    bool one_line = on_one_line(json);
    if (json->filled & (1u << json->depth))
        ifp_text_string(&json->text, one_line ? ", " : ",");
    json->filled |= 1u << json->depth;
    if (json->depth > 0 && !one_line)
        new_line(json);
    if (key) {
        put_string(&json->text, key);
        ifp_text_string(&json->text, ": ");
    }
}

void ifp_json_open(struct ifp_json *json, const char *key, char bracket, bool one_line)
{
    begin(json, key);
    ifp_text_append(&json->text, &bracket, 1);
    json->depth++;
    json->filled &= ~(1u << json->depth);
    if (one_line && !json->inline_depth)
        json->inline_depth = json->depth;
}

void ifp_json_close(struct ifp_json *json, char bracket)
{
    bool one_line = on_one_line(json);
    bool empty = !(json->filled & (1u << json->depth));
    if (json->inline_depth == json->depth)
        json->inline_depth = 0;
    json->depth--;
    if (!one_line && !empty)
        new_line(json);
    ifp_text_append(&json->text, &bracket, 1);
}

void ifp_json_string(struct ifp_json *json, const char *key, const char *value)
{
    begin(json, key);
    put_string(&json->text, value);
}

void ifp_json_number(struct ifp_json *json, const char *key, double value)
{
    begin(json, key);
    if (isfinite(value))
        ifp_text_number(&json->text, value);
    else
        ifp_text_string(&json->text, "null");
}

void ifp_json_bool(struct ifp_json *json, const char *key, bool value)
{
    begin(json, key);
    ifp_text_string(&json->text, value ? "true" : "false");
}

void ifp_json_null(struct ifp_json *json, const char *key)
{
    begin(json, key);
    ifp_text_string(&json->text, "null");
}

void ifp_json_raw(struct ifp_json *json, const char *key, const char *value)
{
    begin(json, key);
    while (*value)
        put_character(&json->text, &value);
}
