#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What vfyard prints for captured hosts (tests/hosts/*.tree), byte for byte. A capture of the unpacked tree must be the tree
# again, so that what users send in is what was on their host.
#
#	GOLDEN=update tests/test_golden.sh	writes the expected files anew; look at the difference before you commit it
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
v=$PWD/build/vfyard
hosts=tests/hosts
pass=0
fail=0

verdict() {	# verdict NAME WHY: empty WHY is success
	if [ -z "$2" ]; then
		pass=$((pass + 1))
		echo "ok: $1"
	else
		fail=$((fail + 1))
		echo "not ok: $1: $2"
	fi
}

# golden NAME FILE ARGS...: standard output is the file's content, exit status 0
golden() {
	local name=$1 file=$2 why=''
	shift 2
	"$v" --root "$tmp/root" "$@" > "$tmp/out" 2> "$tmp/err" < /dev/null || why="exit $?: $(cat "$tmp/err")"
	if [ "${GOLDEN:-}" = update ] && [ -z "$why" ]; then
		cp "$tmp/out" "$file"
	elif ! diff -u "$file" "$tmp/out" > "$tmp/diff"; then
		why="$why not as in $file"
		head -n 20 "$tmp/diff"
	fi
	verdict "$name: vfyard $*" "$why"
}

for tree in "$hosts"/*.tree; do
	name=$(basename "$tree" .tree)
	rm -rf "$tmp/root"
	sh tests/untree.sh "$tree" "$tmp/root" || { verdict "$name" "cannot be unpacked"; continue; }
	sh tests/capture.sh --root "$tmp/root" | grep -v '^#' > "$tmp/again"
	grep -v '^#' "$tree" > "$tmp/once"
	diff "$tmp/once" "$tmp/again" > "$tmp/diff"
	verdict "$name: captured again" "$(head -n 5 "$tmp/diff")"
	mkdir -p "$tmp/root/usr/share/misc"
	cp "$hosts/pci.ids" "$tmp/root/usr/share/misc/"
	golden "$name" "$hosts/$name.list" list
	golden "$name" "$hosts/$name.json" list --json
done
[ "$pass" -gt 0 ] || fail=1
echo "golden: $pass passed, $fail failed"
[ "$fail" = 0 ]
