#!/bin/sh
# SPDX-License-Identifier: MIT
# The programs of bench/: the greedy heuristics' plans hold and are never better than the optimum,
# and solving again finds what solving from nothing finds. No times.
#
# usage: run.sh GREEDY RESOLVE INFERPLAN INSTANCES-DIRECTORY DATA-DIRECTORY OVERSHOOT (prints TAP)

set -u
# absolute FILE   prints it with its directory, so that it holds in another one
absolute() {
    echo "$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"
}
greedy=$(absolute "$1")
resolve=$(absolute "$2")
inferplan=$(absolute "$3")
instances=$(cd "$4" && pwd) || exit 1
data=$(cd "$5" && pwd) || exit 1
overshoot=$(absolute "$6")
here=$(cd "$(dirname "$0")" && pwd) || exit 1

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

# shellcheck source=tests/cli/tap.sh
. "$here/../cli/tap.sh"

# plans FILE OPTIMUM   both heuristics' plans hold, and are not better than the optimum; AGH's is not
# worse than GH's, which is where it starts from
plans() {
    file=$1
    label=$(basename "$file" .json)
    program=$greedy
    for method in gh agh; do
        expect "$label: $method" 0 --method $method --json "$file"
        cp out "$method.json"
    done
    program=$inferplan
    for method in gh agh; do
        expect "$label: the command's check of $method" 0 check "$file" $method.json
    done
    holds "$label: the optimum, AGH and GH in this order" \
        "$2 - 1e-4 * abs($2) <= d['objective_usd'] <= \
            json.load(open('gh.json'))['objective_usd'] * (1 + 1e-9)" agh.json
}

plans "$instances/icc2025.json" 469.46807
plans "$instances/icc2025-ddu.json" 453.61117
plans "$instances/seed-sample.json" 15300
tab=$(printf '\t')
while IFS=$tab read -r file status optimum; do
    case $file,$status in
    paper-*,optimal | slo-*,optimal) plans "$data/$file" "$optimum" ;;
    esac
done <"$data/optima.tsv"

program=$greedy
expect "one method in words" 0 --method agh --permutations 3 --seed 7 "$instances/icc2025.json"
if grep -q '^agh seconds [0-9.]* feasible objective [0-9.]* $' out && [ "$(wc -l <out)" -eq 1 ]; then
    pass "one line, with the check's word"
else
    fail "one line, with the check's word" "$(head -n 1 out)"
fi
run --seed 7 --json "$instances/icc2025.json"
mv out first
run --seed 7 --json "$instances/icc2025.json"
if [ -s out ] && cmp -s first out; then
    pass "equal seeds, equal plans"
else
    fail "equal seeds, equal plans" "$(cmp first out)"
fi
run --method other "$instances/icc2025.json"
if [ $status -eq 2 ] && [ ! -s out ]; then
    pass "an unknown method is refused"
else
    fail "an unknown method is refused" "exit status $status"
fi

run "$data/fast-and-bulk.json"
if [ $status -eq 2 ] && [ ! -s out ] && grep -q 'profiles' err; then
    pass "an instance with profiles is refused"
else
    fail "an instance with profiles is refused" "exit status $status"
fi

program=$resolve
expect "solving again" 0 --gap 0.001 "$instances/seed-sample.json" \
    'queries[*].unmet_penalty_usd=scale:11.1' 'tiers[0].usd_per_hour=0.3'
says "one row for each change" "tiers[0].usd_per_hour=0.3"
expect "solving again, the usual changes" 0 "$data/paper-6x6x10-3-single-served-route.json"
run "$instances/seed-sample.json" 'tiers[*].colour=1'
if [ $status -eq 2 ] && grep -q 'colour' err; then
    pass "an unknown field is refused"
else
    fail "an unknown field is refused" "exit status $status"
fi

# one_line NAME WORDS COMMAND...   bad usage or input: one line with these words
one_line() {
    name=$1
    words=$2
    shift 2
    "$@" >out 2>err </dev/null
    status=$?
    if [ $status -eq 2 ] && [ "$(wc -l <err)" -eq 1 ] && grep -qF -e "$words" err; then
        pass "$name"
    else
        fail "$name" "exit status $status"
    fi
}
bench=$here/../../bench
compare() { # NAME WORDS FILE...
    one_line "compare.py: $1" "$2" python3 "$bench/compare.py" --solvers inferplan \
        --build "$(dirname "$(dirname "$inferplan")")" "$3"
}
echo '{"name": "x", "queries": [], "models": [], "tiers": []}' >empty.json
compare "a file that is not there" "nothing.json: No such file" nothing.json
compare "a file of something else" "this is no instance" "$data/optima.tsv"
compare "an instance that is none" "compare.py: empty.json: format: missing" empty.json
one_line "compare.py: a race against one that does not run" "--race: gh is not one of" \
    python3 "$bench/compare.py" --solvers inferplan --race gh \
    --build "$(dirname "$(dirname "$inferplan")")" "$instances/icc2025.json"
generate() { # NAME WORDS ARGUMENT...
    name="generate.py: $1"
    words=$2
    shift 2
    one_line "$name" "$words" python3 "$bench/generate.py" "$@"
}
generate "no arguments" "usage: "
generate "another family" "allowed: paper, slo, fleet" other 3 3 3 1
generate "no number" 'found "3 x 3"' paper 3 x 3 1
generate "another field" "no such PATH=WORD; allowed: placement, " paper 3 3 3 1 colour=red
generate "another word" 'kind: found "other"; allowed: none, budget' paper 3 3 3 1 kind=other

# overshoots OPTION...   a header, and four numbers for each of two limits
overshoots() {
    expect "overshoot: $*" 0 "$@" "$instances/seed-sample.json" 0.2 0.4
    if [ "$(awk 'NR > 1 && NF == 4' out | wc -l)" -eq 2 ]; then
        pass "overshoot: its two lines"
    else
        fail "overshoot: its two lines" "$(cat out)"
    fi
}
program=$overshoot
overshoots --engine mip
one_line "overshoot: another engine" "allowed: " "$overshoot" --engine other \
    "$instances/seed-sample.json" 1

echo "1..$number"
[ $failures -eq 0 ]
