/* SPDX-License-Identifier: MIT */
/* Text of any origin, made fit for one line of a terminal. */
#include "terminal/printable.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The ranges of lib/util/unicode.c, which programs cannot reach. */
static const struct {
    unsigned long first;
    unsigned long last;
} hidden[] = {
    {0x0, 0x1f},      {0x7f, 0x9f},     {0xad, 0xad},       {0x61c, 0x61c},     {0x180e, 0x180e},
    {0x200b, 0x200b}, {0x200e, 0x200f}, {0x2028, 0x202e},   {0x2060, 0x206f},   {0xfdd0, 0xfdef},
    {0xfeff, 0xfeff}, {0xfff0, 0xfffb}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe00ff},
};

static bool is_shown(unsigned long point)
{
    for (size_t h = 0; h < sizeof hidden / sizeof *hidden; h++) {
        if (point >= hidden[h].first && point <= hidden[h].last)
            return false;
    }
    return (point & 0xfffe) != 0xfffe;
}

/* The bytes of the UTF-8 character at `at`; 0 if there is none, or one that is not shown. */
static size_t printable_length(const unsigned char *at)
{
    if (at[0] < 0x80)
        return is_shown(at[0]);
    size_t length = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    if (at[0] < 0xc2 || at[0] > 0xf4)
        return 0;
    unsigned long point = at[0] & (0x7fu >> length);
    for (size_t more = 1; more < length; more++) {
        if ((at[more] & 0xc0) != 0x80)
            return 0;
        point = point << 6 | (at[more] & 0x3f);
    }
    static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
    bool surrogate = point >= 0xd800 && point < 0xe000;
    return point < least[length] || point > 0x10ffff || surrogate || !is_shown(point) ? 0 : length;
}

void make_printable(char *line)
{
    for (char *at = line; *at;) {
        size_t length = printable_length((const unsigned char *)at);
        if (!length)
            *at = '?';
        at += length ? length : 1;
    }
}
