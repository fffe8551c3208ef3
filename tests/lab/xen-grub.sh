# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: LAB_TIME=600
# lab: LAB_WHOLE=1
# lab: LAB_LINUXARGS=xen-pciback.hide=(0000:02:00.0)(0000:00:1f.3)
# Boots three times: first with a PF in hide=, which somebody wrote by hand; then with another
# device of the user in it; last with the lines of `vfyard render grub`. pciback, which is loaded
# before the driver of the VFs, then takes exactly the VFs of the topology as they appear, the drive
# that it gives as a whole, and the user's device.

wanted="0/0 0/1 0/2 1/4"
others="0/3 0/4 0/5 0/6 1/0 1/1 1/2 1/3 1/5 1/6"
mine=0000:00:1f.3
NVME=$(basename "$(dirname "$(grep -lx 0x010802 $DEVICES/*/class)")")
topology "dev = [ \"disk: bdf=$NVME\" ]" \
	'domain = [ [ "web1", "xen: type=pv", "net0/0-2" ], [ "web2", "xen: type=hvm", "net1/4", "disk" ] ]' \
	> /etc/vfyard/topology.cfg
held() { printf '%s\n' "$@" | sort | paste -sd' '; }

if [ "$LAB_BOOT" = 1 ]; then
	step "a PF that pciback holds is named, and what gives it back works"
	make_vfs 0 7 1
	want_rc 4 vfyard check
	says "net1.*pciback"
	way=$(sed -n 's/.*until then run: //p' <<< "$err" | head -n 1)
	note "the advice: $way"
	must bash -c "set -e; $way"
	soon 30 "igb has the PF" [ -e "$(pf_dir 1)/net" ]
	make_vfs 1 7 1
	want_rc 4 vfyard render grub
	says "takes PF net1 .*take that entry out of hide="
	reboot_with "" "xen-pciback.hide=($mine)"
fi

for n in 0 1; do make_vfs $n 7 1; done
if [ "$LAB_BOOT" = 2 ]; then
	step "render grub keeps what is hidden already"
	must vfyard check
	must vfyard render grub
	prints "xen-pciback.hide=\($mine\)\(.*\($NVME\)"
	# combined as in Debian's /etc/grub.d/20_linux_xen; the fixed part of both lines is in
	# lab.sh
	GRUB_CMDLINE_LINUX_DEFAULT=lab.grub=1
	echo "$out" > /tmp/grub.cfg
	# shellcheck disable=SC1091 # made just now
	. /tmp/grub.cfg
	reboot_with "${GRUB_CMDLINE_XEN:-} ${GRUB_CMDLINE_XEN_DEFAULT:-}" "$GRUB_CMDLINE_LINUX_XEN_REPLACE_DEFAULT"
fi

step "pciback holds exactly the VFs of the topology, the drive, and the user's device"
run cat /proc/cmdline
prints "lab.grub=1 xen-pciback.hide="
must modprobe nvme
# shellcheck disable=SC2046,SC2086 # words
same "$(cd /sys/bus/pci/drivers/pciback && held [0-9]*)" "$(held "$mine" "$NVME" $(bdfs $wanted))" "pciback's devices"
holds "its driver has no drive" [ ! -e /dev/nvme0 ]
for v in $others; do same "$(driver_of "$v")" igbvf "driver of $v"; done

step "vfyard and xl can give them away"
same "$(list_of '.pfs[].vfs[] | select(.driver == "pciback") | .bdf')" "$(list_of '.pfs[].vfs[] | select(.state != "host") | .bdf')" "not the host's any more"
must vfyard pci-assignable-add net0/0-2 net1/4 disk
# shellcheck disable=SC2046,SC2086 # words
same "$(xl_assignable)" "$(held "$mine" "$NVME" $(bdfs $wanted))" "xl's assignable devices"
must vfyard import
prints '"disk: path='
prints "$NVME, pciback; no domain has it"
must vfyard pci-assignable-remove net0/0-2 net1/4 disk
holds "nobody has the drive" [ ! -e "$DEVICES/$NVME/driver" ]
same "$(xl_assignable)" "$mine" "xl's assignable devices"
