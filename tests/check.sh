#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Everything `make check` runs, with progress, and the sum at the end: "N passed, N failed".
# Each job's output is kept in build/check/NAME.log. The labs boot while the unit tests run.
set -u
cd "$(dirname "$0")/.." || exit 1
logs=build/check
rm -rf "$logs" && mkdir -p "$logs"
jobs=$(nproc)
start=$SECONDS
pass=0
fail=0

say() { printf 'check: [%4ds] %s\n' "$((SECONDS - start))" "$*"; }

# Sums what a job's log says of itself: cmocka's closing lines, and "NAME: N passed, N failed" of
# scripts. A lab says so for each scenario and then for all ("lab xen: ..."): there the sum counts.
count() {
	awk '/^\[  PASSED  \] [0-9]+ test/ { p += $4 }
	     /^\[  FAILED  \] [0-9]+ test/ { f += $4 }
	     /^lab [a-z]+ [^:]*: / { next }
	     /^([a-z][a-z0-9 _.-]*: )?[0-9]+ passed, [0-9]+ failed$/ {
		match($0, /[0-9]+ passed/); p += substr($0, RSTART, RLENGTH) + 0
		match($0, /[0-9]+ failed/); f += substr($0, RSTART, RLENGTH) + 0 }
	     END { print p + 0, f + 0 }' "$1"
}

# verdict NAME RC: a job that fails without a count is one failure, one that ends well without a
# count is one success.
verdict() {
	local name=$1 rc=$2 p f
	read -r p f < <(count "$logs/$name.log")
	if [ "$rc" -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
	if [ "$rc" -eq 0 ] && [ "$p" -eq 0 ]; then p=1; fi
	pass=$((pass + p))
	fail=$((fail + f))
	say "$name: $p passed, $f failed"
	if [ "$f" -gt 0 ]; then
		say "$name failed; the end of $logs/$name.log:"
		tail -n 50 "$logs/$name.log"
	fi
}

job() {
	local name=$1
	shift
	say "$name ..."
	"$@" > "$logs/$name.log" 2>&1 </dev/null
	verdict "$name" $?
}

# Every unit test program under a wrapper; a program that runs no test has failed.
unit() {	# unit DIR [WRAPPER...]
	local dir=$1 t rc=0
	shift
	for t in "$dir"/tests/test_*; do
		[ -x "$t" ] && [ -f "$t" ] || continue
		"$@" "$t" > "$logs/one.log" 2>&1 || { rc=1; echo "failed: $*${*:+ }$t"; }
		grep -q '^\[  PASSED  \]' "$logs/one.log" || { rc=1; echo "no test ran: $t"; }
		cat "$logs/one.log"
	done
	return $rc
}

scripts() {
	local t rc=0
	for t in tests/test_*.sh; do
		[ -e "$t" ] || continue
		bash "$t" || { rc=1; echo "failed: $t"; }
	done
	return $rc
}

format() { find src include tests -name '*.[ch]' -print0 | xargs -0 clang-format --dry-run -Werror; }

manuals() { mandoc -T lint -W warning docs/*.[58]; }

lint() { find tests .ci -type f \( -name "*.sh" -o -name run \) -print0 | xargs -0 shellcheck -S warning; }

# Stale test programs of sources that are gone would be run too.
rm -f build/{,san/,noxen/,clang/}tests/test_*
job build make -j"$jobs" all tests tools
[ "$fail" -eq 0 ] || { say "no build, no tests"; printf '%d passed, %d failed\n' "$pass" "$fail"; exit 1; }

bash tests/lab/same.sh forget
say "lab-xen ... (beside the other tests; follow build/check/lab-xen.log)"
LAB_JOBS=1 bash tests/lab/lab.sh check xen > "$logs/lab-xen.log" 2>&1 </dev/null &
lab=$!
job unit unit build
job unit-sanitized bash -c "make -j$jobs SAN=1 tests"
job unit-sanitized-run unit build/san
job unit-valgrind unit build valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect
job build-clang make -j"$jobs" CC=clang all tests
job build-no-xen make -j"$jobs" XEN=no all tests
job unit-no-xen unit build/noxen
job layers sh tests/layers.sh
job format format
job shellcheck lint
job manuals manuals
job scripts scripts
if compgen -G 'tests/lab/kvm-*.sh' > /dev/null; then
	say "lab-kvm ... (beside lab-xen)"
	LAB_JOBS=1 bash tests/lab/lab.sh check kvm 2>&1 </dev/null | tee "$logs/lab-kvm.log" | grep --line-buffered '^lab kvm'
	verdict lab-kvm "${PIPESTATUS[0]}"
fi
say "waiting for lab-xen"
tail -n +1 -f --pid="$lab" "$logs/lab-xen.log" | grep --line-buffered '^lab xen' &
wait "$lab"
rc=$?
wait
verdict lab-xen "$rc"
job one-topology bash tests/lab/same.sh
printf '%d passed, %d failed\n' "$pass" "$fail"
[ "$fail" -eq 0 ]
