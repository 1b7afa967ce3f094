/* SPDX-License-Identifier: MIT */
/* The part of the result document that a solution and a check have in common. */
#ifndef IFP_RESULT_DOCUMENT_H
#define IFP_RESULT_DOCUMENT_H

#include <inferplan/plan.h>

#include "util/json_write.h"

struct ifp_document {
    const char *instance; /* its name */
    const char *status;
    double objective; /* as the two below: not finite is written as null */
    double bound;
    double gap;
    const ifp_plan *plan;   /* NULL: none */
    const ifp_check *check; /* NULL: none */
};

/* (objective - bound) / max(1, |objective|); +infinity where either is not finite. */
double ifp_document_gap(double objective, double bound);

/* Opens the document and writes its members from "format" to "max_violation". */
void ifp_document_begin(struct ifp_json *json, const struct ifp_document *document);

/* Closes it; NULL when memory ran out. */
char *ifp_document_end(struct ifp_json *json);

#endif
