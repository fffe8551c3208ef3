# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: LAB_TIME=600
# One topology, two hypervisors, the KVM half: see host-both.sh and same.sh.
. /lab/host-both.sh
mkdir -p "$(dirname "$(guest_log web1)")"
both_before

step "a guest with \$(vfyard render qemu web1)"
must vfyard render qemu web1
# shellcheck disable=SC2046 # words for the shell are what it prints
qemu-system-x86_64 -accel kvm -cpu qemu64 -machine q35,kernel-irqchip=split -m 192 -nodefaults -display none -no-reboot \
	-name web1 -qmp unix:/run/web1.qmp,server=on,wait=off -kernel /vmlinuz -initrd /guest.img \
	-append 'console=ttyS0 quiet' -serial "file:$(guest_log web1)" \
	$(vfyard render qemu web1) > /tmp/web1.qemu 2>&1 &
follow qemu /tmp/web1.qemu
follow web1
both_after
