/* SPDX-License-Identifier: MIT */
/* The version of the interface. The build reads it, and programs can check it. */
#ifndef INFERPLAN_VERSION_H
#define INFERPLAN_VERSION_H

#include <inferplan/export.h>

#define IFP_VERSION_MAJOR 0
#define IFP_VERSION_MINOR 1
#define IFP_VERSION_PATCH 0

IFP_BEGIN_DECLS

/*
 * The version of the library that is running, "MAJOR.MINOR.PATCH". Compare it with the macros
 * above to find out whether the program was compiled against the same release.
 * The text is static and must not be freed. May be called from any thread.
 */
IFP_API const char *ifp_version(void);

IFP_END_DECLS

#endif
