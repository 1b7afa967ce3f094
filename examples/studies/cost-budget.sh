#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What unmet demand costs x the budget: 6 x 5 cells.
#
# usage: cost-budget.sh [OPTION OF inferplan sweep]... > cost-budget.csv
#
# The command is $INFERPLAN where that is set, else inferplan. See README.md for the axes.

set -eu

# The uncertainty that is planned for: none (nominal values), or budget, as in the paper.
KIND=${KIND:-budget}

exec "${INFERPLAN:-inferplan}" sweep "$(dirname "$0")/../instances/icc2025.json" --csv \
    --set uncertainty.kind="$KIND" \
    --vary 'queries[*].unmet_penalty_usd=scale:0.5,scale:0.75,scale:1,scale:1.25,scale:1.5,scale:2' \
    --vary 'limits.budget_usd=100:500:5' \
    "$@"
