#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `vfyard import` as a whole program, on captured hosts: its plan is empty, it is what its words say, and guests of files of one
# hypervisor's tools become what the other one's half renders.
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
v=$PWD/build/vfyard
pass=0
fail=0

check() {	# check NAME WHY: empty WHY is success
	if [ -z "$2" ]; then
		pass=$((pass + 1))
	else
		fail=$((fail + 1))
		echo "not ok: $1: $2"
	fi
}

# run STATUS NAME ROOT ARGS...: standard output to $tmp/out
run() {
	local want=$1 name=$2 root=$3 got
	shift 3
	"$v" --root "$root" "$@" > "$tmp/out" 2> "$tmp/err" < /dev/null
	got=$?
	check "$name: exit status" "$([ $got = "$want" ] || echo "$got, not $want: $(cat "$tmp/err")")"
}

# says NAME WORDS...: each is in standard output
says() {
	local name=$1 w
	shift
	for w; do check "$name" "$(grep -qF -- "$w" "$tmp/out" || echo "'$w' is not in: $(cat "$tmp/out")")"; done
}

# holds NAME ROOT: the plan of what was imported is empty. Where the capture has no domains they are not told, which is exit 1.
holds() {
	cp "$tmp/out" "$tmp/t.cfg"
	"$v" --root "$2" -C "$tmp/t.cfg" plan > "$tmp/plan" 2> "$tmp/err" < /dev/null
	check "$1: plan" "$(grep -qx 'nothing to do' "$tmp/plan" || cat "$tmp/plan" "$tmp/err")"
}

