/* SPDX-License-Identifier: MIT */
/* A place in the instance for messages. */
#include "instance/place.h"

#include <stdarg.h>

void ifp_place_write(const struct ifp_place *place, struct ifp_text *text)
{
    if (!place)
        return;
    ifp_place_write(place->up, text);
    if (!place->key)
        ifp_text_format(text, "[%zu]", place->index);
    else if (place->member)
        ifp_text_format(text, "[%s]", place->key);
    else
        ifp_text_format(text, text->size ? ".%s" : "%s", place->key);
}

int ifp_place_refuse(const struct ifp_place *place, struct ifp_error *error, const char *format,
                     ...)
{
    struct ifp_text where = {0};
    struct ifp_text what = {0};
    va_list arguments;
    va_start(arguments, format);
    ifp_text_vformat(&what, format, arguments);
    va_end(arguments);
    ifp_place_write(place, &where);
    int code = where.failed || what.failed
                   ? ifp_error_memory(error)
                   : ifp_error_set(error, IFP_ERROR_VALUE, where.data, "%s", what.data);
    ifp_text_clear(&where);
    ifp_text_clear(&what);
    return code;
}
