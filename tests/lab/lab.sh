#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The lab: a real Xen Dom0 or a real KVM host, with emulated SR-IOV NICs (82576) and an emulated
# VT-d, in QEMU TCG. It needs no KVM, no network except the package mirror, and no root rights.
#
#   lab.sh build			makes the boot images (cached in build/lab by a hash of their inputs)
#   lab.sh check xen|kvm [SCENARIO...]	runs all scenarios of that host, or these; last line: lab SUITE xen: N passed, M failed
#   lab.sh half xen|kvm		runs those marked "# lab: both releases": those that differ between the releases
#   lab.sh list xen|kvm check|half	lists the scenarios of these two, each behind its limit in seconds
#   lab.sh run xen|kvm SCENARIO [FILE...]	runs one (a name, xen-NAME.sh here, or a file); FILEs land in /lab
#   lab.sh shell xen|kvm		opens a shell on such a host, with VFs, a guest image and vfyard
#   lab.sh packages			prints the Debian packages that this script itself needs
#
# Settings in the environment, with their default values where they have one:
#   LAB_SUITE		bookworm or trixie: the release that the host's packages come from (this machine's release)
#   LAB_NPF		the number of PFs, each with 7 VFs (2)
#   LAB_MEM, LAB_DOM0_MEM	memory of the machine and of Dom0 (2G, 768M)
#   LAB_NOACS		PFs whose port has no ACS, so that all their functions are in one IOMMU group
#   LAB_TIME		seconds until a scenario is killed (240)
#   LAB_SMP		CPUs (1; QEMU sends a VF's interrupts for Xen's second CPU to the first)
#   LAB_JOBS		how many scenarios check runs at a time (the number of processors)
#   LAB_XENARGS		more arguments for Xen
#   LAB_LINUXARGS	more arguments for Linux in the first boot
#   LAB_XEN		xen, or xen-shadow, which can run HVM guests here (xen)
#   LAB_BOOTS		1: the host has a disk that survives reboot_with, vfyard as make install puts it, and systemd for
#			the boots that ask for lab.systemd
#   LAB_LIBVIRT		1: the host has libvirt's daemon and virsh, for host-libvirt.sh to start
# A scenario's own settings are its lines "# lab: NAME=VALUE".
set -euo pipefail
LAB_DIR=$(cd "$(dirname "$0")" && pwd)
LAB_TOP=$(cd "$LAB_DIR/../.." && pwd)
LAB_BUILD=${BUILD:-$LAB_TOP/build}
LAB_ROOT=$LAB_BUILD/lab
. "$LAB_DIR/lib/debs.sh"
: "${LAB_SUITE:=$(host_suite)}"
LAB_OUT=$LAB_ROOT/out/$LAB_SUITE
. "$LAB_DIR/lib/tree.sh"
. "$LAB_DIR/lib/image.sh"
. "$LAB_DIR/lib/boot.sh"

# What another kind of machine replaces.
LAB_SET='' LAB_DEBS=()

# use_kind xen|kvm|arm: what that lab is made of.
use_kind() {
	LAB_KIND=$1 LAB_HYPERVISOR=$1
	[ "$1" = arm ] || return 0
	LAB_HYPERVISOR=kvm LAB_SET=arm-
	. "$LAB_DIR/lib/arm/tree.sh"
	. "$LAB_DIR/lib/arm/image.sh"
	. "$LAB_DIR/lib/arm/boot.sh"
}

log() { printf 'lab: %s\n' "$*" >&2; }
die() { log "$*"; exit 1; }

# own: the lab uses this machine's release, and so does build/vfyard.
own() { [ "$LAB_SUITE" = "$(host_suite)" ]; }

