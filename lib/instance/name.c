/* SPDX-License-Identifier: MIT */
/* The rules for names: nonempty UTF-8 text on one line without invisible characters. */
#include "instance/name.h"

#include "util/unicode.h"
#include "util/utf8.h"

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
        enum ifp_unicode kind = ifp_unicode_kind(point);
        if (kind != IFP_UNICODE_SHOWN) {
            char spelled[IFP_UNICODE_SPELLED_SIZE];
            ifp_unicode_spell(point, spelled);
            return ifp_error_set(error, IFP_ERROR_VALUE, where,
                                 "found %s in \"%s\", a %s; allowed: text without control "
                                 "characters, bidirectional controls, invisible characters and "
                                 "noncharacters",
                                 spelled, name, ifp_unicode_words(kind));
        }
    }
    return IFP_OK;
}
