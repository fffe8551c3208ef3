# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: both releases
# lab: LAB_NPF=1
# lab: LAB_FW=dt2
# lab: LAB_BUS=80
# lab: LAB_TIME=600
# The line and the addresses of a document that this work grew from: an aarch64 guest on virt with VF 0002:81:10.0 behind a root
# port, an upstream and downstream ports. The host boots by a device tree, so that ACS of its port is off and all is in one group:
# refused with the cure, which is then done.
. /lab/host-arm.sh
fresh
cat > /etc/vfyard/topology.cfg << 'T'
version = 1
pf = [ "net0: bdf=0002:81:00.0, numvfs=7" ]
vf = [ "net0/0: mac=02:76:66:00:00:00", "net0/1: mac=02:76:66:00:00:01", "net0/2: mac=02:76:66:00:00:02" ]
domain = [ [ "web1", "kvm: qmp=/run/web1.qmp, ports=switch, spare=3", "net0/0-1" ] ]
T
host_state > /tmp/before

step "a group that all share is refused when it shows, and all is undone"
must vfyard list
prints '^ *net0 .*0002:81:00.0|0002:81:00.0'
must vfyard check
transcript 3 vfyard plan
transcript 4 vfyard apply
says 'IOMMU group [0-9]+ also has 0002:81:00.0 \(igb\)'
says 'setpci -s 0002:80:00.0 ECAP_ACS\+6.w=001d'
host_state > /tmp/now
holds "the host is as before" diff /tmp/before /tmp/now

step "the cure of that sentence, and apply"
read -ra cure <<< "$(grep -o 'setpci -s [^ ]* ECAP_ACS+6.w=001d' <<< "$err")"
transcript 0 "${cure[@]}"
transcript 0 vfyard apply
same "$(bdf_of 0/0)" 0002:81:10.0 "address of VF 0"
same "$(list_of '.pfs[0].vfs[] | .bdf')" \
	"0002:81:10.0 0002:81:10.2 0002:81:10.4 0002:81:10.6 0002:81:11.0 0002:81:11.2 0002:81:11.4" "VFs"
same "$(state_of 0/0), $(state_of 0/1)" "assignable null, assignable null" "states"
same "$(driver_of 0/0) $(driver_of 0/2)" "vfio-pci none" "drivers"
alone 0/0 0/1
must vfyard status

step "a guest by the document's line, with \$(vfyard render qemu web1)"
transcript 0 vfyard render qemu web1
prints '^-device vfio-pci,id=vf-0002-81-10.0,host=0002:81:10.0,bus=sw0d0,addr=0x0$'
start_guest web1 192
beats web1 0.0 90
beats web1 0.1 90
note "guest pings through VF 0002:81:10.0 at $(cut -d' ' -f1 /proc/uptime) s of host uptime"
same "$(state_of 0/0), $(state_of 0/1)" "attached web1, attached web1" "states"
transcript 0 vfyard pci-list web1
must vfyard status

step "a VF goes in and out at once, by native hot plug"
must vfyard pci-assignable-add net0/2
alone 0/2
transcript 0 vfyard pci-attach web1 net0/2
transcript 0 vfyard pci-detach web1 net0/2
same "$(state_of 0/2)" "assignable null" "state"
soon 30 "the guest has 2 VFs" guest_bound_n web1 2
must vfyard pci-attach web1 net0/2
soon 60 "the guest has 3 VFs" guest_bound_n web1 3
beats web1 0.2 60
must vfyard pci-detach web1 net0/2
soon 30 "the guest has 2 VFs" guest_bound_n web1 2
beats web1 0.0 60

step "release: all as it was"
end_guest
transcript 0 vfyard release --yes
host_state > /tmp/now
holds "the host is as before" diff /tmp/before /tmp/now
same "$(jq -c '[(.pfs | length), (.vfs | length)]' /var/lib/vfyard/state.json)" "[0,0]" "what is remembered"
send_file arm-document.txt /tmp/transcript