# build: sets LAB_TREE and LAB_IMG; makes what is missing, one process at a time, and removes what
# is out of date.
build() {
	local d
	mkdir -p "$LAB_ROOT" "$LAB_ROOT/log" "$LAB_OUT"
	LAB_TREE=$LAB_ROOT/$LAB_SUITE-${LAB_SET}tree-$(tree_key)
	LAB_IMG=$LAB_ROOT/$LAB_SUITE-${LAB_SET}images-$(image_key)
	exec {lock}> "$LAB_ROOT/lock"
	flock "$lock"
	if ! [ -e "$LAB_IMG" ]; then
		for d in "$LAB_ROOT/$LAB_SUITE-${LAB_SET}tree"-* "$LAB_ROOT/$LAB_SUITE-${LAB_SET}images"-*; do
			[ "$d" = "$LAB_TREE" ] || rm -rf "$d"
		done
		if ! [ -e "$LAB_TREE" ]; then
			log "unpacking packages of $LAB_SUITE (once, half a minute)"
			make_tree "$LAB_TREE"
		fi
		log "making boot images"
		make_images "$LAB_IMG"
	fi
	exec {lock}>&-
}

# program: sets LAB_BIN to the folder with a vfyard that this release's host can run. For the other
# release, it is built in a root of that release.
program() {
	LAB_BIN=$LAB_BUILD
	own || LAB_BIN=$(bash "$LAB_TOP/tests/suite.sh" make "$LAB_SUITE" all) || die "no vfyard for $LAB_SUITE, see above"
	[ -x "$LAB_BIN/vfyard" ] && [ -e "$LAB_BIN/backend-kvm.so" ] || die "no $LAB_BIN/vfyard with its modules, run: make"
}

# settings FILE: takes the "# lab: NAME=VALUE" lines, unless the environment says otherwise.
settings() {
	local name value
	while IFS='=' read -r name value; do
		[ -z "$name" ] || [ -n "${!name:-}" ] || printf -v "$name" %s "$value"
	done <<< "$(sed -n 's/^# lab: *\(LAB_[A-Z0-9_]*=.*\)/\1/p' "$1")"
	: "${LAB_FW:=acpi}" "${LAB_BUS:=}"
	: "${LAB_NPF:=2}" "${LAB_MEM:=2G}" "${LAB_DOM0_MEM:=768M}" "${LAB_TIME:=240}" "${LAB_SMP:=1}" "${LAB_XEN:=xen}" "${LAB_BOOTS:=0}" "${LAB_LIBVIRT:=0}"
}

cleanup() {
	kill_qemu
	rm -rf "$LAB_TMP"
}

