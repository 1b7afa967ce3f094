/* SPDX-License-Identifier: MIT */
/*
 * Reading JSON text. jansson builds the values, but two things are checked before it is called:
 *
 *   Syntax   is checked here, without allocating. jansson reports some failed allocations as syntax
 *            errors; if the syntax is known to be right, such a report means a failed allocation.
 *   Length   of the longest token is measured. If jansson cannot grow its token buffer, it drops a
 *            character and continues, so a number silently loses a digit. The text is therefore
 *            passed as the second member of a list whose first member is a string at least as long
 *            as any token of the text. If that string arrives whole, the buffer never grows again.
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include "util/json_read.h"

#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/utf8.h"

/* Reads the text byte by byte. The end of the text reads as a byte that is never allowed. */
struct scanner {
    const char *text;
    size_t length;
    size_t at;           /* the next byte */
    size_t longest;      /* bytes of the longest token so far */
    const char *allowed; /* what is allowed at the place of the error */
};

static const int END = -1;

/* The maximum number of bytes of a token that a message shows. */
enum { FOUND_MAX = 63 };

static int peek(const struct scanner *scanner)
{
    return scanner->at < scanner->length ? (unsigned char)scanner->text[scanner->at] : END;
}

static bool refuse(struct scanner *scanner, const char *allowed)
{
    scanner->allowed = allowed;
    return false;
}

static bool is_digit(int byte)
{
    return byte >= '0' && byte <= '9';
}

static int hex_value(int byte)
{
    if (is_digit(byte))
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return -1;
}

static void skip_space(struct scanner *scanner)
{
    for (;; scanner->at++) {
        int byte = peek(scanner);
        if (byte != ' ' && byte != '\t' && byte != '\n' && byte != '\r')
            return;
    }
}

/* Read the four digits of \uXXXX. */
static bool scan_hex(struct scanner *scanner, uint32_t *unit)
{
    *unit = 0;
    for (int d = 0; d < 4; d++, scanner->at++) {
        int value = hex_value(peek(scanner));
        if (value < 0)
            return refuse(scanner, "four hexadecimal digits after \\u");
        *unit = *unit * 16 + (uint32_t)value;
    }
    return true;
}

static bool scan_escape(struct scanner *scanner)
{
    size_t start = scanner->at++;
    int byte = peek(scanner);
    if (byte == END || !strchr("\"\\/bfnrtu", byte) || byte == 0)
        return refuse(scanner, "one of \" \\ / b f n r t u after a backslash");
    scanner->at++;
    if (byte != 'u')
        return true;
    uint32_t unit;
    uint32_t low = 0;
    if (!scan_hex(scanner, &unit))
        return false;
    bool good = unit != 0 && (unit < 0xdc00 || unit > 0xdfff);
    if (good && unit >= 0xd800 && unit < 0xdc00) {
        if (peek(scanner) == '\\' && scanner->at + 1 < scanner->length &&
            scanner->text[scanner->at + 1] == 'u') {
            scanner->at += 2;
            if (!scan_hex(scanner, &low))
                return false;
        }
        good = low >= 0xdc00 && low <= 0xdfff;
    }
    if (good)
        return true;
    scanner->at = start;
    return refuse(scanner,
                  unit == 0 ? "any character but \\u0000" : "a whole surrogate pair after \\u");
}

static bool scan_utf8(struct scanner *scanner)
{
    uint32_t point;
    size_t bytes =
        ifp_utf8_decode(scanner->text + scanner->at, scanner->length - scanner->at, &point);
    scanner->at += bytes;
    return bytes || refuse(scanner, "UTF-8");
}

static bool scan_string(struct scanner *scanner)
{
    scanner->at++;
    for (;;) {
        int byte = peek(scanner);
        if (byte == '"') {
            scanner->at++;
            return true;
        }
        if (byte < 0x20)
            return refuse(scanner, "'\"' to end the string (control characters are escaped)");
        if (byte == '\\') {
            if (!scan_escape(scanner))
                return false;
        } else if (byte >= 0x80) {
            if (!scan_utf8(scanner))
                return false;
        } else {
            scanner->at++;
        }
    }
}

