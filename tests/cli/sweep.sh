#!/bin/sh
# SPDX-License-Identifier: MIT
# Grids of solves: what may be varied, what is refused, and rows that do not depend on anything but
# the grid.
#
# usage: sweep.sh INFERPLAN INSTANCES-DIRECTORY        (prints TAP)

set -u
program=$1
case $program in
*/*) program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program") ;;
esac
instances=$(cd "$2" && pwd) || exit 1
here=$(cd "$(dirname "$0")" && pwd) || exit 1
root=$(dirname "$(dirname "$here")")

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
sed 's/"delay_penalty_usd_per_ms": [0-9.]*/"delay_penalty_usd_per_ms": 0.0001/' \
    "$instances/seed-sample.json" >"$work/sample.json" || exit 1
python3 "$here/hard.py" >"$work/hard.json" || exit 1
cd "$work" || exit 1
python3 -c "import json
d = json.load(open('sample.json'))
for key in 'queries', 'models', 'tiers':
    d[key] = d[key][:1]
d['tiers'][0].pop('tp_speedup')
d['horizon'].pop('penalty_hours')
d['performance'] = {'delay_ms_per_token': 1, 'error_rate': 0}
json.dump(d, open('one.json', 'w'))" || exit 1

# shellcheck source=tests/cli/tap.sh
. "$here/tap.sh"

rows() { # NAME CONDITION   a Python condition on the rows r of CSV (standard output), dictionaries
    if python3 -c "import csv,sys
r = list(csv.DictReader(open('out', newline=''), strict=True))
sys.exit(0 if ($2) else 1)" 2>python-err; then
        pass "$1"
    else
        fail "$1" "not so: $2 $(tail -n 1 python-err)"
    fi
}

line_of() { # NAME STATUS WORDS   the last run's status, and one line with these words
    if [ "$status" -eq "$2" ] && [ "$(wc -l <err)" -eq 1 ] && grep -q '^inferplan: ' err &&
        grep -qF -e "$3" err; then
        pass "$1"
    else
        fail "$1" "exit status $status, or standard error does not say: $3"
    fi
}

# --- values

values() { # PATH VALUES EXPECTED   what the column holds, separated by blanks
    run sweep one.json --csv --vary "$1=$2"
    if [ "$status" -ne 0 ]; then
        fail "--vary $1=$2" "exit status $status"
        return
    fi
    rows "--vary $1=$2" "' '.join(x['''$1'''].replace(' ', '') for x in r) == '$3'"
}

budget=limits.budget_usd
values $budget 0:6:13 "0 0.5 1 1.5 2 2.5 3 3.5 4 4.5 5 5.5 6"
values $budget 0.1:0.7:7 "0.1 0.2 0.3 0.4 0.5 0.6 0.7"
values $budget 6:0:3 "6 3 0"
values $budget 1:0.9:2 "1 0.9"
values $budget 7:7:1 "7"
values $budget 7:7:2 "7 7"
values $budget 1e-3:1e3:3 "0.001 500.0005 1000"
values $budget 800 "800"
values $budget 1e3,0.10,+5,-0,null "1000 0.1 5 0 null"
values $budget " 1, 2 ,3" "1 2 3"
values $budget 0.1234567890123456,1e-300 "0.1234567890123456 1e-300"
values $budget scale:2,scale:0.10 "scale:2 scale:0.1"
values $budget 100:300:3,null,scale:1:2:3,5 "100 200 300 null scale:1 scale:1.5 scale:2 5"
values performance.delay_shrink -0.3:0.3:7 "-0.3 -0.2 -0.1 0 0.1 0.2 0.3"
values 'tiers[*].usd_per_hour' scale:0.5:2:7 \
    "scale:0.5 scale:0.75 scale:1 scale:1.25 scale:1.5 scale:1.75 scale:2"
values policy.placement single,matching,split "single matching split"
values 'tiers[0].tp_degrees' '[1,2],[ 4 ],2' "[1,2] [4] 2"
run sweep one.json --csv --vary $budget=0:1:4
rows "numbers without a short decimal are those of the formula" \
    "[float(x['$budget']) for x in r] == [0 + (1 - 0) * k / 3 for k in range(4)]"
