# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: LAB_TIME=750
# lab: LAB_WHOLE=1
# Chaos on a real KVM host: see host-chaos.sh.
. /lab/host-chaos.sh
mkdir -p "$(dirname "$(guest_log x)")"
chaos_start

step "a guest with two free ports"
qemu-system-x86_64 -accel kvm -cpu qemu64 -machine q35,kernel-irqchip=split -m 192 -nodefaults -display none -no-reboot \
	-name web1 -qmp unix:/run/web1.qmp,server=on,wait=off -kernel /vmlinuz -initrd /guest.img \
	-append 'console=ttyS0 quiet' -serial "file:$(guest_log web1)" \
	-device pcie-root-port,id=vfrp0,chassis=1,slot=1,addr=0x1.0,multifunction=on \
	-device pcie-root-port,id=vfrp1,chassis=2,slot=2,addr=0x1.1 > /tmp/web1.qemu 2>&1 &
follow qemu /tmp/web1.qemu
follow web1
wait_guest web1 'GUEST up' 90

chaos_first
chaos_kills 0 1 3 5 7 8 9 10
chaos_flights release 3 6
chaos_kill_release 3 7
chaos_error /sys/bus/pci/devices/0000:02:00.0/sriov_numvfs ENOSPC
chaos_error /sys/bus/pci/drivers/vfio-pci/bind EBUSY
chaos_error /sys/bus/pci/devices/0000:01:00.0/sriov_drivers_autoprobe EIO
chaos_error "$DEVICES/$NVME/driver_override" EIO
chaos_end