static bool scan_digits(struct scanner *scanner)
{
    if (!is_digit(peek(scanner)))
        return refuse(scanner, "a digit");
    while (is_digit(peek(scanner)))
        scanner->at++;
    return true;
}

static bool scan_number(struct scanner *scanner)
{
    if (peek(scanner) == '-')
        scanner->at++;
    if (peek(scanner) == '0') {
        scanner->at++;
        if (is_digit(peek(scanner)))
            return refuse(scanner, "a number without a leading 0");
    } else if (!scan_digits(scanner)) {
        return false;
    }
    if (peek(scanner) == '.') {
        scanner->at++;
        if (!scan_digits(scanner))
            return false;
    }
    if (peek(scanner) == 'e' || peek(scanner) == 'E') {
        scanner->at++;
        if (peek(scanner) == '+' || peek(scanner) == '-')
            scanner->at++;
        if (!scan_digits(scanner))
            return false;
    }
    return true;
}

static bool scan_word(struct scanner *scanner, const char *word)
{
    size_t size = strlen(word);
    if (scanner->length - scanner->at < size || memcmp(scanner->text + scanner->at, word, size))
        return refuse(scanner, "a value (a number, string, list, object, true, false or null)");
    scanner->at += size;
    return true;
}

/* Read a number, a string or a word. */
static bool scan_scalar(struct scanner *scanner)
{
    size_t start = scanner->at;
    int byte = peek(scanner);
    bool good = byte == '"'                     ? scan_string(scanner)
                : byte == '-' || is_digit(byte) ? scan_number(scanner)
                : byte == 't'                   ? scan_word(scanner, "true")
                : byte == 'f'                   ? scan_word(scanner, "false")
                                                : scan_word(scanner, "null");
    if (good && scanner->at - start > scanner->longest)
        scanner->longest = scanner->at - start;
    return good;
}

/* Read a key and its colon. */
static bool scan_key(struct scanner *scanner, const char *allowed)
{
    skip_space(scanner);
    if (peek(scanner) != '"')
        return refuse(scanner, allowed);
    if (!scan_scalar(scanner))
        return false;
    skip_space(scanner);
    if (peek(scanner) != ':')
        return refuse(scanner, "':' after a key");
    scanner->at++;
    return true;
}

/* Is the text one JSON value? Open brackets are kept in a stack of fixed size. */
static bool scan_text(struct scanner *scanner)
{
    char open[IFP_JSON_DEPTH_MAX];
    size_t depth = 0;
    for (;;) {
        skip_space(scanner);
        int byte = peek(scanner);
        bool complete = true; /* a value ends here; false if one opens */
        if (byte == '[' || byte == '{') {
            if (depth == IFP_JSON_DEPTH_MAX)
                return refuse(scanner, "at most 512 lists and objects inside each other");
            scanner->at++;
            open[depth] = (char)(byte + 2); /* the closing one: two further in ASCII */
            skip_space(scanner);
            if (peek(scanner) == open[depth]) {
                scanner->at++;
            } else {
                depth++;
                complete = false;
                if (byte == '{' && !scan_key(scanner, "a key in quotes or '}'"))
                    return false;
            }
        } else if (!scan_scalar(scanner)) {
            return false;
        }
        while (complete && depth > 0) {
            skip_space(scanner);
            bool object = open[depth - 1] == '}';
            if (peek(scanner) == open[depth - 1]) {
                scanner->at++;
                depth--;
            } else if (peek(scanner) == ',') {
                scanner->at++;
                complete = false;
                if (object && !scan_key(scanner, "a key in quotes after ','"))
                    return false;
            } else {
                return refuse(scanner, object ? "',' or '}'" : "',' or ']'");
            }
        }
        if (complete)
            break;
    }
    skip_space(scanner);
    return scanner->at == scanner->length || refuse(scanner, "nothing after the value");
}

