/* SPDX-License-Identifier: MIT */
/*
 * The part of HiGHS's C interface that highs.c and highs_solve.c use, and the border to its C++.
 * HiGHS's own header is not included in C: it defines objects, so a program with a static
 * libinferplan could not include it as well. highs_api.cpp compares these declarations with that
 * header.
 */
#ifndef IFP_LP_HIGHS_API_H
#define IFP_LP_HIGHS_API_H

#include <util/HighsInt.h>

#ifdef __cplusplus
extern "C" {
#endif

enum ifp_highs_status { IFP_HIGHS_ERROR = -1, IFP_HIGHS_OK = 0 };

enum ifp_highs_model_status {
    IFP_HIGHS_MODEL_OPTIMAL = 7,
    IFP_HIGHS_MODEL_INFEASIBLE = 8,
    IFP_HIGHS_MODEL_OBJECTIVE_BOUND = 11,
    IFP_HIGHS_MODEL_TIME_LIMIT = 13,
    IFP_HIGHS_MODEL_ITERATION_LIMIT = 14
};

enum ifp_highs_basis_status {
    IFP_HIGHS_BASIS_LOWER = 0,
    IFP_HIGHS_BASIS_BASIC = 1,
    IFP_HIGHS_BASIS_UPPER = 2,
    IFP_HIGHS_BASIS_ZERO = 3,
    IFP_HIGHS_BASIS_NONBASIC = 4
};

void *Highs_create(void);
void Highs_destroy(void *highs);
HighsInt Highs_clearModel(void *highs);
HighsInt Highs_clearSolver(void *highs);

HighsInt Highs_setBoolOptionValue(void *highs, const char *option, const HighsInt value);
HighsInt Highs_setIntOptionValue(void *highs, const char *option, const HighsInt value);
HighsInt Highs_setDoubleOptionValue(void *highs, const char *option, const double value);
HighsInt Highs_setStringOptionValue(void *highs, const char *option, const char *value);

HighsInt Highs_addCols(void *highs, const HighsInt count, const double *cost, const double *lower,
                       const double *upper, const HighsInt entries, const HighsInt *start,
                       const HighsInt *index, const double *value);
HighsInt Highs_addRows(void *highs, const HighsInt count, const double *lower, const double *upper,
                       const HighsInt entries, const HighsInt *start, const HighsInt *index,
                       const double *value);
HighsInt Highs_changeColsBoundsBySet(void *highs, const HighsInt count, const HighsInt *set,
                                     const double *lower, const double *upper);
HighsInt Highs_changeRowsBoundsBySet(void *highs, const HighsInt count, const HighsInt *set,
                                     const double *lower, const double *upper);
HighsInt Highs_deleteColsByMask(void *highs, HighsInt *mask);
HighsInt Highs_deleteRowsByMask(void *highs, HighsInt *mask);
HighsInt Highs_getNumNz(const void *highs);
HighsInt Highs_getColsByRange(const void *highs, const HighsInt first, const HighsInt last,
                              HighsInt *count, double *cost, double *lower, double *upper,
                              HighsInt *entries, HighsInt *start, HighsInt *index, double *value);

HighsInt Highs_run(void *highs);
double Highs_getRunTime(const void *highs);
HighsInt Highs_getModelStatus(const void *highs);
HighsInt Highs_getIntInfoValue(const void *highs, const char *info, HighsInt *value);
HighsInt Highs_getDoubleInfoValue(const void *highs, const char *info, double *value);
HighsInt Highs_getSolution(const void *highs, double *value, double *reduced, double *activity,
                           double *multiplier);
HighsInt Highs_getDualRay(const void *highs, HighsInt *there, double *multiplier);
HighsInt Highs_setBasis(void *highs, const HighsInt *columns, const HighsInt *rows);
HighsInt Highs_getBasis(const void *highs, HighsInt *columns, HighsInt *rows);
HighsInt Highs_getBasicVariables(const void *highs, HighsInt *variables);
HighsInt Highs_getBasisInverseRow(const void *highs, const HighsInt row, double *vector,
                                  HighsInt *count, HighsInt *index);

enum ifp_highs_thrown {
    IFP_HIGHS_NOTHING = 0,
    IFP_HIGHS_MEMORY = 1, /* std::bad_alloc */
    IFP_HIGHS_OTHER = 2   /* any other exception */
};

/* Call work(argument). If an exception leaves it, memory that `work` itself owns is leaked. */
enum ifp_highs_thrown ifp_highs_guard(void (*work)(void *), void *argument);

#ifdef __cplusplus
}
#endif

#endif
