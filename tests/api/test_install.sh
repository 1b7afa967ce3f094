#!/bin/sh
# SPDX-License-Identifier: MIT
# What a user of the installed library gets: it is installed into an empty directory, programs
# are compiled against it through pkg-config and run, and what it exports and asks for is listed.
# usage: test_install.sh SOURCE_DIR MESON_BUILD_DIR     prints TAP
set -u
LC_ALL=C
export LC_ALL

if [ $# -lt 2 ] || [ ! -f "$1/tests/abi/symbols.txt" ] || [ ! -d "$2" ]; then
    echo "Bail out! usage: test_install.sh SOURCE_DIR MESON_BUILD_DIR"
    exit 2
fi
source_dir=$(cd "$1" && pwd)
build_dir=$(cd "$2" && pwd)
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
skip() {
    count=$((count + 1))
    echo "ok $count - $1 # SKIP $2"
}
give_up() {
    sed 's/^/# /' "$work/log"
    echo "Bail out! $1"
    exit 2
}

: >"$work/log"
for tool in meson pkg-config nm; do
    command -v "$tool" >/dev/null 2>&1 || give_up "$tool is needed"
done

# --- install

root=$work/root
meson install -C "$build_dir" --no-rebuild --destdir "$root" >"$work/log" 2>&1 ||
    give_up "meson install failed"
pc=$(find "$root" -name inferplan.pc | head -n 1)
so=$(find "$root" -name 'libinferplan.so' | head -n 1)
archive=$(find "$root" -name 'libinferplan.a' | head -n 1)
find "$root" -type f >"$work/log"
if [ -z "$pc" ] || [ -z "$so" ]; then
    give_up "inferplan.pc or libinferplan.so was not installed"
fi

# A library that carries a sanitizer or counts coverage is not one that anybody installs: it
# needs flags that inferplan.pc rightly does not have.
if nm "$so" | grep -qE '__(asan|tsan|ubsan|msan|gcov)_'; then
    echo "1..0 # SKIP the build is instrumented"
    exit 0
fi

find "$root" -type f -name '*.h*' | sed 's|.*/include/||' | sort >"$work/installed"
(cd "$source_dir/include" && find . -type f -name '*.h*' | sed 's|^\./||' | sort) >"$work/public"
diff "$work/public" "$work/installed" >"$work/log" 2>&1
report $? "every public header is installed, and nothing else"

PKG_CONFIG_PATH=${pc%/*}
PKG_CONFIG_SYSROOT_DIR=$root
# With a prefix of /usr, the paths below the root must not be taken for the system's own.
PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1
PKG_CONFIG_ALLOW_SYSTEM_LIBS=1
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR
export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS PKG_CONFIG_ALLOW_SYSTEM_LIBS

{
    cflags=$(pkg-config --cflags inferplan) && libs=$(pkg-config --libs inferplan) &&
        static_libs=$(pkg-config --static --libs inferplan) &&
        version=$(pkg-config --modversion inferplan)
} >"$work/log" 2>&1 || give_up "pkg-config does not know inferplan"
header_version=$(sed -n 's/^#define IFP_VERSION_[A-Z]* \([0-9]*\)$/\1/p' \
    "$source_dir/include/inferplan/version.h" | tr '\n' '.')
echo "pkg-config: $version, version.h: $header_version" >"$work/log"
[ "$version." = "$header_version" ]
report $? "inferplan.pc has the version of version.h"

case " $libs " in
*glpk* | *highs*) false ;;
*) true ;;
esac
result=$?
echo "pkg-config --libs: $libs" >"$work/log"
report $result "a program that links the shared library does not link the LP solver itself"

# --- the command

# It finds the library from its own place: nobody has run ldconfig, and the prefix may move.
command=$(find "$root" -type f -path '*/bin/inferplan' | head -n 1)
if [ -n "$command" ]; then
    (unset LD_LIBRARY_PATH && "$command" --version) >"$work/log" 2>&1 &&
        grep -qx "inferplan $version" "$work/log"
    report $? "the installed command runs without LD_LIBRARY_PATH"
    prefix=${command%/bin/inferplan}
    mv "$prefix" "$work/moved" && (unset LD_LIBRARY_PATH && "$work/moved/bin/inferplan" --version) \
        >"$work/log" 2>&1
    report $? "also where the whole prefix has moved"
    mv "$work/moved" "$prefix"
else
    skip "the installed command runs without LD_LIBRARY_PATH" "the command was not built"
fi

# --- programs

warnings="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
library_dir=${so%/*}

# build COMPILER STANDARD SOURCE shared|static: the program is $work/program.
build() {
    rm -f "$work/program"
    if [ "$4" = static ]; then
        # Where both libraries are there, -linferplan means the shared one.
        link=$(printf '%s\n' "$static_libs" | sed "s|-linferplan|$archive|")
    else
        link=$libs
    fi
    # These are lists of words.
    # shellcheck disable=SC2086
    "$1" "-std=$2" $warnings $cflags "$source_dir/$3" -o "$work/program" $link -lm \
        >"$work/log" 2>&1
}

# run ARGUMENTS...: with the library just installed; the output is in $work/out.
run() {
    LD_LIBRARY_PATH=$library_dir "$work/program" "$@" >"$work/out" 2>"$work/log"
}

# The instance of consumer_c99.c as a file; its plan costs 2 + 0.1 + 50.
cat >"$work/chat.json" <<'JSON'
{"format": "inferplan-instance", "version": 1, "name": "chat",
 "horizon": {"rental_hours": 1}, "storage_usd_per_gb_hour": 0.01,
 "queries": [{"name": "chat", "input_tokens": 600, "output_tokens": 400, "rate_per_hour": 100,
              "delay_penalty_usd_per_ms": 0.001, "unmet_penalty_usd": 1}],
 "models": [{"name": "small", "weights_gb": 10, "kv_gb_per_token": 0.0001}],
 "tiers": [{"name": "gpu", "memory_gb": 24, "tflops": 30, "usd_per_hour": 2, "tp_degrees": [1]}],
 "performance": {"delay_ms_per_token": 0.5, "error_rate": 0.02}}
JSON

# The objectives of the five scenarios, in order: worked out from the instance, where one T4-INT8
# serves all four query types or leaving them unmet is cheaper.
cat >"$work/objectives" <<'TEXT'
15300.000
45546.938
15300.000
15300.000
1143.098
TEXT

programs() {
    kind=$1
    for compiler in gcc clang; do
        if ! command -v "$compiler" >/dev/null 2>&1; then
            skip "C programs with $compiler, $kind" "no $compiler"
            continue
        fi
        build "$compiler" c99 tests/api/consumer_c99.c "$kind" && run
        report $? "consumer_c99.c with $compiler, $kind"
        build "$compiler" c99 examples/four_queries.c "$kind" && run
        report $? "examples/four_queries.c with $compiler, $kind"
        # The objective follows the status.
        sed 1d "$work/out" | sed 's/^.*  *optimal *//' | awk '{ print $1 }' >"$work/found"
        diff "$work/objectives" "$work/found" >"$work/log" 2>&1
        report $? "its five objectives with $compiler, $kind"
    done
    for compiler in g++ clang++; do
        if ! command -v "$compiler" >/dev/null 2>&1; then
            skip "C++ programs with $compiler, $kind" "no $compiler"
            continue
        fi
        build "$compiler" c++17 tests/api/consumer_cpp17.cpp "$kind" && run
        report $? "consumer_cpp17.cpp with $compiler, $kind"
        build "$compiler" c++11 examples/plan.cpp "$kind" && run "$work/chat.json" &&
            cp "$work/out" "$work/log" && grep -q '^optimal: 52.10 USD' "$work/out" &&
            grep -q 'chat -> small on gpu: 100.00 %' "$work/out"
        report $? "examples/plan.cpp with $compiler, $kind"
        run "$work/none.json"
        [ $? -eq 2 ] && grep -q 'none\.json' "$work/log"
        report $? "it names a file that is not there, with $compiler, $kind"
    done
}

programs shared
if [ -n "$archive" ]; then
    programs static
else
    skip "programs linked with the static library" "it was not built"
fi

# --- symbols

grep -v '^#' "$source_dir/tests/abi/symbols.txt" | sed 's/ /@@IFP_/' | sort >"$work/listed"
# The nodes themselves are absolute symbols.
nm -D --defined-only "$so" | awk '$2 != "A" { print $3 }' | sort >"$work/exported"
diff "$work/listed" "$work/exported" >"$work/log" 2>&1 && [ -s "$work/exported" ]
report $? "the library exports what tests/abi/symbols.txt lists, each with its version"

grep -vE '^ifp_[a-z0-9_]+@@IFP_[0-9.]+$' "$work/exported" >"$work/log"
[ ! -s "$work/log" ]
report $? "every exported symbol begins with ifp_ and has a version"

awk '/^IFP_/ { node = $1 } /^ *ifp_[a-z0-9_]*;$/ { sub(";", ""); print $1 "@@" node }' \
    "$source_dir/lib/inferplan.map" | sort >"$work/mapped"
diff "$work/listed" "$work/mapped" >"$work/log" 2>&1
report $? "lib/inferplan.map names every function of tests/abi/symbols.txt, each in its node"

# The library prints nothing and never ends the process. Formatting into memory is no printing,
# but the project's own code does without it (it follows the locale); only where GLPK or jansson
# is linked in, rather than asked for, is it theirs.
nm -D --undefined-only "$so" | awk '{ print $NF }' | sed 's/@.*//' | sort >"$work/undefined"
endings='exit|_exit|_Exit|quick_exit|abort|__assert_fail'
printing='stdout|stderr|perror|putchar|puts|fputs|(__)?v?(f|d)?printf(_chk)?'
formatting='(__)?v?(s|sn|as)printf(_chk)?'
if ! grep -q '^glp_' "$work/undefined" || ! grep -q '^json_' "$work/undefined"; then
    formatting='v?asprintf'
fi
grep -xE "$endings|$printing|$formatting" "$work/undefined" >"$work/log"
[ ! -s "$work/log" ]
report $? "the library cannot end the process or print: no exit, abort or printf"

echo "1..$count"
exit $failed
