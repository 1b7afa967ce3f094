/* SPDX-License-Identifier: MIT */
/* The public error handle: a struct ifp_error on the heap. */
#include "util/error.h"

#include <stdlib.h>

ifp_error *ifp_error_new(void)
{
    return calloc(1, sizeof(ifp_error));
}

void ifp_error_free(ifp_error *error)
{
    free(error);
}

int ifp_error_code(const ifp_error *error)
{
    return error ? error->code : IFP_OK;
}

const char *ifp_error_message(const ifp_error *error)
{
    return error ? error->message : "";
}

const char *ifp_error_where(const ifp_error *error)
{
    return error ? error->where : "";
}