run sweep one.json --csv --vary $budget=3:1000:1000
rows "numbers between are spaced evenly" \
    "[float(x['$budget']) for x in r] == [3 + 997 * k / 999 for k in range(1000)] or \
max(abs(float(x['$budget']) - (3 + 997 * k / 999)) / (3 + 997 * k / 999) for k, x in enumerate(r)) \
< 1e-15"
run sweep one.json --csv --vary $budget=-0:1e15:3 --vary limits.storage_gb=1e15:9e14:2
rows "large numbers" "[x['$budget'] for x in r][::2] == ['0', '500000000000000', '1e+15']"

# --- refusals

refuse "no --vary" "sweep needs --vary PATH=VALUES" sweep one.json
refuse "no file" "needs FILE" sweep --vary $budget=1
refuse "no values" "found \"\"; a value is missing; allowed: a:b:n" sweep one.json \
    --vary $budget=
refuse "a value missing" "a value is missing" sweep one.json --vary $budget=1,,2
refuse "a value missing at the end" "a value is missing" sweep one.json --vary $budget=1,
refuse "no =" "PATH=VALUES is expected" sweep one.json --vary $budget
refuse "no path" "PATH=VALUES is expected" sweep one.json --vary =1:2:3
refuse "the same path twice" "--vary $budget is given twice" sweep one.json --vary $budget=1 \
    --vary $budget=2
for bad in 1:2 1:2:3:4 1:x:3 :2:3 1::3 1e400:2:3 1:nan:2 scale:1:2 scale:1:2:3:4 scale:a:b:3; do
    refuse "--vary $bad" "found \"$bad\"; allowed: a:b:n or scale:a:b:n" sweep one.json \
        --vary "$budget=$bad"
done
for bad in 1:2:0 1:2:-3 1:2:1.5 1:2: 1:2:x 1:2:1000001 1:2:1e300 scale:1:2:0; do
    refuse "--vary $bad" "found \"$bad\"; allowed behind the last colon: how many values, a whole" \
        sweep one.json --vary "$budget=5,$bad"
done
refuse "one value at two ends" "found \"0:6:1\"; one value cannot be both ends" sweep one.json \
    --vary $budget=0:6:1
refuse "no factor" "found \"scale:x\"; allowed: scale:F" sweep one.json --vary $budget=scale:x
refuse "too many cells" "the grid has more than 1000000 cells" sweep one.json \
    --vary $budget=0:1:1001 --vary limits.storage_gb=1:2:1000
refuse "too many values" "more than 1000000 values" sweep one.json \
    --vary $budget=0:1:999999,0:1:999999
refuse "an instance too large in every cell" "--memory-limit-mb: found an instance that may need" \
    sweep one.json --vary $budget=1,2 --memory-limit-mb 1e-6
run sweep one.json --csv --vary 'tiers[*].tp_degrees=[1]' --memory-limit-mb 1e-6
if [ "$(wc -l <out)" -eq 2 ] && grep -q "may need" out; then
    pass "a field that decides the size is tried"
else
    fail "a field that decides the size is tried" "$(head -n 1 out)"
fi
refuse "an unknown field" "one.json: --vary limits.bugdet_usd=1: limits.bugdet_usd: there is no" \
    sweep one.json --vary limits.bugdet_usd=1:2:3
refuse "an unknown member" "queries[poetry]" sweep one.json --vary 'queries[poetry].max_unmet=0,1'
refuse "a bad number among good ones" "--vary $budget=-2: $budget: found -2; allowed: a number" \
    sweep one.json --vary policy.placement=single,split --vary $budget=-2:2:5
refuse "a factor too large" "queries[*].error_limit: found 1.1; allowed: a number from 0 to 1" \
    sweep one.json --vary 'queries[*].error_limit=scale:1:22:2' --set 'queries[*].error_limit=0.05'
refuse "a bad word" "found \"any\"; allowed: one of single, matching, split" sweep one.json \
    --vary policy.placement=single,any
refuse "null for a number" "found null" sweep one.json --vary 'tiers[*].usd_per_hour=1,null'
refuse "a number too large" "1e400, which is too large" sweep one.json --vary $budget=1e400
refuse "not a number" "found \"nan\"" sweep one.json --vary $budget=1,nan
refuse "a list that does not close" "found \"[1, 2\"" sweep one.json \
    --vary 'tiers[0].tp_degrees=[1, 2'
refuse "an empty list" "found an empty list" sweep one.json --vary 'tiers[0].tp_degrees=[]'
refuse "what contradicts the file in every cell" "uncertainty.delay_budget: missing" \
    sweep one.json --vary uncertainty.kind=budget --vary policy.placement=single,split
