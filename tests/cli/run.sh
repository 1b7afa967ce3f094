#!/bin/sh
# SPDX-License-Identifier: MIT
# The command line as its users meet it: exit statuses, what goes where, and every option.
#
# usage: run.sh INFERPLAN INSTANCES-DIRECTORY        (prints TAP)

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
# With the sample's own penalties on delay nothing is worth serving; with these everything is.
sed 's/"delay_penalty_usd_per_ms": [0-9.]*/"delay_penalty_usd_per_ms": 0.0001/' \
    "$instances/seed-sample.json" >"$work/sample.json" || exit 1
python3 "$here/hard.py" >"$work/hard.json" || exit 1
cd "$work" || exit 1

# shellcheck source=tests/cli/tap.sh
. "$here/tap.sh"

keep_going() { # FILE ARGUMENT...   with more and more time, until there is a plan; sets $enough
    for enough in 1 4 16 64; do
        run solve "$@" --gap 0 --time-limit $enough
        [ $status -eq 4 ] || break
    done
}

# --- the program itself

expect "--version" 0 --version
if grep -Eqx 'inferplan [0-9]+\.[0-9]+\.[0-9]+' out; then
    pass "--version prints the version"
else
    fail "--version prints the version" "$(head -n 1 out)"
fi
for command in "" solve check sweep stress export; do
    expect "${command:+$command }--help" 0 ${command:+"$command"} --help
    if [ "$(wc -l <out)" -lt 60 ] && ! grep -q '.\{80\}' out; then
        pass "${command:+$command }--help fits a screen"
    else
        fail "${command:+$command }--help fits a screen" "60 lines or more, or a line above 79"
    fi
    says "${command:+$command }--help names the exit statuses" "Exit status"
    grep -o -e '--[a-z][a-z-]*' out | sort -u >options
    missing=
    while read -r option; do
        grep -qF -e "Fl -${option#--}" "$root/docs/inferplan.1" || missing="$missing $option"
    done <options
    if [ -s options ] && [ -z "$missing" ]; then
        pass "${command:-the program}: every option is in the manual page"
    else
        fail "${command:-the program}: every option is in the manual page" "missing:$missing"
    fi
done
run solve --help
for option in --gap --time-limit --engine --linearization --set --json --quiet --progress \
    --report; do
    says "solve --help lists $option" "  $option"
done
expect "--help counts wherever it stands" 0 solve sample.json --json --help
run --help
cp out program-help
run check --help
cp out check-help
for words in "-h" "help"; do
    expect "$words" 0 "$words"
    same "$words is --help" program-help out
done
expect "help on help" 0 help help
same "help on help is --help" program-help out
for words in "check -h" "help check"; do
    # shellcheck disable=SC2086
    expect "$words" 0 $words
    same "$words is check --help" check-help out
done
refuse "help on what is no command" "unknown command \"slove\" (solve?); known" help slove
refuse "help on two commands" "\"check\"" help solve check
refuse "no command" "solve, check, sweep, stress, export"
refuse "an unknown command" "solve, check, sweep, stress, export" slove sample.json
refuse "an option before the command" "--json" --json solve sample.json
refuse "--version with an argument" "sample.json" --version sample.json

# --- options

refuse "an unknown command like none" "unknown command \"plan\"; known" plan sample.json
refuse "an unknown option" "unknown option --jason (--json?); see: inferplan solve --help" \
    solve sample.json --jason
refuse "an unknown option like none" "unknown option --xyz; see" solve sample.json --xyz
refuse "an unknown option with a value" "unknown option --jason (--json?);" \
    solve sample.json --jason=1
refuse "an unknown option that begins one" "unknown option --memory-limit (--memory-limit-mb?);" \
    solve sample.json --memory-limit 5
refuse "an option with one dash" "unknown option -json (--json?);" solve sample.json -json
refuse "an unknown option of check" "inferplan check --help" check sample.json plan.json --gap 1
refuse "an unknown short option" "unknown option -q" solve sample.json -q
refuse "an underscore for a dash" "unknown option --time_limit (--time-limit?)" solve sample.json --time_limit 1
refuse "a shortened option" "unknown option --tim" solve sample.json --tim 1
refuse "a missing value" "--gap needs a value" solve sample.json --gap
refuse "a value where none is taken" "--json takes no value" solve sample.json --json=yes
refuse "an option twice" "--gap is given twice" solve sample.json --gap 0.1 --gap=0.1
refuse "a flag twice" "--json is given twice" solve sample.json --json --json
refuse "no file" "needs FILE" solve
refuse "only options" "needs FILE" solve --json
refuse "two files" "unexpected argument \"other.json\"" solve sample.json other.json
refuse "--quiet with --progress" "--progress" solve sample.json --quiet --progress
refuse "check without a plan" "needs FILE PLAN.json" check sample.json
refuse "export without --format" "--format" export sample.json
refuse "an unknown format" "xls" export sample.json --format xls
refuse "an empty --output" "--output" export sample.json --format lp --output=
for bad in "--gap 2" "--gap -0.1" "--gap x" "--gap nan" "--gap 1e-4x" "--time-limit 0" \
    "--time-limit -1" "--time-limit 1s" "--engine simplex" "--engine AUTO" \
    "--linearization big-m"; do
    # shellcheck disable=SC2086
    refuse "$bad" "inferplan: ${bad%% *}: " solve sample.json $bad
done
refuse "an empty option value" "inferplan: --gap: " solve sample.json --gap=
for good in "--gap 0.5" "--gap=1e-6" "--time-limit 60" "--time-limit=60" "--engine auto" \
    "--engine=mip" "--linearization exact" "--linearization mccormick" \
    "--linearization=sos1"; do
    # shellcheck disable=SC2086
    expect "$good" 0 solve sample.json $good
done
for engine in mip decompose; do
    for placement in single matching split; do
        expect "--engine $engine, placement $placement" 0 solve sample.json --json \
            --engine $engine --set policy.placement=$placement
        says "and the result says so" "\"engine\": \"$engine\""
    done
done
cp sample.json ./--odd.json
expect "-- ends the options" 0 solve --json -- --odd.json
refuse "after -- everything is a file" "unexpected argument \"--json\"" solve -- sample.json --json

# --- files

refuse "a file that is not there" "inferplan: nothing.json: " solve nothing.json
refuse "a directory" "inferplan: .: " solve .
refuse "an empty file" "inferplan: /dev/null: line 1, column 1: " solve /dev/null
refuse "an empty name" "cannot be read" solve ""
refuse "a plan that is not there" "inferplan: nothing.json: " check sample.json nothing.json
refuse "both from standard input" "standard input" check - -
refuse "an empty standard input" "inferplan: standard input: line 1, column 1: " solve -
refuse "a file through a file" "sample.json/x" solve sample.json/x
printf '{' >'two
lines.json'
refuse "a file's name cannot break the line" "two?lines.json" solve 'two
lines.json'
unreadable=$(printf 'no\377\233\302\233\342\200\250caf\303\251')
refuse "a file's name that is not UTF-8" "no???????caf$(printf '\303\251'): cannot be read" \
    solve "$unreadable"
if LC_ALL=C grep -q "$(printf '[\377\233]')" err; then
    fail "nor are such bytes written" "they are"