# Hosts of users. What domains hold is in none of these three captures, of which one is a Dom0.
for tree in tests/hosts/*.tree; do
	name=$(basename "$tree" .tree)
	root=$tmp/$name
	sh tests/untree.sh "$tree" "$root"
	run "$([ "$name" = xen-dom0 ] && echo 3 || echo 0)" "$name" "$root" import
	cp "$tmp/out" "$tmp/once"
	holds "$name" "$root"
	run "$([ "$name" = xen-dom0 ] && echo 3 || echo 0)" "$name: again" "$root" -C "$tmp/t.cfg" import
	check "$name: again the same" "$(diff "$tmp/once" "$tmp/out")"
	for select in bdf path netdev id,bdf serial; do
		run "$([ "$name" = xen-dom0 ] && echo 3 || echo 0)" "$name: $select" "$root" import --select $select
		holds "$name: $select" "$root"
	done
done
run 0 'kvm-host' "$tmp/kvm-host" import
says 'kvm-host' '# 0000:02:00.0, eth1, igb: 7 of 7 VFs' '"eth1: mac=52:54:00:12:34:51, numvfs=7, autoprobe=0",' \
	'"eth3: mac=52:54:00:12:34:53",' '"eth0/6: driver=assign",'
says 'kvm-host' '# No domain has VFs. To give one some, write: domain = [ [ "NAME", "eth0/0" ] ]'
mkdir -p "$tmp/nopf/sys/bus/pci/devices"
run 0 'no PF' "$tmp/nopf" import
says 'no PF' '# This host has no SR-IOV physical function.'
run 3 'xen-dom0' "$tmp/xen-dom0" import
says 'xen-dom0' "# NOT IMPORTED: domains, and which VFs they have: Xen's domains and their devices are not in this capture"

# As the manual has it: the shell makes an empty file first, and nothing is said of that.
mkdir -p "$tmp/kvm-host/etc/vfyard"
"$v" --root "$tmp/kvm-host" import > "$tmp/kvm-host/etc/vfyard/topology.cfg" 2> "$tmp/err"
check 'into its place' "$(cat "$tmp/err")"
run 0 'into its place: plan' "$tmp/kvm-host" plan
says 'into its place: plan' 'nothing to do'
rm "$tmp/kvm-host/etc/vfyard/topology.cfg"

# Wrong words.
run 2 'bad selector' "$tmp/kvm-host" import --select mac,slot
check 'bad selector' "$(grep -q "'slot' is no way to find a PF; write mac, path, serial, id, netdev or bdf" "$tmp/err" || cat "$tmp/err")"
run 2 'operand' "$tmp/kvm-host" import web1.cfg
check 'operand' "$(grep -q -- 'say what it is: --xl-cfg web1.cfg, or --from KIND web1.cfg' "$tmp/err" || cat "$tmp/err")"
run 2 'bad kind' "$tmp/kvm-host" import --from vbox "$0"
check 'bad kind' "$(grep -q "'vbox' is no kind of file; write one of xl, libvirt, qemu" "$tmp/err" || cat "$tmp/err")"
run 2 'no file' "$tmp/kvm-host" import --from xl "$tmp/none"
check 'no file' "$(grep -q "$tmp/none: read: No such file or directory; name a file that is there" "$tmp/err" || cat "$tmp/err")"
run 2 'a folder' "$tmp/kvm-host" import --from xl "$tmp"
check 'a folder' "$(grep -q "$tmp: read: is no file; name a file, or a pipe" "$tmp/err" || cat "$tmp/err")"
run 2 'no file named' "$tmp/kvm-host" import --from xl

# A Dom0 whose domains are in the capture, one of them with a name that a topology cannot have.
{
	cat tests/hosts/xen-dom0.tree
	cat <<-'EOT'
	sys/bus/pci/drivers/pciback/permissive=0000:01:10.4
	vfyard/ip-link/eth0=[{"ifname":"eth0","address":"52:54:00:12:34:50","vfinfo_list":[{"vf":1,"address":"52:54:00:00:00:41","vlan_list":[{"vlan":7}],"trust":true},{"vf":2,"address":"52:54:00:00:00:44","vlan_list":[{"vlan":100}]}]}]
	vfyard/xl-list=Name ID Mem VCPUs State Time(s)\nDomain-0   0  1024  2  r-----  9.5\nweb 1   3  512  1  -b----  2.5
	vfyard/xl-info=xen_major : 4\nxen_minor : 20\nxen_extra : .4\nnr_cpus : 4\nvirt_caps : pv hvm hvm_directio\nxen_commandline : no-real-mode
	vfyard/xenstore=/local/domain/0/backend/pci/3/0/num_devs = "1"\n/local/domain/0/backend/pci/3/0/dev-0 = "0000:01:10.4"\n/local/domain/0/backend/pci/3/0/vdev-0 = "0000:00:00.00"\n/local/domain/0/backend/pci/3/0/state-0 = "3"\n/local/domain/0/backend/pci/3/0/state = "4"\n/local/domain/3/name = "web 1"\n/libxl/pci/0000-01-10-4/domid = "3"\n/libxl/3/type = "pv"\n/libxl/3/device/pci/0/backend = "/local/domain/0/backend/pci/3/0"
	vfyard/xen-created/3={"c_info": {"passthrough": "enabled"}, "b_info": {}}
	EOT
} > "$tmp/dom0.tree"
dom0=$tmp/dom0
sh tests/untree.sh "$tmp/dom0.tree" "$dom0"
if [ -e build/backend-xen.so ]; then
	run 0 'a Dom0' "$dom0" import
	says 'a Dom0' '[ "web_1", "xen: vm=web 1, type=pv", "eth0/2: permissive=1" ],' '"eth0/2: mac=52:54:00:00:00:44, vlan=100"' \
		'"eth0/1: mac=52:54:00:00:00:41, vlan=7, trust=on, driver=assign"'
	holds 'a Dom0' "$dom0"
	check 'a Dom0: plan: exit status' "$("$v" -q --root "$dom0" -C "$tmp/t.cfg" plan > /dev/null 2>&1 || echo $?)"
fi

# Domain files of xl. What is in them that no topology says is named.
cat > "$tmp/web1.cfg" <<'EOT'
name = "web1"
type = "pv"
memory = 512
extra += "root=/dev/xvda1"
extra = "a\040b"
pci_permissive = 1
pci = [ '0000:01:10.2', '01:10.4,permissive=0',
	'0b:00.0', # a GPU
	'01:1f.*', 'name=fast', '01:10.6,permissive=yes' ]
EOT
printf 'memory = 512\n' > "$tmp/xl.conf"
run 3 'from xl' "$tmp/xen-dom0" import --from xl "$tmp/web1.cfg" "$tmp/web1.cfg" "$tmp/xl.conf"
says 'from xl' '[ "web1", "xen: type=pv, permissive=1", "eth0/1", "eth0/2: permissive=0" ],' \
	"# NOT IMPORTED: $tmp/web1.cfg:8: this host has no function 0000:0b:00.0" \
	"# NOT IMPORTED: $tmp/web1.cfg:9: this host has no function 0000:01:1f.*" \
	"# NOT IMPORTED: $tmp/web1.cfg:9: nothing of this host is remembered by the name 'fast'" \
	"# NOT IMPORTED: $tmp/web1.cfg:9: a device of pci=: permissive: 'yes' is not 0 or 1" \
	"# $tmp/web1.cfg: on KVM without a meaning: permissive" \
	"# NOT IMPORTED: $tmp/xl.conf: not a domain file of xl: it has no name="
check 'from xl: what does not matter' "$(grep -n 'extra\|escape\|backslash' "$tmp/out")"
check 'from xl: once' "$([ "$(grep -c '"web1"' "$tmp/out")" = 1 ] || cat "$tmp/out")"
holds 'from xl' "$tmp/xen-dom0"

mkdir -p "$tmp/xen-dom0/var/lib/vfyard"
echo '{"version":1,"pfs":[],"vfs":[{"pf":"0000:01:00.0","index":3,"bdf":"0000:01:10.6","vendor":"8086","device":"10ca","driver":"igbvf","driver_override":"","name":"fast"}]}' \
	> "$tmp/xen-dom0/var/lib/vfyard/state.json"
printf "name='a'\npci = [ 'name=fast' ]\n" > "$tmp/named.cfg"
run 0 'a name' "$tmp/xen-dom0" import --from xl "$tmp/named.cfg"
says 'a name' '[ "a", "xen: type=pv", "eth0/3" ],'
rm "$tmp/xen-dom0/var/lib/vfyard/state.json"
printf "name='a'\npci = [ '01:10.2', '01:10.4', x ]\n" > "$tmp/half.cfg"
run 3 'half a list' "$tmp/xen-dom0" import --from xl "$tmp/half.cfg"
says 'half a list' "# NOT IMPORTED: $tmp/half.cfg:2: expected a string in quotes" '[ "a", "xen: type=pv", "eth0/1-2" ],'

# The same for the other hypervisor: same functions, and the settings that the Dom0's PFs have of them.
run 3 'xl to KVM' "$dom0" import --from xl "$tmp/web1.cfg"
cp "$tmp/out" "$tmp/t.cfg"
run 0 'xl to KVM: render' "$dom0" -C "$tmp/t.cfg" render --with-machine qemu web1
says 'xl to KVM: render' 'host=0000:01:10.2,' 
check 'xl to KVM: settings' "$(grep -qF '"eth0/1: mac=52:54:00:00:00:41, vlan=7, trust=on"' "$tmp/t.cfg" || cat "$tmp/t.cfg")"

# One whose VF another domain has, which runs.
if [ -e build/backend-xen.so ]; then
	run 3 'who runs is believed' "$dom0" import --xl-cfg "$tmp/web1.cfg"
	sed 's/^name = .*/name = "web 1"/' "$tmp/web1.cfg" > "$tmp/runs.cfg"
	run 3 'a file of one that runs' "$dom0" import --xl-cfg "$tmp/runs.cfg"
	says 'a file of one that runs' "# $tmp/runs.cfg:7: eth0/1 (0000:01:10.2): the domain runs, and does not have it" \
		'[ "web_1", "xen: vm=web 1, type=pv", "eth0/2: permissive=1" ],'
	holds 'a file of one that runs' "$dom0"
	sed 's/01:10.2/02:10.2/' "$tmp/web1.cfg" > "$tmp/again.cfg"
	run 3 'two files of one domain' "$dom0" import --xl-cfg "$tmp/web1.cfg" "$tmp/again.cfg"
	says 'two files of one domain' "# NOT IMPORTED: $tmp/again.cfg:7: eth1/1 (0000:02:10.2): another file is about this domain, too"
	run 3 'who runs is believed' "$dom0" import --xl-cfg "$tmp/web1.cfg"
	says 'who runs is believed' "# NOT IMPORTED: $tmp/web1.cfg:7: eth0/2 (0000:01:10.4) is in domain web_1" \
		'[ "web1", "xen: type=pv, permissive=1", "eth0/1" ],'
	holds 'who runs is believed' "$dom0"
