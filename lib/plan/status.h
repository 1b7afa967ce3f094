/* SPDX-License-Identifier: MIT */
/* The words for the status of a document. */
#ifndef IFP_PLAN_STATUS_H
#define IFP_PLAN_STATUS_H

/* The word of an enum ifp_status; NULL if there is no such status. Static. */
const char *ifp_status_word(int status);

#endif