else
    pass "nor are such bytes written"
fi
long=$(python3 -c "print('a' * 100000)")
refuse "a long path in --set" "a: there is no such field" solve sample.json --set "limits.$long=1"
says_long() { # NAME   the last error shows the ends of what is long
    if [ "$(wc -c <err)" -le 2500 ] && grep -q '\.\.\.' err; then
        pass "$1"
    else
        fail "$1" "$(wc -c <err) bytes"
    fi
}
says_long "is shortened"
refuse "a long option" "; see: inferplan solve --help" solve sample.json "--$long"
says_long "is shortened too"
refuse "a long word" "; allowed: one of single, matching, split" solve sample.json \
    --set "policy.placement=$long"
says_long "is shortened as well"
python3 -c "import json
d = json.load(open('sample.json'))
d['y' * 5000000] = 1
json.dump(d, open('long-key.json', 'w'))"
refuse "a field with a very long name" "yyy: unknown field; allowed: format, version, source" \
    solve long-key.json
says_long "is shortened like them"
rm -f long-key.json
if truncate -s 1073741825 large.json 2>/dev/null; then
    refuse "a file above 1 GiB" "1 GiB" solve large.json
    rm -f large.json
else
    skip "a file above 1 GiB" "no truncate"
fi

# --- solve

expect "solve" 0 solve sample.json
for section in instance status cost bound gap Costs Fleet Routes Limits "Before solving" \
    engine; do
    says "the summary has: $section" "$section"
done
if [ "$(LC_ALL=C tr -d '\000-\177' <out | wc -c)" -eq 0 ] && ! grep -q "$(printf '\033')" out; then
    pass "the summary is plain ASCII away from a terminal"
else
    fail "the summary is plain ASCII away from a terminal" "it is not"
fi
if grep -q ' $' out; then
    fail "the summary has no blanks at the end of a line" "$(grep -n ' $' out | head -n 1)"
else
    pass "the summary has no blanks at the end of a line"
fi
expect "solve --json" 0 solve sample.json --json
cp out plan.json
holds "the document says what it is" \
    "d['format'] == 'inferplan-plan' and d['version'] == 1 and d['instance'] == 'seed-sample'"
holds "the document has every part" "set(d) >= set('format version instance status objective_usd \
bound_usd gap costs deployments routes unmet limits verified max_violation engine seconds'.split())"
holds "the plan is verified and within the gap" \
    "d['status'] == 'optimal' and d['verified'] is True and d['gap'] <= 1e-4"
holds "the bound is below the objective" "d['bound_usd'] <= d['objective_usd']"
without_seconds plan.json >once
run solve sample.json --json
without_seconds out >twice
same "equal input gives equal output" once twice
"$program" solve - --json <sample.json >out 2>err
without_seconds out >twice
same "- is standard input" once twice
expect "solve --quiet" 0 solve sample.json --quiet
if [ -s out ]; then
    fail "--quiet prints nothing" "it does"
else
    pass "--quiet prints nothing"
fi
run solve sample.json --quiet --json
without_seconds out >twice
same "--quiet --json prints the document" once twice

if locale -a 2>/dev/null | grep -qix 'de_DE\.utf-\{0,1\}8'; then
    foreign=de_DE.UTF-8
elif mkdir locale && localedef -i de_DE -f UTF-8 "$work/locale/de_DE.UTF-8" 2>/dev/null; then
    LOCPATH=$work/locale
    export LOCPATH
    foreign=de_DE.UTF-8
else
    foreign=
fi
if [ -n "$foreign" ]; then
    LC_ALL=$foreign "$program" solve sample.json --json --gap 0.0001 >out 2>err
    without_seconds out >twice
    same "the locale changes nothing in the document" once twice
    LC_ALL=$foreign "$program" solve sample.json 2>err | grep -v '^engine' >twice
    "$program" solve sample.json 2>err | grep -v '^engine' >once-text
    same "the locale changes nothing in the summary" once-text twice
else
    skip "the locale changes nothing in the document" "no de_DE.UTF-8"
    skip "the locale changes nothing in the summary" "no de_DE.UTF-8"
fi

# --- --set

expect "--set with a number" 0 solve sample.json --json --set limits.budget_usd=800
holds "the number is used" "limits['budget_usd']['limit'] == 800"
expect "--set=PATH=VALUE" 0 solve sample.json --json --set=limits.budget_usd=801
holds "that number is used" "limits['budget_usd']['limit'] == 801"
expect "--set in order" 0 solve sample.json --json --set limits.budget_usd=100 \
    --set limits.budget_usd=scale:7
holds "the last one counts on top of the first" "limits['budget_usd']['limit'] == 700"
expect "--set to null" 0 solve sample.json --json --set limits.budget_usd=null
holds "there is no such limit then" \
    "'budget_usd' not in limits or limits['budget_usd']['limit'] is None"
expect "--set to a word" 0 solve sample.json --set policy.placement=split
expect "--set with a name" 0 solve sample.json --json --set 'queries[qa].delay_limit_ms=1999'
holds "the named query's limit is used" "limits['delay[qa]']['limit'] <= 1999.001"
expect "--set with a number in brackets" 0 solve sample.json --json \
    --set 'queries[3].delay_limit_ms=1998'
holds "that query's limit is used" "limits['delay[qa]']['limit'] <= 1998.001"
expect "--set for all" 0 solve sample.json --json --set 'tiers[*].usd_per_hour=0'
holds "nothing is paid for rental then" "d['costs']['rental_usd'] == 0"
sed 's/"qa"/"q=a"/' sample.json >equals.json
expect "--set with = in a name" 0 solve equals.json --set 'queries[q=a].unmet_penalty_usd=21'
expect "--set a performance entry" 0 solve sample.json \
    --set 'performance.delay_ms_per_token[qa][*][T4-INT8]=null'
sed 's/"qa"/"q]a"/' sample.json >bracket.json
expect "--set with ] in a name" 0 solve bracket.json --set 'queries[q]a].unmet_penalty_usd=21'
sed 's/"qa"/"q[a"/' sample.json >bracket.json
expect "--set with [ in a name" 0 solve bracket.json --set 'queries[q[a].unmet_penalty_usd=21'
python3 -c "import json
d = json.load(open('sample.json'))
names = {k: [m['name'] for m in d[k]] for k in ('queries', 'models', 'tiers')}
rate = 0.01
d['performance']['error_rate'] = {q: {m: {t: rate for t in names['tiers']} for m in names['models']}
                                  for q in names['queries'] if q != 'qa'}
json.dump(d, open('left-out.json', 'w'))
d['performance']['error_rate']['QA'] = rate
json.dump(d, open('misspelt.json', 'w'))"
run solve left-out.json
if [ $status -eq 0 ] && [ "$(cat err)" = "inferplan: note: queries[qa]: no candidate route: \
performance.error_rate is null or left out" ]; then
    pass "a query type that a table leaves out is noted"
else
    fail "a query type that a table leaves out is noted" "exit status $status"
fi
says "and counted" "not a candidate: its delay or error is null or left out"
expect "the note is not for --quiet" 0 solve left-out.json --quiet
run solve left-out.json --set 'performance.delay_ms_per_token[0]=null' --set \
    'performance.delay_ms_per_token[1]=null'