fi

# VFs to come: computed, where the PF has none yet.
cat > "$tmp/new.cfg" <<'EOT'
name = "db1"
type = "hvm"
pci = [ '0000:04:10.2' ]
EOT
run 0 'VFs to come' "$tmp/kvm-host" import --from xl "$tmp/new.cfg"
says 'VFs to come' "# numvfs=2 for $tmp/new.cfg:3; its VFs are not made yet" '# PLAN: 4 steps, as vfyard plan tells' 'numvfs=2"' '[ "db1", "xen: type=hvm", "eth3/1" ],'
cp "$tmp/out" "$tmp/t.cfg"
"$v" -q --root "$tmp/kvm-host" -C "$tmp/t.cfg" plan > "$tmp/out" 2>&1
says 'VFs to come: plan' 'numvfs eth3 (0000:04:00.0): 0 -> 2'
cat > "$tmp/more.cfg" <<'EOT'
name = "db1"
pci = [ '0000:03:10.6' , '0000:03:11.0' ]
EOT
run 3 'more VFs than there are' "$tmp/kvm-host" import --from xl "$tmp/more.cfg"
says 'more VFs than there are' "# NOT IMPORTED: $tmp/more.cfg:2: eth2/4 (0000:03:11.0) is not made: its PF has 4 VFs now" '"eth2/3"'

