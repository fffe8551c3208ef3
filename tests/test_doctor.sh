#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `vfyard doctor` as a whole program: what it says of five hosts, byte for byte (tests/hosts/doctor), of a VF, of a domain, and
# that each thing that can be wrong is a line with its cure.
#
#	GOLDEN=update tests/test_doctor.sh	writes the expected files anew; look at the difference before you commit it
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
v=$PWD/build/vfyard
hosts=tests/hosts/doctor
root=$tmp/root
pass=0
fail=0

verdict() {	# verdict NAME WHY: empty WHY is success
	if [ -z "$2" ]; then
		pass=$((pass + 1))
	else
		fail=$((fail + 1))
		echo "not ok: $1: $2"
	fi
}

host() {	# host NAME: $root becomes that one
	rm -rf "$root"
	sh tests/untree.sh "$hosts/$1.tree" "$root"
}

doctor() {
	"$v" --root "$root" doctor "$@" > "$tmp/out" 2> "$tmp/err"
	rc=$?
}

# golden RC FILE ARGS...: standard output is the file's content
golden() {
	local want=$1 file=$2
	shift 2
	doctor "$@"
	if [ "${GOLDEN:-}" = update ]; then cp "$tmp/out" "$file"; fi
	verdict "$file" "$([ "$rc" = "$want" ] || echo "exit $rc, not $want: $(cat "$tmp/err")"; diff -u "$file" "$tmp/out" | head -n 20)"
}

# says RC "WORDS" ARGS...: some line has these words, and the exit status is RC
says() {
	local want=$1 words=$2
	shift 2
	doctor "$@"
	verdict "doctor $*" "$([ "$rc" = "$want" ] || echo "exit $rc, not $want"; grep -qE -- "$words" "$tmp/out" || { echo "no '$words' in:"; cat "$tmp/out" "$tmp/err"; })"
}

for tree in "$hosts"/*.tree; do
	name=$(basename "$tree" .tree)
	host "$name"
	sh tests/capture.sh --root "$root" | grep -v '^#' > "$tmp/again"
	verdict "$name: captured again" "$(grep -v '^#' "$tree" | diff - "$tmp/again" | head -n 5)"
	case $name in all-well) want=0 ;; *) want=4 ;; esac
	golden $want "$hosts/$name.text"
	golden $want "$hosts/$name.json" --json
	# Every problem has its cure, and both documents have the same.
	"$v" --root "$root" -q doctor > "$tmp/brief" 2> /dev/null
	verdict "$name: each problem has a cure" "$(awk '/^  problem/ { p = $0; next } /^ *cure:/ { p = ""; next } p != "" { print p; p = "" }' "$tmp/brief")"
	verdict "$name: as many in JSON" "$([ "$(grep -c '^  problem' "$tmp/brief")" = "$(grep -o '"severity":"problem"' "$hosts/$name.json" | wc -l)" ] || echo differ)"
	verdict "$name: -q has no ok" "$(grep '^  ok' "$tmp/brief")"
done

# A VF: every link, and what blocks.
host all-well
says 0 '^  ok       assignable +nothing is against it$' eth0/1
says 0 'next: run: vfyard pci-assignable-add eth0/1$' eth0/1
says 0 'next: run: vfyard pci-attach DOMAIN eth0/3$' 0000:01:10.6
says 0 '^  ok       function +VF 1 of eth0 \(0000:01:00.0, driver igb\), at 0000:01:10.2$' eth2
says 4 "there is no VF 9" eth0/9
says 4 'no function has this address' 0000:01:1f.7
says 4 'it would be VF 5 of eth0, which has 4 now' 01:11.2
says 4 'cure: write numvfs=6 or more' 01:11.2
says 0 '^  ok       eth0 \(0000:01:00.0\) +driver igb, 4 of 7 VFs' eth0
echo 'eth1	00000000	0100000A	0003	0	0	0	00000000	0	0	0' > "$tmp/route"
mkdir -p "$root/proc/net"
{ echo 'Iface	Destination	Gateway	Flags	RefCnt	Use	Metric	Mask	MTU	Window	IRTT'; cat "$tmp/route"; } > "$root/proc/net/route"
says 4 '^  problem  guard +the host needs it: ' eth0/0
"$v" --root "$root" -N pci-assignable-add eth0/0 > /dev/null 2> "$tmp/add"
cause=$(sed -n 's/^  problem  guard *//p' "$tmp/out")
verdict 'doctor says what pci-assignable-add says' "$(grep -qF -- "$cause" "$tmp/add" || { cat "$tmp/add"; echo "not: $cause"; })"
# All that block are listed, and the first is named.
mv "$root/sys/bus/pci/drivers/vfio-pci" "$root/gone"
says 4 '^  problem  module +driver vfio-pci is not loaded' eth0/0
verdict 'all that block' "$(grep -q '^2 problems. Begin with the first: eth0/0 (0000:01:10.0), guard\.$' "$tmp/out" || cat "$tmp/out")"
doctor nothing
verdict 'a word that means nothing' "$([ "$rc" = 1 ] && grep -q "no device is called 'nothing'" "$tmp/err" && ! [ -s "$tmp/out" ] || cat "$tmp/out" "$tmp/err")"
doctor eth0/
verdict 'a word that is none' "$([ "$rc" = 2 ] || echo "exit $rc"; cat "$tmp/out")"

