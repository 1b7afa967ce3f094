/* SPDX-License-Identifier: MIT */
/* Reading a whole file into memory. */
#ifndef IFP_UTIL_FILE_H
#define IFP_UTIL_FILE_H

#include <stddef.h>

#include "util/error.h"

/* The largest file that is read, 1 GiB. Instances are far smaller, and reading a wrong path (a
 * device, a disk image) up to here does no harm. */
#define IFP_FILE_SIZE_MAX ((size_t)1 << 30)

/*
 * Returns the bytes of the file and a NUL after them, owned by the caller (free). *size does not
 * count the NUL. Returns NULL with IFP_ERROR_FILE or IFP_ERROR_MEMORY in error. The path "-" is a
 * file of that name.
 */
char *ifp_file_read(const char *path, size_t *size, struct ifp_error *error);

#endif
