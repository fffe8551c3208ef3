# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: LAB_TIME=600
# lab: LAB_WHOLE=1
# A PF without VFs and a drive into a PV guest as a whole, by the words that xl has for it, and back.

topology > /etc/vfyard/topology.cfg
set -- pciback
. /lab/host-whole.sh

step "what the kernel cannot reset is refused"
if [ -e "$DEVICES/$USB/reset" ]; then
	note "it can reset $USB"
else
	want_rc 4 vfyard pci-assignable-add "$USB"
	says "the kernel cannot reset it"
fi

step "a guest begins with the PF, by the rendered line"
must vfyard pci-assignable-add "$PF1" "$NVME"
same "$(xl_assignable)" "$(printf '%s\n' "$PF1" "$NVME" | sort | paste -sd' ')" "xl's assignable devices"
cat > /etc/vfyard/topology.cfg << T
version = 1
pf = [ "net0: bdf=$(pf_bdf 0), numvfs=3" ]
dev = [ "card: bdf=$PF1", "disk: bdf=$NVME" ]
domain = [ [ "web1", "xen: type=pv", "card: permissive=1" ] ]
T
must vfyard render xl web1
prints "'$PF1,permissive=1'"
{ GUEST_MEM=192 GUEST_EXTRA=lab.whole pv_cfg web1; echo "$out"; } > /tmp/web1.cfg
must xl create -q /tmp/web1.cfg
follow web1
wait_guest web1 'GUEST up' 120
wait_guest web1 'GUEST pci=.*=igb( |$)' 60
same "$(function_of "$PF1")" "attached web1" "state"
holds "the PF is permissive" grep -qx "$PF1" /sys/bus/pci/drivers/pciback/permissive

step "hot: vfyard pci-attach web1 ADDRESS,permissive=1"
must vfyard pci-attach web1 "${NVME#0000:},permissive=1"
wait_guest web1 'GUEST disk nvme0n1=VFYARD WHOLE' 60
same "$(xl_attached web1)" "$(printf '%s\n' "$PF1" "$NVME" | sort | paste -sd' ')" "xl's list"
holds "the drive is permissive" grep -qx "$NVME" /sys/bus/pci/drivers/pciback/permissive
must bash -c 'vfyard import > /tmp/import.cfg'
holds "the import has them" grep -q '"web1", "xen: type=pv", "card: permissive=1", "disk: permissive=1" ]' /tmp/import.cfg
must vfyard -C /tmp/import.cfg plan
prints "nothing to do"
want_rc 4 vfyard pci-assignable-remove -r "$NVME"
says "held by domain web1"

step "out of it, and back to the host"
must vfyard pci-detach web1 "$NVME" "$PF1"
same "$(xl_assignable)" "$(printf '%s\n' "$PF1" "$NVME" | sort | paste -sd' ')" "xl's assignable devices"
must vfyard pci-assignable-remove -r "$PF1" "$NVME"
soon 20 "the drive is the host's again" [ -b /dev/nvme0n1 ]
whole_state > /tmp/after
holds "the host is as before" diff /tmp/before /tmp/after

step "a topology with VFs and whole functions in one domain"
sed -i 's/"card: permissive=1"/"net0\/0", "card", "disk"/' /etc/vfyard/topology.cfg
want_rc 3 vfyard plan
must vfyard apply --yes
must vfyard status
prints "in sync: 1 PF, 3 VFs, 2 functions, 1 domain"
must vfyard release --yes
soon 20 "the drive is the host's again" [ -b /dev/nvme0n1 ]
whole_state > /tmp/after
holds "the host is as before" diff /tmp/before /tmp/after
