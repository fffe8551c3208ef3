# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: both releases
# lab: LAB_TIME=900
# plan, apply, status and release on a real KVM host: see host-apply.sh.
. /lab/host-apply.sh
mkdir -p "$(dirname "$(guest_log x)")"

apply_start
apply_first

step "a guest with net0/0 and two free ports"
qemu-system-x86_64 -accel kvm -cpu qemu64 -machine q35,kernel-irqchip=split -m 192 -nodefaults -display none -no-reboot \
	-name web1 -qmp unix:/run/web1.qmp,server=on,wait=off -qmp unix:/run/other.qmp,server=on,wait=off \
	-kernel /vmlinuz -initrd /guest.img -append 'console=ttyS0 quiet' -serial "file:$(guest_log web1)" \
	-device pcie-root-port,id=vfrp0,chassis=1,slot=1,addr=0x1.0,multifunction=on \
	-device pcie-root-port,id=vfrp1,chassis=2,slot=2,addr=0x1.1 \
	-device pcie-root-port,id=vfrp2,chassis=3,slot=3,addr=0x1.2 \
	-device "vfio-pci,host=$(bdf_of 0/0),bus=vfrp0,addr=0x0" > /tmp/web1.qemu 2>&1 &
follow qemu /tmp/web1.qemu
follow web1
wait_guest web1 'GUEST up' 90
beats web1 0.0 60

# by another monitor than vfyard's
by_hand() {
	local id
	id=$(vfyard pci-list --json | jq -r ".attached[] | select(.bdf == \"$(bdf_of 0/2)\") | .id // empty")
	{ echo '{"execute":"qmp_capabilities"}'
	  echo "{\"execute\":\"device_del\",\"arguments\":{\"id\":\"${id:-vf-$(bdf_of 0/2 | tr : -)}\"}}"
	  sleep 2; } | socat - UNIX-CONNECT:/run/other.qmp
}

apply_attach
apply_drift by_hand
apply_others
apply_settings
apply_refused
apply_release
