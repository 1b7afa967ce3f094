/* SPDX-License-Identifier: MIT */
/* What a name may be. */
#ifndef IFP_INSTANCE_NAME_H
#define IFP_INSTANCE_NAME_H

#include "util/error.h"

bool ifp_utf8_valid(const char *text);

/* Non-empty UTF-8 of characters that are shown (util/unicode.h); else IFP_ERROR_VALUE at `where`.
 */
int ifp_name_check(const char *name, const char *where, struct ifp_error *error);

#endif
