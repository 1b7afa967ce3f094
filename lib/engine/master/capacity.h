/* SPDX-License-Identifier: MIT */
/* The capacities of a deployment that its query types use up. */
#ifndef IFP_ENGINE_MASTER_CAPACITY_H
#define IFP_ENGINE_MASTER_CAPACITY_H

enum ifp_capacity {
    IFP_CAPACITY_MEMORY, /* of the KV cache */
    IFP_CAPACITY_LOAD,   /* of compute */
    IFP_CAPACITY_SLOTS,  /* for requests that run at the same time */
    IFP_CAPACITY_COUNT
};

#endif