refuse "one value that contradicts the file" "--vary uncertainty.kind=budget" \
    sweep one.json --vary policy.placement=single,split --vary uncertainty.kind=none,budget
refuse "a value that nothing goes with" "--vary tiers[0].tp_degrees=[1] --vary tiers[0].tp_speedup" \
    sweep one.json --vary 'tiers[0].tp_degrees=[1],[1, 2]' --vary 'tiers[0].tp_speedup[1]=1:2:3'
refuse "a bad --set" "--set limits.x=1" sweep one.json --vary $budget=1 --set limits.x=1
refuse "--csv with --json" "--csv and --json contradict" sweep one.json --vary $budget=1 --csv --json
refuse "--quiet with --progress" "contradict" sweep one.json --vary $budget=1 --quiet --progress
for bad in 0 -1 1.5 x "" 1025 1e9; do
    refuse "--jobs '$bad'" "--jobs: found \"$bad\"; allowed: a whole number from 1 to 1024" \
        sweep one.json --vary $budget=1 --jobs="$bad"
done
refuse "an option of solve, wrong" "inferplan: --gap: " sweep one.json --vary $budget=1 --gap 2
refuse "a file that is not there" "inferplan: nothing.json: " sweep nothing.json --vary $budget=1

# --- order, and the same whatever does the work

grid="--vary limits.budget_usd=1,10:30:3,null --vary queries[*].delay_limit_ms=scale:0.2:1:4 \
--vary policy.placement=single,split"
# shellcheck disable=SC2086
expect "--jobs 1" 0 sweep sample.json --csv --jobs 1 $grid
rows "the last one varies fastest" "[tuple(x.values())[:3] for x in r] == \
[(b, s, p) for b in ('1', '10', '20', '30', 'null') \
for s in ('scale:0.2', 'scale:0.466666666666667', 'scale:0.733333333333333', 'scale:1') \
for p in ('single', 'split')] or \
[(x['$budget'], x['policy.placement']) for x in r] == \
[(b, p) for b in ('1', '10', '20', '30', 'null') for s in range(4) for p in ('single', 'split')]"
rows "there is a row for each cell" "len(r) == 40 and len({tuple(x.values())[:3] for x in r}) == 40"
rows "every cell is solved" "all(x['status'] == 'optimal' and float(x['gap']) <= 1e-4 for x in r)"
python3 "$here/sweep.py" strip out >jobs-1
for jobs in 4 64; do
    # shellcheck disable=SC2086
    run sweep sample.json --csv --jobs $jobs $grid
    python3 "$here/sweep.py" strip out >jobs-more
    same "--jobs $jobs gives the same rows as --jobs 1" jobs-1 jobs-more
done
# shellcheck disable=SC2086
run sweep sample.json --csv $grid
python3 "$here/sweep.py" strip out >jobs-more
same "so does the default" jobs-1 jobs-more
# shellcheck disable=SC2086
run sweep sample.json --json --jobs 1 $grid
python3 "$here/sweep.py" strip out >jobs-1
# shellcheck disable=SC2086
run sweep sample.json --json --jobs 4 $grid
python3 "$here/sweep.py" strip out >jobs-more
same "and so does --json" jobs-1 jobs-more
# shellcheck disable=SC2086
"$program" sweep - --json $grid <sample.json >out 2>err
python3 "$here/sweep.py" strip out >jobs-more
same "- is standard input" jobs-1 jobs-more

as_solve() { # NAME FILE PATH=VALUES...   every cell, to the last digit
    name=$1
    shift
    if python3 "$here/sweep.py" same "$program" "$@" >answer 2>err; then
        pass "as solve: $name"
    else
        fail "as solve: $name" "$(head -n 1 answer)"
    fi
}
as_solve "one cell" sample.json limits.budget_usd=20
as_solve "numbers and words" sample.json policy.placement=single,split limits.budget_usd=1:21:3,null
# Of 33 cells and more, neighbours share a model. The numbers of values are odd so that not only the
# last field changes from one to the other.
as_solve "factors for all members" sample.json 'tiers[*].usd_per_hour=scale:0.1:3:7' \
    'queries[*].delay_limit_ms=scale:0.3:1:5'
as_solve "factors of no limit" sample.json limits.budget_usd=null,3,5 \
    limits.storage_gb=scale:0:1:5 'queries[*].error_limit=scale:0.5,null,scale:1'