if grep -q "^inferplan: note: queries\[[a-z]*\] and [12] others*: no candidate route: " err; then
    pass "several are counted"
else
    fail "several are counted" "$(cat err)"
fi
refuse "a misspelt name in a table" "performance.error_rate[QA]: no member of queries by that name \
(\"qa\"?); allowed: \"" solve misspelt.json
refuse "a memory limit" "--memory-limit-mb: found an instance that may need 0." \
    solve sample.json --memory-limit-mb 0.001
refuse "says only what is broken" "and their degrees); allowed: 0.001 MB" \
    solve sample.json --memory-limit-mb 0.001
lists="--set queries[*].max_unmet=0 --set tiers[*].tp_speedup=null"
# shellcheck disable=SC2086
expect "--set a list" 0 solve sample.json --json $lists --set 'tiers[*].tp_degrees=[2, 4]'
holds "the list is used" "all(x['tp_degree'] in (2, 4) for x in d['deployments']) \
and d['deployments']"
# shellcheck disable=SC2086
expect "--set an entry of a list" 0 solve sample.json --json $lists \
    --set 'tiers[*].tp_degrees=[2]' --set 'tiers[*].tp_degrees[0]=4'
holds "the entry is used" "all(x['tp_degree'] == 4 for x in d['deployments']) \
and d['deployments']"
refuse "--set an entry that is not there" "no such entry; the list has" solve sample.json \
    --set 'tiers[0].tp_degrees[9]=4'
refuse "--set a name" "queries[0].name: is not to be set by a path; allowed: " solve sample.json \
    --set 'queries[0].name=other'
refuse "--set the instance's name" "name: is not to be set by a path; allowed: " \
    solve sample.json --set name=other
refuse "--set a word for a number" "found \"abc\"; allowed: a number of at least 0" \
    solve sample.json --set limits.budget_usd=abc
refuse "--set null for a word" "found null; allowed: one of single, matching, split" \
    solve sample.json --set policy.placement=null
refuse "--set without =" "--set limits.budget_usd: PATH=VALUE" solve sample.json \
    --set limits.budget_usd
refuse "--set an unknown field" "limits.bugdet_usd: there is no such field (budget_usd?); allowed: \
budget_usd, storage_gb" solve sample.json --set limits.bugdet_usd=1
refuse "--set in an unknown section" "there is no such field (limits?); allowed: \
storage_usd_per_gb_hour, horizon," solve sample.json --set limit.budget_usd=1
refuse "a word like an option's" "--engine: found \"mpi\" (mip?); allowed: auto|mip|decompose" \
    solve sample.json --engine mpi
refuse "a word like a field's" "found \"singel\" (single?); allowed: one of single, matching, split" \
    solve sample.json --set policy.placement=singel
refuse "the error of --set names the file" "inferplan: sample.json: --set limits.bugdet_usd=1: " \
    solve sample.json --set limits.bugdet_usd=1
refuse "--set an unknown member" "queries[poetry]" solve sample.json \
    --set 'queries[poetry].max_unmet=1'
refuse "--set a member that is not there" "queries[9]" solve sample.json \
    --set 'queries[9].max_unmet=1'
refuse "--set a negative number" "limits.budget_usd" solve sample.json --set limits.budget_usd=-1
refuse "--set no value" "limits.budget_usd" solve sample.json --set limits.budget_usd=
refuse "--set no path" "--set =5" solve sample.json --set =5
refuse "--set a number with a comma" "limits.budget_usd" solve sample.json \
    --set limits.budget_usd=1,5
refuse "--set not a number" "limits.budget_usd" solve sample.json --set limits.budget_usd=nan
refuse "--set infinity" "limits.budget_usd" solve sample.json --set limits.budget_usd=inf
refuse "--set a wrong word" "policy.placement" solve sample.json --set policy.placement=any
refuse "--set a wrong scale" "scale:x" solve sample.json --set limits.budget_usd=scale:x
refuse "--set a whole section" "limits" solve sample.json --set limits=5
refuse "--set a number too large" "found 1e400, which is too large; allowed: a number" \
    solve sample.json --set limits.budget_usd=1e400
refuse "--set with an open bracket" "found no ] for the [ after queries; allowed: [name]" \
    solve sample.json --set 'queries[=1'
refuse "--set with an open bracket and a number" "found no ] for the [ after queries" \
    solve sample.json --set 'queries[0=1'
refuse "--set with brackets after what is no list" "limits is no list" \
    solve sample.json --set 'limits[0].budget_usd=1'
refuse "--set without a dot" "found \"rate_per_hour\" behind the ]; allowed: . and a field's name" \
    solve sample.json --set 'queries[0]rate_per_hour=1'
refuse "--set a speed-up that is next to nothing" "each a number of at least 1e-15" \
    solve sample.json --set 'tiers[*].tp_speedup=1e-308'
refuse "--set what contradicts another field" "inferplan: sample.json: uncertainty.delay_budget: " \
    solve sample.json --set uncertainty.kind=budget

expect "a plan under a budget of deviations" 0 solve "$instances/icc2025.json" --json
holds "costs what is known" "abs(d['objective_usd'] - 469.468073) < 1e-5 and d['verified']"
for linearization in exact mccormick sos1; do
    expect "a plan under decisions ($linearization)" 0 solve "$instances/icc2025-ddu.json" --json \
        --linearization $linearization
    holds "costs what is known" "abs(d['objective_usd'] - 453.611170) < 1e-5 and d['verified']"
    holds "is the engine's that has products" \
        "d['engine'] == ('decompose' if '$linearization' == 'exact' else 'mip')"
done
refuse "products for an engine without any" \
    "linearization: found mccormick with engine decompose; allowed: exact" \
    solve "$instances/icc2025-ddu.json" --engine decompose --linearization mccormick
expect "linearizations without products" 0 solve sample.json --engine decompose \
    --linearization sos1
python3 -c "import json
d = json.load(open('sample.json'))
for key in 'queries', 'models', 'tiers':
    d[key] = d[key][:1]
d['performance'] = {'delay_ms_per_token': 1, 'error_rate': 0}
json.dump(d, open('one.json', 'w'))" 2>/dev/null
expect "one of each" 0 solve one.json
says "one of each has no plural" "(1 query, 1 model, 1 tier)"
if grep -Eq '[^0-9]1 (nodes|routes|configurations)' out; then
    fail "nor have its counts" "$(grep -E '[^0-9]1 (nodes|routes|configurations)' out)"
else
    pass "nor have its counts"
fi

# --- the other exit statuses

impossible="--set queries[*].max_unmet=0 --set limits.budget_usd=0"
# shellcheck disable=SC2086
expect "an instance without a plan" 3 solve sample.json $impossible
says "the summary says so" "proven that no plan holds every limit"
# shellcheck disable=SC2086
expect "an instance without a plan, --json" 3 solve sample.json --json $impossible
holds "its document says so" "d['status'] == 'infeasible'"
# shellcheck disable=SC2086
expect "an instance without a plan, --quiet" 3 solve sample.json --quiet $impossible

