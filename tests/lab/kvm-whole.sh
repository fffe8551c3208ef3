# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: LAB_TIME=900
# lab: LAB_WHOLE=1
# A PF without VFs, a drive and a USB controller into a running guest as a whole, by verbs and by a topology, and back; the
# last two, which are functions of one slot, as one device.

topology > /etc/vfyard/topology.cfg
# The drive is function 0 of a slot in the guest, and the controller function 1 of the same.
one_device() {
	local nvme
	nvme=$(guest_sees "$1" | tr ' ' '\n' | sed -n 's/=nvme$//p')
	[ -n "$nvme" ] && [ "${nvme%.*}.0" = "$nvme" ] && grep -q "${nvme%.*}\.1=" <<< "$(guest_sees "$1")"
}
start_guest() {	# start_guest NAME ARG...
	local name=$1
	shift
	mkdir -p "$(dirname "$(guest_log x)")"
	: > "$(guest_log "$name")"
	qemu-system-x86_64 -accel kvm -cpu qemu64 -machine q35,kernel-irqchip=split -m 224 -nodefaults -display none \
		-no-reboot -name "$name" -qmp "unix:/run/$name.qmp,server=on,wait=off" \
		-serial "file:$(guest_log "$name")" -kernel /vmlinuz -initrd /guest.img -append 'console=ttyS0 quiet lab.whole' \
		"$@" > "/tmp/$name.qemu" 2>&1 &
	guest_pid=$!
	soon 20 "the monitor of $name is there" test -S "/run/$name.qmp"
	follow "$name"
	wait_guest "$name" 'GUEST up' 120
}
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
start_guest web1 \
	-device pcie-root-port,id=vfrp0,chassis=1,slot=1,addr=0x1.0,multifunction=on \
	-device pcie-root-port,id=vfrp1,chassis=2,slot=2,addr=0x1.1 \
	-device pcie-root-port,id=vfrp2,chassis=3,slot=3,addr=0x1.2 \
	-device pcie-root-port,id=vfrp3,chassis=4,slot=4,addr=0x1.3
must vfyard pci-attach web1 "$PF1" "$NVME"
wait_guest web1 'GUEST pci=.*=igb( |$)' 60
wait_guest web1 'GUEST disk nvme0n1=VFYARD WHOLE' 60
same "$(function_of "$PF1"), $(function_of "$NVME"), $(function_of "$USB")" "attached web1, attached web1, assignable null" "states"
must vfyard import
cp /tmp/out /tmp/import.cfg
prints '"web1", "kvm: qmp=/run/web1.qmp, machine=q35, ports=auto", "[a-z]+[0-9]", "nvme0" \]'
must vfyard -C /tmp/import.cfg plan
prints "nothing to do"
want_rc 4 vfyard pci-assignable-remove -r "$NVME"
says "held by domain web1"
must vfyard pci-list web1
prints "$NVME"

step "a function of that slot that comes later is refused, or gets a port of its own"
want_rc 4 vfyard pci-attach web1 "$USB"
says "$USB is of one slot with $NVME, which web1 has already"
says "vfyard pci-detach web1 $NVME, then vfyard pci-attach web1 $NVME $USB"
must vfyard pci-attach web1 "$USB,vslot=4"
must vfyard pci-detach web1 "$USB"
must vfyard pci-detach web1 "$NVME"
soon 60 "the drive has left the guest" guest_lacks web1 nvme

step "two functions are one device, hot, and leave as one"
must vfyard pci-attach web1 "$NVME" "$USB"
soon 120 "they are functions 0 and 1 of one slot in the guest" one_device web1
must vfyard pci-list web1
prints "\.0 +$NVME "
prints "\.1 +$USB "
for f in "$NVME" "$USB"; do
	want_rc 4 vfyard pci-detach web1 "$f"
	says "domain web1 has it in one device with"
	says "vfyard pci-detach web1 "
done
holds "the guest has both" one_device web1
must vfyard pci-detach web1 "$USB" "$NVME"
soon 60 "the drive has left the guest" guest_lacks web1 nvme
same "$(function_of "$NVME"), $(function_of "$USB")" "assignable null, assignable null" "states"

step "kill -9 between the two functions: the next run makes them one device"
for when in 2 3 4; do
	strace -f -o /dev/null -e inject=fsync:signal=KILL:when=$when vfyard pci-attach web1 "$NVME" "$USB"
	must vfyard pci-attach web1 "$NVME" "$USB"
	soon 120 "they are functions 0 and 1 of one slot in the guest" one_device web1
	must vfyard pci-detach web1 "$NVME" "$USB"
	soon 60 "the drive has left the guest" guest_lacks web1 nvme
done

step "out of it, and back to the host"
must vfyard pci-detach web1 "$PF1"
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
holds "drive and controller are one device" one_device web1
must vfyard pci-detach web1 card
want_rc 3 vfyard status
prints "card \($PF1\): domain is none, wanted web1"
must vfyard apply --yes
must vfyard release --yes
soon 20 "the drive is the host's again" [ -b /dev/nvme0n1 ]
whole_state > /tmp/after
holds "the host is as before" diff /tmp/before /tmp/after

step "cold: a guest that starts with \$(vfyard render qemu web1)"
kill "$guest_pid"
soon 20 "web1 has ended" test ! -d "/proc/$guest_pid"
rm -f /run/web1.qmp
must vfyard apply --yes
must vfyard render qemu web1
# shellcheck disable=SC2046 # words for the shell are what it prints
start_guest web1 $(vfyard render qemu web1)
soon 120 "they are functions 0 and 1 of one slot in the guest" one_device web1
wait_guest web1 'GUEST disk nvme0n1=VFYARD WHOLE' 60
must vfyard status
prints "in sync: 1 PF, 3 VFs, 3 functions, 1 domain"
must vfyard pci-detach web1 disk
soon 60 "the drive has left the guest" guest_lacks web1 nvme
want_rc 3 vfyard status
must vfyard apply --yes
soon 120 "they are functions 0 and 1 of one slot in the guest" one_device web1
must vfyard release --yes
soon 20 "the drive is the host's again" [ -b /dev/nvme0n1 ]
whole_state > /tmp/after
holds "the host is as before" diff /tmp/before /tmp/after
