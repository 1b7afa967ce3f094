/* SPDX-License-Identifier: MIT */
/* Reading a whole file into memory. */
#ifndef IFP_UTIL_FILE_H
#define IFP_UTIL_FILE_H

#include <stddef.h>

#include "util/error.h"

/* The largest file that is read, 1 GiB: far above any instance, and far below what would make a
 * mistaken path (a device, a disk image) hurt. */
#define IFP_FILE_SIZE_MAX ((size_t)1 << 30)

/*
 * The bytes of the file and a NUL after them, owned by the caller (free); *size without the NUL.
 * NULL with IFP_ERROR_FILE or IFP_ERROR_MEMORY in error. A path of "-" is a file of that name.
 */
char *ifp_file_read(const char *path, size_t *size, struct ifp_error *error);

#endif
