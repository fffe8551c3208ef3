# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: both releases
# lab: LAB_TIME=600
# lab: LAB_NOACS=1
# The single steps on a real KVM host: groups, hot plug into a running guest that pings through it,
# and everything that is refused: a VF in use, a monitor that somebody else holds, no free port, a
# guest that does not answer.

make_vfs 0 7 1
make_vfs 1 2 1 0
host_state > /tmp/before
mkdir -p "$(dirname "$(guest_log x)")"
state() { same "$(state_of "$1")" "$2" "state of $1"; }

# start NAME [ARG...]: starts a guest with a monitor and two free ports; its QEMU's pid is in
# qemu_pid.
start() {
	local name=$1
	shift
	qemu-system-x86_64 -accel kvm -cpu qemu64 -machine q35,kernel-irqchip=split -m 192 -nodefaults -display none \
		-no-reboot -name "$name" -qmp "unix:/run/$name.qmp,server=on,wait=off" \
		-device pcie-root-port,id=vfrp0,chassis=1,slot=1,addr=0x1.0,multifunction=on \
		-device pcie-root-port,id=vfrp1,chassis=2,slot=2,addr=0x1.1 \
		-serial "file:$(guest_log "$name")" "$@" > "/tmp/$name.qemu" 2>&1 &
	qemu_pid=$!
	soon 20 "the monitor of $name is there" test -S "/run/$name.qmp"
}
boot_args=(-kernel /vmlinuz -initrd /guest.img -append 'console=ttyS0 quiet')

topology 'domain = [ [ "web1", "xen: type=pv", "kvm: qmp=/run/web1.qmp, machine=q35, spare=2", "net0/0-1" ] ]' \
	> /etc/vfyard/topology.cfg

step "the host is a KVM host"
must vfyard list
prints '^net0'
same "$(list_of .hypervisor)" kvm "hypervisor"
state 0/0 "host null"
must vfyard pci-assignable-list
same "$out" "" "what is assignable"

step "an IOMMU group with the PF in it is refused"
want_rc 4 vfyard pci-assignable-add net1/0
says "IOMMU group [0-9]+ also has 0000:02:00.0 \(igb\), $(bdf_of 1/1) \(igbvf\)"
says "ACS"
same "$(driver_of 1/0)" igbvf "driver of 1/0"
same "$(override_of 1/0)" none "override of 1/0"

step "assignable and back"
must vfyard pci-assignable-add net0/0-2
for i in 0 1 2; do
	same "$(driver_of 0/$i)" vfio-pci "driver of 0/$i"
	state 0/$i "assignable null"
done
must vfyard pci-assignable-list
same "$(sort <<< "$out" | paste -sd' ')" "$(bdfs 0/0 0/1 0/2)" "what is assignable"
must vfyard pci-assignable-remove -r net0/2
same "$(driver_of 0/2)" igbvf "driver of 0/2"

step "what driverctl does is seen, and seen alike"
must driverctl --nosave set-override "$(bdf_of 0/2)" vfio-pci
# driverctl 0.115 gives vfio-pci a dynamic ID and leaves it there, which would draw in every VF
# without an override
echo "8086 10ca" > /sys/bus/pci/drivers/vfio-pci/remove_id 2> /dev/null
state 0/2 "assignable null"
must driverctl --nosave set-override "$(bdf_of 0/3)" none
state 0/3 "host null"
like_driverctl 9
same "$(cut -d' ' -f2- /tmp/driverctl | sort | uniq -c | tr -s ' ' | paste -sd,)" \
	" 1 (none) [*], 5 igbvf, 3 vfio-pci [*]" "what driverctl lists"
for i in 2 3; do must driverctl --nosave unset-override "$(bdf_of 0/$i)"; done
same "$(driver_of 0/2) $(driver_of 0/3)" "igbvf igbvf" "drivers of 0/2 and 0/3"
like_driverctl 9

step "a guest that is not up yet"
start web1 "${boot_args[@]}" -S
must vfyard pci-attach web1 net0/0
state 0/0 "attached web1"
must vfyard pci-list web1
prints "^vfrp0 +$(bdf_of 0/0) "
want_rc 4 vfyard pci-assignable-remove -r net0/0
says "held by domain web1"
step "a guest that runs: ping, hot attach, hot detach"
socat - UNIX-CONNECT:/run/web1.qmp > /dev/null <<- 'Q'
	{"execute":"qmp_capabilities"}
	{"execute":"cont"}
