/* SPDX-License-Identifier: MIT */
/* Error reports. The struct holds its own text, so that running out of memory can be reported. */
#ifndef IFP_UTIL_ERROR_H
#define IFP_UTIL_ERROR_H

#include <inferplan/error.h>

#include "util/text.h"

enum { IFP_ERROR_WHERE_SIZE = 256, IFP_ERROR_MESSAGE_SIZE = 1024 };

struct ifp_error {
    int code;
    char where[IFP_ERROR_WHERE_SIZE];
    char message[IFP_ERROR_MESSAGE_SIZE];
};

void ifp_error_clear(struct ifp_error *error);

/*
 * Record a failure and return its code: `code`, or IFP_ERROR_MEMORY if there is no memory to format
 * the text. The message is "WHERE: TEXT", or the text alone if `where`
 * is NULL. It is always one readable line: characters that may not be shown are replaced, and the
 * middle of long texts is left out. If `error` is NULL, only the code is returned.
 */
int ifp_error_set(struct ifp_error *error, int code, const char *where, const char *format, ...)
    IFP_FORMAT(4, 5);

/* Put "PREFIX: " before the message, to name the file that was read. */
void ifp_error_prefix(struct ifp_error *error, const char *prefix);

/* Copy one error into another; either may be NULL. Returns the code. */
int ifp_error_copy(struct ifp_error *to, const struct ifp_error *from);

int ifp_error_memory(struct ifp_error *error);

#endif
