#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Compiles the sources and tests with each compiler that is here, at each level, and treats warnings
# as errors: `make warnings`. The objects stay in build/warn/COMPILER-VERSION/LEVEL, so that a
# second run compiles only what changed. CELLS="gcc:O3 clang:O0" runs only these: all of them take
# five minutes of two processors, and make check has fewer.
set -u
cd "$(dirname "$0")/.." || exit 1
make=${MAKE:-make}
pass=0
fail=0
# Without a job server of the caller's make we use all processors.
jobs=
case ${MAKEFLAGS:-} in *jobserver*) ;; *) jobs=-j$(nproc) ;; esac

cell() {	# cell CC LEVEL "FLAGS" TARGET...
	local cc=$1 level=$2 flags=$3 b start=$SECONDS
	shift 3
	case " ${CELLS:-$cc:$level} " in *" $cc:$level "*) ;; *) return 0 ;; esac
	b=build/warn/$cc-$("$cc" -dumpversion)/$level
	# B is another tree of objects, and nothing in it has ever compiled with a warning.
	# shellcheck disable=SC2086
	if "$make" --no-print-directory -k $jobs V="" CC="$cc" B="$b" WERROR=1 CFLAGS="$flags" "$@" > "$b.log" 2>&1; then
		pass=$((pass + 1))
		echo "$b: no warning ($((SECONDS - start)) s)"
	else
		fail=$((fail + 1))
		echo "$b: FAILED ($((SECONDS - start)) s)"
		grep -v '^  [A-Z]' "$b.log"
	fi
}

for cc in gcc clang; do
	command -v "$cc" > /dev/null || { echo "$cc: not installed"; continue; }
	mkdir -p "build/warn/$cc-$("$cc" -dumpversion)"
	cell "$cc" O0 -O0 objects
	cell "$cc" O3 -O3 objects
	# Objects of -O2 in the usual form and in that of LTO: they warn as -O2 alone does, and once
	# more when they are linked.
	fat=
	[ "$cc" = clang ] || fat=-ffat-lto-objects
	cell "$cc" O2-lto "-O2 -flto $fat" ONE=1 lto
done
echo "warnings: $pass passed, $fail failed"
[ "$fail" = 0 ] && [ "$pass" -gt 0 ]
