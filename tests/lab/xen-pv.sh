# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: both releases
# lab: LAB_TIME=600
# From a topology file to VFs inside a running PV guest and back to their driver. net0's VFs have
# igbvf; net1 has autoprobe=0, so nothing holds its VFs, and every bind needs driver_override.

step "14 VFs, half of them with autoprobe=0"
make_vfs 0 7 1
make_vfs 1 7 0
topology 'domain = [ [ "web1", "xen: type=pv", "net0/0: permissive=1", "net1/0" ] ]' > /etc/vfyard/topology.cfg
same "$(driver_of 0/0) $(driver_of 1/0)" "igbvf none" "drivers before"
host_state > /tmp/before

step "list, as text and JSON"
must vfyard -C /etc/vfyard/topology.cfg list
prints "$(bdf_of 0/3)"
same "$(list_of .hypervisor)" xen "hypervisor"
same "$(list_of '.pfs[] | "\(.name) \(.bdf) \(.numvfs) \(.autoprobe)"')" \
	"net0 $(pf_bdf 0) 7 true net1 $(pf_bdf 1) 7 false" "PFs"
same "$(list_of '.pfs[].vfs[].bdf')" "$(bdfs {0,1}/{0..6})" "VF addresses"
same "$(list_of '[.pfs[].vfs[].state] | unique[]')" host "states"
same "$(list_of '[.pfs[0].vfs[].driver] | unique[]') $(list_of '[.pfs[1].vfs[].driver] | unique[]')" "igbvf null" "drivers"
must vfyard check

step "pci-assignable-add net0/0-3 and two without driver"
must vfyard pci-assignable-add net0/0-3
same "$(xl_assignable)" "$(bdfs 0/{0..3})" "xl's assignable devices"
must vfyard pci-assignable-add net1/0-1
same "$(xl_assignable)" "$(bdfs 0/{0..3} 1/{0,1})" "xl's assignable devices"
must vfyard pci-assignable-list
same "$(grep -oE '[0-9a-f]{4}:[0-9a-f:]*\.[0-7]' <<< "$out" | sort | paste -sd' ')" "$(xl_assignable)" "vfyard's and xl's"
same "$(state_of 0/3), $(state_of 1/1), $(state_of 0/4)" "assignable null, assignable null, host null" "states"

step "a PV guest with the rendered pci= line"
must vfyard render xl web1
{ pv_cfg web1; echo "$out"; } > /tmp/web1.cfg
must xl create -q /tmp/web1.cfg
follow web1
wait_guest web1 "GUEST pci=2" 60
soon 30 "two igbvf in the guest" guest_bound_n web1 2
beats web1 0.0
beats web1 1.0
wait_guest web1 "GUEST net .*mac=$(mac_of 0/0) pci=$(backend web1 vdev-0 | sed 's/\.0/./')" 1
holds "net0/0 is permissive" is_permissive 0/0
same "$(state_of 0/0), $(state_of 1/0)" "attached web1, attached web1" "states"
must vfyard pci-list web1
same "$(xl_attached web1)" "$(bdfs 0/0 1/0)" "xl's list"
same "$(vfyard -j pci-list web1 | jq -r '.. | .bdf? // empty' | sort | paste -sd' ')" "$(xl_attached web1)" "vfyard's and xl's"
run cat /sys/bus/pci/drivers/pciback/permissive
same "$(xl_assignable)" "$(bdfs 0/{1..3} 1/1)" "xl's assignable devices"

step "hot attach of net0/2, permissive"
must vfyard pci-attach web1 net0/2,permissive=1
soon 30 "three igbvf in the guest" guest_bound_n web1 3
same "$(xl_attached web1)" "$(bdfs 0/0 0/2 1/0)" "xl's list"
holds "net0/2 is permissive" is_permissive 0/2
must vfyard pci-list web1
prints "$(bdf_of 0/2)"
must vfyard list
prints "$(bdf_of 0/2) .*permissive"
beats web1 0.2

step "hot detach"
must vfyard pci-detach web1 net0/2
soon 10 "gone in the guest" guest_sees_n web1 2
same "$(xl_attached web1)" "$(bdfs 0/0 1/0)" "xl's list"
holds "claim is gone" [ -z "$(xenstore-read "/libxl/pci/$(bdf_of 0/2 | tr : - | tr . -)/domid" 2>/dev/null)" ]
same "$(state_of 0/2)" "assignable null" "state"
holds "permissive is sticky: pciback still has it" is_permissive 0/2