# A price of next to nothing is too much where there is nothing.
# shellcheck disable=SC2086
expect "nothing to pay with" 3 solve sample.json $impossible --json \
    --set 'tiers[*].usd_per_hour=1e-9' --set storage_usd_per_gb_hour=0
holds "is proven" "d['status'] == 'infeasible'"
expect "nothing to lose" 0 solve sample.json --json --set 'queries[*].unmet_penalty_usd=0'
holds "no bound is below 0" "d['objective_usd'] == 0 and d['bound_usd'] == 0 and d['gap'] == 0"

# A budget that no plan holds to the last digit: the cheapest one, less a fraction.
all_served="--set queries[*].max_unmet=0 --set queries[*].delay_penalty_usd_per_ms=0"
# shellcheck disable=SC2086
run solve sample.json $all_served --json
cp out cheapest.json
shows() { # NAME PAGE [WORDS]...
    name=$1
    shift
    if python3 "$here/page.py" "$@" >page-errors 2>&1; then
        pass "$name"
    else
        fail "$name" "$(head -n 3 page-errors | tr '\n' ';')"
    fi
}

set_short() { # FRACTION   sets $short, a --set of the budget
    short=$(python3 -c "import json,sys
print('--set limits.budget_usd=%r' % (json.load(open('cheapest.json'))['objective_usd'] * (1 - $1)))")
}
set_short 5e-7
# shellcheck disable=SC2086
expect "a budget exceeded within the tolerance" 0 solve sample.json $all_served $short
excess="note       the plan exceeds budget_usd by 5e-07 of the limit, within the tolerance of 1e-06"
says "the summary notes the limit and the excess" "$excess"
# shellcheck disable=SC2086
expect "a check of such a plan" 0 check sample.json cheapest.json $all_served $short
says "its summary notes them too" "$excess"
python3 -c "import json
d = json.load(open('cheapest.json'))
d['routes'][0]['fraction'] -= 4e-7
json.dump(d, open('short.json', 'w'))"
# shellcheck disable=SC2086
expect "a check of a plan that misses demand within the tolerance" 0 check sample.json short.json \
    $all_served
says "its summary notes it" "note       the plan breaks a constraint by 4e-07, within the tolerance"

# --- notes

sed 's/"kv_residency_hours": [0-9.]*/"kv_residency_hours": 0/
    s/"tflop_per_1k_tokens": [0-9.]*/"tflop_per_1k_tokens": 0/' sample.json >unlimited.json
expect "notes leave the exit status alone" 0 solve unlimited.json --json
cp out unlimited-plan.json
holds "the document has notes" "[n['kind'] for n in d['notes']][:2] == ['load_unlimited',
    'kv_residency_zero']"
holds "each has a path" "all(n['path'] and n['text'] for n in d['notes'])"
expect "with --strict they count" 6 solve unlimited.json --strict
says "the summary ends with them" "    see performance.kv_residency_hours"
expect "--strict has no effect on the result" 6 solve unlimited.json --strict --json
expect "a check has notes, too" 0 check unlimited.json unlimited-plan.json --json
holds "in its document" "d['notes'][0]['kind'] == 'load_unlimited'"
expect "a check heeds --strict" 6 check unlimited.json unlimited-plan.json --strict
says "its summary ends with them" "    see performance.kv_residency_hours"
expect "a plan that breaks a limit exits with 6, too" 6 check unlimited.json unlimited-plan.json \
    --strict --set limits.budget_usd=1
expect "without a note --strict changes nothing" 0 solve sample.json --strict
refuse "bad input comes first" "inferplan: unlimited.json: --set limits.budget_usd=-1: " \
    solve unlimited.json --strict --set limits.budget_usd=-1
run solve unlimited.json --quiet --report noted.html
shows "the page begins with the notes" noted.html "Nothing limits how much of"
set_short 5e-9
# shellcheck disable=SC2086
run solve sample.json $all_served $short
says "an excess of rounding size leaves a plan" "status     optimal"
if grep -q '^note' out; then
    fail "and is not noted" "$(grep '^note' out)"
else
    pass "and is not noted"
fi

without_plan="--time-limit 1e-9 --set queries[*].max_unmet=0"
# shellcheck disable=SC2086
expect "a time limit without a plan" 4 solve hard.json --json $without_plan
holds "its document says so" "d['status'] == 'no_plan'"
# shellcheck disable=SC2086
expect "a time limit without a plan, summary" 4 solve hard.json $without_plan
says "the summary says so" "no plan was found"
# shellcheck disable=SC2086
expect "a time limit without a plan, --quiet" 4 solve hard.json --quiet $without_plan

keep_going hard.json --json
cp out limited.json
if [ $status -eq 1 ] && [ ! -s err ]; then
    pass "a time limit with a plan"
else
    fail "a time limit with a plan" "exit status $status after $enough s"
fi
holds "its document says so" "d['status'] == 'feasible' and d['verified'] is True"
holds "the time limit is kept" "d['seconds'] < 1.5 * $enough + 1"
expect "its plan is feasible" 0 check hard.json limited.json --quiet
keep_going hard.json
says "the summary says so" "the time limit of $enough s was reached"
expect "a wide gap" 0 solve hard.json --gap 0.9
if grep -Eq '^status +optimal: proven within [0-9.]+ % of the best \(asked: 90 %\)$' out; then
    pass "the summary says what is proven"
else
    fail "the summary says what is proven" "$(head -n 3 out)"
fi
keep_going hard.json --quiet
if [ $status -eq 1 ] && [ ! -s err ] && [ ! -s out ]; then
    pass "a time limit with a plan, --quiet"
else
    fail "a time limit with a plan, --quiet" "exit status $status, or something was printed"
fi

full() { # NAME ARGUMENT...
    name=$1
    shift
    : >out
    "$program" "$@" >/dev/full 2>err </dev/null
    status=$?
    judge_refusal "$name" 5 "standard output"
}
if [ -c /dev/full ]; then
    full "solve to a full disk" solve sample.json
    full "solve --json to a full disk" solve sample.json --json
    full "check to a full disk" check sample.json plan.json
    full "export to a full disk" export sample.json --format mps
    full "--help to a full disk" --help
    full "solve --help to a full disk" solve --help
    full "--version to a full disk" --version
    run export sample.json --format lp --output /dev/full
    judge_refusal "export --output to a full disk" 5 "/dev/full"
else
    skip "a full disk" "no /dev/full"
fi
: >out
"$program" solve sample.json >&- 2>err </dev/null
status=$?
judge_refusal "a closed standard output" 5 "standard output"
"$program" solve - >out 2>err <&-
status=$?
judge_refusal "a closed standard input" 2 "standard input"
run export sample.json --format lp --output nowhere/model.lp
judge_refusal "an output path that does not exist" 5 "nowhere/model.lp"
run export sample.json --format lp --output .
judge_refusal "an output path that is a directory" 5 "inferplan: .: "
little_memory() { # ARGUMENT...
    python3 -c "import os,resource,sys
resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))
os.execvp(sys.argv[1], sys.argv[1:])" "$program" "$@"
}
# A sanitizer needs more address space than any limit here would leave it.
if little_memory --version >/dev/null 2>&1; then
    little_memory solve /dev/zero >out 2>err
    status=$?
    judge_refusal "out of memory" 5 "out of memory"
