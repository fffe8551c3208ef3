#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs everything of `make check`, with progress, and prints the totals at the end: "N passed, N
# failed". Each job's output is kept in build/check/NAME.log. The labs boot while the unit tests
# run.
set -u
cd "$(dirname "$0")/.." || exit 1
logs=build/check
rm -rf "$logs" && mkdir -p "$logs"
jobs=$(nproc)
start=$SECONDS
pass=0
fail=0

say() { printf 'check: [%4ds] %s\n' "$((SECONDS - start))" "$*"; }

# Adds up what a job's log says about itself: cmocka's closing lines, and "NAME: N passed, N failed"
# of scripts and labs.
count() {
	awk '/^\[  PASSED  \] [0-9]+ test/ { p += $4 }
	     /^\[  FAILED  \] [0-9]+ test/ { f += $4 }
	     /^([a-z][a-z0-9 _.-]*: )?[0-9]+ passed, [0-9]+ failed$/ {
		match($0, /[0-9]+ passed/); p += substr($0, RSTART, RLENGTH) + 0
		match($0, /[0-9]+ failed/); f += substr($0, RSTART, RLENGTH) + 0 }
	     END { print p + 0, f + 0 }' "$1"
}

# verdict NAME RC: a job that fails without a count is one failure, and one that ends well without a
# count is one success.
verdict() {
	local name=$1 rc=$2 p f
	read -r p f < <(count "$logs/$name.log")
	if [ "$rc" -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
	if [ "$rc" -eq 0 ] && [ "$p" -eq 0 ]; then p=1; fi
	pass=$((pass + p))
	fail=$((fail + f))
	say "$name: $p passed, $f failed"
	grep -h '^[a-z]*: not run: ' "$logs/$name.log" | while read -r line; do say "$line"; done
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

# Everything that needs no lab, with the compilers and libraries of the other release.
# test_boot_switch.sh is left out because it boots kernels, and it has run on this release.
other_unit() {
	bash tests/suite.sh make "$other" WERROR=1 all tests tools &&
		bash tests/suite.sh run "$other" bash -c 'bash tests/unit.sh build; a=$?; bash tests/scripts.sh test_boot_switch.sh && exit $a'
}
other_warnings() { bash tests/suite.sh run "$other" make -s -j"$jobs" CELLS='gcc:O3 clang:O3' warnings; }

# labs: runs one scenario after the other from the list in $logs/labs, "SUITE KIND SCENARIO" a line.
# Two of these share the list.
labs() {
	local suite kind scenario name began
	while :; do
		exec {lock}> "$logs/labs.lock"
		flock "$lock"
		suite=
		read -r suite kind scenario < "$logs/labs" || true
		sed -i 1d "$logs/labs"
		exec {lock}>&-
		[ -n "$suite" ] || return 0
		name=lab-$suite-$kind-$scenario began=$SECONDS
		LAB_SUITE=$suite bash tests/lab/lab.sh run "$kind" "$scenario" > "$logs/$name.log" 2>&1 </dev/null
		echo $? > "$logs/$name.rc"
		say "$(tail -n 1 "$logs/$name.log") ($((SECONDS - began)) s)"
		grep -E '(FAILED$|^lab[^]]*\]     )' "$logs/$name.log"
	done
}

prove() { mkdir -p build/prove && build/tests/prove/prove -n 200000 -y 1000 -o build/prove; }

format() { find src include tests docs -name '*.[ch]' -print0 | xargs -0 clang-format --dry-run -Werror; }

manuals() { mandoc -T lint -W warning docs/*.[358]; }

lint() { find tests .ci -type f \( -name "*.sh" -o -name run -o -name pre-commit \) -print0 | xargs -0 shellcheck -S warning; }

export WERROR=1
# Otherwise the test programs of sources that are gone would be run too.
rm -f build/{,san/,noxen/,clang/}tests/test_*
job build make -j"$jobs" all tests tools
[ "$fail" -eq 0 ] || { say "no build, no tests"; printf '%d passed, %d failed\n' "$pass" "$fail"; exit 1; }

# Every scenario runs on this machine's release, and half of them on the other one; those that may
# take long come first. One processor boots labs from the start, the other one when everything else
# is done.
own=$(bash tests/suite.sh own)
other=$(bash tests/suite.sh other)
bash tests/lab/same.sh forget
for s in "$own check" "$other half"; do
	for kind in xen kvm arm; do
		bash tests/lab/lab.sh list "$kind" "${s#* }" | sed "s/^[0-9]*/& ${s% *} $kind/"
	done
done | sort -rn -s -k 1,1 | cut -d ' ' -f 2- > "$logs/labs.all"
cp "$logs/labs.all" "$logs/labs"
say "$(wc -l < "$logs/labs") scenarios in the labs ... (beside the other tests; follow build/check/lab-*.log)"
labs &
labs=$!
job unit unit build
job unit-sanitized bash -c "make -j$jobs SAN=1 tests"
job unit-sanitized-run unit build/san
job unit-valgrind unit build valgrind -q --suppressions=tests/valgrind.supp --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect
job build-clang make -j"$jobs" CC=clang all tests
job build-no-xen make -j"$jobs" XEN=no all tests
job unit-no-xen unit build/noxen
# The builds above and on the other release use -O2; make warnings has all levels of all compilers.
job warnings make -j"$jobs" CELLS=gcc:O3 warnings
# Each parser and conversation runs for some seconds; for hours: make fuzz FUZZ_S=3600
job fuzz bash tests/fuzz.sh
# An even sample of each set; for all of it: make prove
job prove prove
job layers sh tests/layers.sh
job format format
job shellcheck lint
job manuals manuals
job scripts bash tests/scripts.sh
job "unit-$other" other_unit
job "warnings-$other" other_warnings
job lab-deaths bash tests/lab/deaths.sh
say "waiting for the labs ..."
labs
wait $labs
while read -r suite kind scenario; do
	verdict "lab-$suite-$kind-$scenario" "$(cat "$logs/lab-$suite-$kind-$scenario.rc" || echo 1)"
done < "$logs/labs.all"
job one-topology bash tests/lab/same.sh
printf '%d passed, %d failed\n' "$pass" "$fail"
[ "$fail" -eq 0 ]
