/* SPDX-License-Identifier: MIT */
/* Reading a whole file into memory, up to a maximum size. */

/* strerror_r has two signatures; request that of POSIX, whatever the build defines. */
#undef _GNU_SOURCE
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include "util/file.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Report the system's own message, in English in every locale. Thread-safe. */
static int fail(struct ifp_error *error, const char *path, const char *what, int number)
{
    if (number == ENOMEM)
        return ifp_error_memory(error);
    char reason[256];
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = plain ? uselocale(plain) : (locale_t)0;
    if (strerror_r(number, reason, sizeof reason) != 0)
        strcpy(reason, "unknown reason");
    if (plain) {
        (void)uselocale(before);
        freelocale(plain);
    }
    return ifp_error_set(error, IFP_ERROR_FILE, NULL, "%s: %s: %s", path, what, reason);
}

char *ifp_file_read(const char *path, size_t *size, struct ifp_error *error)
{
    char *data = NULL;
    size_t used = 0;
    size_t capacity = (size_t)1 << 14;
    int code = IFP_OK;
    *size = 0;
    errno = 0;
    FILE *file = fopen(path, "rb");
    if (!file) {
        (void)fail(error, path, "cannot be opened", errno);
        return NULL;
    }
    /* Read to the end of the file. Do not ask for its size first: a pipe has no size. */
    for (;;) {
        char *grown = realloc(data, capacity + 1);
        if (!grown) {
            code = ifp_error_memory(error);
            break;
        }
        data = grown;
        errno = 0;
        used += fread(data + used, 1, capacity - used, file);
        if (ferror(file)) {
            code = fail(error, path, "cannot be read", errno);
            break;
        }
        if (used > IFP_FILE_SIZE_MAX) {
            code = ifp_error_set(error, IFP_ERROR_FILE, NULL,
                                 "%s: is larger than 1 GiB, the most that is read", path);
            break;
        }
        if (used < capacity)
            break;
        /* One byte above the maximum, so that a file of exactly that size is read. */
        capacity = capacity < IFP_FILE_SIZE_MAX / 2 ? capacity * 2 : IFP_FILE_SIZE_MAX + 1;
    }
    (void)fclose(file);
    if (code != IFP_OK) {
        free(data);
        return NULL;
    }
    data[used] = '\0';
    *size = used;
    return data;
}