else
    skip "out of memory" "the address space cannot be limited"
fi
{ "$program" export hard.json --format mps 2>err; } | head -c 1 >/dev/null
if [ -s err ]; then
    fail "a reader that leaves early" "standard error is not empty"
else
    pass "a reader that leaves early"
fi

# --- check

expect "check of the plan just solved" 0 check sample.json plan.json
says "the summary says so" "feasible: every limit holds"
expect "check --quiet" 0 check sample.json plan.json --quiet
if [ -s out ]; then
    fail "check --quiet prints nothing" "it does"
else
    pass "check --quiet prints nothing"
fi
expect "check --json" 0 check sample.json plan.json --json
holds "its document says so" "d['status'] == 'feasible' and d['verified'] is True"
python3 -c "import json
plan, check = json.load(open('plan.json')), json.load(open('out'))
a, b = plan['objective_usd'], check['objective_usd']
same_costs = abs(a - b) <= 1e-9 * max(1, abs(a))
print(same_costs and plan['limits'] == check['limits'])" >answer 2>/dev/null
if grep -qx True answer; then
    pass "check finds the costs and limits that solve claims"
else
    fail "check finds the costs and limits that solve claims" "it does not"
fi
"$program" check sample.json - <plan.json >out 2>err
status=$?
if [ $status -eq 0 ]; then
    pass "the plan from standard input"
else
    fail "the plan from standard input" "exit status $status"
fi
"$program" check - plan.json <sample.json >out 2>err
status=$?
if [ $status -eq 0 ]; then
    pass "the instance from standard input"
else
    fail "the instance from standard input" "exit status $status"
fi
expect "check with too small a budget" 3 check sample.json plan.json --set limits.budget_usd=0.5
says "the worst violation in words" "budget"
says "the limit is marked" "over"
expect "check with too small a budget, --quiet" 3 check sample.json plan.json --quiet \
    --set limits.budget_usd=0.5
# All is served, at a speed-up of 1: half a ms more for each of 512 + 256 tokens.
uncertain() { # DEVIATION   the options that make delays uncertain by so many ms for each token
    printf -- "--set uncertainty.delay_budget=9 --set uncertainty.error_budget=0 \
        --set uncertainty.kind=budget --set performance.delay_deviation_ms_per_token=%s" "$1"
}
# The options are to be split.
# shellcheck disable=SC2046
{
    expect "check of delays that deviate" 0 check sample.json plan.json --json $(uncertain 0.5)
    holds "its limits and costs are those of the worst case" "abs(
        limits['delay[summarization]']['used'] - {l['name']: l for l in json.load(open('plan.json'))[
            'limits']}['delay[summarization]']['used'] - 384) < 1e-6
        and d['costs']['delay_usd'] > json.load(open('plan.json'))['costs']['delay_usd'] + 1e-3"
    expect "check of delays that deviate too much" 3 check sample.json plan.json $(uncertain 50)
    says "the limit that breaks at the worst" "delay["
}

refuse "a plan before its instance" "inferplan: plan.json: format: found \"inferplan-plan\"; \
allowed: \"inferplan-instance\" (the instance comes first: FILE PLAN.json)" \
    check plan.json sample.json
refuse "a plan instead of an instance" "allowed: \"inferplan-instance\"" solve plan.json
if grep -q "comes first" err; then
    fail "says nothing of an order" "$(cat err)"
else
    pass "says nothing of an order"
fi
run check sample.json plan.json --set 'limits.budget_usd=0.7'
if grep -Eq "^status +infeasible: budget_usd: [0-9.]{5,6} of 0.7 USD$" out; then
    pass "the reason has few digits"
else
    fail "the reason has few digits" "$(grep status out)"
fi
change() { # FILE STATEMENT   a copy of plan.json, changed
    python3 -c "import json,sys
p = json.load(open('plan.json'))
$2
json.dump(p, open(sys.argv[1], 'w'))" "$1" 2>/dev/null
}
change lies.json "p['objective_usd'] = 1; p['costs']['rental_usd'] = 0; p['verified'] = False"
expect "what a document claims is not believed" 0 check sample.json lies.json --json
holds "the costs are computed anew" "d['objective_usd'] > 1 and d['verified'] is True"
change less.json "p['routes'][0]['fraction'] *= 0.5"
expect "a plan that serves too little" 3 check sample.json less.json --json
holds "its document says so" "d['status'] == 'infeasible' and d['verified'] is False"
holds "the violation is there" "d['max_violation'] > 0.1"
change undeployed.json "p['deployments'] = []"
expect "routes to nothing" 3 check sample.json undeployed.json
change fraction-above.json "p['routes'][0]['fraction'] = 1.5"
expect "a share above 1" 3 check sample.json fraction-above.json
says "the share is named" "the fraction 1.5 is not from 0 to 1"
change replicas.json "p['deployments'][0]['replicas'] = 0"
expect "no replicas" 3 check sample.json replicas.json
says "the replicas are named" "0 replicas, at least 1 is required"
change degree.json "p['deployments'][0].update(tp_degree=3, gpus=3 * p['deployments'][0]['replicas'])"
expect "a degree that the tier does not have" 3 check sample.json degree.json
says "the degree is named" "degree 3 is none of the tier's"
change gpus.json "p['deployments'][0]['gpus'] += 1"
refuse "GPUs that are not degree times replicas" "inferplan: gpus.json: deployments[0].gpus" \
    check sample.json gpus.json
# shellcheck disable=SC2086
run solve sample.json --json $impossible
cp out no-plan.json
refuse "a document without a plan" "inferplan: no-plan.json: status: found \"infeasible\"" \
    check sample.json no-plan.json

note_of() { # NAME STATUS PATTERN ARGUMENT...   a run with at most one line, of that pattern
    name=$1
    expected=$2
    pattern=$3
    shift 3
    run "$@"
    lines=$(wc -l <err)
    if [ $status -ne "$expected" ]; then
        fail "$name" "exit status $status, expected $expected"
    elif [ -n "$pattern" ] && { [ "$lines" -ne 1 ] || ! grep -q "$pattern" err; }; then
        fail "$name" "standard error is not one line like $pattern"
    elif [ -z "$pattern" ] && [ "$lines" -ne 0 ]; then
        fail "$name" "standard error is not empty"
    else
        pass "$name"
    fi
}
note='^inferplan: note: .*\.json names another instance than seed-sample, '
change other-name.json "p['instance'] = 'another'"
note_of "a plan for another instance" 0 "$note" check sample.json other-name.json
note_of "it is checked all the same" 3 "$note" check sample.json other-name.json \
    --set limits.budget_usd=0.5
note_of "--quiet says nothing of it" 0 "" check sample.json other-name.json --quiet
change longer-name.json "p['instance'] = 'seed-samples'"
note_of "a longer name is another" 0 "$note" check sample.json longer-name.json
change nested.json "p = {'x': {'instance': 'a'}, 'y': [{'instance': 'b'}, 'instance'], **p}"
note_of "only the document's own name counts" 0 "" check sample.json nested.json
change unnamed.json "del p['instance']"
note_of "a plan without a name" 0 "" check sample.json unnamed.json
python3 -c "import json
name = 'q\"\\\\\\u00e9 \\u6f22\\U0001f600'
for source in 'sample', 'plan':
    d = json.load(open(source + '.json'))
    d['name' if source == 'sample' else 'instance'] = name
    json.dump(d, open('odd-' + source + '.json', 'w'), ensure_ascii=source == 'plan')" 2>/dev/null