# What is looked at of the host.
host all-well
echo N > "$root/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts"
echo ' IO-APIC PCI-MSI' > "$root/proc/interrupts"
says 4 '^  problem  interrupts +not remapped'
echo Y > "$root/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts"
says 0 '^  note     interrupts +not remapped, and allowed all the same'
rm "$root/proc/interrupts"
says 0 '^  note     interrupts +whether they are remapped is not seen'
mkdir -p "$root/run/libvirt"
: > "$root/run/libvirt/libvirt-sock"
says 0 '^  ok       libvirt +it runs'
printf 'version = 1\npf = [ "net0: bdf=0000:01:00.0, numvfs=7" ]\n' > "$tmp/good.cfg"
mkdir -p "$root/etc/vfyard"
cp "$tmp/good.cfg" "$root/etc/vfyard/topology.cfg"
says 0 '^  note     boot +vfyard.service is not enabled'
mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
ln -s /usr/lib/systemd/system/vfyard.service "$root/etc/systemd/system/multi-user.target.wants/vfyard.service"
doctor
verdict 'an enabled service' "$(grep vfyard.service "$tmp/out")"
verdict 'names of the topology' "$(grep -q '^  ok       net0 (0000:01:00.0)' "$tmp/out" || cat "$tmp/out")"
echo 'pf = [' > "$root/etc/vfyard/topology.cfg"
says 4 '^  problem  file '
rm "$root/etc/vfyard/topology.cfg"

# The IOMMU that is not used: firmware, a word, a kernel that does not by itself.
host no-iommu
sed -i 's/ intel_iommu=off//' "$root/proc/cmdline"
says 4 'the kernel uses no IOMMU, although the firmware has one \(VT-d\)'
echo '# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set' > "$root"/boot/config-*
says 4 'cure: add intel_iommu=on to GRUB_CMDLINE_LINUX_DEFAULT'
rm "$root/sys/firmware/acpi/tables/DMAR"
says 4 'and the firmware shows none'
says 4 'cure: switch VT-d on in the firmware, and boot with intel_iommu=on'