as_solve "factors for a whole table" sample.json performance.delay_ms_per_token=scale:0.5:2:5 \
    'performance.error_rate[qa][*][T4-INT8]=scale:0.5:2:7'
as_solve "no candidates" sample.json 'performance.error_rate[qa][*][T4-INT8]=null,0.01:0.05:2' \
    'tiers[0].usd_per_hour=0:1:13'
as_solve "lists, some of the wrong length" sample.json 'tiers[*].tp_degrees=[1],[1, 2],[1, 4]' \
    'tiers[*].tp_speedup=null,[1],[1, 1.5]' 'queries[*].max_unmet=0,0.5:0.6:3,1'
as_solve "lists and their entries" one.json 'tiers[0].tp_degrees=[1, 2],[1, 2, 4],[1, 4]' \
    'tiers[0].tp_speedup[1]=1:2:5' 'queries[0].rate_per_hour=100,1000,1e5'
as_solve "one field by two paths" sample.json 'tiers[*].usd_per_hour=scale:0.5:2:3' \
    'tiers[1].usd_per_hour=scale:1:30:5' 'tiers[T4-INT8].usd_per_hour=scale:1:2:3'
as_solve "uncertainty" sample.json uncertainty.level=cell uncertainty.error_budget=1 \
    uncertainty.delay_budget=0:4:5 'performance.delay_deviation_ms_per_token=0,1,2' \
    uncertainty.kind=none,budget,decision_dependent
as_solve "hours that follow others" one.json limits.budget_usd=1,10,scale:1,2,3 \
    horizon.penalty_hours=null,scale:2,5 horizon.rental_hours=10:20:7

# --- the documents

sed 's/"qa"/"q\\"a, b"/' sample.json >odd.json
expect "CSV with odd names" 0 sweep odd.json --csv \
    --vary 'queries[q"a, b].delay_limit_ms=1000,null' --vary 'tiers[*].tp_degrees=[1, 2],[2,4]' \
    --set 'tiers[*].tp_speedup=null'
rows "reads back" "list(r[0])[:2] == ['queries[q\"a, b].delay_limit_ms', 'tiers[*].tp_degrees'] and \
[x['tiers[*].tp_degrees'] for x in r] == ['[1, 2]', '[2, 4]'] * 2"
rows "has these columns" "list(r[0])[2:] == 'status objective_usd bound_usd gap rental_usd \
storage_usd delay_usd unmet_usd gpus deployments unmet_fraction seconds error'.split()"
if [ "$(grep -c "$(printf '\r')\$" out)" -eq "$(wc -l <out)" ]; then
    pass "every line ends in CR and LF"
else
    fail "every line ends in CR and LF" "some do not"
fi
run sweep odd.json --json --vary 'queries[q"a, b].delay_limit_ms=1000,null' \
    --vary 'tiers[*].usd_per_hour=scale:1,0.5' --vary 'tiers[0].tp_degrees=[1,2]' \
    --vary policy.placement=split
holds "the JSON document" "d['format'] == 'inferplan-sweep' and d['version'] == 1 and \
d['instance'] == 'seed-sample' and len(d['cells']) == 4 and set(d) == \
{'format', 'version', 'instance', 'vary', 'cells'}"
holds "its values" "d['vary'] == [{'path': 'queries[q\"a, b].delay_limit_ms', 'values': [1000, None]}, \
{'path': 'tiers[*].usd_per_hour', 'values': ['scale:1', 0.5]}, \
{'path': 'tiers[0].tp_degrees', 'values': [[1, 2]]}, \
{'path': 'policy.placement', 'values': ['split']}]"
holds "its cells" "[c['values'][:2] for c in d['cells']] == \
[[1000, 'scale:1'], [1000, 0.5], [None, 'scale:1'], [None, 0.5]] and \
all(set(c) == set('values status objective_usd bound_usd gap rental_usd storage_usd delay_usd \
unmet_usd gpus deployments unmet_fraction seconds error'.split()) for c in d['cells'])"
run sweep sample.json --csv --vary 'queries[*].unmet_penalty_usd=0,scale:1' \
    --vary 'queries[qa].error_limit=0,1'
