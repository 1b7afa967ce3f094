/* SPDX-License-Identifier: MIT */
/*
 * Growing arrays on the heap. `array` is always the address of the pointer to the first element, of
 * any type of object; the pointer may be NULL. `size` is that of an element, at least 1. New
 * elements are not initialised.
 */
#ifndef IFP_UTIL_ARRAY_H
#define IFP_UTIL_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Grow an array that has a capacity of *capacity elements to at least `needed` elements:
 *
 *     if (!ifp_array_reserve(&list->items, &list->capacity, list->count + 1, sizeof *list->items))
 *         return false;
 *
 * Returns false if out of memory or if the size overflows; the array and *capacity are then
 * unchanged.
 */
bool ifp_array_reserve(void *array, size_t *capacity, size_t needed, size_t size);

/* The capacity that ifp_array_reserve gives an array: `capacity` if it suffices, else at least
 * twice as much, so that appending n elements one by one moves O(n) of them. For arrays that share
 * a capacity: resize each to the result, then keep it. */
size_t ifp_array_growth(size_t capacity, size_t needed);

/* Set the capacity to exactly `capacity` elements, at least 1. Returns false if out of memory or if
 * the size overflows; the array is then unchanged. */
bool ifp_array_resize(void *array, size_t capacity, size_t size);

#endif