# Room: bus numbers, which the bridge above ends, and memory.
host mlx4
d=$root/sys/bus/pci/devices/0000:03:00.0
rm "$d/driver"
ln -s ../../../../bus/pci/drivers/igb "$d/driver"
echo 256 > "$d/sriov_totalvfs"
echo 3 > "$d/../subordinate_bus_number"
says 4 '^  note     ens3 \(0000:03:00.0\) +255 of its 256 VFs have a bus number: the bridge above ends at bus 03'
echo 256 > "$d/sriov_offset"
says 4 '^  problem  ens3 \(0000:03:00.0\) +0 of its 256 VFs have a bus number'
echo 1 > "$d/sriov_offset"
echo 8 > "$d/../subordinate_bus_number"
sed -i '8s/0x0000380000000000/0x0000000000000000/' "$d/resource"
says 4 '^  problem  ens3 \(0000:03:00.0\) +the machine has no room for the memory of its VFs'

# Who else sets VFs: the file and the line are named, and whose they are.
host all-well
owner() {	# owner FILE TEXT WORDS: this file is told with these words
	mkdir -p "$(dirname "$root/$1")"
	printf '%b' "$2" > "$root/$1"
	says 0 "$3"
	rm "$root/$1"
}
owner etc/systemd/network/10-sriov.link '[Match]\nOriginalName=eth0\n[Link]\nSR-IOVVirtualFunctions=4\n' \
	'^  note     eth0 +systemd-udevd sets the number of VFs: /etc/systemd/network/10-sriov.link:4: SR-IOVVirtualFunctions=4$'
owner etc/netplan/50-x.yaml 'network:\n  ethernets:\n    eth0:\n      virtual-function-count: 4\n' \
	'^  note     eth0 +netplan .*/etc/netplan/50-x.yaml:4: virtual-function-count: 4$'
owner etc/udev/rules.d/x.rules '# sriov_numvfs\nACTION=="add", ATTR{device/sriov_numvfs}="4"\n' \
	'^  note     any card +udev .*/etc/udev/rules.d/x.rules:2: '
owner etc/sriov-operator/pci/0000:01:00.0 '{"name":"eth0"}\n' '^  note     eth0 +the SR-IOV network operator sets this PF'
owner etc/driverctl.d/pci-0000:01:10.2 'vfio-pci\n' '^  note     eth0 +driverctl binds a driver at boot: /etc/driverctl.d/pci-0000:01:10.2:1: vfio-pci$'
owner etc/pve/qemu-server/101.conf 'name: web\nhostpci0: 01:10.4,pcie=1\n' '^  note     eth0 +Proxmox takes VFs for its guests: /etc/pve/qemu-server/101.conf:2: '
owner etc/modprobe.d/igb.conf 'options igb max_vfs=7\n' '^  note     eth0 +modprobe.d .*/etc/modprobe.d/igb.conf:1: options igb max_vfs=7$'
owner etc/modprobe.d/ixgbe.conf 'options ixgbe max_vfs=7\n' '^  ok       files +no file of another program sets VFs$'
owner etc/network/interfaces 'auto eth01\n  pre-up echo 4 > /sys/class/net/eth01/device/sriov_numvfs\n' '^  note     any card +ifupdown '
mkdir -p "$root/etc/systemd/network" "$root/usr/lib/systemd/network"
printf '[Match]\nOriginalName=eth0\n[Link]\nSR-IOVVirtualFunctions=4\n' > "$root/usr/lib/systemd/network/x.link"
ln -s /dev/null "$root/etc/systemd/network/x.link"
doctor
verdict 'a masked file does not count' "$(grep udevd "$tmp/out")"

# A Dom0: what its domains could not get.
host xen-no-pciback
says 4 '^domain web1$' web1
says 4 '^  problem  irqs +domain web1 has 0 interrupts' web1
sed -i 's/extra_guest_irqs=128/iommu=verbose/' "$root/vfyard/xl-info"
says 0 '^  ok       irqs ' web1
sed -i 's/hvm_directio pv_directio //' "$root/vfyard/xl-info"
says 4 '^  problem  iommu +Xen runs without an IOMMU'
sed -i 's/enabled/disabled/' "$root/vfyard/xl-dmesg"
says 4 '^  note     interrupts +not remapped: a guest with a VF'
rm "$root/vfyard/xl-dmesg"
says 4 '^  note     interrupts +whether they are remapped is not seen'
echo PVH > "$root/sys/hypervisor/guest_type"
says 4 'Dom0 is PVH'