note_of "a name with escapes" 0 "" check odd-sample.json odd-plan.json
change unknown-query.json "p['routes'][0]['query'] = 'poetry'"
refuse "an unknown query in a plan" "inferplan: unknown-query.json: routes[0].query" \
    check sample.json unknown-query.json
change fraction.json "p['routes'][0]['fraction'] = 'half'"
refuse "a share that is no number" "inferplan: fraction.json: routes[0].fraction" \
    check sample.json fraction.json
change other-format.json "p['format'] = 'something else'"
refuse "another format of plan" "inferplan: other-format.json: format" \
    check sample.json other-format.json
head -c 100 plan.json >half.json
refuse "half a plan" "inferplan: half.json: line " check sample.json half.json
refuse "an instance in the place of the plan" "inferplan: sample.json: format" \
    check sample.json sample.json
refuse "a plan in the place of the instance" "inferplan: plan.json: format" \
    check plan.json plan.json
refuse "check of a broken --set" "limits.x" check sample.json plan.json --set limits.x=1

# --- stress

cp "$instances/icc2025.json" uncertain.json
run solve uncertain.json --json
cp out robust.json
run solve uncertain.json --json --set uncertainty.kind=none
cp out nominal.json
expect "stress" 0 stress uncertain.json robust.json --samples 30
says "its title names plan, instance, samples and seed" \
    "robust.json against icc2025, 30 samples, seed 1"
if [ "$(grep -c '^  kept ' out)" -eq 6 ] && [ "$(grep -c '^  re-optimised ' out)" -eq 3 ]; then
    pass "a row for each routing and inflation, and for each worst case"
else
    fail "a row for each routing and inflation, and for each worst case" "they are not there"
fi
expect "stress --json" 0 stress uncertain.json robust.json --samples 30 --json
cp out stress-1.json
holds "its document is one" "d['format'] == 'inferplan-stress' and d['version'] == 1 and
    d['instance'] == 'icc2025' and d['samples'] == 30 and d['seed'] == 1 and len(d['rows']) == 6"
holds "a robust plan holds, and its worst case is the plan's cost" \
    "d['rows'][0]['violated'] == {'delay': 0, 'error': 0, 'any': 0} and abs(
    d['rows'][0]['worst_case']['cost_usd'] - json.load(open('robust.json'))['objective_usd']) < 1e-4
    and d['rows'][0]['cost_usd']['largest'] <= d['rows'][0]['worst_case']['cost_usd']"
expect "stress again, from standard input" 0 stress uncertain.json robust.json --samples=30 --json \
    --quiet --seed=1
same "equal input gives equal bytes" out stress-1.json
expect "stress with another seed" 0 stress uncertain.json robust.json --samples 30 --json --seed 2
if cmp -s out stress-1.json; then
    fail "another seed draws others" "it does not"
else
    pass "another seed draws others"
fi
expect "stress of a plan that is not robust" 0 stress uncertain.json nominal.json --samples 60 --json
holds "it breaks limits, and with other routes it does not but is dearer" \
    "d['rows'][0]['violated']['any'] > 0.1 and d['rows'][3]['violated']['any'] == 0 and
    d['rows'][3]['cost_usd']['mean'] > d['rows'][0]['cost_usd']['mean']"
expect "stress --quiet" 0 stress uncertain.json robust.json --samples 1 --quiet
if [ -s out ]; then
    fail "stress --quiet prints nothing" "it does"
else
    pass "stress --quiet prints nothing"
fi
expect "stress with --set" 0 stress uncertain.json robust.json --samples 5 --json \
    --set performance.error_deviation=0 --set performance.delay_deviation_ms_per_token=0
holds "without deviations all samples are the same" \
    "d['rows'][0]['cost_usd']['mean'] == d['rows'][2]['cost_usd']['largest'] ==
    d['rows'][1]['worst_case']['cost_usd']"
refuse "no set to draw from" "uncertainty.kind: found none" stress sample.json plan.json
refuse "stress without a plan" "needs FILE PLAN.json" stress uncertain.json
refuse "stress of both from standard input" "standard input" stress - -
for bad in 0 -1 1.5 1000001 x "" 99999999999999999999; do
    refuse "--samples '$bad'" "--samples: found \"$bad\"; allowed: a whole number from 1 to 1000000" \
        stress uncertain.json robust.json --samples "$bad"
done
refuse "--seed 18446744073709551616" "--seed: found" stress uncertain.json robust.json \
    --seed 18446744073709551616
refuse "stress of a plan over the budget" "budget_usd" stress uncertain.json robust.json \
    --set limits.budget_usd=1
refuse "stress of a plan for another instance" "robust.json: " stress sample.json robust.json
python3 -c "import json
p = json.load(open('robust.json'))
p['instance'] = 'another'
json.dump(p, open('robust-of-another.json', 'w'))"
note_of "stress notes another name" 0 \
    '^inferplan: note: .*\.json names another instance than icc2025, ' \
    stress uncertain.json robust-of-another.json --samples 1
