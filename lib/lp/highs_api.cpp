// SPDX-License-Identifier: MIT
//
// The only file that includes HiGHS's own header. Declarations of ours that differ from it do not
// compile.
//
// It also stops HiGHS's exceptions. HiGHS's C interface lets them through, into C code that cannot
// catch them: running out of memory would end the process. The C functions in between are compiled
// with -fexceptions (see meson.build here) and own no memory, so an exception may leave them.
#include <interfaces/highs_c_api.h>

#include "lp/highs_api.h"

#include <new>

static_assert(static_cast<int>(IFP_HIGHS_ERROR) == kHighsStatusError, "status");
static_assert(static_cast<int>(IFP_HIGHS_OK) == kHighsStatusOk, "status");
static_assert(static_cast<int>(IFP_HIGHS_MODEL_OPTIMAL) == kHighsModelStatusOptimal, "model");
static_assert(static_cast<int>(IFP_HIGHS_MODEL_INFEASIBLE) == kHighsModelStatusInfeasible, "model");
static_assert(static_cast<int>(IFP_HIGHS_MODEL_OBJECTIVE_BOUND) == kHighsModelStatusObjectiveBound,
              "model");
static_assert(static_cast<int>(IFP_HIGHS_MODEL_TIME_LIMIT) == kHighsModelStatusTimeLimit, "model");
static_assert(static_cast<int>(IFP_HIGHS_MODEL_ITERATION_LIMIT) == kHighsModelStatusIterationLimit,
              "model");
static_assert(static_cast<int>(IFP_HIGHS_BASIS_LOWER) == kHighsBasisStatusLower, "basis");
static_assert(static_cast<int>(IFP_HIGHS_BASIS_BASIC) == kHighsBasisStatusBasic, "basis");
static_assert(static_cast<int>(IFP_HIGHS_BASIS_UPPER) == kHighsBasisStatusUpper, "basis");
static_assert(static_cast<int>(IFP_HIGHS_BASIS_ZERO) == kHighsBasisStatusZero, "basis");
static_assert(static_cast<int>(IFP_HIGHS_BASIS_NONBASIC) == kHighsBasisStatusNonbasic, "basis");

enum ifp_highs_thrown ifp_highs_guard(void (*work)(void *), void *argument)
{
    try {
        work(argument);
    } catch (const std::bad_alloc &) {
        return IFP_HIGHS_MEMORY;
    } catch (...) {
        return IFP_HIGHS_OTHER;
    }
    return IFP_HIGHS_NOTHING;
}
