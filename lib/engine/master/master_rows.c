/* SPDX-License-Identifier: MIT */
/* Memory for the rows of the master's LP, which are added one by one. */
#include <stdlib.h>

#include "engine/master/master_lp.h"

bool ifp_master_grow_rows(struct ifp_master *master)
{
    size_t rows = master->active_count + 1;
    if (rows <= master->row_capacity)
        return true;
    size_t capacity = 2 * rows;
    size_t *active = realloc(master->active, capacity * sizeof *active);
    if (active)
        master->active = active;
    double *row_value = realloc(master->row_value, capacity * sizeof *row_value);
    if (row_value)
        master->row_value = row_value;
    size_t entries = ifp_coupling_entries_max(master->problem->query_count) + capacity;
    size_t *index = realloc(master->index, entries * sizeof *index);
    if (index)
        master->index = index;
    double *entry = realloc(master->entry, entries * sizeof *entry);
    if (entry)
        master->entry = entry;
    if (!active || !row_value || !index || !entry)
        return false;
    master->row_capacity = capacity;
    return true;
}
