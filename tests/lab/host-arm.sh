# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the scenarios of the Arm lab have in common: the guest, started as a document of 2015 starts it on such a machine.

# fresh: VFs will be made on a host that has no driver for them, as hosts of guests mostly are: then nothing is known of
# their IOMMU groups until vfio-pci is bound.
fresh() {
	rmmod igbvf
	pf_up 0
	mkdir -p "$(dirname "$(guest_log x)")"
}

# group_of PF/VF: "none" where there is none yet.
group_of() {
	local l
	l=$(readlink "$DEVICES/$(bdf_of "$1")/iommu_group") || l=none
	echo "${l##*/}"
}

# alone PF/VF...: no other function is in the group of any of these.
alone() {
	local v
	for v; do
		same "$(cd "$DEVICES/$(bdf_of "$v")/iommu_group/devices" && echo *)" "$(bdf_of "$v")" "group of $v"
	done
}

# start_guest NAME MEGABYTES [APPEND]: the line of the document, but for what vfyard plans.
start_guest() {
	must vfyard render qemu "$1"
	cp /tmp/out "/tmp/$1.devices"
	note "qemu-system-aarch64 -machine virt,gic-version=3 -enable-kvm -cpu host ... \$(vfyard render qemu $1)"
	# shellcheck disable=SC2046 # words for the shell are what it prints
	qemu-system-aarch64 -machine virt,gic-version=3 -enable-kvm -cpu host -m "$2" -nodefaults -display none -no-reboot \
		-name "$1" -qmp "unix:/run/$1.qmp,server=on,wait=off" -kernel /vmlinuz -initrd /guest.img \
		-append "console=ttyAMA0 quiet ${3:-}" -serial "file:$(guest_log "$1")" \
		$(vfyard render qemu "$1") > "/tmp/$1.qemu" 2>&1 &
	qemu_pid=$!
	follow qemu "/tmp/$1.qemu"
	follow "$1"
	soon 60 "its monitor is there" test -S "/run/$1.qmp"
	wait_guest "$1" 'GUEST up' 180
}

# transcript WANTED CMD...: want_rc, and kept for arm-$1.txt
transcript() {
	local want=$1
	shift
	want_rc "$want" "$@"
	{ echo "# $*"; cat /tmp/out /tmp/err; [ "$want" = 0 ] || echo "(exit status $rc)"; echo; } >> /tmp/transcript
}

# end_guest: as its owner would.
end_guest() {
	kill "$qemu_pid"
	wait "$qemu_pid"
}