rows "the unmet share is that of all queries" \
    "[float(x['unmet_fraction']) for x in r[:2]] == [1, 1] and float(r[3]['unmet_fraction']) == 0 \
and abs(float(r[2]['unmet_fraction']) - 150 / 450) < 1e-9"
expect "the table" 0 sweep sample.json --vary $budget=10,null --vary policy.placement=single,split
says "has a heading" "limits.budget_usd  policy.placement  status"
if [ "$(grep -Ec '^ +(10|null) +(single|split) +optimal ' out)" -eq 4 ] && ! grep -q ' $' out; then
    pass "and a row for each cell"
else
    fail "and a row for each cell" "$(tail -n 1 out)"
fi
expect "--quiet" 0 sweep sample.json --quiet --vary $budget=10,null
if [ -s out ]; then
    fail "prints nothing" "it does"
else
    pass "prints nothing"
fi
expect "--quiet --csv" 0 sweep sample.json --quiet --csv --vary $budget=10,null
rows "prints the rows" "len(r) == 2"
expect "options of solve" 0 sweep sample.json --csv --vary $budget=10,null --gap 0.5 --engine mip \
    --linearization sos1 --set policy.placement=single

# --- cells without a plan, and cells that are errors

expect "infeasible cells are solved" 0 sweep sample.json --csv --vary $budget=0,500 \
    --set 'queries[*].max_unmet=0'
rows "they have no numbers" "[x['status'] for x in r] == ['infeasible', 'optimal'] and \
all(r[0][k] == '' for k in r[0] if k not in ('$budget', 'status', 'seconds')) and r[0]['seconds']"
run sweep sample.json --json --vary $budget=0,500 --set 'queries[*].max_unmet=0'
holds "nor have they in JSON" "d['cells'][0]['objective_usd'] is None and \
d['cells'][0]['bound_usd'] is None and d['cells'][0]['gpus'] is None"
tokens="--vary queries[qa].input_tokens=0,5 --vary queries[qa].output_tokens=0,5"
# shellcheck disable=SC2086
run sweep sample.json --csv --jobs 1 $tokens
line_of "a contradiction is an error" 2 "sample.json: 1 of 4 cells could not be solved; the first: \
queries[qa].input_tokens=0 queries[qa].output_tokens=0: queries[3].input_tokens: found 0"
rows "and the rest is solved" "[x['status'] for x in r] == ['error'] + ['optimal'] * 3 and \
'allowed: a sum above 0' in r[0]['error'] and r[1]['error'] == '' and r[0]['seconds'] == ''"
# shellcheck disable=SC2086
run sweep sample.json --json $tokens
holds "also in JSON" "d['cells'][0]['status'] == 'error' and d['cells'][1]['error'] is None"
# shellcheck disable=SC2086
run sweep sample.json --quiet $tokens
line_of "also when quiet" 2 "1 of 4 cells"
# shellcheck disable=SC2086
run sweep sample.json $tokens
says "also in the table" "error       queries[3].input_tokens: found 0"
run sweep sample.json --csv --vary uncertainty.level=cell,query \
    --vary policy.placement=single,split --set uncertainty.kind=decision_dependent \
    --set uncertainty.delay_budget=1 --set uncertainty.error_budget=1
line_of "a level that a placement does not go with" 2 "1 of 4 cells could not be solved; the first: \
uncertainty.level=query policy.placement=split: uncertainty.level: found query"
rows "is the only error" "[x['status'] for x in r] == ['optimal'] * 3 + ['error']"
run sweep hard.json --csv --vary $budget=800:1000:3 --set 'queries[*].max_unmet=0' \
    --time-limit 1e-9
if [ "$status" -eq 1 ] && [ ! -s err ]; then
    pass "a time limit is exit status 1"
else
    fail "a time limit is exit status 1" "exit status $status"
fi
rows "its cells say so" "[x['status'] for x in r] == ['no_plan'] * 3"

# --- streams

full() { # NAME ARGUMENT...
    name=$1
    shift
    : >out
    "$program" sweep "$@" >/dev/full 2>err </dev/null
    status=$?
    judge_refusal "$name" 5 "standard output"
}
if [ -c /dev/full ]; then
    full "to a full disk" sample.json --vary $budget=1:2:3
    full "--csv to a full disk" sample.json --vary $budget=1:2:3 --csv
    full "--json to a full disk" sample.json --vary $budget=1:2:3 --json
else
    skip "a full disk" "no /dev/full"
