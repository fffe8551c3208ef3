# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: both releases
# lab: LAB_TIME=600
# lab: LAB_BOOTS=1
# vfyard.service through a reboot of a KVM host: see host-boot.sh. libvirtd.service starts a QEMU
# itself here.
. /lab/host-boot.sh
mkdir -p "$(dirname "$(guest_log x)")"

if [ "$LAB_BOOT" = 1 ]; then
	boot_apply
	boot_units
	cat > /etc/vfyard/guest <<- 'G'
	mkdir -p /var/log/xen/console
	qemu-system-x86_64 -accel kvm -cpu qemu64 -machine q35,kernel-irqchip=split -m 192 -nodefaults -display none -no-reboot \
		-name web1 -qmp unix:/run/web1.qmp,server=on,wait=off -kernel /vmlinuz -initrd /guest.img -append 'console=ttyS0 quiet' \
		-serial file:/var/log/xen/console/guest-web1.log -daemonize $(vfyard render qemu web1)
	G
	unit libvirtd.service -- "Environment=PATH=$PATH" "ExecStart=/bin/bash /etc/vfyard/guest"
	unit lab-kvm.service 'Before=vfyard.service' -- "Environment=PATH=$PATH" \
		"ExecStart=/bin/bash -c 'modprobe -a kvm-amd kvm-intel vfio-pci vfio_iommu_type1 || true'"
	boot_save
fi
boot_check libvirtd.service
