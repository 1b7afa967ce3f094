/* SPDX-License-Identifier: MIT */
/* What a name may be: non-empty UTF-8 text that fits on a line. */
#include "instance/name.h"

bool ifp_utf8_valid(const char *text)
{
    while (*text) {
        if (ifp_utf8_next(&text) == UINT32_MAX)
            return false;
    }
    return true;
}

int ifp_name_check(const char *name, const char *where, struct ifp_error *error)
{
    if (!*name)
        return ifp_error_set(error, IFP_ERROR_VALUE, where,
                             "found an empty name; allowed: a non-empty name");
    for (const char *c = name; *c;) {
        uint32_t point = ifp_utf8_next(&c);
        if (point == UINT32_MAX)
            return ifp_error_set(error, IFP_ERROR_VALUE, where,
                                 "found bytes that are not UTF-8; allowed: UTF-8 text");
        if (ifp_utf8_control(point))
            return ifp_error_set(error, IFP_ERROR_VALUE, where,
                                 "found a control character in \"%s\"; allowed: text without "
                                 "control characters",
                                 name);
    }
    return IFP_OK;
}