# The same host without domains, but with what its PFs say of VFs.
cold=$tmp/cold
grep -v '^vfyard/x' "$tmp/dom0.tree" > "$tmp/cold.tree"
sh tests/untree.sh "$tmp/cold.tree" "$cold"

# What is wanted beside what runs, and is not so yet, is told step by step.
printf 'name = "off1"\npci = [ "0000:01:10.0" ]\n' > "$tmp/off1.cfg"
run 3 'a plan' "$tmp/kvm-host" import --xl-cfg "$tmp/off1.cfg"
says 'a plan' '[ "off1", "xen: type=pv", "eth0/0" ],' '# PLAN: assign eth0/0 (0000:01:10.0): driver igbvf' '"eth0/1-5: driver=host"'
cp "$tmp/out" "$tmp/t.cfg"
"$v" -q --root "$tmp/kvm-host" -C "$tmp/t.cfg" plan > "$tmp/out" 2>&1
check 'a plan: the same as plan says' "$([ "$(grep -c '^# PLAN' "$tmp/t.cfg")" = "$(grep -c '^ *[0-9]* [a-z]* [a-z]*[0-9]*' "$tmp/out")" ] || cat "$tmp/t.cfg" "$tmp/out")"

# As JSON, which has no comments.
run 0 'JSON' "$tmp/kvm-host" --json import
cp "$tmp/out" "$tmp/t.cfg"
"$v" --root "$tmp/kvm-host" -C "$tmp/t.cfg" plan > "$tmp/out" 2>&1
says 'JSON: plan' 'nothing to do'
run 3 'JSON: notes' "$dom0" --json import --from xl "$tmp/xl.conf"
check 'JSON: notes' "$(grep -q "vfyard: NOT IMPORTED: $tmp/xl.conf: not a domain file" "$tmp/err" || cat "$tmp/err")"
check 'JSON: one line' "$([ "$(wc -l < "$tmp/out")" = 1 ] || cat "$tmp/out")"