# A PV guest whose kernel found no memory for DMA, as far as Dom0 sees it.
rm -rf "$root"
{
	cat tests/hosts/xen-dom0.tree
	cat <<- 'E'
	vfyard/xl-list=Name ID Mem VCPUs State Time(s)\nDomain-0   0  1024  2  r-----  9.5\nweb1   3  512  1  -b----  2.5
	vfyard/xl-info=xen_major : 4\nxen_minor : 17\nxen_extra : .7\nnr_cpus : 4\nvirt_caps : pv hvm hvm_directio\nxen_commandline : no-real-mode
	vfyard/xenstore=/local/domain/0/backend/pci/3/0/num_devs = "1"\n/local/domain/0/backend/pci/3/0/dev-0 = "0000:01:10.4"\n/local/domain/0/backend/pci/3/0/vdev-0 = "0000:00:00.00"\n/local/domain/0/backend/pci/3/0/state-0 = "3"\n/local/domain/0/backend/pci/3/0/state = "4"\n/local/domain/3/name = "web1"\n/libxl/pci/0000-01-10-4/domid = "3"\n/libxl/3/type = "pv"\n/libxl/3/device/pci/0/backend = "/local/domain/0/backend/pci/3/0"
	vfyard/xen-created/3={"c_info": {"passthrough": "enabled", "type": "pv"}, "b_info": {"type.pv": {"e820_host": "False"}}}
	E
} > "$tmp/dom0.tree"
sh tests/untree.sh "$tmp/dom0.tree" "$root"
says 0 '^  ok       eth0/2 \(0000:01:10.4\) +the guest has it at 00:00.0$' web1
says 0 '^  note     0000:01:10.4 +permissive is off' web1
says 0 '^  note     console +what the guest.s kernel says is not kept in Dom0$' web1
mkdir -p "$root/var/log/xen/console"
echo 'Failed to get contiguous memory for DMA from Xen!' > "$root/var/log/xen/console/guest-web1.log"
says 4 "^  problem  console +'Failed to get contiguous memory for DMA': its kernel found no memory below 4 GiB" web1
echo 'Linux version 6.1' > "$root/var/log/xen/console/guest-web1.log"
says 0 '^  ok       console ' web1
says 4 '^  problem  state +held by domain web1$' eth0/2
says 0 '^domain web1$' web1 eth0/0
doctor web1 web1
verdict 'one domain at a time' "$([ "$rc" = 2 ] && grep -q 'are both domains' "$tmp/err" || cat "$tmp/err")"

# The forms of output.
host all-well
"$v" --root "$root" doctor --color always 2> /dev/null | grep -q $'\033'
verdict 'colours when asked for' "$([ $? = 0 ] || echo none)"
"$v" --root "$root" doctor > /dev/full 2> "$tmp/err"
verdict 'a full disk' "$([ $? = 1 ] && grep -q 'standard output: write' "$tmp/err" || cat "$tmp/err")"
"$v" --root "$root" -C "$tmp/nothing.cfg" doctor > "$tmp/out" 2> "$tmp/err"
verdict 'a topology that is not there' "$([ $? = 2 ] || cat "$tmp/out" "$tmp/err")"
if [ "$(id -u)" = 0 ] && command -v setpriv > /dev/null; then
	cp "$v" build/backend-kvm.so "$tmp/" && chmod -R a+rX "$tmp"
	setpriv --reuid 65534 --clear-groups "$tmp/vfyard" --root "$root" doctor > "$tmp/out" 2> "$tmp/err"
	verdict 'unprivileged' "$([ $? = 0 ] || cat "$tmp/out" "$tmp/err")"
fi
echo "doctor: $pass passed, $fail failed"
[ "$fail" = 0 ]
