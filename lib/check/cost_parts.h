/* SPDX-License-Identifier: MIT */
/*
 * The parts of a plan's cost, which add up to the total. The table of them is IFP_COST_PARTS; all
 * code that lists the parts iterates over it, in its order:
 *
 *     part     the part's name in the enumerations: IFP_COST_PART_<part> is its index here, and
 *              IFP_COST_<part> its number in the public enum ifp_cost
 *     penalty  is it charged over penalty_hours? Other parts are charged over rental_hours
 *     key      its name in documents, data frames and columns of sweeps
 *     label    its name in headings
 *     title    its name in sentences and legends
 *     colour   its colour in pictures; colour-blind readers can distinguish all of them
 *
 * A new part is a row here, a value of enum ifp_cost, its sum in check.c, its division in bill.c,
 * and a field of Costs in inferplan.hpp and in the Python package. Tests compare the latter with
 * the table.
 */
#ifndef IFP_CHECK_COST_PARTS_H
#define IFP_CHECK_COST_PARTS_H

#include <stddef.h>

#include <inferplan/plan.h>

/* clang-format off */
#define IFP_COST_PARTS(row)                                                    \
    row(RENTAL,  0, "rental_usd",  "rental",  "rental",       "#4477aa")       \
    row(STORAGE, 0, "storage_usd", "storage", "storage",      "#66ccee")       \
    row(DELAY,   1, "delay_usd",   "delay",   "delay",        "#ccbb44")       \
    row(UNMET,   1, "unmet_usd",   "unmet",   "unmet demand", "#ee6677")
/* clang-format on */

#define IFP_COST_PART_INDEX(product, penalty, key, label, title, colour) IFP_COST_PART_##product,
enum ifp_cost_part_index { IFP_COST_PARTS(IFP_COST_PART_INDEX) IFP_COST_PART_COUNT };
#undef IFP_COST_PART_INDEX

/* By enum ifp_cost_part_index. */
extern const ifp_cost_part ifp_cost_parts[IFP_COST_PART_COUNT];

/* The index of the part with that number in enum ifp_cost; IFP_COST_PART_COUNT if it is not the
 * number of a part. */
size_t ifp_cost_part_find(int cost);

#endif
