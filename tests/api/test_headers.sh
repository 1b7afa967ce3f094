#!/bin/sh
# SPDX-License-Identifier: MIT
# Every public header compiles alone, in each language it promises, with all warnings as errors;
# and the headers declare exactly the functions of tests/abi/symbols.txt.
# usage: test_headers.sh SOURCE_DIR     prints TAP
set -u
LC_ALL=C
export LC_ALL

if [ $# -lt 1 ] || [ ! -d "$1/include/inferplan" ]; then
    echo "Bail out! usage: test_headers.sh SOURCE_DIR"
    exit 2
fi
source_dir=$1
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM

count=0
failed=0
# report STATUS NAME: one TAP line, and what the step printed where it failed.
report() {
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $count - $2"
    else
        echo "not ok $count - $2"
        sed 's/^/# /' "$work/log"
        failed=1
    fi
}

warnings="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"

# compile COMPILER STANDARD LANGUAGE HEADER: included twice, so that the guard is tested too.
compile() {
    extension=c
    [ "$3" = c++ ] && extension=cpp
    printf '#include <inferplan/%s>\n#include <inferplan/%s>\nint main(void) { return 0; }\n' \
        "$4" "$4" >"$work/alone.$extension"
    # $warnings is a list of words.
    # shellcheck disable=SC2086
    "$1" "-std=$2" $warnings -I"$source_dir/include" -fsyntax-only "$work/alone.$extension" \
        >"$work/log" 2>&1
    report $? "$4 alone with $1 -std=$2"
}

c_compilers=
cxx_compilers=
for compiler in gcc clang; do
    command -v "$compiler" >/dev/null 2>&1 && c_compilers="$c_compilers $compiler"
done
for compiler in g++ clang++; do
    command -v "$compiler" >/dev/null 2>&1 && cxx_compilers="$cxx_compilers $compiler"
done
if [ -z "$c_compilers" ] || [ -z "$cxx_compilers" ]; then
    echo "Bail out! a C and a C++ compiler are needed: gcc or clang, g++ or clang++"
    exit 2
fi

for path in "$source_dir"/include/inferplan/*.h; do
    header=${path##*/}
    for compiler in $c_compilers; do
        compile "$compiler" c99 c "$header"
        compile "$compiler" c11 c "$header"
    done
    for compiler in $cxx_compilers; do
        compile "$compiler" c++11 c++ "$header"
        compile "$compiler" c++20 c++ "$header"
    done
done
for compiler in $cxx_compilers; do
    for standard in c++11 c++17 c++20; do
        compile "$compiler" "$standard" c++ inferplan.hpp
    done
done

# IFP_API marks each exported function once; the macro's own definition has no parenthesis.
cat "$source_dir"/include/inferplan/*.h | tr '\n' ' ' | grep -oE 'IFP_API [^;]*;' |
    grep -oE 'ifp_[a-z0-9_]+ ?\(' | tr -d ' (' | sort >"$work/declared"
grep -v '^#' "$source_dir/tests/abi/symbols.txt" | cut -d ' ' -f 1 | sort >"$work/listed"
diff "$work/listed" "$work/declared" >"$work/log" 2>&1 && [ -s "$work/declared" ]
report $? "the headers declare what tests/abi/symbols.txt lists"

# The build reads the version from there, so it must be three plain numbers.
grep -cE '^#define IFP_VERSION_(MAJOR|MINOR|PATCH) [0-9]+$' \
    "$source_dir/include/inferplan/version.h" >"$work/log"
[ "$(cat "$work/log")" = 3 ]
report $? "version.h defines three plain numbers"

echo "1..$count"
exit $failed
