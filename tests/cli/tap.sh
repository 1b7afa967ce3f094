#!/bin/sh
# SPDX-License-Identifier: MIT
# What the tests of the command share: running it as $program, and telling in TAP what came of it.
# To be read by a test with ". tap.sh"; it works in the current directory.

number=0
failures=0

pass() { # NAME
    number=$((number + 1))
    echo "ok $number - $1"
}

fail() { # NAME REASON
    number=$((number + 1))
    failures=$((failures + 1))
    echo "not ok $number - $1"
    echo "# $2"
    [ ! -s err ] || sed -n 's/^/# standard error: /p;5q' err
}

skip() { # NAME REASON
    number=$((number + 1))
    echo "ok $number - $1 # SKIP $2"
}

run() { # ARGUMENT...   leaves out, err and $status
    "${program:?}" "$@" >out 2>err </dev/null
    status=$?
}

expect() { # NAME STATUS ARGUMENT...   a run without a word on standard error
    name=$1
    expected=$2
    shift 2
    run "$@"
    if [ $status -ne "$expected" ]; then
        fail "$name" "exit status $status, expected $expected"
    elif [ -s err ]; then
        fail "$name" "standard error is not empty"
    else
        pass "$name"
    fi
}

judge_refusal() { # NAME STATUS WORDS
    if [ "$status" -ne "$2" ]; then
        fail "$1" "exit status $status, expected $2"
    elif [ -s out ]; then
        fail "$1" "standard output is not empty"
    elif [ "$(wc -l <err)" -ne 1 ] || ! grep -q '^inferplan: ' err; then
        fail "$1" "standard error is not one line of inferplan's"
    elif ! grep -qF -e "$3" err; then
        fail "$1" "standard error does not say: $3"
    else
        pass "$1"
    fi
}

refuse() { # NAME WORDS ARGUMENT...   bad usage or input: one line with these words
    name=$1
    words=$2
    shift 2
    run "$@"
    judge_refusal "$name" 2 "$words"
}

says() { # NAME WORDS   the last run's standard output has these words
    if grep -qF -e "$2" out; then
        pass "$1"
    else
        fail "$1" "standard output does not say: $2"
    fi
}

holds() { # NAME CONDITION [FILE]   a Python condition on the JSON document d (standard output)
    if python3 -c "import json,sys
d = json.load(open(sys.argv[1]))
limits = {l['name']: l for l in d['limits']} if 'limits' in d else {}
sys.exit(0 if ($2) else 1)" "${3:-out}" 2>python-err; then
        pass "$1"
    else
        fail "$1" "not so: $2 $(tail -n 1 python-err)"
    fi
}

without_seconds() { # FILE
    python3 -c "import json,sys
d = json.load(open(sys.argv[1]))
del d['seconds']
print(json.dumps(d))" "$1" 2>/dev/null
}

same() { # NAME FILE FILE
    if [ -s "$2" ] && cmp -s "$2" "$3"; then
        pass "$1"
    else
        fail "$1" "$2 and $3 differ, or are empty"
    fi
}
