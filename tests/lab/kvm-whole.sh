# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: LAB_TIME=600
# lab: LAB_WHOLE=1
# A PF without VFs, a drive and a USB controller into a running guest as a whole, by verbs and by a topology, and back.

topology > /etc/vfyard/topology.cfg
guest_lacks() { ! grep -q "=$2" <<< "$(guest_sees "$1")"; }
NVME=$(basename "$(dirname "$(grep -lx 0x010802 $DEVICES/*/class)")")
USB=${NVME%.0}.1

step "with what render modprobe writes vfio-pci has them before their drivers come"
cat > /tmp/boot.cfg << T
version = 1
hypervisor = "kvm"
dev = [ "disk: bdf=$NVME, functions=all" ]
domain = [ [ "web1", "disk" ] ]
T
must modprobe -a nvme xhci-pci
must vfyard -C /tmp/boot.cfg render modprobe
prints "softdep nvme pre: vfio-pci"
prints "softdep xhci_pci pre: vfio-pci"
prints "options vfio-pci ids=1b36:0010,1b36:000d"
mkdir -p /etc/modprobe.d
echo "$out" > /etc/modprobe.d/vfyard.conf
modprobe -r vfio-pci
must modprobe -r nvme xhci-pci
must modprobe -a nvme xhci-pci
for f in "$NVME" "$USB"; do same "$(basename "$(readlink "$DEVICES/$f/driver")")" vfio-pci "driver of $f"; done
must vfyard -C /tmp/boot.cfg plan --no-attach
prints "nothing to do"
must vfyard -C /tmp/boot.cfg render modprobe
same "$out" "$(cat /etc/modprobe.d/vfyard.conf)" "what it writes while they are held"
must vfyard import
prints '"nvme0: path=.*, functions=all"'
rm /etc/modprobe.d/vfyard.conf
must modprobe -r vfio-pci
must modprobe -r nvme xhci-pci
must modprobe vfio-pci

set -- vfio-pci
. /lab/host-whole.sh

step "functions of one group go together"
want_rc 4 vfyard pci-assignable-add "$NVME"
says "IOMMU group [0-9]+ also has $USB \(xhci_hcd\)"
says "vfyard pci-assignable-add $NVME $USB"
must vfyard pci-assignable-add "$PF1" "$NVME" "$USB"

step "into a guest that runs"
mkdir -p "$(dirname "$(guest_log x)")"
qemu-system-x86_64 -accel kvm -cpu qemu64 -machine q35,kernel-irqchip=split -m 224 -nodefaults -display none \
	-no-reboot -name web1 -qmp "unix:/run/web1.qmp,server=on,wait=off" \
	-device pcie-root-port,id=vfrp0,chassis=1,slot=1,addr=0x1.0,multifunction=on \
	-device pcie-root-port,id=vfrp1,chassis=2,slot=2,addr=0x1.1 \
	-device pcie-root-port,id=vfrp2,chassis=3,slot=3,addr=0x1.2 \
	-device pcie-root-port,id=vfrp3,chassis=4,slot=4,addr=0x1.3 \
	-serial "file:$(guest_log web1)" -kernel /vmlinuz -initrd /guest.img -append 'console=ttyS0 quiet lab.whole' > /tmp/web1.qemu 2>&1 &
soon 20 "the monitor of web1 is there" test -S /run/web1.qmp
follow web1
wait_guest web1 'GUEST up' 120
must vfyard pci-attach web1 "$PF1" "$NVME"
wait_guest web1 'GUEST pci=.*=igb( |$)' 60
wait_guest web1 'GUEST disk nvme0n1=VFYARD WHOLE' 60
same "$(function_of "$PF1"), $(function_of "$NVME"), $(function_of "$USB")" "attached web1, attached web1, assignable null" "states"
must bash -c 'vfyard import > /tmp/import.cfg'
holds "the import has them" grep -q '"web1", "kvm: qmp=/run/web1.qmp, machine=q35", "net1", "nvme0" ]' /tmp/import.cfg
must vfyard -C /tmp/import.cfg plan
prints "nothing to do"
want_rc 4 vfyard pci-assignable-remove -r "$NVME"
says "held by domain web1"
must vfyard pci-list web1
prints "$NVME"

step "out of it, and back to the host"
must vfyard pci-detach web1 "$PF1" "$NVME"
must vfyard pci-assignable-remove -r "$PF1" "$NVME" "$USB"
soon 20 "the drive is the host's again" [ -b /dev/nvme0n1 ]
whole_state > /tmp/after
holds "the host is as before" diff /tmp/before /tmp/after

step "a topology with VFs and whole functions in one domain"
cat > /etc/vfyard/topology.cfg << T
version = 1
pf = [ "net0: bdf=$(pf_bdf 0), numvfs=3" ]
dev = [ "card: bdf=$PF1", "disk: id=$(lspci -n -s "$NVME" | cut -d' ' -f3), functions=all" ]
domain = [ [ "web1", "kvm: qmp=/run/web1.qmp, machine=q35", "net0/0", "card", "disk" ] ]
T
soon 20 "nothing is in the guest any more" guest_lacks web1 nvme
before=$(guest_sees web1 | wc -w)
must vfyard check
want_rc 3 vfyard plan
prints "attach disk/1 \($USB\): domain web1"
must vfyard apply --yes
must vfyard status
prints "in sync: 1 PF, 3 VFs, 3 functions, 1 domain"
same "$(function_of "$PF1"), $(function_of "$NVME"), $(function_of "$USB")" "attached web1, attached web1, attached web1" "states"
soon 60 "all four are in the guest" guest_sees_n web1 $((before + 4))
must vfyard pci-detach web1 card
want_rc 3 vfyard status
prints "card \($PF1\): domain is none, wanted web1"
must vfyard apply --yes
must vfyard release --yes
soon 20 "the drive is the host's again" [ -b /dev/nvme0n1 ]
whole_state > /tmp/after
holds "the host is as before" diff /tmp/before /tmp/after
