# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: both releases
# lab: LAB_TIME=900
# lab: LAB_NPF=9
# lab: LAB_XENARGS=extra_guest_irqs=512 nr_irqs=1024
# A PV domain has 32 virtual PCI slots; pciback gives each function 0 a slot of its own, and other
# functions of one host slot share one. 56 VFs of eight 82576 fill them. One more wedges the
# domain's whole PCI backend, while libxl reports success.

step "63 VFs on 9 PFs"
for n in {0..8}; do make_vfs "$n" 7 0 $((n == 0 ? 4 : 0)); done
big=$(printf ', "net%d/*"' 0 1 2 3 4 5 6)
topology "domain = [ [ \"big\", \"xen: type=pv\"$big, \"net7/0-5\" ] ]" > /etc/vfyard/topology.cfg
topology "domain = [ [ \"big\", \"xen: type=pv\"$big, \"net7/*\", \"net8/0\" ] ]" > /tmp/57.cfg
same "$(list_of '[.pfs[].vfs[]] | length')" 63 "VFs in the list"

step "check refuses a topology of 57 VFs in one PV domain"
want_rc 4 vfyard -C /tmp/57.cfg check
says "32 *\(|32"

step "57 VFs assignable"
must vfyard --timeout 60 pci-assignable-add 'net'{0..7}'/*' net8/0
same "$(xl pci-assignable-list | wc -l)" 57 "xl's assignable devices"

step "a PV guest with 55 VFs"
must vfyard render xl big
# Xen has 208 vectors per CPU, and there is one CPU here; Dom0 and 55 VFs with a driver, at 3
# vectors each, want more.
{ GUEST_MEM=384 GUEST_EXTRA='lab.nics=4 lab.bind=40' pv_cfg big; echo "$out"; } > /tmp/big.cfg
must xl create -q /tmp/big.cfg
follow big
wait_guest big "GUEST up" 120
soon 120 "55 VFs in the guest" guest_sees_n big 55
soon 120 "40 igbvf" guest_bound_n big 40

step "the 56th fits"
must vfyard --timeout 60 pci-attach big net7/6
soon 30 "56 VFs in the guest" guest_sees_n big 56
beats big 0.0 60

step "the 57th is refused before it bites"
want_rc 4 vfyard pci-attach big net8/0
says "33 virtual PCI slots.*32"
same "$(backend big state)" 4 "state of the domain's PCI backend"
same "$(backend big num_devs)" 56 "devices in it"
same "$(state_of 8/0)" "assignable null" "state of the 57th"
same "$(vfyard -j pci-list big | jq '[.. | .bdf? // empty] | length')" 56 "vfyard's list"
beats big 0.0 60
