# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The common part of xen-boot.sh and kvm-boot.sh: vfyard is installed as `make install` does it, its
# service is enabled, and the host loses power and boots with systemd 252. PFs appear five seconds
# late, and are brought up three seconds after that. A unit with the name of the one on a real host
# starts a guest, after vfyard.service. The scenario of the second boot is a unit, too. Only /etc
# and /var/lib/vfyard survive, on a disk.

DISK=/dev/vda
UNITS=/etc/systemd/system

# unit NAME LINE...: makes a unit of this lab; lines before "--" belong to [Unit], the rest to
# [Service]
unit() {
	local name=$1
	shift
	{
		echo '[Unit]'
		while [ "$1" != -- ]; do
			echo "$1"
			shift
		done
		shift
		printf '%s\n' '[Service]' 'Type=oneshot' 'RemainAfterExit=yes' "$@" '[Install]' 'WantedBy=multi-user.target'
	} > "$UNITS/$name"
	must systemctl --root=/ enable "$name"
}

# boot_apply: in the first boot everything is done by hand, once, and made to last.
boot_apply() {
	modprobe -a virtio_pci virtio_blk
	soon 10 "the disk is there" test -b $DISK
	step "vfyard as installed, apply, service enabled"
	same "$(command -v vfyard)" /usr/sbin/vfyard "vfyard"
	pf_up 0
	pf_up 1
	cp /lab/apply.cfg /etc/vfyard/topology.cfg
	host_state > /etc/vfyard/before
	must vfyard apply
	must vfyard status
	must systemctl --root=/ enable vfyard.service
	same "$(readlink -f $UNITS/multi-user.target.wants/vfyard.service)" /usr/lib/systemd/system/vfyard.service "enabled unit"
}

# boot_units: makes the units of the second boot. The scenario makes the guest's unit itself.
boot_units() {
	local path
	path="Environment=PATH=$PATH HOME=/root LC_ALL=C LAB_KIND=$LAB_KIND LAB_BOOT=2"
	ln -s /usr/lib/systemd/system/multi-user.target $UNITS/default.target
	unit lab-nics.service -- "$path" "ExecStart=/bin/bash -c 'sleep 5; modprobe -a igb igbvf; sleep 3; for n in 1 2; do ip link set \$(ls /sys/bus/pci/devices/0000:0\$n:00.0/net) up; done'"
	unit lab-main.service 'After=xendomains.service libvirtd.service vfyard.service lab-nics.service' -- "$path" \
		TimeoutStartSec=infinity "ExecStart=/bin/bash -c 'cd /root; bash /lab/main </dev/null >/dev/console 2>&1'"
}

# boot_save: saves the disk; power is lost after this.
boot_save() {
	tar cf $DISK -C / etc/vfyard etc/systemd var/lib/vfyard
	sync
	reboot_with "" "lab.systemd"
}

# active UNIT: when it became active, in microseconds
active() { systemctl show -p ActiveEnterTimestampMonotonic "$1" | cut -d= -f2; }
began() { systemctl show -p InactiveExitTimestampMonotonic "$1" | cut -d= -f2; }

# boot_check GUEST-UNIT: the checks of the second boot.
boot_check() {
	step "the service made the VFs before the guest's unit began"
	holds "systemd is init" [ "$(cat /proc/1/comm)" = systemd ]
	same "$(systemctl is-active vfyard.service)" active "vfyard.service"
	run systemctl status --no-pager vfyard.service
	holds "it waited for the PFs" [ "$(active vfyard.service)" -gt $(($(began vfyard.service) + 4000000)) ]
	holds "it was done before $1 began" [ "$(active vfyard.service)" -lt "$(began "$1")" ]
	same "$(systemctl is-active "$1")" active "$1"
	same "$(cat "$(pf_dir 0)/sriov_numvfs") $(cat "$(pf_dir 1)/sriov_numvfs")" "7 5" "numvfs"
	holds "MACs are set" grep -q 02:76:66:00:00:00 <<< "$(ip link show "$(pf_if 0)")"
	ip addr add 10.0.0.2/24 dev "$(pf_if 0)"
	ip addr add 10.0.1.2/24 dev "$(pf_if 1)"
	follow web1

	step "the guest has its VFs, and the host is in sync"
	wait_guest web1 'GUEST up' 120
	beats web1 0.0 90
	beats web1 0.2 60
	same "$(state_of 0/0), $(state_of 0/2), $(state_of 1/0)" "attached web1, attached web1, assignable null" "states"
	must vfyard status
	must vfyard apply
	prints "nothing to do"

	step "release, as before the first boot's apply"
	must vfyard release --yes
	host_state > /tmp/now
	holds "the host is as before" diff /etc/vfyard/before /tmp/now
}
