/* SPDX-License-Identifier: MIT */
/* What went wrong: a code, one line of text, and the place it speaks of. */
#ifndef INFERPLAN_ERROR_H
#define INFERPLAN_ERROR_H

#include <inferplan/export.h>

IFP_BEGIN_DECLS

/* What a call came to. The numbers never change and are never used again for something else. */
enum ifp_code {
    IFP_OK = 0,
    /* Memory ran out. Handles stay valid and unchanged. */
    IFP_ERROR_MEMORY = -1,
    /* An argument is not one the function takes: a NULL handle, an index out of range. */
    IFP_ERROR_ARGUMENT = -2,
    /* A file could not be opened, read or written. */
    IFP_ERROR_FILE = -3,
    /* A text is not JSON, or repeats a key; the place is a line and a column. */
    IFP_ERROR_SYNTAX = -4,
    /* A field is unknown, missing, of the wrong type or shape, or out of range; the place is a
     * path such as queries[2].rate_per_hour. */
    IFP_ERROR_VALUE = -5,
    /* The request is meaningful, but this version cannot do it. */
    IFP_ERROR_UNSUPPORTED = -6,
    /* The LP solver failed in a way that could not be repaired. */
    IFP_ERROR_ENGINE = -7,
    /* The handle is in use by another call that has not returned: "the model is being solved". */
    IFP_ERROR_BUSY = -8
};

typedef struct ifp_error ifp_error;

/* An empty error, to pass to functions that report into one; NULL when out of memory. */
IFP_API ifp_error *ifp_error_new(void);
IFP_API void ifp_error_free(ifp_error *error);

/* The enum ifp_code of the last failure reported into it, IFP_OK if none. Takes NULL (IFP_OK). */
IFP_API int ifp_error_code(const ifp_error *error);

/* One line, without control characters and bidirectional controls: the file where one was read, the
 * place, what was found and what is allowed. Empty if nothing failed. Borrowed. */
IFP_API const char *ifp_error_message(const ifp_error *error);

/* The place alone: "line 3, column 14" or "queries[2].rate_per_hour"; empty where there is none.
 * Borrowed. */
IFP_API const char *ifp_error_where(const ifp_error *error);

IFP_END_DECLS

#endif
