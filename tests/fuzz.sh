#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs every fuzz target of tests/fuzz for FUZZ_S seconds, beginning with its seeds. An input that
# fails is kept as build/fuzz/failed/TARGET-*; to run it again:
#	build/fuzz/clang/tests/fuzz/fuzz_TARGET FILE
# To fuzz for hours: make fuzz FUZZ_S=3600 (FUZZ_TARGETS="qmp tree": only these). New inputs are
# kept in build/fuzz/corpus.
set -u
cd "$(dirname "$0")/.." || exit 1
seconds=${FUZZ_S:-8}
least=100	# runs; a target with fewer does not work
at=build/fuzz/clang/tests/fuzz
pass=0
fail=0
sum=0

no() { fail=$((fail + 1)); echo "not ok: $*"; }

end() {
	echo "fuzz: $sum executions"
	echo "fuzz: $pass passed, $fail failed"
	[ "$fail" = 0 ]
	exit
}

# Debian has libFuzzer in a package of its own.
if ! echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return n && *d; }' |
	clang -fsanitize=fuzzer,address,undefined -x c - -o /dev/null 2> /dev/null; then
	no "clang cannot link a fuzzer; install clang and libclang-rt-dev, or run: make deps"
	end
fi
mkdir -p build/fuzz/failed
if ! make -s -j"$(nproc)" FUZZ=1 CC=clang CFLAGS='-O1 -g' fuzzers > build/fuzz/make.log 2>&1; then
	no "the fuzz targets do not build; build/fuzz/make.log ends:"
	tail -n 20 build/fuzz/make.log
	end
fi
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
for target in ${FUZZ_TARGETS:-$(ls tests/fuzz/fuzz_*.c | sed 's|.*/fuzz_||; s|\.c$||')}; do
	corpus=build/fuzz/corpus/$target log=build/fuzz/$target.log
	mkdir -p "$corpus"
	more=()
	[ -e "tests/fuzz/$target.dict" ] && more+=("-dict=tests/fuzz/$target.dict")
	[ "$target" = topology ] && seeds=(tests/topologies/good tests/topologies/bad xl-cfg) || seeds=("tests/fuzz/seeds/$target")
	# A run takes milliseconds: one that takes seconds is waiting for somebody.
	"$at/fuzz_$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="build/fuzz/failed/$target-" "${more[@]}" "$corpus" "${seeds[@]}" > "$log" 2>&1
	rc=$?
	n=$(awk '/^stat::number_of_executed_units:/ { n = $2 } END { print n + 0 }' "$log")
	edges=$(grep -o 'cov: [0-9]*' "$log" | sed -n '$s/cov: //p')
	sum=$((sum + n))
	if [ $rc != 0 ]; then
		no "$target after $n executions; $log ends:"
		grep -a -m 1 -A 12 'ERROR\|runtime error\|SUMMARY' "$log" | sed 's/^/    /'
	elif [ "$n" -lt $least ]; then
		no "$target ran $n times in $seconds s"
	else
		pass=$((pass + 1))
		echo "fuzz $target: $n executions, ${edges:-?} edges"
	fi
done
end