# Signal the program after so many seconds. Leaves out, err and $status: its own, or 128 plus the
# signal that ended it.
interrupt() { # SIGNAL,... SECONDS ARGUMENT...
    signals=$1
    seconds=$2
    shift 2
    python3 -c "import signal,subprocess,sys,time
child = subprocess.Popen(sys.argv[3:], stdout=open('out', 'wb'), stderr=open('err', 'wb'),
                         preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
time.sleep(float(sys.argv[2]))
for name in sys.argv[1].split(','):
    child.send_signal(getattr(signal, name))
code = child.wait()
sys.exit(code if code >= 0 else 128 - code)" "$signals" "$seconds" "$program" "$@"
    status=$?
}
for signal in SIGINT SIGTERM; do
    interrupt $signal 1 stress uncertain.json robust.json --samples 1000000 --json
    if [ $status -eq 1 ] && [ ! -s err ]; then
        pass "$signal ends stress with the status of a limit"
    else
        fail "$signal ends stress with the status of a limit" "exit status $status"
    fi
    holds "the samples that are done count" "0 < d['samples'] < 1000000 and
        d['rows'][0]['cost_usd']['mean'] > 0"
done

# --- export

expect "export --format lp" 0 export sample.json --format lp
cp out sample.lp
expect "export --format=mps" 0 export sample.json --format=mps
cp out sample.mps
for file in sample.lp sample.mps; do
    if head -n 3 $file | grep -q '^[*\\] Costs are in USD'; then
        pass "$file begins with what its numbers and names are"
    else
        fail "$file begins with what its numbers and names are" "$(head -n 1 $file)"
    fi
done
expect "export --output" 0 export sample.json --format lp --output written.lp
same "--output writes the same" sample.lp written.lp
if [ -s out ]; then
    fail "--output leaves standard output empty" "it does not"
else
    pass "--output leaves standard output empty"
fi
expect "export --output -" 0 export sample.json --format lp --output -
same "- is standard output" sample.lp out
mkdir saving
if (cd saving && python3 "$here/save.py" "$program" ../hard.json) >out 2>err; then
    pass "--output and --report write a whole file or none, and no other"
else
    fail "--output and --report write a whole file or none, and no other" \
        "$(head -n 3 out | tr '\n' ';')"
fi
# 150 queries an hour, and one hour of penalties.
expect "export --set" 0 export sample.json --format lp --set 'queries[qa].unmet_penalty_usd=123.25'
says "export uses what was set" "18487.5 u(qa)"
refuse "export of bad input" "inferplan: nothing.json" export nothing.json --format lp --output kept
if [ -e kept ]; then
    fail "nothing is written for bad input" "kept is there"
else
    pass "nothing is written for bad input"
fi
if command -v glpsol >/dev/null 2>&1; then
    objective=$(python3 -c "import json
print(json.load(open('plan.json'))['objective_usd'])" 2>/dev/null)
    for format in lp freemps; do
        name=sample.${format#free}
        glpsol --$format "$name" --tmlim 60 -w "$format.sol" >glpsol.log 2>&1
        # "s mip ROWS COLUMNS STATUS OBJECTIVE"
        if LC_ALL=C awk -v expected="$objective" '$1 == "s" && $2 == "mip" {
                found = $5 == "o" && ($6 - expected) ^ 2 <= (2e-4 * expected) ^ 2
            } END { exit !found }' "$format.sol"; then
            pass "glpsol reads $name and finds the same optimum"
        else
            fail "glpsol reads $name and finds the same optimum" \
                "$(grep -s '^s ' "$format.sol"), expected $objective"
        fi
    done
else
    skip "glpsol reads the exports" "no glpsol"
fi

# --- profiles: points, loads, and what routes feel

python3 - "$root/tests/data/fast-and-bulk.json" >loaded.json <<'END' || exit 1
import json, sys
d = json.load(open(sys.argv[1]))
fast, bulk = d["queries"]
fast.update(ttft_limit_ms=80, tpot_limit_ms=15, error_limit=0.5)
bulk["delay_limit_ms"] = 500
for profile in d["profiles"]:
    profile["headroom"] = {"utilization": 0.8}
d["policy"]["max_replicas"] = 8
d["performance"]["error_rate"] = 0.25
print(json.dumps(d))
END
row() { # NAME WORDS   a line of the output that consists of these words
    if sed 's/  */ /g; s/^ //' out | grep -qxF -e "$2"; then
        pass "$1"
    else
        fail "$1" "not there: $2"
    fi
}
loaded_rows() { # COMMAND
    row "$1 heads the fleet" "model tier degree point replicas GPUs rental \$ load head-room"
    row "$1 shows points and loads" "m H100 1 full 1 1 1.00 0.8 / 0.8 0.2"
    row "$1 shows the other deployment of the pair" "m H100 4 full 2 8 8.00 1.2 / 1.6 0.4"
    row "$1 heads the routes" \
        "query model tier degree point share TTFT ms TPOT ms delay ms error"
    row "$1 shows what a route feels" "fast m H100 4 full 100.0 % 50 10 140 25.0 %"
    row "$1 shows each route of a query type" "bulk m H100 1 full 80.0 % 100 30 370 25.0 %"
    row "$1 shows the limits of query types" "delay[bulk] [######----] 64.8 % 324 500 ms"
    if grep -q 'load\[' out || grep -q '.\{81\}' out; then
        fail "$1 shows loads once, in 80 columns" "it does not"
    else
        pass "$1 shows loads once, in 80 columns"
    fi
}
expect "solve under profiles" 0 solve loaded.json
loaded_rows solve
expect "solve --json under profiles" 0 solve loaded.json --json
cp out loaded-plan.json
expect "check under profiles" 0 check loaded.json loaded-plan.json
loaded_rows check
expect "check of a load above its limit" 3 check loaded.json loaded-plan.json \
    --set 'queries[bulk].rate_per_hour=7200'
row "which shows it" "m H100 1 full 1 1 1.00 1.6 / 0.8 0.2"
expect "solve by a law" 0 solve "$root/tests/data/law-exactly-full.json"
row "shows the pace" "m H100 1 24ms 3 3 6.00 3 / 3 0 23.0 %"
row "shows the times of the law" "chat m H100 100.0 % 63 24 2439"
expect "solve without profiles" 0 solve sample.json
row "has the columns that mean something" \
    "model tier degree replicas GPUs rental \$ memory compute"
row "has the delays against their limits" "query model tier share delay / limit"

# --- the page

expect "solve --report" 0 solve sample.json --report page.html
says "solve --report prints the summary all the same" "Costs in USD"
shows "the page says what was found" page.html "Where the traffic goes" "GPU rented" \
    "no plan costs less" "The gap over the time"
expect "solve --report again" 0 solve sample.json --quiet --report page.html
if [ ! -s out ]; then
    pass "--quiet with --report prints nothing"
else
    fail "--quiet with --report prints nothing" "it does"
fi
expect "a page of several routes and a worst case" 0 solve "$instances/icc2025.json" --quiet \
    --set policy.placement=split --report split.html
shows "which says so" split.html "worst case"
expect "a page of nothing rented" 0 solve "$instances/seed-sample.json" --quiet --report none.html
shows "which says so" none.html "Nothing is rented." "unmet"
expect "a page of no plan" 3 solve sample.json --quiet --set limits.budget_usd=0 \
    --set 'queries[*].max_unmet=0' --report infeasible.html
shows "which says so" infeasible.html "no plan holds every limit"
expect "a page of no traffic" 0 solve sample.json --quiet --set 'queries[*].rate_per_hour=0' \
    --report silent.html
shows "which says so" silent.html "There is no traffic."
expect "a page of great numbers" 0 solve sample.json --quiet --report great.html \
    --set 'queries[*].rate_per_hour=scale:1e9'
shows "which is whole" great.html
python3 - sample.json >marked.json <<'END' || exit 1
import json, sys
d = json.load(open(sys.argv[1]))
d["name"] = "<script>alert(1)</script> & 'more' \"quotes\""
for list in "queries", "models", "tiers":
    for at, entry in enumerate(d[list]):
        entry["name"] = "</text><b>" + "\u6f22" * 30 + str(at)
        entry.pop("pool", None)
print(json.dumps(d))
END
expect "a page of names like markup" 0 solve marked.json --quiet --report marked.html
shows "which stay text" marked.html "<script>alert(1)</script> & 'more' \"quotes\""
cp page.html before.html
expect "a page under profiles" 0 solve loaded.json --quiet --report loaded.html
shows "which shows loads and what routes feel" loaded.html "How loaded the deployments are" \
    "load 1.2 of 1.6, rented 2 replicas" "head-room: 0.4 replicas" "50 of 80" "10 of 15" \
    "140 of 200" "25 % of 50 %" "370 of 500" "load[m,H100,4,full]" "allowed load"
if grep -q -e "How loaded" -e "TTFT, ms" page.html; then
    fail "a page without profiles has no loads" "it has"
else
    pass "a page without profiles has no loads"
fi
refuse "a report to nowhere" "--report" solve sample.json --report ""
refuse "a report to standard output" "--report" solve sample.json --report -
run solve sample.json --report nowhere/page.html
judge_refusal "a report that cannot be written is a failure that names it" 5 nowhere/page.html
refuse "a report of bad input" "gap" solve sample.json --gap 7 --report page.html
same "leaves the old page" before.html page.html

# --- progress, terminals, interrupts

run solve hard.json --json --progress --gap 0 --time-limit 2
if grep -Eq '^[0-9.]+ s, gap .*, plan .*, bound .*, [0-9]+ nodes?, [0-9]+ open$' err &&
    [ "$(LC_ALL=C tr -d '\n\040-\176' <err | wc -c)" -eq 0 ] && [ "$(wc -l <err)" -le 4 ]; then
    pass "--progress prints plain lines, at most one a second"
else
    fail "--progress prints plain lines, at most one a second" "it does not"
fi
if tail -n 1 err | grep -Eq '^[0-9.]+ s, gap [0-9.e-]+ %, plan .*, bound .* nodes?, feasible$'; then
    pass "and a last one"
else
    fail "and a last one" "$(tail -n 1 err)"
fi

terminal() { # COLUMNS SECONDS ARGUMENT...
    columns=$1
    seconds=$2
    shift 2
    python3 "$here/terminal.py" "$columns" "$seconds" "$program" "$@" >out 2>err
    status=$?
}
escape=$(printf '\033')
TERM=xterm
export TERM
unset NO_COLOR
terminal 200 0 solve sample.json
if [ $status -eq 0 ] && grep -q "$escape" out && ! grep -q '…' out; then
    pass "a wide terminal gets colours and whole names"
else
    fail "a wide terminal gets colours and whole names" "exit status $status"
fi
terminal 50 0 solve sample.json
if [ $status -eq 0 ] && grep -q '…' out; then
    pass "a narrow terminal gets shorter names"
else
    fail "a narrow terminal gets shorter names" "exit status $status"
fi
NO_COLOR=1
export NO_COLOR
terminal 200 0 solve sample.json
if [ $status -eq 0 ] && ! grep -q "$escape" out; then
    pass "NO_COLOR is respected"
else
    fail "NO_COLOR is respected" "exit status $status"
fi
unset NO_COLOR
# $enough is still the time that a first plan takes.
terminal 100 0 solve hard.json --json --gap 0 --time-limit "$enough"
if [ $status -eq 1 ] && grep -q 'nodes, ' out; then
    pass "a terminal gets progress"
else
    fail "a terminal gets progress" "exit status $status"
fi
cp out wide
terminal 30 0 solve hard.json --json --gap 0 --time-limit "$enough"
if grep -q ' s, gap ' out; then
    pass "a narrow terminal gets the gap"
else
    fail "a narrow terminal gets the gap" "exit status $status"
fi
cp wide out
# The line is overwritten with blanks, and what comes next begins where it began.
if tr '\r' '\n' <out | grep -B 1 '^{' | head -n 1 | grep -q '^ \{20,\}$'; then
    pass "the line is cleared before the result"
else
    fail "the line is cleared before the result" "it is not"
fi
terminal 100 0 solve hard.json --quiet --gap 0 --time-limit "$enough"
if [ $status -eq 1 ] && [ ! -s out ]; then
    pass "--quiet is quiet on a terminal too"
else
    fail "--quiet is quiet on a terminal too" "exit status $status"
fi
terminal 100 $((enough + 1)) solve hard.json --json --gap 0 --time-limit 100
tr '\r' '\n' <out | sed -n '/^{/,$p' >document
if [ $status -eq 1 ]; then
    pass "Ctrl-C ends with the status of a limit"
else
    fail "Ctrl-C ends with the status of a limit" "exit status $status"
fi
holds "Ctrl-C prints the best plan" "d['status'] == 'feasible' and d['verified'] is True and \
d['seconds'] < 90" document
terminal 100 $((enough + 1)) solve hard.json --gap 0 --time-limit 100
says "the summary says that it was interrupted" "interrupted"
interrupt SIGTERM $((enough + 1)) solve hard.json --json --gap 0 --time-limit 100
if [ $status -eq 1 ] && [ ! -s err ]; then
    pass "SIGTERM ends with the status of a limit"
else
    fail "SIGTERM ends with the status of a limit" "exit status $status"
fi
holds "SIGTERM prints the best plan" "d['status'] == 'feasible' and d['verified'] is True and \
d['seconds'] < 90"
python3 "$here/early.py" "$program" >out 2>err
case $? in
0) pass "a signal before the solve ends it, or the wait for input" ;;
77) skip "a signal before the solve ends it, or the wait for input" "there is no /proc" ;;
*) fail "a signal before the solve ends it, or the wait for input" "$(head -n 3 out | tr '\n' ';')" ;;
esac
# Serving nothing is known without a program; the counts of one that was not built are not.
run solve hard.json --time-limit 1e-9 --set 'queries[*].max_unmet=1'
says "serving nothing is a plan before anything is built" "nothing is rented"
if grep -q "Before solving" out; then
    fail "nothing is said of a program that was not built" "$(grep -A 2 "Before solving" out)"