Q
follow web1
wait_guest web1 'GUEST up' 90
must vfyard pci-list web1
beats web1 0.0 60
must vfyard pci-list web1
prints "^[0-9a-f]{2}:00\.0 +$(bdf_of 0/0) "
must vfyard pci-attach web1 net0/1
state 0/1 "attached web1"
beats web1 0.1 60
must vfyard pci-list --json
same "$(jq -r '[.attached[] | select(.ready) | .bdf] | sort | join(" ")' <<< "$out")" "$(bdfs 0/0 0/1)" "what is attached"

step "no port is free"
must vfyard pci-assignable-add net0/2
want_rc 4 vfyard pci-attach web1 net0/2
says "web1 \(pc-q35-[0-9.]+\) has 0 free PCIe ports"
says "spare=N"

step "detach: done when the guest let go"
must vfyard pci-detach web1 net0/1
state 0/1 "assignable null"
soon 20 "the guest has one VF" guest_bound_n web1 1
must vfyard pci-attach web1 net0/2
beats web1 0.2 60
beats web1 0.0 60
want_rc 4 vfyard pci-detach -f web1 net0/2
says "by force"
must vfyard pci-detach web1 net0/2

step "a monitor that another client holds"
socat UNIX-CONNECT:/run/web1.qmp EXEC:'sleep 30' &
holder=$!
sleep 1
want_rc 4 vfyard --timeout 2 pci-attach web1 net0/2
says "another QMP client holds this monitor"
state 0/0 "attached web1"
kill "$holder"
wait "$holder"

step "a second guest: what the first has is refused"
start db1 -S
want_rc 4 vfyard pci-attach db1 net0/0
says "held by domain web1"
must vfyard --qmp /run/db1.qmp pci-attach db1 net0/2
must vfyard pci-list /run/db1.qmp
prints "$(bdf_of 0/2)"
state 0/2 "attached db1"
want_rc 4 vfyard pci-detach web1 net0/2
says "it is not in domain web1 but in db1"

step "a guest that does not answer keeps it, and a later run says so"
want_rc 1 vfyard --timeout 2 pci-detach db1 net0/2
says "the guest has not released it within 2 s; it stays attached"
state 0/2 "attached db1"
same "$(driver_of 0/2)" vfio-pci "driver of 0/2"
want_rc 4 vfyard pci-assignable-remove -r net0/2
says "held by domain db1"
kill "$qemu_pid"
wait "$qemu_pid"
state 0/2 "assignable null"

step "a program that is not QEMU"
(exec 9<> "/dev/vfio/$(basename "$(readlink "$DEVICES/$(bdf_of 0/2)/iommu_group")")" && exec sleep 60) &
holder=$!
held() { [ "$(state_of 0/2)" = "attached sleep-$holder" ]; }
soon 5 "sleep has the group open" held
want_rc 4 vfyard pci-assignable-remove -r net0/2
says "held by domain sleep-$holder"
same "$(driver_of 0/2)" vfio-pci "driver of 0/2"
kill "$holder"
wait "$holder"

step "everything as it was"
must vfyard pci-detach web1 net0/0
must vfyard pci-assignable-remove -r net0/0-2
host_state > /tmp/after
holds "the host is as before" diff /tmp/before /tmp/after

step "a dynamic ID of vfio-pci, as driverctl 0.115 leaves it: VFs for the host have the host's driver all the same"
echo "8086 10ca" > /sys/bus/pci/drivers/vfio-pci/new_id
echo 'version = 1
pf = [ "net0: bdf=0000:01:00.0, numvfs=5" ]
vf = [ "net0/*: driver=host", "net0/4: driver=assign" ]' > /etc/vfyard/topology.cfg
must vfyard apply
same "$(for i in 0 1 2 3 4; do driver_of 0/$i; done | paste -sd' ')" "igbvf igbvf igbvf igbvf vfio-pci" "drivers"
same "$(override_of 0/0)" none "override of 0/0"
must vfyard status
must vfyard release
host_state > /tmp/after
holds "the host is as before" diff /tmp/before /tmp/after
echo "8086 10ca" > /sys/bus/pci/drivers/vfio-pci/remove_id
