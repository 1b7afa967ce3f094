/* SPDX-License-Identifier: MIT */
/* The words of an enumeration's values, as documents and messages spell them. */
#ifndef IFP_UTIL_WORDS_H
#define IFP_UTIL_WORDS_H

#include <stddef.h>

struct ifp_word {
    int value;
    const char *word;
};

/* The word of a value; NULL if the table does not have it. */
static inline const char *ifp_word_find(const struct ifp_word *table, size_t count, int value)
{
    for (size_t w = 0; w < count; w++) {
        if (table[w].value == value)
            return table[w].word;
    }
    return NULL;
}

#define IFP_WORD_OF(table, value) ifp_word_find(table, sizeof(table) / sizeof *(table), value)

#endif
