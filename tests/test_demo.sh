#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What a newcomer sees first: make demo shows the job, and no refusal, no warning and no source of a
# picture.
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
fail=0
bad() { fail=1; echo "not ok: make demo: $*"; }

bash tests/demo.sh > "$tmp/out" 2> "$tmp/err" </dev/null || bad "exit $?"
head -n 1 "$tmp/out" | grep -q '^vfyard on ' || bad "it begins with: $(head -n 1 "$tmp/out")"
[ -s "$tmp/err" ] && bad "on standard error: $(cat "$tmp/err")"
for command in list plan 'render xl' 'render grub'; do
	grep -qx "\$ vfyard $command" "$tmp/out" || bad "no $command"
done
sed -n '/^\$ vfyard plan$/,/^$/p' "$tmp/out" | grep -qE '^ +1 (set|numvfs|assign|autoprobe) |^nothing to do' || bad "the plan has no step"
grep -q digraph "$tmp/out" && bad "it prints the source of a picture"
echo "demo: $([ "$fail" = 0 ] && echo 1 passed, 0 failed || echo 0 passed, 1 failed)"
exit "$fail"
