#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The prices of GPUs x the error limits: 11 x 11 cells.
#
# usage: gpu-cost-error.sh [OPTION OF inferplan sweep]... > gpu-cost-error.csv
#
# The command is $INFERPLAN where that is set, else inferplan. See README.md for the axes.

set -eu

# The uncertainty that is planned for: none (nominal values), or budget, as in the paper.
KIND=${KIND:-budget}

exec "${INFERPLAN:-inferplan}" sweep "$(dirname "$0")/../instances/icc2025.json" --csv \
    --set uncertainty.kind="$KIND" \
    --vary 'tiers[*].usd_per_hour=scale:0.5:1.5:11' \
    --vary 'queries[*].error_limit=scale:0.5:1.5:11' \
    "$@"
