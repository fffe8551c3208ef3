# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: LAB_NPF=1
# lab: LAB_BUS=80
# lab: LAB_TIME=600
# The same by the firmware's ACPI tables, where every VF has a group of its own as soon as a driver is tried on it: what is known
# when, VFs that are there already, release of what a guest still has.
. /lab/host-apply.sh
. /lab/host-arm.sh
fresh
cat > /etc/vfyard/topology.cfg << 'T'
version = 1
pf = [ "net0: bdf=0000:81:00.0, numvfs=7" ]
vf = [ "net0/0: mac=02:76:66:00:00:00", "net0/1: mac=02:76:66:00:00:01" ]
domain = [ [ "web1", "kvm: qmp=/run/web1.qmp, machine=virt, ports=switch, spare=2", "net0/0-1" ] ]
T
make_vfs 0 7 1
host_state > /tmp/before

step "VFs that no driver was tried on have no group, and are taken all the same"
same "$(group_of 0/0)" none "group of VF 0"
must vfyard check
says 'the IOMMU group of 2 VFs to be taken is not known yet'
captured "VFs without groups"
must vfyard pci-assignable-add net0/3
alone 0/3
must vfyard pci-assignable-remove -r net0/3
same "$(driver_of 0/3) $(override_of 0/3)" "none none" "driver and override"
must vfyard apply
alone 0/0 0/1
must vfyard check
if grep -q 'not known yet' <<< "$err"; then bad "check does not know the groups: $err"; else good; fi

step "a guest with \$(vfyard render qemu web1)"
start_guest web1 192
beats web1 0.0 90
beats web1 0.1 90
note "guest pings through VF 0000:81:10.0 at $(cut -d' ' -f1 /proc/uptime) s of host uptime"

step "hot attach, and detach at once"
must vfyard pci-assignable-add net0/2
must vfyard pci-attach web1 net0/2
must vfyard pci-detach web1 net0/2
same "$(state_of 0/2)" "assignable null" "state of 0/2"
must vfyard pci-assignable-remove -r net0/2
beats web1 0.0 60

step "release takes them out of the guest, and all is as it was"
must vfyard release --yes
soon 60 "the guest has no VF" guest_bound_n web1 0
host_state > /tmp/now
holds "the host is as before" diff /tmp/before /tmp/now
end_guest
