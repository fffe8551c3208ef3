# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: both releases
# lab: LAB_TIME=900
# lab: LAB_XEN=xen-shadow
# An HVM guest gets one VF at its start and one by hot plug, through the device model. It boots
# slowly (shadow paging under TCG).

step "VFs assignable"
make_vfs 0 7 0
topology 'domain = [ [ "hvm1", "xen: type=hvm", "net0/0" ] ]' > /etc/vfyard/topology.cfg
must vfyard pci-assignable-add net0/0-2
same "$(xl_assignable)" "$(bdfs 0/0 0/1 0/2)" "xl's assignable devices"

step "an HVM guest with the rendered pci= line"
must vfyard render xl hvm1
{ hvm_cfg hvm1; echo "$out"; } > /tmp/hvm1.cfg
must xl create -q /tmp/hvm1.cfg
follow hvm1
same "$(xl_attached hvm1)" "$(bdfs 0/0)" "xl's list"
same "$(state_of 0/0)" "attached hvm1" "state"

step "a detach before the guest is up fails, the device stays"
must vfyard pci-attach hvm1 net0/2
want_rc 1 vfyard pci-detach hvm1 net0/2
says "net0/2.*stays attached"
same "$(xl_attached hvm1)" "$(bdfs 0/0 0/2)" "xl's list"
same "$(state_of 0/2)" "attached hvm1" "state"

step "the guest is up: igbvf, admin MAC, ping"
wait_guest hvm1 "GUEST up" 180
wait_guest hvm1 "GUEST net .*mac=$(mac_of 0/0)" 60
beats hvm1 0.0 60
must vfyard pci-list hvm1
guest=$(vfyard -j pci-list hvm1 | jq -r '[.. | .guest_addr? // empty][0]')
wait_guest hvm1 "GUEST net .*mac=$(mac_of 0/0) pci=0000:$guest" 1

step "the guest has let net0/2 go by now; the detach is finished"
must vfyard pci-detach hvm1 net0/2
same "$(xl_attached hvm1)" "$(bdfs 0/0)" "xl's list"
same "$(state_of 0/2)" "assignable null" "state"

step "hot attach"
must vfyard pci-attach hvm1 net0/1
same "$(xl_attached hvm1)" "$(bdfs 0/0 0/1)" "xl's list"
wait_guest hvm1 "GUEST net .*mac=$(mac_of 0/1)" 60
beats hvm1 0.1 60

step "hot detach"
must vfyard pci-detach hvm1 net0/1
soon 20 "one igbvf left in the guest" guest_bound_n hvm1 1
same "$(xl_attached hvm1)" "$(bdfs 0/0)" "xl's list"
same "$(state_of 0/1)" "assignable null" "state"
beats hvm1 0.0 60

step "given back"
must vfyard pci-detach hvm1 net0/0
must xl destroy hvm1
must vfyard pci-assignable-remove -r net0/0-2
same "$(xl_assignable)" "" "xl's assignable devices"
