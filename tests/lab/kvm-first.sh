# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: LAB_TIME=900
# The first ten minutes on a KVM host: see host-first.sh.
. /lab/host-first.sh
mkdir -p "$(dirname "$(guest_log x)")"
first_start
first_apply

step "a guest with \$(vfyard render qemu web1)"
here 0 vfyard render qemu web1
# shellcheck disable=SC2046 # words for the shell are what it prints
qemu-system-x86_64 -accel kvm -cpu qemu64 -machine q35,kernel-irqchip=split -m 192 -nodefaults -display none -no-reboot \
	-name web1 -qmp unix:/run/web1.qmp,server=on,wait=off -kernel /vmlinuz -initrd /guest.img \
	-append 'console=ttyS0 quiet' -serial "file:$(guest_log web1)" \
	$(vfyard render qemu web1) > /tmp/web1.qemu 2>&1 &
qemu_pid=$!
follow qemu /tmp/web1.qemu
follow web1
wait_guest web1 'GUEST up' 240
first_why
kill "$qemu_pid"
wait "$qemu_pid"
first_end
