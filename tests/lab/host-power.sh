# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The common part of xen-power.sh and kvm-power.sh: power is lost in the middle of an apply and of a
# release (make chaos). /var/lib/vfyard is on a disk with ext4, as on a real host: what was not
# fsynced is lost with the machine. strace stops vfyard at an fsync, which vfyard calls before each
# step, and then the machine is killed. After that the host has booted as if nothing had ever been
# changed, and what vfyard remembers must not make it do any harm.
. /lab/host-chaos.sh

DISK=/dev/vda
LAST=/mnt/lab # what the boots of this scenario tell each other, on the disk too

power_disk() {
	modprobe -a virtio_pci virtio_blk crc32c_generic ext4
	soon 10 "the disk is there" test -b $DISK
	[ "$LAB_BOOT" != 1 ] || must mke2fs -q -t ext4 $DISK
	must mount -t ext4 $DISK /mnt
	mkdir -p $LAST /mnt/vfyard /var/lib/vfyard
	must mount --bind /mnt/vfyard /var/lib/vfyard
}

# power_lost COMMAND N: power is lost at the Nth fsync of this command.
power_lost() {
	strace -f -qq -o /tmp/strace -e trace=fsync -e "inject=fsync:signal=STOP:when=$2" vfyard --yes "$1" > /tmp/out 2>&1 &
	soon 60 "vfyard $1 stops at fsync $2" grep -q 'stopped by SIGSTOP' /tmp/strace
	reboot_with "" ""
}

# power_came COMMAND N release|apply: checks what is found afterwards; release or apply is the first
# command.
power_came() {
	step "power lost at fsync $2 of $1, then $3"
	host_state > /tmp/now
	holds "the host boots as at first" diff /tmp/before /tmp/now
	want_rc 3 vfyard status
	if [ "$3" = release ]; then
		must vfyard release --yes
		host_state > /tmp/now
		holds "nothing was changed" diff /tmp/before /tmp/now
	fi
	right "power lost at fsync $2 of $1"
}

power() {
	local fsyncs=0
	power_disk
	if [ "$LAB_BOOT" = 1 ]; then
		chaos_start
		chaos_first
		cp /tmp/before /tmp/wanted $LAST/
		echo "$fsyncs" > $LAST/fsyncs
		sync
	else
		pf_up 0
		pf_up 1
		chaos_topology > /etc/vfyard/topology.cfg
		cp $LAST/before $LAST/wanted /tmp/
	fi
	read -r fsyncs < $LAST/fsyncs
	local points=("apply 1 apply" "apply 2 release" "apply $((fsyncs / 2)) apply" "apply $fsyncs release" "release 4 apply" "release 9 release")
	local was=$((LAB_BOOT - 2)) next=$((LAB_BOOT - 1)) command n
	# shellcheck disable=SC2086
	[ $was -lt 0 ] || power_came ${points[was]}
	[ $next -lt ${#points[@]} ] || return 0
	read -r command n _ <<< "${points[next]}"
	[ "$command" = apply ] || must vfyard apply
	power_lost "$command" "$n"
}
