# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Functions as a whole, alike on both hypervisors: the second PF, which has no VFs, and a device of two functions, a drive
# and a USB controller. What the host lives on is refused, and all of it comes back as it was.

PF1=$(pf_bdf 1)
NVME=$(basename "$(dirname "$(grep -lx 0x010802 $DEVICES/*/class)")")
USB=${NVME%.0}.1
bdf_driver() { local l; l=$(readlink "$DEVICES/$1/driver") || l=none; echo "${l##*/}"; }
function_of() { vfyard list --all --json | jq -r ".functions[] | select(.bdf == \"$1\") | \"\(.state) \(.domain)\""; }
whole_state() {
	local f
	for f in "$PF1" "$NVME" "$USB"; do echo "$f $(bdf_driver "$f") $(cat "$DEVICES/$f/driver_override")"; done
	host_state
}
assignable() { vfyard pci-assignable-list | sort | paste -sd' '; }

modprobe -a nvme xhci-pci ext4 crc32c_generic
soon 20 "the drive is there" [ -b /dev/nvme0n1 ]
make_vfs 0 3 1
whole_state > /tmp/before
driver=$1 # that of the hypervisor

step "every endpoint function is listed"
must vfyard list --all
prints "^ +$NVME +nvme +"
prints "^ +$PF1 +igb +.*PF, vfs 0/7"
same "$(function_of "$USB")" "host null" "the USB controller"
must vfyard list
lacks "$NVME"

step "refused: what is no endpoint, what VFs hang on, what the host lives on"
want_rc 4 vfyard pci-assignable-add "$(pf_bdf 0)"
says "that is a PF, and its VFs depend on it; .*net0/0 to net0/2 would vanish|0/0 to .*/2 would vanish"
want_rc 4 vfyard pci-assignable-add "$(basename "$(grep -lx 0x060400 $DEVICES/*/class | head -n 1 | xargs dirname)")"
says "that is a bridge"
must ip link set "$(pf_if 1)" up
must ip addr add 192.0.2.7/24 dev "$(pf_if 1)"
want_rc 4 vfyard pci-assignable-add "$PF1"
says "$(pf_if 1) has the host's address 192.0.2.7"
must ip route add default via 192.0.2.1 dev "$(pf_if 1)"
want_rc 4 vfyard pci-assignable-add "$PF1"
says "carries the default route"
must ip addr flush dev "$(pf_if 1)"
must ip link set "$(pf_if 1)" down
must mke2fs -q -F /dev/nvme0n1
mkdir -p /mnt/whole
must mount /dev/nvme0n1 /mnt/whole
want_rc 4 vfyard pci-assignable-add "$NVME"
says "nvme0n1 holds the mounted filesystem /mnt/whole"
must umount /mnt/whole
echo 'VFYARD WHOLE' | dd of=/dev/nvme0n1 conv=notrunc,fsync status=none
same "$(bdf_driver "$PF1") $(bdf_driver "$NVME")" "igb nvme" "drivers"

step "out and back, by the words of xl"
must vfyard pci-assignable-add "${PF1#0000:}"
same "$(bdf_driver "$PF1")" "$driver" "driver"
same "$(assignable)" "$PF1" "what is assignable"
must vfyard pci-assignable-remove -r "${PF1#0000:}"
same "$(bdf_driver "$PF1")" igb "driver"

step "kill -9 before it is taken, and after"
for when in 1 2; do
	strace -f -o /dev/null -e inject=fsync:signal=KILL:when=$when vfyard pci-assignable-add "$PF1"
	must vfyard pci-assignable-add "$PF1"
	must vfyard pci-assignable-remove -r "$PF1"
	whole_state > /tmp/now
	holds "the host is as before" diff /tmp/before /tmp/now
done
