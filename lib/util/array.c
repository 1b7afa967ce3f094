/* SPDX-License-Identifier: MIT */
/* Growing arrays on the heap. */
#include "util/array.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The smallest capacity. */
enum { GROWTH_FIRST = 16 };

size_t ifp_array_growth(size_t capacity, size_t needed)
{
    if (needed <= capacity)
        return capacity;
    size_t grown = capacity > SIZE_MAX / 2 ? SIZE_MAX : 2 * capacity;
    if (grown < GROWTH_FIRST)
        grown = GROWTH_FIRST;
    return grown > needed ? grown : needed;
}

bool ifp_array_resize(void *array, size_t capacity, size_t size)
{
    /* No object is larger than half of the address space. */
    if (capacity > SIZE_MAX / 2 / size)
        return false;
    /* Through an lvalue of type void *, an access to a pointer of another type would be
     * undefined. */
    void *items;
    memcpy(&items, array, sizeof items);
    items = realloc(items, capacity * size);
    if (!items)
        return false;
    memcpy(array, &items, sizeof items);
    return true;
}

bool ifp_array_reserve(void *array, size_t *capacity, size_t needed, size_t size)
{
    size_t grown = ifp_array_growth(*capacity, needed);
    if (grown == *capacity)
        return true;
    if (!ifp_array_resize(array, grown, size))
        return false;
    *capacity = grown;
    return true;
}
