/* SPDX-License-Identifier: MIT */
/* Growing arrays. */
#ifndef IFP_UTIL_ARRAY_H
#define IFP_UTIL_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Make room for `needed` elements of `size` bytes in an array on the heap. `array` is the address
 * of the pointer to its first element, of any type of object; *capacity is how many elements it
 * holds, and 0 if the pointer is NULL:
 *
 *     if (!ifp_array_reserve(&list->items, &list->capacity, list->count + 1, sizeof *list->items))
 *         return false;
 *
 * The capacity at least doubles, so that appending n elements one by one moves O(n) of them. It
 * depends only on the arguments: arrays that share a capacity grow alike, each from a copy of it.
 * Returns false if out of memory or if the size overflows; the array and *capacity are then
 * unchanged. New elements are not initialised.
 */
bool ifp_array_reserve(void *array, size_t *capacity, size_t needed, size_t size);

#endif
