#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Measures how fast `vfyard list` is: against lspci on the same tree in one run, against a bare loop
# of its own system calls, and as the number of VFs grows. It reads the tree as the running host's
# /sys, as lspci does, and as a captured host, where each path is kept inside. The tree is synthetic (tests/gen_tree.c),
# on a tmpfs that lies over /sys for this script alone. The script prints ratios beside the aims and
# whether they are met; it fails only when it cannot measure.
#
#   bench.sh [RUNS]		runs of each program, interleaved; the median counts (9)
set -euo pipefail
cd "$(dirname "$0")/.."
B=${B:-build}
runs=${1:-9}

die() { echo "bench: $*" >&2; exit 1; }

if [ "${BENCH_INSIDE:-}" != 1 ]; then
	command -v lspci > /dev/null || die "lspci is missing; install pciutils"
	private=(unshare --mount)
	[ "$(id -u)" = 0 ] || private=(unshare --mount --map-root-user)
	BENCH_INSIDE=1 exec "${private[@]}" bash "$0" "$runs"
fi

# What is measured gets priority over whatever else runs here, where that is allowed; programs
# inherit it from the shell.
urgent() { chrt -f -p 50 $$ > /dev/null 2>&1; }
ordinary() { chrt -o -p 0 $$ > /dev/null 2>&1 || true; }
prio=''
if urgent; then prio=', real-time priority'; fi
ordinary

work=/mnt
mount -t tmpfs -o size=90% bench "$work" || die "no tmpfs can be mounted here; run it as root"

