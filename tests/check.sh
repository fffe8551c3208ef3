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
# scripts. A lab says so for each scenario and then for all ("lab trixie xen: ..."): there the sum counts.
count() {
	awk '/^\[  PASSED  \] [0-9]+ test/ { p += $4 }
	     /^\[  FAILED  \] [0-9]+ test/ { f += $4 }
	     /^lab [a-z]+ [a-z]+ [^:]*: / { next }
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

unit() { bash tests/unit.sh "$@"; }

# What needs no lab, on the other release: its compilers and libraries. test_boot_switch.sh boots kernels, which has been
# done on this one.
other_unit() {
	bash tests/suite.sh make "$other" WERROR=1 all tests tools &&
		bash tests/suite.sh run "$other" bash -c 'bash tests/unit.sh build; a=$?; bash tests/scripts.sh test_boot_switch.sh && exit $a'
}
other_warnings() { bash tests/suite.sh run "$other" make -s -j"$jobs" CELLS='gcc:O3 clang:O3' warnings; }

# labs SUITE KIND WHAT: one lab, its progress into its log.
labs() {
	LAB_SUITE=$1 LAB_JOBS=1 bash tests/lab/lab.sh "$3" "$2" > "$logs/lab-$1-$2.log" 2>&1 </dev/null
}

# lab_verdict SUITE KIND PID: waits for such a lab, showing what it tells meanwhile.
lab_verdict() {
	local rc
	say "waiting for lab-$1-$2"
	tail -n +1 -f --pid="$3" "$logs/lab-$1-$2.log" | grep --line-buffered "^lab $1 $2" &
	wait "$3"
	rc=$?
	wait $!
	verdict "lab-$1-$2" "$rc"
}

format() { find src include tests -name '*.[ch]' -print0 | xargs -0 clang-format --dry-run -Werror; }

manuals() { mandoc -T lint -W warning docs/*.[58]; }

lint() { find tests .ci -type f \( -name "*.sh" -o -name run \) -print0 | xargs -0 shellcheck -S warning; }

export WERROR=1
# Stale test programs of sources that are gone would be run too.
rm -f build/{,san/,noxen/,clang/}tests/test_*
job build make -j"$jobs" all tests tools
[ "$fail" -eq 0 ] || { say "no build, no tests"; printf '%d passed, %d failed\n' "$pass" "$fail"; exit 1; }

# Every scenario runs on this machine's release, half of them on the other one. The labs of Xen boot one after the other on
# one core, what else there is runs on the other.
own=$(bash tests/suite.sh own)
other=$(bash tests/suite.sh other)
bash tests/lab/same.sh forget
say "lab-$own-xen, then lab-$other-xen ... (beside the other tests; follow build/check/lab-*.log)"
touch "$logs/lab-$own-xen.log" "$logs/lab-$other-xen.log"
labs "$own" xen check &
lab_own=$!
{ while kill -0 $lab_own 2>/dev/null; do sleep 1; done; labs "$other" xen half; } &
lab_other=$!
job unit unit build
job unit-sanitized bash -c "make -j$jobs SAN=1 tests"
job unit-sanitized-run unit build/san
job unit-valgrind unit build valgrind -q --suppressions=tests/valgrind.supp --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect
job build-clang make -j"$jobs" CC=clang all tests
job build-no-xen make -j"$jobs" XEN=no all tests
job unit-no-xen unit build/noxen
# -O2 is what the builds above and on the other release have; all levels of all compilers: make warnings
job warnings make -j"$jobs" CELLS=gcc:O3 warnings
job layers sh tests/layers.sh
job format format
job shellcheck lint
job manuals manuals
job scripts bash tests/scripts.sh
job "unit-$other" other_unit
job "warnings-$other" other_warnings
for s in "$own check" "$other half"; do
	labs "${s% *}" kvm "${s#* }" &
	lab_verdict "${s% *}" kvm $!
done
job lab-deaths bash tests/lab/deaths.sh
lab_verdict "$own" xen $lab_own
lab_verdict "$other" xen $lab_other
job one-topology bash tests/lab/same.sh
printf '%d passed, %d failed\n' "$pass" "$fail"
[ "$fail" -eq 0 ]
