/* SPDX-License-Identifier: MIT */
/* Marks what the library exports; everything else is hidden. */
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
