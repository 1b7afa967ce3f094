/* SPDX-License-Identifier: MIT */
/* Which characters may be shown unchanged in a line of text. */
#include "util/unicode.h"

#include <stddef.h>

/* In ascending order. Characters that are not listed are shown, except for the noncharacters at the
 * end of each plane. */
static const struct {
    uint32_t first;
    uint32_t last;
    enum ifp_unicode kind;
} ranges[] = {
    {0x0, 0x1f, IFP_UNICODE_CONTROL},           {0x7f, 0x9f, IFP_UNICODE_CONTROL},
    {0xad, 0xad, IFP_UNICODE_INVISIBLE}, /* soft hyphen */
    {0x61c, 0x61c, IFP_UNICODE_DIRECTION},      {0x180e, 0x180e, IFP_UNICODE_INVISIBLE},
    {0x200b, 0x200b, IFP_UNICODE_INVISIBLE}, /* zero width space */
    {0x200e, 0x200f, IFP_UNICODE_DIRECTION},    {0x2028, 0x2029, IFP_UNICODE_CONTROL},
    {0x202a, 0x202e, IFP_UNICODE_DIRECTION},    {0x2060, 0x2065, IFP_UNICODE_INVISIBLE},
    {0x2066, 0x2069, IFP_UNICODE_DIRECTION},    {0x206a, 0x206f, IFP_UNICODE_INVISIBLE},
    {0xd800, 0xdfff, IFP_UNICODE_NONCHARACTER}, {0xfdd0, 0xfdef, IFP_UNICODE_NONCHARACTER},
    {0xfeff, 0xfeff, IFP_UNICODE_INVISIBLE}, /* byte order mark */
    {0xfff0, 0xfffb, IFP_UNICODE_INVISIBLE}, /* interlinear annotations */
    {0x1bca0, 0x1bca3, IFP_UNICODE_INVISIBLE},  {0x1d173, 0x1d17a, IFP_UNICODE_INVISIBLE},
    {0xe0000, 0xe00ff, IFP_UNICODE_INVISIBLE}, /* tags */
};

enum ifp_unicode ifp_unicode_kind(uint32_t point)
{
    if (point > 0x10ffff || (point & 0xfffe) == 0xfffe)
        return IFP_UNICODE_NONCHARACTER;
    for (size_t r = 0; r < sizeof ranges / sizeof *ranges && ranges[r].first <= point; r++) {
        if (point <= ranges[r].last)
            return ranges[r].kind;
    }
    return IFP_UNICODE_SHOWN;
}

const char *ifp_unicode_words(enum ifp_unicode kind)
{
    switch (kind) {
    case IFP_UNICODE_CONTROL:
        return "control character";
    case IFP_UNICODE_DIRECTION:
        return "bidirectional control";
    case IFP_UNICODE_INVISIBLE:
        return "invisible character";
    case IFP_UNICODE_NONCHARACTER:
        return "noncharacter";
    default:
        return "character";
    }
}

void ifp_unicode_spell(uint32_t point, char spelled[IFP_UNICODE_SPELLED_SIZE])
{
    static const char digits[] = "0123456789ABCDEF";
    int shift = 12;
    while (shift < 28 && point >> (shift + 4))
        shift += 4;
    *spelled++ = 'U';
    *spelled++ = '+';
    for (; shift >= 0; shift -= 4)
        *spelled++ = digits[point >> shift & 15];
    *spelled = '\0';
}