else
    pass "nothing is said of a program that was not built"
fi
run solve hard.json --time-limit 1e-9 --set 'queries[0].max_unmet=0.5'
if [ $status -eq 4 ]; then
    pass "no plan has its exit status"
else
    fail "no plan has its exit status" "$status"
fi
says "no plan is no proof" "no plan was found, nor was it proven that there is none; the time limit"
# Stopped meanwhile, it gets both at once.
interrupt SIGSTOP,SIGINT,SIGTERM,SIGCONT 1 solve hard.json --gap 0 --time-limit 100
if [ $status -gt 128 ] && [ ! -s out ]; then
    pass "a second signal, of another kind, kills"
else
    fail "a second signal, of another kind, kills" "exit status $status"
fi

# --- completion

if command -v bash >/dev/null 2>&1; then
    completions() { # WORD...   the completions of the last word
        bash -c '. "$1"
            shift
            COMP_WORDS=("$@")
            COMP_CWORD=$(($# - 1))
            _inferplan "$1"
            printf "%s\n" "${COMPREPLY[@]}"' bash "$root/tools/completion/inferplan.bash" \
            "$program" "$@" >out 2>err
    }
    completions ""
    says "completion knows the commands" "export"
    completions solve sample.json --li
    says "completion knows the library's options" "--linearization"
    completions solve sample.json --engine ""
    says "completion knows the words of an option" "decompose"
    completions sweep sample.json --v
    says "completion knows the options of sweep" "--vary"
    completions sweep sample.json --vary lim
    if [ -z "$(cat out)" ]; then
        pass "completion leaves alone what it cannot guess"
    else
        fail "completion leaves alone what it cannot guess" "$(head -n 1 out)"
    fi
    completions export sample.json --format = m
    says "completion knows them after = too" "mps"
    completions stress sample.json plan.json --sa
    says "completion knows the options of stress" "--samples"
    completions check sam
    says "completion knows the files" "sample.json"
else
    skip "completion" "no bash"
fi

echo "1..$number"
[ $failures -eq 0 ]
