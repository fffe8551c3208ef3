# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: LAB_LIBVIRT=1
# lab: LAB_NPF=6
# lab: LAB_TIME=900
# Forty VFs of six PFs in one guest of a real libvirtd, behind the switches that vfyard plans; one more while it runs.
. /lab/host-libvirt.sh

n=40
# gives VF...: a topology that gives all of net0 to net4, and these.
gives() {
	topology "domain = [ [ \"many\", \"kvm: machine=q35, ports=switch, spare=2, libvirt=many\"," \
		"\"net0/*\", \"net1/*\", \"net2/*\", \"net3/*\", \"net4/*\", \"$1\" ] ]" > /etc/vfyard/topology.cfg
}
vfs_of() { xml_vfs many "$1" | wc -w; }
attached() { list_of '[.pfs[].vfs[] | select(.state == "attached" and .domain == "many")] | length'; }

step "6 PFs with 42 VFs"
libvirt_start
make_vfs 0 7 0 2
for p in 1 2 3 4 5; do make_vfs $p 7 0 0; done
host_state > /tmp/before
libvirt_ready

step "a domain with $n VFs, as vfyard renders it"
gives net5/0-4
libvirt_machine many many 384 lab.nics=2
same "$(vfs_of config)" $n "VFs in the definition"
must vfyard apply
must vfyard status
must virsh start many
follow many
same "$(vfs_of live)" $n "VFs in the running machine"
same "$(attached)" $n "attached VFs"
must vfyard status
t=${EPOCHREALTIME/./}
must vfyard pci-list --json many
note "pci-list of $n VFs in $(((${EPOCHREALTIME/./} - t) / 1000)) ms"
same "$(jq -r '[.attached[].bdf] | sort | join(" ")' <<< "$out")" "$(xml_vfs many live)" "what is attached"
wait_guest many 'GUEST up' 360
soon 120 "the guest has $n VFs with igbvf" guest_bound_n many $n
beats many 0.0 60

step "one more into a planned spare port, and out"
gives net5/0-5
want_rc 3 vfyard status
must vfyard apply
same "$(vfs_of live) $(vfs_of config)" "41 41" "VFs in the running machine and in the definition"
soon 60 "the guest has 41 VFs" guest_bound_n many 41
must vfyard pci-detach many net5/5
same "$(vfs_of live) $(vfs_of config)" "40 40" "VFs in the running machine and in the definition"
soon 60 "the guest has $n VFs" guest_bound_n many $n
beats many 0.0 60

step "everything back"
must virsh destroy many
same "$(attached)" 0 "attached VFs"
must vfyard release --yes
must virsh undefine many
host_state > /tmp/after
holds "the host is as before" diff /tmp/before /tmp/after
