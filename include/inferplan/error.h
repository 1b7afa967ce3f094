/* SPDX-License-Identifier: MIT */
/* Errors: a code, a message of one line, and the place of the mistake. */
#ifndef INFERPLAN_ERROR_H
#define INFERPLAN_ERROR_H

#include <inferplan/export.h>

IFP_BEGIN_DECLS

/* Result codes. Each number keeps its meaning for ever and is never reused. */
enum ifp_code {
    IFP_OK = 0,
    /* Memory ran out. Handles stay valid and unchanged. */
    IFP_ERROR_MEMORY = -1,
    /* An argument is invalid, such as a NULL handle or an index out of range. */
    IFP_ERROR_ARGUMENT = -2,
    /* A file could not be opened, read or written. */
    IFP_ERROR_FILE = -3,
    /* A text is not JSON, or it repeats a key. The place is a line and a column. */
    IFP_ERROR_SYNTAX = -4,
    /* A field is unknown, missing, of the wrong type or shape, or out of range. The place is a path
     * such as queries[2].rate_per_hour. */
    IFP_ERROR_VALUE = -5,
    /* The request is meaningful, but this version cannot do it. */
    IFP_ERROR_UNSUPPORTED = -6,
    /* The LP solver failed and could not recover. */
    IFP_ERROR_ENGINE = -7,
    /* Another call that has not returned uses the handle: "the model is being solved". */
    IFP_ERROR_BUSY = -8
};

typedef struct ifp_error ifp_error;

/* An empty error, to pass to functions that report errors. NULL if out of memory. */
IFP_API ifp_error *ifp_error_new(void);
IFP_API void ifp_error_free(ifp_error *error);

/* The enum ifp_code of the last failure reported into error. IFP_OK if no call has failed, or if
 * error is NULL. */
IFP_API int ifp_error_code(const ifp_error *error);

/* The message: one line without control characters and bidirectional controls. It has the path of
 * the file if one was read, the place, what was found and what is allowed. Empty if no call has
 * failed. Borrowed. */
IFP_API const char *ifp_error_message(const ifp_error *error);

/* The place alone: "line 3, column 14" or "queries[2].rate_per_hour". Empty if the error has no
 * place. Borrowed. */
IFP_API const char *ifp_error_where(const ifp_error *error);

IFP_END_DECLS

#endif
