/* SPDX-License-Identifier: MIT */
/* A place in the instance for messages, such as profiles[0].points[2].tpot_ms. */
#ifndef IFP_INSTANCE_PLACE_H
#define IFP_INSTANCE_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/error.h"
#include "util/text.h"

/* A chain to the root, on the stack. It becomes text only for an error. */
struct ifp_place {
    const struct ifp_place *up; /* NULL: the document */
    const char *key;            /* NULL: use index */
    size_t index;
    bool member; /* does `key` name a member of a list? */
};

void ifp_place_write(const struct ifp_place *place, struct ifp_text *text);

/* Report a message at a place. Returns IFP_ERROR_VALUE or IFP_ERROR_MEMORY. The format is that of
 * ifp_text_format. */
int ifp_place_refuse(const struct ifp_place *place, struct ifp_error *error, const char *format,
                     ...) IFP_FORMAT(3, 4);

#endif
