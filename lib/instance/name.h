/* SPDX-License-Identifier: MIT */
/* The rules for names. */
#ifndef IFP_INSTANCE_NAME_H
#define IFP_INSTANCE_NAME_H

#include "util/error.h"

bool ifp_utf8_valid(const char *text);

/* A name must be nonempty UTF-8, all of whose characters are shown (util/unicode.h). Otherwise
 * returns IFP_ERROR_VALUE at `where`. */
int ifp_name_check(const char *name, const char *where, struct ifp_error *error);

#endif