step "attach by name, not permissive any more"
must vfyard pci-assignable-add -n gold net0/2
same "$(xenstore-read "/libxl/pci/$(bdf_of 0/2 | tr : - | tr . -)/name")" gold "name in xenstore"
must vfyard pci-attach web1 gold
holds "the next guest is not permissive" [ "$(is_permissive 0/2 && echo yes)" != yes ]
soon 30 "three igbvf in the guest" guest_bound_n web1 3
same "$(xl_attached web1)" "$(bdfs 0/0 0/2 1/0)" "xl's list"
must vfyard pci-detach web1 gold
soon 10 "gone in the guest" guest_sees_n web1 2

step "refused: what another domain holds"
pv_cfg other 'passthrough = "enabled"' 'e820_host = 1' > /tmp/other.cfg
must xl create -q -p /tmp/other.cfg
want_rc 4 vfyard pci-attach other net0/0
says "net0/0.*web1"
want_rc 4 vfyard pci-detach -f other net0/0
says "net0/0.*web1"
want_rc 4 vfyard pci-assignable-remove net0/0
says "net0/0.*web1"
want_rc 4 vfyard pci-assignable-add "$(pf_bdf 0)"
same "$(state_of 0/0)" "attached web1" "state"
beats web1 0.0

step "refused: a stale claim, seen by list"
xenstore-write "/libxl/pci/$(bdf_of 0/3 | tr : - | tr . -)/domid" 77
same "$(state_of 0/3)" "stale domain 77" "state"
run vfyard pci-attach web1 net0/3
xenstore-rm "/libxl/pci/$(bdf_of 0/3 | tr : - | tr . -)/domid"
same "$(state_of 0/3)" "assignable null" "state"

step "refused: what another domain of the same number left"
# what a toolstack leaves behind when it is killed, because the numbers of domains are used again
n=$(xl domid other) be=/local/domain/0/backend/pci/$(xl domid other)
for node in num_devs=1 "dev-0=$(bdf_of 0/3)" state=4 state-0=3; do xenstore-write "$be/0/${node%%=*}" "${node#*=}"; done
xenstore-write "/libxl/pci/$(bdf_of 0/3 | tr : - | tr . -)/domid" "$n"
same "$(state_of 0/3), $(state_of 0/0)" "stale domain $n, attached web1" "states"
must vfyard pci-list other
lacks "$(bdf_of 0/3)"
want_rc 4 vfyard pci-attach other net0/1
says "run: xenstore-rm $be"
must xenstore-rm "$be"
xenstore-rm "/libxl/pci/$(bdf_of 0/3 | tr : - | tr . -)/domid"
same "$(state_of 0/3)" "assignable null" "state"

step "refused: domains that cannot have one"
pv_cfg nopass > /tmp/nopass.cfg
must xl create -q -p /tmp/nopass.cfg
want_rc 4 vfyard pci-attach nopass net0/1
says 'passthrough="enabled"'
printf '%s\n' 'name = "pvh1"' 'type = "pvh"' 'kernel = "/vmlinux.gz"' 'memory = 128' > /tmp/pvh1.cfg
must xl create -q -p /tmp/pvh1.cfg
want_rc 4 vfyard pci-attach pvh1 net0/1
says PVH
same "$(state_of 0/1)" "assignable null" "state"

step "refused: the 11th VF without extra_guest_irqs"
must vfyard pci-assignable-add net0/4-6 net1/2-4
want_rc 4 vfyard pci-attach web1 net0/1-6 net1/1-3
says "extra_guest_irqs="
same "$(xl_attached web1)" "$(bdfs 0/0 1/0)" "xl's list: none was attached"
beats web1 0.0

step "all or nothing: a guest that does not answer"
want_rc 1 vfyard --timeout 4 pci-attach other net0/1 net0/2
says "net0/1"
same "$(xl_attached other)" "" "xl's list"
same "$(state_of 0/1), $(state_of 0/2)" "assignable null, assignable null" "states"
want_rc 4 vfyard pci-attach web1 net0/1 net1/6
says "net1/6.*pci-assignable-add"
holds "the attach that timed out was no run that was killed" eval '! grep -E "killed|interrupted" /tmp/err'
same "$(xl_attached web1)" "$(bdfs 0/0 1/0)" "xl's list"

step "all given back"
must vfyard pci-detach web1 net0/0 net1/0
soon 10 "gone in the guest" guest_sees_n web1 0
for d in web1 other nopass pvh1; do must xl destroy $d; done
must vfyard pci-assignable-remove -r 'net0/*' net1/0-4
same "$(xl_assignable)" "" "xl's assignable devices"
same "$(driver_of 0/0) $(driver_of 0/6) $(driver_of 1/0)" "igbvf igbvf none" "drivers"
host_state > /tmp/after
holds "drivers, overrides, numvfs, autoprobe and MACs as before" diff /tmp/before /tmp/after
must vfyard list
