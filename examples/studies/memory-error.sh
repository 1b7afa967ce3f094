#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The memory of GPUs x the error limits: 7 x 11 cells.
#
# usage: memory-error.sh [OPTION OF inferplan sweep]... > memory-error.csv
#
# The command is $INFERPLAN where that is set, else inferplan. See README.md for the axes.

set -eu

# The uncertainty that is planned for: none (nominal values), or budget, as in the paper.
KIND=${KIND:-budget}

exec "${INFERPLAN:-inferplan}" sweep "$(dirname "$0")/../instances/icc2025.json" --csv \
    --set uncertainty.kind="$KIND" \
    --vary 'tiers[*].memory_gb=scale:0.5:2:7' \
    --vary 'queries[*].error_limit=scale:0.5:1.5:11' \
    "$@"