static void put_place(struct ifp_text *where, const char *text, size_t offset)
{
    size_t line = 1;
    size_t column = 1;
    for (size_t c = 0; c < offset; c++) {
        if (text[c] == '\n') {
            line++;
            column = 1;
        } else if (!ifp_utf8_continues(text[c])) {
            column++;
        }
    }
    ifp_text_format(where, "line %zu, column %zu", line, column);
}

/* Append the text at the offset, as far as it can be shown on one line. */
static void put_found(struct ifp_text *found, const char *text, size_t length, size_t offset)
{
    static const char hex[] = "0123456789abcdef";
    if (offset >= length) {
        ifp_text_string(found, "the end of the text");
        return;
    }
    unsigned char byte = (unsigned char)text[offset];
    if (byte > 0x20 && byte < 0x7f) {
        ifp_text_format(found, "'%c'", byte);
    } else if (byte == '\n' || byte == '\r') {
        ifp_text_string(found, "the end of the line");
    } else {
        ifp_text_format(found, "byte 0x%c%c", hex[byte >> 4], hex[byte & 15]);
    }
}

static int syntax_error(struct ifp_error *error, const char *text, size_t offset,
                        const struct ifp_text *message)
{
    struct ifp_text where = {0};
    put_place(&where, text, offset);
    int code = where.failed || message->failed
                   ? ifp_error_memory(error)
                   : ifp_error_set(error, IFP_ERROR_SYNTAX, where.data, "%s", message->data);
    ifp_text_clear(&where);
    return code;
}

static int report_scanner(const struct scanner *scanner, struct ifp_error *error)
{
    struct ifp_text message = {0};
    ifp_text_string(&message, "found ");
    put_found(&message, scanner->text, scanner->length, scanner->at);
    ifp_text_format(&message, "; allowed: %s", scanner->allowed);
    int code = syntax_error(error, scanner->text, scanner->at, &message);
    ifp_text_clear(&message);
    return code;
}

/* The offset at which the token that ends at `end` begins. */
static size_t token_start(const char *text, size_t end)
{
    size_t start = end;
    if (end > 0 && text[end - 1] == '"') {
        size_t slashes;
        start--;
        do {
            start--;
            slashes = 0;
            while (slashes < start && text[start - 1 - slashes] == '\\')
                slashes++;
        } while (start > 0 && (text[start] != '"' || slashes % 2));
    } else {
        while (start > 0 && text[start - 1] != '\0' && strchr("0123456789+-.eE", text[start - 1]))
            start--;
    }
    return start;
}

/* Report that jansson refused a text of right syntax; `end` is how far it had read. */
static int report_jansson(enum json_error_code reason, const char *text, size_t length, size_t end,
                          struct ifp_error *error)
{
    if (end > length ||
        (reason != json_error_duplicate_key && reason != json_error_numeric_overflow))
        return ifp_error_memory(error);
    struct ifp_text message = {0};
    size_t start = token_start(text, end);
    ifp_text_string(&message, "found ");
    ifp_text_shorten(&message, text + start, end - start, FOUND_MAX);
    ifp_text_string(&message, reason == json_error_duplicate_key
                                  ? " again; allowed: each key of an object once"
                                  : "; allowed: a number that is not too large to be held");
    int code = syntax_error(error, text, start, &message);
    ifp_text_clear(&message);
    return code;
}

/* `["xxx...x",` TEXT `]`, in pieces of the size that jansson asks for. */
struct feed {
    const char *text;
    size_t length;
    size_t padding;
    size_t at;
};

static const char feed_head[] = "[\"";
static const char feed_middle[] = "\",";

