/* SPDX-License-Identifier: MIT */
/* IFP_API marks the functions that the library exports. All other symbols are hidden. */
#ifndef INFERPLAN_EXPORT_H
#define INFERPLAN_EXPORT_H

#if defined(__GNUC__) || defined(__clang__)
#define IFP_API __attribute__((visibility("default")))
#else
#define IFP_API
#endif

#ifdef __cplusplus
#define IFP_BEGIN_DECLS extern "C" {
#define IFP_END_DECLS }
#else
#define IFP_BEGIN_DECLS
#define IFP_END_DECLS
#endif

#endif
