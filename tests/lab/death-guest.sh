# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: LAB_NPF=1
# A guest that a scenario waits for is gone: see deaths.sh.
step "the guest is killed"
mkdir -p "$(dirname "$(guest_log web1)")"
pv_cfg web1 > /tmp/web1.cfg
if [ "$LAB_KIND" = xen ]; then
	must xl create -q /tmp/web1.cfg
	wait_guest web1 'GUEST up' 90
	must xl destroy web1
else
	qemu-system-x86_64 -accel kvm -cpu qemu64 -machine q35,kernel-irqchip=split -m 192 -nodefaults -display none -no-reboot \
		-name web1 -kernel /vmlinuz -initrd /guest.img -append 'console=ttyS0 quiet' -serial "file:$(guest_log web1)" &
	qemu_pid=$!
	wait_guest web1 'GUEST up' 90
	kill -9 "$qemu_pid"
fi
beats web1 0.0 1000
