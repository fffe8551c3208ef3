# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: LAB_TIME=1500
# lab: LAB_WHOLE=1
# Chaos on a real Xen Dom0: see host-chaos.sh. Here vfyard is also killed in the middle of an
# attach, between the hypervisor and xenstore.
. /lab/host-chaos.sh
chaos_start

step "a PV guest"
pv_cfg web1 'e820_host = 1' 'passthrough = "enabled"' > /tmp/web1.cfg
must xl create -q /tmp/web1.cfg
follow web1
wait_guest web1 'GUEST up' 90

chaos_first
chaos_kills 0 3 6 9
chaos_flights apply 5 7 9
chaos_flights release 3 6

# killed_attach IOCTL: kills the apply at this ioctl on Xen's privcmd, counted from the end, which
# is inside the last attach
killed_attach() {
	local n
	cut "count" -e trace=ioctl
	n=$(grep -c 'ioctl(' /tmp/strace)
	must vfyard release --yes
	step "kill -9 inside an attach, $1 ioctls before the end of $n"
	cut "kill" -e trace=ioctl -e "inject=ioctl:signal=KILL:when=$((n - $1))"
	same "$rc" 137 "exit status"
	run xl pci-list web1
	run xl pci-assignable-list
	right "killed $1 ioctls before the end"
}
killed_attach 1
killed_attach 3

chaos_error /sys/bus/pci/devices/0000:02:00.0/sriov_numvfs ENOSPC
chaos_error /sys/bus/pci/devices/0000:01:00.0/sriov_drivers_autoprobe EIO
chaos_error "$DEVICES/$NVME/driver_override" EIO
chaos_end
