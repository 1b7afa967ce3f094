/* SPDX-License-Identifier: MIT */
/* The members of the result document that a solution and a check have in common. */
#ifndef IFP_RESULT_DOCUMENT_H
#define IFP_RESULT_DOCUMENT_H

#include <inferplan/plan.h>

#include "util/json_write.h"

struct ifp_document {
    const char *instance; /* its name */
    const char *status;
    double objective; /* objective, bound and gap are written as null if not finite */
    double bound;
    double gap;
    const ifp_check *check; /* with the plan; may be NULL */
};

/* (objective - bound) / max(1, |objective|); +infinity if either is not finite. */
double ifp_document_gap(double objective, double bound);

/* Opens the document and writes its members from "format" to "max_violation". */
void ifp_document_begin(struct ifp_json *json, const struct ifp_document *document);

/* Closes the document and returns its text; NULL if out of memory. */
char *ifp_document_end(struct ifp_json *json);

#endif
