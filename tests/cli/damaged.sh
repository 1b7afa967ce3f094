#!/bin/sh
# SPDX-License-Identifier: MIT
# Damaged instances: each must be refused with exit status 2, an empty standard output, and one
# line on standard error that names the file and the place.
#
# usage: damaged.sh INFERPLAN INSTANCES-DIRECTORY        (prints TAP)

set -u
program=$1
sample=$2/seed-sample.json
here=$(dirname "$0")
case $program in
*/*) program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program") ;;
esac

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
python3 "$here/damaged.py" "$sample" "$work" || exit 1
cp "$sample" "$work/undamaged.json"
cd "$work" || exit 1

echo "1..$(($(wc -l <cases.tsv) + 1))"
number=0
failures=0

report() { # VERDICT NAME
    number=$((number + 1))
    echo "$1 $number - $2"
    [ "$1" = ok ] || failures=$((failures + 1))
}

# The sample itself is fine, so that what follows is due to the damage.
"$program" export undamaged.json --format lp >out 2>err
status=$?
if [ $status -eq 0 ]; then
    report ok "undamaged.json is accepted"
else
    report "not ok" "undamaged.json is accepted"
    echo "# exit status $status: $(cat err)"
fi

tab=$(printf '\t')
while IFS=$tab read -r file place; do
    "$program" solve "$file" >out 2>err </dev/null
    status=$?
    problem=
    [ $status -eq 2 ] || problem="exit status $status"
    [ -s out ] && problem="$problem, standard output is not empty"
    [ "$(wc -l <err)" -eq 1 ] || problem="$problem, $(wc -l <err) lines on standard error"
    grep -qF "inferplan: $file: $place: " err || problem="$problem, the place is not named"
    if [ -z "$problem" ]; then
        report ok "$file: $place"
    else
        report "not ok" "$file: $place"
        echo "# ${problem#, }; standard error begins: $(head -c 400 err | head -n 1)"
    fi
done <cases.tsv

[ $failures -eq 0 ]