# A domain of libvirt: its MACs and VLANs become those of the VFs.
cat > "$tmp/db1.xml" <<'EOT'
<?xml version='1.0'?>
<!-- a <hostdev> in a comment -->
<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>db &amp; 1</name>
  <metadata><x:name xmlns:x='urn:x'>other</x:name></metadata>
  <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>
  <devices>
    <interface type='network'><source network='default'/></interface>
    <interface type='hostdev' managed='yes'>
      <mac address='52:54:00:00:99:01'/>
      <source><address type='pci' domain='0x0000' bus='0x01' slot='0x10' function='0x2'/></source>
      <vlan><tag id='42'/></vlan>
      <virtualport type='802.1Qbh'/>
      <address type='pci' domain='0x0000' bus='0x07' slot='0x00' function='0x0'/>
    </interface>
    <interface type='network'>
      <source network='pool'/>
      <actual type='hostdev' managed='yes'>
        <source><address type='pci' domain='0' bus='1' slot='16' function='4'/></source>
        <vlan trunk='yes'><tag id='1'/><tag id='2'/></vlan>
      </actual>
    </interface>
    <hostdev mode='subsystem' type='pci' managed='no'>
      <source><address domain='0x0000' bus='0x0b' slot='0x00' function='0x0'/></source>
    </hostdev>
    <hostdev mode='subsystem' type='usb'><source><vendor id='0x1234'/></source></hostdev>
    <interface type='hostdev'><mac address='52:54:00:00:99:02'/></interface>
  </devices>
  <qemu:commandline><qemu:arg value='-device'/><qemu:arg value='vfio-pci,host=01:10.6'/></qemu:commandline>
</domain>
EOT
run 3 'from libvirt' "$cold" import --from libvirt "$tmp/db1.xml"
says 'from libvirt' '[ "db___1", "kvm: libvirt=db & 1, machine=q35", "eth0/1-2" ],' \
	'"eth0/1: mac=52:54:00:00:99:01, vlan=42, trust=on",' '"eth0/2: mac=52:54:00:00:00:44, vlan=100",' \
	"$tmp/db1.xml: managed='yes': libvirt gives its devices back" 'on Xen it needs a type' \
	"# NOT IMPORTED: $tmp/db1.xml:16: a trunk of VLANs" "# NOT IMPORTED: $tmp/db1.xml:23: this host has no function 0000:0b:00.0" \
	"$tmp/db1.xml:8: an interface of network default" '<virtualport>' "$tmp/db1.xml:27: a device without an address on the host" \
	"QEMU's own arguments: vfio-pci,host=01:10.6"
cp "$tmp/out" "$tmp/t.cfg"
run 0 'libvirt to Xen' "$cold" -C "$tmp/t.cfg" render xl db___1
says 'libvirt to Xen' "'0000:01:10.2'" "'0000:01:10.4'"
printf '<domstatus>%s</domstatus>' "$(sed 1d "$tmp/db1.xml")" > "$tmp/status.xml"
run 3 'a status file' "$cold" import --from libvirt "$tmp/status.xml"
says 'a status file' '[ "db___1", "kvm: libvirt=db & 1, machine=q35", "eth0/1-2" ],'
printf '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><domain><name>&b;</name></domain>' > "$tmp/bomb.xml"
run 3 'a document type' "$cold" import --from libvirt "$tmp/bomb.xml"
says 'a document type' "# NOT IMPORTED: $tmp/bomb.xml: not a domain of libvirt: it has a document type"
printf '<domain><name>a' > "$tmp/cut.xml"
run 3 'half a file' "$cold" import --from libvirt "$tmp/cut.xml"
says 'half a file' "# NOT IMPORTED: $tmp/cut.xml: not a domain of libvirt: line 1: "