fi
: >out
"$program" sweep sample.json --vary $budget=1:2:3 >&- 2>err </dev/null
status=$?
judge_refusal "a closed standard output" 5 "standard output"
{ "$program" sweep sample.json --csv --vary $budget=1:2:100 2>err; } | head -n 1 >/dev/null
if [ -s err ]; then
    fail "a reader that leaves early" "standard error is not empty"
else
    pass "a reader that leaves early"
fi

# Nothing can be rented in the first cells; the last ones take far longer than a test may.
long="--vary limits.budget_usd=0:0.001:40,1000:2000:40"
# shellcheck disable=SC2086
python3 "$here/sweep.py" stop SIGKILL 6 "$program" sweep hard.json --csv --jobs 2 $long 2>err
status=$?
rows "what is killed leaves whole rows" "$status == 137 and len(r) >= 5 and \
open('out', newline='').read().endswith('\r\n') and all(x['status'] == 'optimal' for x in r[:5]) \
and all(None not in x.values() for x in r)"
# shellcheck disable=SC2086
python3 "$here/sweep.py" stop SIGKILL 12 "$program" sweep hard.json --json --jobs 2 $long 2>err
if python3 -c "import json
text = open('out').read()
json.loads(text.rstrip().rstrip(',') + ']}')"; then
    pass "also in JSON, but for the end"
else
    fail "also in JSON, but for the end" "$(tail -n 1 out)"
fi
# The 41st row is the first that takes long; it may not have been begun.
# shellcheck disable=SC2086
python3 "$here/sweep.py" stop SIGINT 41 "$program" sweep hard.json --csv --jobs 2 $long 2>err
status=$?
line_of "Ctrl-C ends with the status of a limit" 1 "of 80 cells are there"
rows "it leaves what was solved, and what was found" "40 <= len(r) <= 42 and \
all(x['status'] == 'optimal' for x in r[:40]) and \
all(x['status'] in ('feasible', 'no_plan') for x in r[40:]) and \
open('out', newline='').read().endswith('\r\n')"
# shellcheck disable=SC2086
python3 "$here/sweep.py" stop SIGTERM 41 "$program" sweep hard.json --csv --jobs 2 $long 2>err
status=$?
line_of "SIGTERM ends with the status of a limit" 1 "of 80 cells are there"
rows "it leaves the same" "40 <= len(r) <= 42 and \
all(x['status'] == 'optimal' for x in r[:40]) and \
all(x['status'] in ('feasible', 'no_plan') for x in r[40:])"
# shellcheck disable=SC2086
python3 "$here/sweep.py" stop SIGINT 46 "$program" sweep hard.json --json --jobs 1 $long 2>err
status=$?
line_of "Ctrl-C with --json" 1 "of 80 cells are there"
holds "leaves a whole document" "len(d['cells']) in (40, 41) and len(d['vary'][0]['values']) == 80"

run sweep hard.json --csv --progress --time-limit 1.5 --vary $budget=900,1000 --jobs 1
if grep -Eq '^[0-9.]+ s, [01] of 2 cells, 1 running, gap of the next ' err &&
    [ "$(LC_ALL=C tr -d '\n\040-\176' <err | wc -c)" -eq 0 ] && [ "$(wc -l <err)" -le 6 ]; then
    pass "--progress prints plain lines, at most one a second"
else
    fail "--progress prints plain lines, at most one a second" "it does not"
fi
TERM=xterm
export TERM
python3 "$here/terminal.py" 80 0 "$program" sweep hard.json --time-limit 1 --jobs 1 \
    --vary $budget=900,1000 >out 2>err
if grep -q ' of 2 cells, ' out && tr '\r' '\n' <out | grep -q '^ *900  [a-z]'; then
    pass "a terminal gets progress, which is cleared before each row"
else
    fail "a terminal gets progress, which is cleared before each row" "$(head -n 1 out)"
fi
if tr '\r' '\n' <out | grep -v ' cells, ' | grep -q '.\{81\}'; then
    fail "rows fit the terminal" "they do not"
else
    pass "rows fit the terminal"
fi

# --- the studies of the paper

for study in cost-budget=30 delay-error=55 gpu-cost-error=121 memory-error=77; do
    INFERPLAN=$program "$root/examples/studies/${study%=*}.sh" --time-limit 1e-3 >out 2>err
    rows "${study%=*} has its cells" "len(r) == ${study#*=} and \
all(x['status'] in ('optimal', 'feasible', 'no_plan') for x in r)"
done

echo "1..$number"
[ $failures -eq 0 ]
