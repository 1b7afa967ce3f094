/* SPDX-License-Identifier: MIT */
/* Text of any origin, made fit for one line of a terminal. */
#include "terminal/printable.h"

#include <stdbool.h>

#include "util/unicode.h"
#include "util/utf8.h"

void make_printable(char *line)
{
    for (char *at = line; *at;) {
        const char *next = at;
        bool shown = ifp_unicode_kind(ifp_utf8_next(&next)) == IFP_UNICODE_SHOWN;
        for (; at < next; at++)
            *at = shown ? *at : '?';
    }
}
