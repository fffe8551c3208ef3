#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs every unit test program of a build, under a wrapper where one is given; a program that runs no test has failed.
# Usage: tests/unit.sh DIR [WRAPPER...]
set -u
dir=$1
rc=0
shift
out=$(mktemp)
trap 'rm -f "$out"' EXIT
for t in "$dir"/tests/test_*; do
	[ -x "$t" ] && [ -f "$t" ] || continue
	"$@" "$t" > "$out" 2>&1 || { rc=1; echo "failed: $*${*:+ }$t"; }
	grep -q '^\[  PASSED  \]' "$out" || { rc=1; echo "no test ran: $t"; }
	cat "$out"
done
exit $rc
