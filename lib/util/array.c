/* SPDX-License-Identifier: MIT */
/* Growing arrays. */
#include "util/array.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The smallest capacity. */
enum { FIRST = 16 };

bool ifp_array_reserve(void *array, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity)
        return true;
    size_t largest = SIZE_MAX / 2 / size;
    if (needed > largest)
        return false;
    size_t grown = *capacity > largest / 2 ? largest : 2 * *capacity;
    if (grown < FIRST)
        grown = largest < FIRST ? largest : FIRST;
    if (grown < needed)
        grown = needed;
    /* Through an lvalue of type void *, an access to a pointer of another type would be undefined.
     */
    void *items;
    memcpy(&items, array, sizeof items);
    items = realloc(items, grown * size);
    if (!items)
        return false;
    memcpy(array, &items, sizeof items);
    *capacity = grown;
    return true;
}
