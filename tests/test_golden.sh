#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What vfyard prints for captured hosts (tests/hosts/*.tree), byte for byte. A capture of the
# unpacked tree must be the tree again, so that what users send in is what was on their host.
#
#	GOLDEN=update tests/test_golden.sh	writes the expected files anew; look at the difference before you commit it
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
v=$PWD/build/vfyard
hosts=tests/hosts
pass=0
fail=0

verdict() {	# verdict NAME WHY: empty WHY is success
	if [ -z "$2" ]; then
		pass=$((pass + 1))
		echo "ok: $1"
	else
		fail=$((fail + 1))
		echo "not ok: $1: $2"
	fi
}

# golden NAME FILE ARGS...: standard output is the file's content, and the exit status is 0
golden() {
	local name=$1 file=$2 why=''
	shift 2
	"$v" --root "$tmp/root" "$@" > "$tmp/out" 2> "$tmp/err" < /dev/null || why="exit $?: $(cat "$tmp/err")"
	if [ "${GOLDEN:-}" = update ] && [ -z "$why" ]; then
		cp "$tmp/out" "$file"
	elif ! diff -u "$file" "$tmp/out" > "$tmp/diff"; then
		why="$why not as in $file"
		head -n 20 "$tmp/diff"
	fi
	verdict "$name: vfyard $*" "$why"
}