/* Copies the part of data[0..size) that falls into the next piece; `data` lies at `start` of the
 * whole. */
static size_t feed_piece(const struct feed *feed, size_t start, const char *data, size_t size,
                         char *to, size_t capacity)
{
    size_t offset = feed->at - start;
    if (feed->at < start || offset >= size)
        return 0;
    size_t count = size - offset < capacity ? size - offset : capacity;
    if (data)
        memcpy(to, data + offset, count);
    else
        memset(to, 'x', count);
    return count;
}

static size_t feed_length_before_text(const struct feed *feed)
{
    return strlen(feed_head) + feed->padding + strlen(feed_middle);
}

static size_t feed_next(void *buffer, size_t size, void *user)
{
    struct feed *feed = user;
    const struct {
        const char *data;
        size_t size;
    } pieces[] = {{feed_head, strlen(feed_head)},
                  {NULL, feed->padding},
                  {feed_middle, strlen(feed_middle)},
                  {feed->text, feed->length},
                  {"]", 1}};
    size_t filled = 0;
    size_t start = 0;
    for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
        size_t count = feed_piece(feed, start, pieces[p].data, pieces[p].size,
                                  (char *)buffer + filled, size - filled);
        feed->at += count;
        filled += count;
        start += pieces[p].size;
    }
    return filled;
}

int ifp_json_parse(const char *text, size_t length, json_t **root, struct ifp_error *error)
{
    *root = NULL;
    struct scanner scanner = {.text = text, .length = length};
    if (!scan_text(&scanner))
        return report_scanner(&scanner, error);

    /* jansson reads numbers by the thread's locale, and ends the program if the decimal sign of the
     * locale is longer than one byte. */
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!plain)
        return ifp_error_memory(error);
    locale_t before = uselocale(plain);
    struct feed feed = {.text = text, .length = length, .padding = scanner.longest};
    json_error_t failure;
    memset(&failure, 0, sizeof failure);
    json_t *list = json_load_callback(feed_next, &feed, JSON_REJECT_DUPLICATES, &failure);
    (void)uselocale(before);
    freelocale(plain);

    int code = IFP_OK;
    if (!list) {
        /* The position is an int: it is useless past 2 GiB, or if it was never set. */
        size_t end = SIZE_MAX;
        if (failure.text[0] && failure.position > 0 &&
            (size_t)failure.position >= feed_length_before_text(&feed))
            end = (size_t)failure.position - feed_length_before_text(&feed);
        code = report_jansson(json_error_code(&failure), text, length, end, error);
    } else if (json_string_length(json_array_get(list, 0)) != feed.padding) {
        code = ifp_error_memory(error);
    } else {
        *root = json_incref(json_array_get(list, 1));
    }
    json_decref(list);
    return code;
}

char *ifp_json_dump(const json_t *value)
{
    /* jansson also writes numbers by the thread's locale. */
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!plain)
        return NULL;
    locale_t before = uselocale(plain);
    char *text = json_dumps(value, JSON_REAL_PRECISION(17));
    (void)uselocale(before);
    freelocale(plain);
    return text;
}

void ifp_json_describe(struct ifp_text *text, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        ifp_text_string(text, "an object");
        break;
    case JSON_ARRAY:
        ifp_text_string(text, json_array_size(value) ? "a list" : "an empty list");
        break;
    case JSON_STRING:
        ifp_text_string(text, "\"");
        ifp_text_shorten(text, json_string_value(value), json_string_length(value), FOUND_MAX);
        ifp_text_string(text, "\"");
        break;
    case JSON_INTEGER:
    case JSON_REAL:
        ifp_text_number(text, json_number_value(value));
        break;
    case JSON_TRUE:
        ifp_text_string(text, "true");
        break;
    case JSON_FALSE:
        ifp_text_string(text, "false");
        break;
    case JSON_NULL:
        ifp_text_string(text, "null");
        break;
    }
}