# run xen|kvm|arm SCENARIO [FILE...]
run() {
	local scenario p=0 f=0
	local -a images
	use_kind "$1"
	scenario=$2
	shift 2
	LAB_EXTRA=("$@")
	[ -f "$scenario" ] || scenario=$LAB_DIR/$LAB_KIND-$scenario.sh
	[ -f "$scenario" ] || die "no scenario $scenario"
	program
	build
	settings "$scenario"
	LAB_NAME=$(basename "$scenario" .sh)
	LAB_NAME="$LAB_SUITE $LAB_KIND ${LAB_NAME#"$LAB_KIND"-}"
	LAB_LOG=$LAB_ROOT/log/${LAB_NAME// /-}.log
	LAB_TMP=$(mktemp -d "$LAB_ROOT/run.XXXXXX")
	trap cleanup EXIT
	: > "$LAB_LOG"
	make_overlay "$LAB_TMP/overlay.img" "$scenario"
	images=("$LAB_IMG/base-$LAB_KIND.img")
	[ "$LAB_BOOTS" = 0 ] || images+=("$LAB_IMG/systemd.img")
	[ "$LAB_LIBVIRT" = 0 ] || images+=("$LAB_IMG/libvirt.img")
	[ "$LAB_BOOTS" = 0 ] || truncate -s 8M "$LAB_TMP/disk.img"
	cat "${images[@]}" "$LAB_TMP/overlay.img" > "$LAB_TMP/initrd"
	LAB_START=$SECONDS LAB_BOOT=1
	screen "booting ($LAB_NPF PFs, log in ${LAB_LOG#"$LAB_TOP"/})"
	boot "" "${LAB_LINUXARGS:-}"
	while [ -n "$next" ]; do
		local xen linux counts
		IFS='|' read -r counts xen linux <<< "$next"
		p=$((p + ${counts% *})) f=$((f + ${counts#* }))
		LAB_BOOT=$((LAB_BOOT + 1))
		screen "booting again: ${xen:+xen: $xen }${linux:+linux: $linux}"
		boot "$xen" "$linux"
	done
	if [ -z "$verdict" ]; then
		f=$((f + 1))
		step_done
		screen "NO VERDICT: $end_text; the last lines of its console:"
		tail -n 50 "$LAB_LOG" | tr -d '\r'
		verdict="0 0"
	fi
	p=$((p + ${verdict% *})) f=$((f + ${verdict#* }))
	[ $f = 0 ] || [ "$verdict" = "0 0" ] || { log "the last lines of its console:"; tail -n 50 "$LAB_LOG" | tr -d '\r'; }
	screen "over"
	echo "lab $LAB_NAME: $p passed, $f failed"
	[ $f = 0 ] && [ $p -gt 0 ]
}

# scenarios xen|kvm check|half: prints their names.
scenarios() {
	local s
	for s in "$LAB_DIR/$1"-*.sh; do
		case $2 in
		check) ! grep -q '^# lab: by hand' "$s" || continue ;;
		half) grep -q '^# lab: both releases' "$s" || continue ;;
		*) die "check or half, not '$2'" ;;
		esac
		basename "$s" .sh | sed 's/^[a-z]*-//'
	done
}

# list xen|kvm check|half: prints each scenario behind its limit in seconds, which shows the long
# ones.
list() {
	local s
	for s in $(scenarios "$1" "$2"); do
		(settings "$LAB_DIR/$1-$s.sh"; echo "$LAB_TIME $s")
	done
}

# check xen|kvm [SCENARIO...]: runs all of them, LAB_JOBS at a time.
check() {
	local kind=$1 s p=0 f=0 n=0 jobs one
	local -a all=()
	use_kind "$1"
	shift
	jobs=${LAB_JOBS:-$(nproc)}
	program
	build
	mapfile -t all < <(if [ $# -gt 0 ]; then printf '%s\n' "$@"; else scenarios "$kind" check; fi)
	rm -f "$LAB_ROOT/$LAB_SUITE-verdict-$kind".*
	for s in "${all[@]}"; do
		[ "$(jobs -pr | wc -l)" -lt "$jobs" ] || wait -n || true
		n=$((n + 1))
		("$LAB_DIR/lab.sh" run "$kind" "$s" | tee "$LAB_ROOT/$LAB_SUITE-verdict-$kind.$n") &
	done
	wait || true
	for ((s = 1; s <= n; s++)); do
		one=$(sed -n 's/^lab .*: \([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$LAB_ROOT/$LAB_SUITE-verdict-$kind.$s" | tail -1)
		[ -n "$one" ] || one="0 1"	# no last line: that is a failure too
		p=$((p + ${one% *})) f=$((f + ${one#* }))
	done
	echo "lab $LAB_SUITE $kind: $p passed, $f failed"
	[ $f = 0 ] && [ $p -gt 0 ]
}

# half xen|kvm: runs a chosen half of the scenarios, for the release where not all of them run.
half() {
	local -a some
	mapfile -t some < <(scenarios "$1" half)
	check "$1" "${some[@]}"
}

kind_ok() {
	case ${1:-} in
	xen | kvm | arm) ;;
	*) die "xen, kvm or arm, not '${1:-}'" ;;
	esac
}

case ${1:-} in
build) use_kind "${2:-kvm}"; build ;;
run) kind_ok "${2:-}"; [ $# -ge 3 ] || die "which scenario?"; shift; run "$@" ;;
check) kind_ok "${2:-}"; shift; check "$@" ;;
half) kind_ok "${2:-}"; half "$2" ;;
list) kind_ok "${2:-}"; list "$2" "${3:-check}" ;;
shell) kind_ok "${2:-}"; . "$LAB_DIR/lib/shell.sh"; shell "$2" ;;
packages) echo mmdebstrap cpio qemu-system-x86 seabios ;;
*) sed -n '3,/^set /s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
