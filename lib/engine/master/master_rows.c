/* SPDX-License-Identifier: MIT */
/* Memory for the rows of the master's LP, which are added one by one. */
#include "engine/master/master_lp.h"

#include "util/array.h"

bool ifp_master_grow_rows(struct ifp_master *master)
{
    size_t rows = master->active_count + 1;
    if (rows <= master->row_capacity)
        return true;
    size_t capacity = ifp_array_growth(master->row_capacity, rows);
    size_t entries = ifp_coupling_entries_max(master->problem->query_count) + capacity;
    if (!ifp_array_resize(&master->active, capacity, sizeof *master->active) ||
        !ifp_array_resize(&master->row_value, capacity, sizeof *master->row_value) ||
        !ifp_array_resize(&master->index, entries, sizeof *master->index) ||
        !ifp_array_resize(&master->entry, entries, sizeof *master->entry))
        return false;
    master->row_capacity = capacity;
    return true;
}