# Functions as a whole, on a host that has a graphics card with its sound, a controller, and a PF without VFs beside one that has some.
whole() {	# whole BDF CLASS DRIVER GROUP
	printf 'sys/devices/pci0000:00/%s/%s\n' "$1" "class=$2" "$1" 'vendor=0x1234' "$1" 'device=0x11e8'
	printf 'sys/devices/pci0000:00/%s/driver -> ../../../bus/pci/drivers/%s\n' "$1" "$3"
	printf 'sys/bus/pci/devices/%s -> ../../../devices/pci0000:00/%s\nsys/bus/pci/drivers/%s/\n' "$1" "$1" "$3"
	printf 'sys/devices/pci0000:00/%s/iommu_group -> ../../../kernel/iommu_groups/%s\n' "$1" "$4"
	printf 'sys/kernel/iommu_groups/%s/devices/%s -> ../../../../devices/pci0000:00/%s\n' "$4" "$1" "$1"
}
{ cat tests/hosts/kvm-host.tree; whole 0000:0b:00.0 0x030000 nouveau 140; whole 0000:0b:00.1 0x040300 snd_hda_intel 140; whole 0000:0c:00.0 0x0c0330 xhci_hcd 141
	whole 0000:0d:00.0 0x060400 pcieport 142; } > "$tmp/whole.tree"
sh tests/untree.sh "$tmp/whole.tree" "$tmp/whole"
run 0 'whole: nobody has one' "$tmp/whole" import
check 'whole: nobody has one' "$(grep -n 'dev = ' "$tmp/out")"
cat > "$tmp/gpu1.cfg" <<'EOT'
name = "gpu1"
type = "hvm"
pci = [ '0b:00.*,permissive=1', '0000:0c:00.0', '0000:04:00.0', '0d:00.0', '01:00.0' ]
EOT
run 3 'whole: from xl' "$tmp/whole" import --from xl "$tmp/gpu1.cfg"
says 'whole: from xl' '"gpu0: path=0000:0b:00.0, functions=all",' '"usb0: path=0000:0c:00.0",' '"nic0: path=' \
	'[ "gpu1", "xen: type=hvm", "nic0", "gpu0: permissive=1", "usb0" ],' \
	"# NOT IMPORTED: $tmp/gpu1.cfg:3: 0000:0d:00.0 is a bridge, which carries other devices" \
	"# NOT IMPORTED: $tmp/gpu1.cfg:3: 0000:01:00.0 is a PF with 7 VFs, which would vanish"
check 'whole: from xl: not in both lists' "$(grep -n '"eth3' "$tmp/out")"
cp "$tmp/out" "$tmp/t.cfg"
run 3 'whole: from xl: plan' "$tmp/whole" -C "$tmp/t.cfg" plan
says 'whole: from xl: plan' 'assign gpu0/0 (0000:0b:00.0): driver nouveau' 'assign gpu0/1 (0000:0b:00.1): driver snd_hda_intel' \
	'assign usb0 (0000:0c:00.0): driver xhci_hcd' 'assign nic0 (0000:04:00.0): driver igb'
run 3 'whole: JSON' "$tmp/whole" -j import --from xl "$tmp/gpu1.cfg"
cp "$tmp/out" "$tmp/t.json"
run 3 'whole: JSON: plan' "$tmp/whole" -C "$tmp/t.json" plan
says 'whole: JSON: plan' 'assign gpu0/1 (0000:0b:00.1): driver snd_hda_intel' 'assign nic0 (0000:04:00.0): driver igb'
"$v" -q --root "$tmp/whole" -C "$tmp/t.cfg" render --with-machine qemu gpu1 > "$tmp/gpu1.args"
run 0 'whole: from QEMU' "$tmp/whole" import --from qemu "$tmp/gpu1.args"
says 'whole: from QEMU' '[ "gpu1", "kvm: machine=q35", "nic0", "gpu0", "usb0" ],' 'functions=all'
"$v" -q --root "$tmp/whole" -C "$tmp/t.cfg" render --with-machine libvirt gpu1 > "$tmp/gpu1.xml"
run 0 'whole: from libvirt' "$tmp/whole" import --from libvirt "$tmp/gpu1.xml"
says 'whole: from libvirt' '"nic0", "gpu0", "usb0" ],' 'functions=all'
printf 'name = "half"\npci = [ "0b:00.1", "0c:00.*,msitranslate=1" ]\n' > "$tmp/half1.cfg"
run 3 'whole: half a slot' "$tmp/whole" import --from xl "$tmp/half1.cfg" "$tmp/gpu1.cfg"
says 'whole: half a slot' '"audio0: path=0000:0b:00.1",' '[ "half", "xen: type=pv", "audio0", "usb0: msitranslate=1" ],' \
	"# NOT IMPORTED: $tmp/gpu1.cfg:3: 0000:0b:00.1 is in domain half" '"gpu0: path=0000:0b:00.0",'
