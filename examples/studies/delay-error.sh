#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The delay limits x the error limits: 5 x 11 cells.
#
# usage: delay-error.sh [OPTION OF inferplan sweep]... > delay-error.csv
#
# The command is $INFERPLAN where that is set, else inferplan. See README.md for the axes.

set -eu

# The uncertainty that is planned for: none (nominal values), or budget, as in the paper.
KIND=${KIND:-budget}

exec "${INFERPLAN:-inferplan}" sweep "$(dirname "$0")/../instances/icc2025.json" --csv \
    --set uncertainty.kind="$KIND" \
    --vary 'queries[*].delay_limit_ms=scale:0.001,scale:0.002,scale:0.004,scale:0.008,scale:1' \
    --vary 'queries[*].error_limit=scale:0.5:1.5:11' \
    "$@"