for tree in "$hosts"/*.tree; do
	name=$(basename "$tree" .tree)
	rm -rf "$tmp/root"
	sh tests/untree.sh "$tree" "$tmp/root" || { verdict "$name" "cannot be unpacked"; continue; }
	sh tests/capture.sh --root "$tmp/root" | grep -v '^#' > "$tmp/again"
	grep -v '^#' "$tree" > "$tmp/once"
	diff "$tmp/once" "$tmp/again" > "$tmp/diff"
	verdict "$name: captured again" "$(head -n 5 "$tmp/diff")"
	mkdir -p "$tmp/root/usr/share/misc"
	cp "$hosts/pci.ids" "$tmp/root/usr/share/misc/"
	golden "$name" "$hosts/$name.list" list
	golden "$name" "$hosts/$name.json" list --json
done

# A capture has a process that has a VFIO device open, but not its other files.
mkdir -p "$tmp/root/proc/4711/fd"
ln -s /dev/vfio/16 "$tmp/root/proc/4711/fd/9"
ln -s /etc/passwd "$tmp/root/proc/4711/fd/10"
got=$(sh tests/capture.sh --root "$tmp/root" | grep '^proc/[0-9]')
verdict 'users of VFIO devices' "$([ "$got" = 'proc/4711/fd/9 -> /dev/vfio/16' ] || echo "captured '$got'")"

# A capture has what uses a VF without VFIO, too: a container, a program on uio, a vGPU.
rm -rf "$tmp/root" "$tmp/copy"
sh tests/untree.sh "$hosts/kvm-host.tree" "$tmp/root"
d=$tmp/root/sys/bus/pci/devices
rm -r "$d/0000:01:10.0/net"/*
mkdir -p "$d/0000:01:10.2/uio/uio0" "$d/0000:01:10.4/nvidia" "$d/0000:01:10.4/vfio-dev/vfio3" "$tmp/root/proc/5000/fd"
echo 1145 > "$d/0000:01:10.4/nvidia/current_vgpu_type"
ln -s /dev/uio0 "$tmp/root/proc/5000/fd/20"
sh tests/capture.sh --root "$tmp/root" > "$tmp/used.tree"
sh tests/untree.sh "$tmp/used.tree" "$tmp/copy"
for dev in 01:10.0 01:10.2 01:10.4; do
	for root in root copy; do "$v" --root "$tmp/$root" -N pci-assignable-add $dev > "$tmp/$root.out" 2>&1; done
	verdict "what uses $dev" "$(grep -q 'network namespace\|/dev/uio0 open\|vGPU' "$tmp/copy.out" && diff "$tmp/root.out" "$tmp/copy.out" || cat "$tmp/copy.out")"
done

# A capture has what hides functions, whatever file says it, but not the rest of that file.
rm -rf "$tmp/copy"
mkdir -p "$tmp/root/etc/modprobe.d"
printf 'options igb max_vfs=7\n options xen_pciback hide=(0b:00.0)\noptions xen-pciback hide=(0c:00.0)\n' > "$tmp/root/etc/modprobe.d/x.conf"
sh tests/capture.sh --root "$tmp/root" > "$tmp/hide.tree"
sh tests/untree.sh "$tmp/hide.tree" "$tmp/copy"
got=$(cat "$tmp/copy/etc/modprobe.d/x.conf")
want=' options xen_pciback hide=(0b:00.0)
options xen-pciback hide=(0c:00.0)'
verdict 'hide= of modprobe.d' "$([ "$got" = "$want" ] || echo "got '$got'")"

# A captured Dom0: what xl and xenstore said is in the tree, can be read and captured again, and
# contains no names when none are wanted.
rm -rf "$tmp/dom0" "$tmp/copy"
{
	cat "$hosts/xen-dom0.tree"
	cat <<-'EOF'
	sys/bus/pci/drivers/pciback/permissive=0000:01:10.4
	vfyard/ip-route=default dev eth0 dev wan0\ndefault dev eth0 table 100
	vfyard/ip-link/eth0=[{"ifname":"eth0","address":"52:54:00:00:00:01","altnames":["enp1s0f0","enx525400000001"],"vfinfo_list":[{"vf":4,"address":"52:54:00:00:00:44","vlan_list":[{"vlan":100}]}]}]
	vfyard/xl-list=Name ID Mem VCPUs State Time(s)\nDomain-0   0  1024  2  r-----  9.5\nweb 1   3  512  1  -b----  2.5
	vfyard/xl-info=xen_major : 4\nxen_minor : 20\nxen_extra : .4\nnr_cpus : 4\nvirt_caps : pv hvm hvm_directio\nxen_commandline : no-real-mode
	vfyard/xenstore=/local/domain/0/backend/pci/3/0/num_devs = "1"\n/local/domain/0/backend/pci/3/0/dev-0 = "0000:01:10.4"\n/local/domain/0/backend/pci/3/0/vdev-0 = "0000:00:00.00"\n/local/domain/0/backend/pci/3/0/state-0 = "3"\n/local/domain/0/backend/pci/3/0/state = "4"\n/local/domain/3/name = "web 1"\n/libxl/pci/0000-01-10-4/domid = "3"\n/libxl/3/type = "pv"\n/libxl/3/device/pci/0/backend = "/local/domain/0/backend/pci/3/0"
	vfyard/xen-created/3={"c_info": {"passthrough": "enabled"}, "b_info": {}}
	var/lib/vfyard/state.json={"version": 1, "vfs": [], "pfs": []}
	EOF
} > "$tmp/dom0.tree"
sh tests/untree.sh "$tmp/dom0.tree" "$tmp/dom0"
sh tests/capture.sh --root "$tmp/dom0" > "$tmp/again"
got=$(grep -vxFf "$tmp/again" "$tmp/dom0.tree" | grep -v '^#\|permissive=$')
verdict 'a Dom0: captured again' "$got"
sh tests/untree.sh "$tmp/again" "$tmp/copy"
for args in list 'list --json' 'list enp1s0f0' pci-list pci-assignable-list '-N pci-detach web\ 1 01:10.4' '-N pci-attach 3 01:10.2' '-N pci-attach 3 01:11.0'; do
	for root in dom0 copy; do eval "\"$v\" --root \"$tmp/$root\" $args" > "$tmp/$root.out" 2>&1; echo "exit $?" >> "$tmp/$root.out"; done
	why=$(diff "$tmp/dom0.out" "$tmp/copy.out")
	case $args in
	list) words='attached    web 1  permissive$' ;;
	*enp1s0f0) words='^0000:01:00.0: netdev eth0 ' ;;
	*json) words='"domain":"web 1","permissive":true' ;;
	pci-list) words='^00:00.0 0000:01:10.4 eth0/2 +permissive=1 +web 1' ;;
	pci-assignable-list) words='^0000:01:10.2$' ;;
	*detach*) words='detach .*01:10.4' ;;
	*10.2) words='attach .*01:10.2' ;;
	*) words='it is not assignable because it has driver igbvf' ;;
	esac
	grep -qE -- "$words" "$tmp/copy.out" || why=$(cat "$tmp/copy.out")
	verdict "a Dom0: $args" "$why"
done
verdict 'a Dom0: nothing was written' "$(diff <(cd "$tmp/copy" && find . -type f | sort) <(cd "$tmp/dom0" && find . -type f | sort))"
sh tests/capture.sh --anonymize --root "$tmp/dom0" > "$tmp/anon.tree"
verdict 'a Dom0: anonymized' "$(grep -n 'web 1\|52:54:00\|enx5254' "$tmp/anon.tree"; grep -q '"vf":4,"address":"02:00:00' "$tmp/anon.tree" && grep -q 'guest3 3  *512' "$tmp/anon.tree" || echo 'not as expected')"

# A capture has the devices and tables of routes but none of their addresses, in the form that ip
# has used since 5.0; a host without ip has no routes in its capture.
printf '%s\n' 'default via 10.1.2.3 dev eth0 proto dhcp metric 100 ' 'default \	nexthop via 10.1.2.3 dev eth1 weight 1 \	nexthop via fd00::1 dev eth2 weight 1 ' \
	'default nhid 7 proto static table 9 ' 'unreachable default dev lo' '10.1.2.0/24 dev eth0 src 10.1.2.4 ' > "$tmp/dom0/vfyard/ip-route"
got=$(sh tests/capture.sh --root "$tmp/dom0" | grep ip-route)
want='vfyard/ip-route=default dev eth0\ndefault dev eth1 dev eth2\ndefault nhid 7 table 9'
verdict 'routes without addresses' "$([ "$got" = "$want" ] || echo "$got")"
rm "$tmp/dom0/vfyard/ip-route"
verdict 'no routes' "$(sh tests/capture.sh --root "$tmp/dom0" | grep ip-route)"

# A guest of QEMU: a capture has its name, VFIO devices and monitors, and none of its other
# arguments.
mkdir -p "$tmp/qemu/proc/4711/fd"
printf '%s\0' /usr/bin/qemu-system-x86_64 -name web1 -smp 4 -drive file=/srv/secret -device vfio-pci,host=01:10.0,id=a\\b -device e1000e \
	-qmp unix:/run/web1.qmp,server=on > "$tmp/qemu/proc/4711/cmdline"
echo qemu-system-x86 > "$tmp/qemu/proc/4711/comm"
got=$(sh tests/capture.sh --root "$tmp/qemu" | tee "$tmp/qemu.tree" | grep '^proc/4711')
want='proc/4711/cmdline=/usr/bin/qemu-system-x86_64\0000-name\0000web1\0000-device\0000vfio-pci,host=01:10.0,id=a\\b\0000-qmp\0000unix:/run/web1.qmp,server=on\0000
proc/4711/comm=qemu-system-x86'
verdict 'a guest of QEMU' "$([ "$got" = "$want" ] || echo "$got")"
sh tests/untree.sh "$tmp/qemu.tree" "$tmp/qemu2"
got=$(sh tests/capture.sh --root "$tmp/qemu2" | grep '^proc/4711')
verdict 'a guest of QEMU: captured again' "$([ "$got" = "$want" ] || echo "$got")"
got=$(sh tests/capture.sh --anonymize --root "$tmp/qemu2" | grep 'web1[^.]')
verdict 'a guest of QEMU: anonymized' "$got"

# Whose a guest is its pid file tells.
printf '%s\0' /usr/bin/kvm -name a1,debug-threads=on -pidfile /var/run/qemu-server/100.pid > "$tmp/qemu/proc/4711/cmdline"
got=$(sh tests/capture.sh --anonymize --root "$tmp/qemu" | grep '^proc/4711/cmdline')
verdict "a guest of Proxmox" "$(case $got in *'-pidfile\0000/var/run/qemu-server/100.pid\0000') ;; *) echo "$got" ;; esac)"
printf '%s\0' /opt/qemu-system-x86_64 -name a1 -pidfile /srv/secret -readconfig /run/incus/a1/qemu.conf > "$tmp/qemu/proc/4711/cmdline"
got=$(sh tests/capture.sh --anonymize --root "$tmp/qemu" | grep '^proc/4711/cmdline')
verdict "a guest of Incus" "$(case $got in *'guest4711\0000-readconfig\0000/run/incus/guest4711/qemu.conf\0000') ;; *) echo "$got" ;; esac)"

# libvirt's domains: of their definitions what concerns PCI, once and again, with names of nobody.
uuid=884340da-b075-4444-b09b-c5074ce23501
mkdir -p "$tmp/virt/vfyard/libvirt"
printf '%s\0' /usr/bin/qemu-system-x86_64 -name guest=web1 -uuid $uuid > "$tmp/qemu/proc/4711/cmdline"
mkdir -p "$tmp/virt/proc"
cp -r "$tmp/qemu/proc/4711" "$tmp/virt/proc"
printf '%s\n' '# virsh list --all' "$uuid running persistent web1" 99${uuid#88}' off persistent the other' > "$tmp/virt/vfyard/libvirt/domains"
cat > "$tmp/virt/vfyard/libvirt/$uuid.live" <<'EOF2'
<domain type='kvm' id='1'>
  <name>web1</name>
  <metadata>
    <x:y xmlns:x="http://a">
      <devices>
        <hostdev/>
      </devices>
    </x:y>
    <nova:instance xmlns:nova="http://openstack.org/xmlns/libvirt/nova/1.1">
      <nova:name>the shop</nova:name>
    </nova:instance>
  </metadata>
  <devices>
    <controller type='pci' index='1' model='pcie-root-port'/>
    <controller type='pci' index='2' model='pcie-root-port'>
      <target chassis='2' port='0x9'/>
    </controller>
    <controller type='usb' index='0' model='none'/>
    <disk type='file' device='disk'>
      <source file='/srv/secret'/>
      <address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>
    </disk>
    <interface type='hostdev' managed='yes'>
      <mac address='52:54:00:aa:bb:cc'/>
      <source>
        <address type='pci' domain='0x0000' bus='0x05' slot='0x10' function='0x4'/>
      </source>
    </interface>
    <hostdev mode='subsystem' type='usb' managed='yes'>
      <source>
        <address bus='1' device='2'/>
      </source>
    </hostdev>
    <graphics type='vnc' port='5900' passwd='secret'>
      <listen type='address' address='127.0.0.1'/>
    </graphics>
  </devices>
</domain>
EOF2
cat > "$tmp/virt.want" <<'EOF2'
<domain type='kvm' id='1'>
  <metadata>
    <owner xmlns:nova="http://openstack.org/xmlns/libvirt/nova/1.1"/>
  </metadata>
  <devices>
    <controller type='pci' index='1' model='pcie-root-port'/>
    <controller type='pci' index='2' model='pcie-root-port'>
      <target chassis='2' port='0x9'/>
    </controller>
    <disk>
      <address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>
    </disk>
    <interface type='hostdev' managed='yes'>
      <mac address='52:54:00:aa:bb:cc'/>
      <source>
        <address type='pci' domain='0x0000' bus='0x05' slot='0x10' function='0x4'/>
      </source>
    </interface>
    <hostdev>
    </hostdev>
    <graphics>
    </graphics>
  </devices>
</domain>
EOF2
sh tests/capture.sh --root "$tmp/virt" > "$tmp/virt.tree"
sh tests/untree.sh "$tmp/virt.tree" "$tmp/virt2"
got=$(diff "$tmp/virt.want" "$tmp/virt2/vfyard/libvirt/$uuid.live"
	diff "$tmp/virt/vfyard/libvirt/domains" "$tmp/virt2/vfyard/libvirt/domains" || echo domains)
verdict 'libvirt: what of its definitions is captured' "$got"
got=$(sh tests/capture.sh --root "$tmp/virt2" | diff "$tmp/virt.tree" -)
verdict 'libvirt: captured again' "$got"
sh tests/capture.sh --anonymize --root "$tmp/virt2" > "$tmp/virt3.tree"
got=$(grep -E 'web1|the other|the shop|52:54|secret' "$tmp/virt3.tree"
	grep -q "running persistent guest4711.*off persistent guestoff-3" "$tmp/virt3.tree" || echo "names: $(grep domains= "$tmp/virt3.tree")")
verdict 'libvirt: anonymized' "$got"

# And of what virsh itself prints, with a libvirt that is in the client's own process.
if command -v virsh > /dev/null && [ -d /usr/share/libvirt ]; then
	cat > "$tmp/node.xml" <<-EOF2
	<node><domain type='test'><name>web1</name><uuid>$uuid</uuid><memory>8192</memory><os><type>hvm</type></os><devices>
	<controller type='pci' index='0' model='pcie-root'/><controller type='pci' index='1' model='pcie-root-port'/>
	<hostdev mode='subsystem' type='pci' managed='no'><source><address domain='0' bus='5' slot='16' function='6'/></source>
	<alias name='ua-vfyard-net0-3'/></hostdev></devices></domain></node>
	EOF2
	sed -n '/^pci_of_definition() {/,/^}/p' tests/capture.sh > "$tmp/filter.sh"
	got=$(virsh -q -c "test:///$tmp/node.xml" dumpxml web1 2>&1 | sh -c '. "$0"; pci_of_definition' "$tmp/filter.sh")
	verdict "libvirt: what virsh prints" "$(case $got in *"model='pcie-root-port'"*"bus='0x05' slot='0x10' function='0x6'"*ua-vfyard-net0-3*) ;; *) echo "$got" ;; esac)"
fi

# An old capture has none of this: the commands say what sysfs tells, and what is missing.
sh tests/untree.sh "$hosts/xen-dom0.tree" "$tmp/old"
got=$("$v" --root "$tmp/old" -N pci-assignable-add 01:11.0 2>&1)
verdict 'an old Dom0: -N' "$(case $got in *'not in this capture'*'01:11.0'*) ;; *) echo "$got" ;; esac)"
got=$("$v" --root "$tmp/old" pci-assignable-list --json 2>/dev/null)
verdict 'an old Dom0: pci-assignable-list' "$(case $got in *'"unseen":["domain"]'*) ;; *) echo "$got" ;; esac)"
got=$("$v" --root "$tmp/old" pci-list 2>&1)
rc=$?
verdict 'an old Dom0: pci-list' "$([ "$rc" = 1 ] || echo "exit $rc: $got")"

# An Arm machine: whose CPU it is, and by what the kernel finds its SMMU.
mkdir -p "$tmp/arm/proc" "$tmp/arm/sys/firmware/acpi/tables"
printf 'processor\t: 0\nBogoMIPS\t: 50.00\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n' > "$tmp/arm/proc/cpuinfo"
: > "$tmp/arm/sys/firmware/acpi/tables/IORT"
want='proc/cpuinfo=CPU implementer	: 0x41
sys/firmware/acpi/tables/
sys/firmware/acpi/tables/IORT='
sh tests/capture.sh --root "$tmp/arm" > "$tmp/arm.tree"
got=$(grep -E '^(proc/cpuinfo|sys/firmware)' "$tmp/arm.tree")
verdict 'an Arm machine' "$([ "$got" = "$want" ] || echo "$got")"
sh tests/untree.sh "$tmp/arm.tree" "$tmp/arm2"
got=$(sh tests/capture.sh --root "$tmp/arm2" | grep -E '^(proc/cpuinfo|sys/firmware)')
verdict 'an Arm machine: captured again' "$([ "$got" = "$want" ] || echo "$got")"

# What is anonymized: every address that is there, and equal ones stay equal.
sh tests/untree.sh "$hosts/kvm-nvme.tree" "$tmp/anon"
sh tests/capture.sh --anonymize --root "$tmp/anon" > "$tmp/anon.tree"
verdict 'anonymized: addresses' "$(grep -o '52:54:00.*' "$tmp/anon.tree")"
got=$(sed -nE 's|.*/(eth[01]\|eth0.100\|br0)/address=||p' "$tmp/anon.tree" | sort | uniq -c | awk '{ printf "%s ", $1 }')
verdict 'anonymized: equal addresses' "$([ "$got" = '2 2 ' ] || echo "counts are '$got', not two and two")"
verdict 'anonymized: command line' "$(grep '^proc/cmdline=' "$tmp/anon.tree" | grep -v '^proc/cmdline=intel_iommu=on iommu=pt$')"
[ "$pass" -gt 0 ] || fail=1
echo "golden: $pass passed, $fail failed"
[ "$fail" = 0 ]