printf 'name = "both"\npci = [ "04:00.0", "04:10.0" ]\n' > "$tmp/both.cfg"
run 3 'whole: a PF and its VF' "$tmp/whole" import --from xl "$tmp/both.cfg"
says 'whole: a PF and its VF' "# NOT IMPORTED: $tmp/both.cfg:2: eth3/0 (0000:04:10.0): its PF is given as a whole" '[ "both", "xen: type=pv", "nic0" ],'
printf 'name = "both"\npci = [ "04:10.0", "04:00.0" ]\n' > "$tmp/both.cfg"
run 3 'whole: a VF and its PF' "$tmp/whole" import --from xl "$tmp/both.cfg"
says 'whole: a VF and its PF' "# NOT IMPORTED: $tmp/both.cfg:2: 0000:04:00.0 is a PF with 1 VF, which would vanish" '[ "both", "xen: type=pv", "eth3/0" ],'

# A Dom0 one of whose domains has a graphics card with its sound beside a VF, and whose pciback has a controller that nobody has.
{ sed -e '/^vfyard\/xenstore=/s/$/\\n\/local\/domain\/0\/backend\/pci\/3\/0\/dev-1 = "0000:0b:00.0"\\n\/local\/domain\/0\/backend\/pci\/3\/0\/vdev-1 = "0000:00:01.00"\\n\/local\/domain\/0\/backend\/pci\/3\/0\/state-1 = "3"\\n\/local\/domain\/0\/backend\/pci\/3\/0\/dev-2 = "0000:0b:00.1"\\n\/local\/domain\/0\/backend\/pci\/3\/0\/vdev-2 = "0000:00:01.01"\\n\/local\/domain\/0\/backend\/pci\/3\/0\/state-2 = "3"\\n\/libxl\/pci\/0000-0b-00-0\/domid = "3"\\n\/libxl\/pci\/0000-0b-00-1\/domid = "3"/' \
	-e '/^vfyard\/xenstore=/s/num_devs = "1"/num_devs = "3"/' "$tmp/dom0.tree"
	whole 0000:0b:00.0 0x030000 pciback 140; whole 0000:0b:00.1 0x040300 pciback 140; whole 0000:0c:00.0 0x0c0330 pciback 141; } |
	grep -v iommu_group > "$tmp/dom0w.tree"
sh tests/untree.sh "$tmp/dom0w.tree" "$tmp/dom0w"
if [ -e build/backend-xen.so ]; then
	run 0 'whole: a Dom0' "$tmp/dom0w" import
	says 'whole: a Dom0' '[ "web_1", "xen: vm=web 1, type=pv", "eth0/2: permissive=1", "gpu0" ],' \
		'"gpu0: path=0000:0b:00.0, functions=all",' '# 0000:0b:00.0 and 0000:0b:00.1, pciback' \
		'# 0000:0c:00.0, pciback; no domain has it: to give it to one, name it there' '"usb0: path=0000:0c:00.0",'
	holds 'whole: a Dom0' "$tmp/dom0w"
	run 0 'whole: a Dom0: again' "$tmp/dom0w" -C "$tmp/t.cfg" import
	check 'whole: a Dom0: again the same' "$(diff "$tmp/t.cfg" "$tmp/out")"
	sed 's/"gpu0/"card/' "$tmp/t.cfg" > "$tmp/other.cfg"
	run 0 'whole: names of the topology stay' "$tmp/dom0w" -C "$tmp/other.cfg" import
	check 'whole: names of the topology stay' "$(diff "$tmp/other.cfg" "$tmp/out")"
