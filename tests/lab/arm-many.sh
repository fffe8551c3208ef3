# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: LAB_NPF=5
# lab: LAB_TIME=900
# Thirty-four VFs of five PFs in one guest on virt, behind planned switches: buses, windows and the ITS take them; hot plug into a
# planned spare port; everything back.
. /lab/host-arm.sh
fresh
n=34
step "5 PFs with 35 VFs, by apply"
for p in 1 2 3 4; do pf_up $p; done
{ topology 'domain = [ [ "web1", "kvm: qmp=/run/web1.qmp, machine=virt, ports=switch, spare=2",' \
	'"net0/*", "net1/*", "net2/*", "net3/*", "net4/0-5" ] ]'
  echo 'vf = ['
  for p in 0 1 2 3 4; do for i in 0 1 2 3 4 5 6; do echo "\"net$p/$i: mac=$(mac_of $p/$i)\","; done; done
  echo ']'; } > /etc/vfyard/topology.cfg
host_state > /tmp/before
must vfyard check
t=${EPOCHREALTIME/./}
must vfyard apply
note "35 VFs made and $n bound in $(((${EPOCHREALTIME/./} - t) / 1000)) ms"
all_of() { list_of "[.pfs[].vfs[] | select($1)] | length"; }
same "$(all_of '.driver == "vfio-pci" and .state == "assignable"')" $n "assignable VFs"

step "a guest with \$(vfyard render qemu web1)"
start_guest web1 512 lab.nics=2
soon 120 "the guest has $n VFs with igbvf" guest_bound_n web1 $n
same "$(all_of '.state == "attached" and .domain == "web1"')" $n "attached VFs"
must vfyard pci-list --json web1
same "$(jq '[.attached[] | select(.ready)] | length' <<< "$out")" $n "VFs that the guest has found"
beats web1 0.0 90

step "hot attach into a planned spare port, and detach"
must vfyard pci-assignable-add net4/6
must vfyard pci-attach web1 net4/6
soon 60 "the guest has $((n + 1)) VFs" guest_bound_n web1 $((n + 1))
must vfyard pci-detach web1 net4/6
soon 60 "the guest has $n VFs" guest_bound_n web1 $n
must vfyard pci-assignable-remove -r net4/6
beats web1 0.0 60

step "release: all as it was"
end_guest
must vfyard release --yes
host_state > /tmp/now
holds "the host is as before" diff /tmp/before /tmp/now
