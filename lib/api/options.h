/* SPDX-License-Identifier: MIT */
/* The options handle, of which a model keeps a copy. */
#ifndef IFP_API_OPTIONS_H
#define IFP_API_OPTIONS_H

#include "engine/options.h"

/* Copy the values and callbacks. */
void ifp_options_take(struct ifp_options *to, const struct ifp_options *from);

#endif
