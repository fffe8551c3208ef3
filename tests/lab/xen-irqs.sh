# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: both releases
# lab: LAB_TIME=600
# A guest gets no interrupts although libxl's attach returns 0: vfyard's attach notices it, even
# when no limit explains it (here the card tells vfyard that it has fewer vectors than it has). The
# second boot has an extra_guest_irqs= that Xen 4.19 and later undo, because nr_irqs= does not stand
# beside it.

topology 'domain = [ [ "web1", "xen: type=pv", "net0/*" ] ]' > /etc/vfyard/topology.cfg
make_vfs 0 7 0
make_vfs 1 7 0
run xl info xen_version
same "$(xl info xen_major)" 4 "Xen"
minor=$(xl info xen_minor)
pv_cfg web1 'e820_host = 1' 'passthrough = "enabled"' > /tmp/web1.cfg
must vfyard pci-assignable-add 'net0/*' net1/0-3
must xl create -q /tmp/web1.cfg
follow web1
wait_guest web1 'GUEST up' 90

if [ "$LAB_BOOT" = 1 ]; then
	step "10 VFs use 30 of 32 interrupts"
	must vfyard pci-attach web1 'net0/*' net1/0-2
	soon 60 "10 igbvf in the guest" guest_bound_n web1 10
	want_rc 4 vfyard pci-attach web1 net1/3
	says "extra_guest_irqs=.*nr_irqs="

	step "the 11th gets no vectors, for a reason no limit knows: the attach fails"
	config=$DEVICES/$(bdf_of 1/3)/config
	cap=$((16#$(setpci -s "$(bdf_of 1/3)" 34.b)))
	until [ "$(setpci -s "$(bdf_of 1/3)" "$(printf %x $cap).b")" = 11 ]; do
		cap=$((16#$(setpci -s "$(bdf_of 1/3)" "$(printf %x $((cap + 1))).b")))
	done
	cp "$config" /tmp/config
	# a table of one vector
	printf '\0\0' | dd of=/tmp/config bs=1 seek=$((cap + 2)) conv=notrunc 2> /dev/null
	mount --bind /tmp/config "$config"
	want_rc 1 vfyard pci-attach web1 net1/3
	says "^vfyard: net1/3 .*interrupt.*; "
	umount "$config"
	same "$(state_of 1/3)" "assignable null" "state of 1/3"
	soon 20 "10 igbvf in the guest, still" guest_bound_n web1 10
	beats web1 0.0 60
	reboot_with "extra_guest_irqs=64" ""
fi

if [ "$minor" -ge 19 ]; then
	step "extra_guest_irqs=64 alone: no domain has interrupts, and vfyard knows"
	want_rc 4 vfyard pci-attach web1 net0/0
	says "has 0 interrupts.*nr_irqs="
	want_rc 4 vfyard check
	says "has 0 interrupts.*nr_irqs="
	step "forced: the attach says what pciback said"
	must vfyard --force web1 pci-attach web1 net0/0
	says "$(bdf_of 0/0): it gets no interrupts in domain web1 \(No space left on device\); overridden by --force"
	must vfyard pci-list web1
	says "$(bdf_of 0/0) in domain web1: .*no interrupts"
	holds "the guest says so, too" guest_said web1 "Failed to initialize MSI-X interrupts"
	must vfyard pci-detach web1 net0/0
else
	step "extra_guest_irqs=64 is in force: 11 VFs have interrupts"
	must vfyard check
	must vfyard pci-attach web1 'net0/*' net1/0-3
	soon 60 "11 igbvf in the guest" guest_bound_n web1 11
	beats web1 1.3 60
fi