fi

# What we render comes back: arguments of QEMU, and libvirt's XML.
cat > "$tmp/rt.cfg" <<'EOT'
version = 1
pf = [ "eth0: bdf=0000:01:00.0", "eth1: bdf=0000:02:00.0" ]
domain = [ [ "rt1", "kvm: qmp=/run/rt1.qmp, machine=q35", "eth0/1-3", "eth1/5" ],
	   [ "rt2", "kvm: libvirt=rt2, machine=virt", "eth1/0" ] ]
EOT
"$v" -q --root "$cold" -C "$tmp/rt.cfg" render --with-machine qemu rt1 > "$tmp/rt1.args"
run 0 'from QEMU' "$cold" import --from qemu "$tmp/rt1.args"
says 'from QEMU' '[ "rt1", "kvm: qmp=/run/rt1.qmp, machine=q35", "eth0/1-3", "eth1/5" ],'
tr -s ' \n' '\0' < "$tmp/rt1.args" | { printf '/usr/bin/qemu-system-x86_64\0'; cat; } > "$tmp/cmdline"
run 0 'from a process' "$cold" import --from qemu "$tmp/cmdline"
says 'from a process' '[ "rt1", "kvm: qmp=/run/rt1.qmp, machine=q35", "eth0/1-3", "eth1/5" ],'
"$v" -q --root "$cold" -C "$tmp/rt.cfg" render qemu rt1 > "$tmp/gw.args"
run 0 'without a name' "$cold" import --from qemu "$tmp/gw.args"
says 'without a name' '[ "gw", "eth0/1-3", "eth1/5" ],'
"$v" -q --root "$cold" -C "$tmp/rt.cfg" render --with-machine libvirt rt2 > "$tmp/rt2.xml"
run 0 'what we render for libvirt' "$cold" import --from libvirt "$tmp/rt2.xml"
says 'what we render for libvirt' '[ "rt2", "kvm: libvirt=rt2, machine=virt", "eth1/0" ],'
cat > "$tmp/start.sh" <<'EOT'
#!/bin/sh
exec sudo qemu-system-x86_64 -M q35,accel=kvm -m 1G \
	-name 'guest=lab one,debug-threads=on' -readconfig x.cfg \
	-device vfio-pci,sysfsdev=/sys/bus/pci/devices/0000:01:10.2 -device "vfio-pci,host=01:10.4" \
	-device '{"driver":"vfio-pci","host":"0000:01:10.6","id":"a"}' -device vfio-pci,fd=7
EOT
run 3 'a script' "$cold" import --from qemu "$tmp/start.sh"
says 'a script' "a device of vfio-pci whose arguments do not say its address" "-readconfig" \
	"# NOT IMPORTED: $tmp/start.sh: lab one: a topology cannot have its name"
sed -i 's/lab one/lab1/' "$tmp/start.sh"
run 3 'a script' "$cold" import --from qemu "$tmp/start.sh"
says 'a script' '[ "lab1", "kvm: machine=q35", "eth0/1-3" ],'
"$v" -q --root "$cold" -C "$tmp/rt.cfg" render xl rt1 > "$tmp/rt1.pci"
{ echo 'name = "rt1"'; cat "$tmp/rt1.pci"; } > "$tmp/rt1.cfg"
run 0 'what we render for xl' "$cold" import --from xl "$tmp/rt1.cfg"
says 'what we render for xl' '[ "rt1", "xen: type=pv", "eth0/1-3", "eth1/5" ],'
printf 'hello world\n' > "$tmp/no.args"
run 3 'no arguments' "$cold" import --from qemu "$tmp/no.args"
says 'no arguments' 'it has no arguments of QEMU'

echo "import: $pass passed, $fail failed"
[ "$fail" = 0 ]
