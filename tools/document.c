/* SPDX-License-Identifier: MIT */
/* Finds the member "instance" of a result document, and compares it with a name. The library does
 * not believe what a document says of itself; people may want to be told. */
#include "document.h"

#include <string.h>

/* The four hexadecimal digits at *at, which moves behind them. */
static unsigned long read_hexadecimal(const char **at)
{
    unsigned long value = 0;
    for (int digit = 0; digit < 4; digit++, (*at)++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        const char *found = strchr(digits, **at);
        value = value * 16 + (found ? (unsigned long)(found - digits) % 16 : 0);
    }
    return value;
}

/* The character behind a backslash at *at, which moves behind it, as UTF-8. Returns its bytes. */
static size_t read_escape(const char **at, char bytes[4])
{
    static const char letters[] = "bfnrt";
    static const char meant[] = "\b\f\n\r\t";
    char letter = *(*at)++;
    if (letter != 'u') {
        const char *found = strchr(letters, letter);
        bytes[0] = found ? meant[found - letters] : letter;
        return 1;
    }
    unsigned long point = read_hexadecimal(at);
    if (point >= 0xd800 && point < 0xdc00) { /* the first of a pair */
        *at += 2;
        point = 0x10000 + ((point - 0xd800) << 10) + (read_hexadecimal(at) - 0xdc00);
    }
    size_t size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t b = size - 1; b > 0; b--, point >>= 6)
        bytes[b] = (char)(0x80 | (point & 0x3f));
    bytes[0] = (char)(lead[size] | point);
    return size;
}

/* Moves *at behind the string that begins there with a quote. Whether it is `expected`. */
static bool read_string(const char **at, const char *expected)
{
    bool same = true;
    size_t rest = strlen(expected);
    for ((*at)++; **at != '"';) {
        char bytes[4];
        size_t size = 1;
        if (**at == '\\') {
            (*at)++;
            size = read_escape(at, bytes);
        } else {
            bytes[0] = *(*at)++;
        }
        same = same && size <= rest && memcmp(bytes, expected, size) == 0;
        if (same) {
            expected += size;
            rest -= size;
        }
    }
    (*at)++;
    return same && rest == 0;
}

bool document_is_of_another(const char *text, size_t length, const char *name)
{
    static const char blanks[] = " \t\n\r";
    int depth = 0;
    const char *at = text;
    while (at < text + length) {
        if (*at == '"') {
            bool key = read_string(&at, "instance") && depth == 1;
            at += strspn(at, blanks);
            if (key && *at == ':') {
                at++;
                at += strspn(at, blanks);
                return *at == '"' && !read_string(&at, name);
            }
            continue;
        }
        if (*at == '{' || *at == '[')
            depth++;
        else if (*at == '}' || *at == ']')
            depth--;
        at++;
    }
    return false;
}
