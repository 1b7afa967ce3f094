/* SPDX-License-Identifier: MIT */
/* Which characters may be shown unchanged in a line of text. */
#ifndef IFP_UTIL_UNICODE_H
#define IFP_UTIL_UNICODE_H

#include <stdbool.h>
#include <stdint.h>

enum ifp_unicode {
    IFP_UNICODE_SHOWN,
    IFP_UNICODE_CONTROL,      /* C0, DEL, C1, and the line and paragraph separators */
    IFP_UNICODE_DIRECTION,    /* marks, embeddings, overrides and isolates that reorder text */
    IFP_UNICODE_INVISIBLE,    /* other format characters: names that differ by them look equal */
    IFP_UNICODE_NONCHARACTER, /* never assigned; U+FFFE and U+FFFF are not allowed in XML */
};

/* The joiners U+200C and U+200D and the variation selectors count as shown: words of some languages
 * and emoji need them. Surrogates and numbers above U+10FFFF count as noncharacters. */
enum ifp_unicode ifp_unicode_kind(uint32_t point);

/* The kind in words, such as "control character". */
const char *ifp_unicode_words(enum ifp_unicode kind);

/* Writes "U+202E", with at least four digits, and a NUL. */
enum { IFP_UNICODE_SPELLED_SIZE = 12 };
void ifp_unicode_spell(uint32_t point, char spelled[IFP_UNICODE_SPELLED_SIZE]);

#endif
