#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A planned switch of 40 devices, booted with Debian's own kernel on both machines: does the guest's
# Linux find every one of them alone behind its port? Stand-ins (virtio-rng-pci) take the place of
# the VFs. QEMU runs with TCG, for a few seconds each; the packages are cached in build/boot.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lab/lib/debs.sh
log() { printf 'boot: %s\n' "$*" >&2; }
die() { log "$*"; exit 1; }
: "${LAB_SUITE:=$(host_suite)}"
cache=$PWD/build/boot
seconds=240	# for one boot, beside a lab on two cores
vfs=40
spare=2
pass=0
fail=0
mkdir -p "$cache"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

check() {	# check WHAT TEST...
	local what=$1
	shift
	if [ "$@" ]; then
		pass=$((pass + 1))
	else
		fail=$((fail + 1))
		echo "not ok: $what: $*"
	fi
}

# fetch DIR ARCH [SOURCES]: gets the kernel and the busybox of ARCH out of their packages.
fetch() {
	local dir=$1 arch=$2
	shift 2
	mkdir -p "$dir"
	debs --variant=extract --architectures="$arch" --include="linux-image-$arch,busybox-static" "$LAB_SUITE" - "$@" |
		tar -x -C "$dir" --no-same-owner --wildcards './boot/vmlinuz-*' '*/bin/busybox'
	[ -e "$(echo "$dir"/boot/vmlinuz-*)" ]
}

# from_lab DIR: gets the same out of the package tree of the labs, where there is one.
from_lab() {
	local dir=$1 tree kernel
	for tree in "build/lab/$LAB_SUITE"-tree-*; do
		kernel=$(echo "$tree"/boot/vmlinuz-*)
		[ "${tree%.tmp}" = "$tree" ] && [ -e "$kernel" ] && [ -e "$tree/bin/busybox" ] || continue
		rm -rf "$dir.tmp"
		mkdir -p "$dir.tmp/boot" "$dir.tmp/bin"
		cp "$kernel" "$dir.tmp/boot/" && cp "$tree/bin/busybox" "$dir.tmp/bin/" && mv "$dir.tmp" "$dir"
		return
	done
	return 1
}

# need ARCH: sets kernel and busybox.
need() {
	local arch=$1 dir=$cache/$1-$LAB_SUITE
	if ! [ -e "$dir" ] && ! { [ "$arch" = amd64 ] && from_lab "$dir"; }; then
		log "unpacking kernel and busybox of $LAB_SUITE for $arch (once, half a minute)"
		(from_mirrors "$LAB_SUITE" "$dir.tmp" fetch "$dir.tmp" "$arch") && mv "$dir.tmp" "$dir" || return 1
	fi
	kernel=$(echo "$dir"/boot/vmlinuz-*)
	busybox=$(find "$dir" -name busybox -type f)
}

initrd() {	# initrd FILE
	mkdir -p "$tmp/root/bin"
	install -m 755 tests/boot/init "$tmp/root/init"
	cp "$busybox" "$tmp/root/bin/busybox"
	(cd "$tmp/root" && find . | cpio -o -H newc -R 0:0 --quiet | gzip -1) > "$1"
}

# boot MACHINE QEMU CPU CONSOLE: the command line is what vfyard prints, except for KVM and the VFs.
boot() {
	local machine=$1 qemu=$2 cpu=$3 console=$4 start=$SECONDS out=$tmp/$1.out
	local -a args
	initrd "$tmp/initrd"
	cat > "$tmp/t.json" <<-T
	{"version": 1, "pf": [{"name": "p", "bdf": "$pf"}], "domain": [{"name": "many",
	 "kvm": {"machine": "$machine", "ports": "switch", "spare": $spare},
	 "devices": [{"pf": "p", "index": "0-$((vfs - 1))"}]}]}
	T
	mapfile -t args < <(build/vfyard -q --root "$tmp/host" -C "$tmp/t.json" \
		render qemu many --with-machine --cpu "$cpu" | grep -vx -e '-accel kvm' |
		sed 's/^-device vfio-pci,\(id=[^,]*\),host=[^,]*/-device virtio-rng-pci,\1/')
	# shellcheck disable=SC2068 # each line is two words
	timeout -k 5 $seconds "$qemu" ${args[@]} -m 512M -no-reboot -serial stdio -kernel "$kernel" \
		-initrd "$tmp/initrd" -append "console=$console quiet panic=1" </dev/null > "$out" 2>&1
	check "$machine: QEMU's exit status" $? = 0
	tr -d '\r' < "$out" > "$out.txt"
	check "$machine: devices the guest found" "$(grep -c '^@endpoint ' "$out.txt")" = $vfs
	# 0x8233 is the downstream port of the switch; each device has a bus of its own, and is in
	# slot 0 there
	check "$machine: alone in slot 0 behind a downstream port" \
		"$(grep -cE '^@endpoint 0000:[0-9a-f]{2}:00\.0 0x8233 1$' "$out.txt")" = $vfs
	check "$machine: buses they are on" \
		"$(sed -n 's/^@endpoint 0000:\(..\).*/\1/p' "$out.txt" | sort -u | wc -l)" = $vfs
	# two switches: their root and upstream ports, and a downstream port for each device and
	# each spare
	check "$machine: ports, devices and what the machine has" \
		"$(sed -n 's/^@total [0-9]* //p' "$out.txt")" -ge $((4 + vfs + spare + vfs))
	grep '^@total' "$out.txt" | sed "s/^@total \([0-9]*\) \(.*\)/$machine: the guest counts \1 devices behind switches, \2 PCI functions, $((SECONDS - start)) s/"
	[ "$fail" = 0 ] || tail -n 20 "$out.txt"
}

mkdir "$tmp/host"
pf=$(build/tests/gen_tree -p 1 -v $vfs "$tmp/host") || exit 1
if need arm64; then boot virt qemu-system-aarch64 cortex-a57 ttyAMA0; else check "arm64 packages" 0 = 1; fi
if need amd64; then boot q35 qemu-system-x86_64 SandyBridge ttyS0; else check "amd64 packages" 0 = 1; fi
printf 'boot of a planned switch: %d passed, %d failed\n' "$pass" "$fail"
[ "$fail" -eq 0 ] && [ "$pass" -gt 0 ]