# median MILLISECONDS...: prints the median
median() { printf '%s\n' "$@" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# timed COMMAND...: prints how long it took, in milliseconds; its output goes to $work/out.
timed() {
	local start=$EPOCHREALTIME end
	"$@" > "$work/out" 2> "$work/err" < "$work/pfs" || { cat "$work/err" >&2; die "$* failed"; }
	end=$EPOCHREALTIME
	awk -v a="$start" -v b="$end" 'BEGIN { printf "%.1f\n", (b - a) * 1000 }'
}

# saw PATTERN N: the command that ran last printed N lines like this; one that read another tree
# could not be compared.
saw() { [ "$(grep -cE "$1" "$work/out")" = "$2" ] || die "not $2 lines of '$1' in the output"; }

# calls COMMAND...: prints how many system calls it makes
calls() {
	strace -f -qq -o "$work/calls" "$@" > /dev/null 2>&1 < "$work/pfs" || die "strace $* failed"
	wc -l < "$work/calls"
}

# ratio WORD AIM A... / B...: prints "12.4x WORD (aim 8x: met)" with the median of the ratios A/B,
# taken round by round because what disturbs a round disturbs both. WORD 'faster' wants at least the
# aim, any other word at most.
ratio() {
	local word=$1 aim=$2 a=() r=() i
	shift 2
	while [ "$1" != / ]; do a+=("$1"); shift; done
	shift
	for ((i = 0; i < ${#a[@]}; i++)); do
		r+=("$(awk -v a="${a[i]}" -v b="$1" 'BEGIN { printf "%.3f", a / b }')")
		shift
	done
	awk -v r="$(median "${r[@]}")" -v word="$word" -v aim="$aim" 'BEGIN {
		met = word == "faster" ? r >= aim : r <= aim
		printf "%.*fx %s (aim %sx: %s)", r < 3 ? 2 : 1, r, word, aim, met ? "met" : "NOT MET" }'
}

tree() {	# tree PFS VFS_PER_PF [OPTION...]: makes the tree and fills $work/pfs
	ordinary
	rm -rf "$work/tree"
	mkdir "$work/tree"
	"$B/tests/gen_tree" -p "$1" -v "$2" "${@:3}" "$work/tree" > "$work/pfs"
	urgent || true
}

against_lspci() {
	local pfs=16 vfs=256 i n text=() json=() rtext=() rjson=() ltext=() ljson=() pci=()
	n=$((pfs * vfs))
	tree $pfs $vfs -c -n
	mount --bind "$work/tree/sys" /sys
	for ((i = 0; i < runs; i++)); do
		pci+=("$(timed lspci -Dnvk)")
		[ "$i" != 0 ] || saw '^[0-9a-f]{4,}:' $((n + pfs))
		ltext+=("$(timed "$B/tests/bench_loop" text "$work/tree")")
		[ "$i" != 0 ] || saw "^$n\$" 1
		text+=("$(timed "$B/vfyard" list)")
		[ "$i" != 0 ] || saw '^ +[0-9]+  [0-9a-f]{4,}:.* igbvf .* bench[0-9]+v' "$n"
		rtext+=("$(timed "$B/vfyard" --root "$work/tree" list)")
		[ "$i" != 0 ] || saw '^ +[0-9]+  [0-9a-f]{4,}:.* igbvf .* bench[0-9]+v' "$n"
		ljson+=("$(timed "$B/tests/bench_loop" json "$work/tree")")
		json+=("$(timed "$B/vfyard" list --json)")
		[ "$i" != 0 ] || saw '^  \{"index":' "$n"
		rjson+=("$(timed "$B/vfyard" --root "$work/tree" list --json)")
		[ "$i" != 0 ] || saw '^  \{"index":' "$n"
	done
	umount /sys
	local p t j lt lj
	p=$(median "${pci[@]}") t=$(median "${text[@]}") j=$(median "${json[@]}")
	lt=$(median "${ltext[@]}") lj=$(median "${ljson[@]}")
	printf '%d VFs on %d PFs, all with a driver, an IOMMU group and a netdev; median of %d interleaved runs\n' $n $pfs "$runs"
	printf '  %-20s %7.1f ms\n' 'lspci -Dnvk' "$p"
	printf '  %-20s %7.1f ms  %s, %s of the bare loop of %.1f ms\n' 'vfyard list' "$t" \
		"$(ratio faster 8 "${pci[@]}" / "${text[@]}")" "$(ratio "the time" 1.2 "${text[@]}" / "${ltext[@]}")" "$lt"
	printf '  %-20s %7.1f ms  %s, %s of the bare loop of %.1f ms\n' 'vfyard list --json' "$j" \
		"$(ratio faster 6 "${pci[@]}" / "${json[@]}")" "$(ratio "the time" 1.2 "${json[@]}" / "${ljson[@]}")" "$lj"
	printf '  %-20s %7.1f ms  %s of the bare loop; --json %.1f ms, %s\n' 'of a captured host' "$(median "${rtext[@]}")" \
		"$(ratio "the time" 2 "${rtext[@]}" / "${ltext[@]}")" "$(median "${rjson[@]}")" \
		"$(ratio "the time" 2 "${rjson[@]}" / "${ljson[@]}")"
	command -v strace > /dev/null || { echo '  system calls are not counted: strace is missing'; return; }
	mount --bind "$work/tree/sys" /sys
	local cp ct cj
	cp=$(calls lspci -Dnvk) ct=$(calls "$B/vfyard" list)
	cj=$(calls "$B/vfyard" list --json)
	umount /sys
	awk -v n=$n -v p="$cp" -v t="$ct" -v j="$cj" 'BEGIN {
		printf "  system calls per VF: lspci %.1f, list %.1f, list --json %.1f\n", p / n, t / n, j / n }'
}

growth() {
	local pfs vfs=256 n i t j ts js ns heap grown first=''
	printf 'growth (the inventory alone: best of 5; programs: median of 3)\n'
	printf '  %8s  %12s  %12s  %14s  %11s  %11s\n' VFs 'list us/VF' 'json us/VF' 'inventory us/VF' 'heap B/VF' 'peak B/VF'
	for pfs in 16 64 256; do
		tree $pfs $vfs -n
		ts=() js=()
		for i in 1 2 3; do
			ts+=("$(timed "$B/vfyard" --root "$work/tree" list)")
			js+=("$(timed "$B/vfyard" --root "$work/tree" list --json)")
		done
		t=$(median "${ts[@]}") j=$(median "${js[@]}")
		read -r n ns heap grown < <("$B/tests/bench_heap" "$work/tree")
		[ "$n" = $((pfs * vfs)) ] || die "inventory found $n VFs"
		first=${first:-$ns}
		awk -v n="$n" -v t="$t" -v j="$j" -v ns="$ns" -v h="$heap" -v g="$grown" 'BEGIN {
			printf "  %8d  %12.2f  %12.2f  %15.2f  %11d  %11d\n", n, t * 1000 / n, j * 1000 / n, ns / 1000, h, g }'
	done
	printf '  16 times the VFs: %s per VF, heap %s\n' "$(ratio "the time" 1.5 "$ns" / "$first")" \
		"$([ "$heap" -lt 300 ] && echo "$heap bytes per VF (aim < 300: met)" || echo "$heap bytes per VF (aim < 300: NOT MET)")"
}

printf 'bench: %s, %s cores, %s%s\n' "$(uname -sr)" "$(nproc)" "$(lspci --version)" "$prio"
against_lspci
growth
