#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# vfyard render and vfyard check as a user meets them, on a host in a directory.
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
v=$PWD/build/vfyard
root=$tmp/root
pass=0
fail=0

ok() { pass=$((pass + 1)); }
bad() {
	fail=$((fail + 1))
	echo "not ok: $*"
	sed 's/^/    stdout: /' "$tmp/out"
	sed 's/^/    stderr: /' "$tmp/err"
}

# run RC ARGS...: the exit status must be RC.
run() {
	local rc=$1 got
	shift
	(cd "$tmp" && "$v" --root "$root" -C t.json "$@") > "$tmp/out" 2> "$tmp/err" </dev/null
	got=$?
	if [ "$got" = "$rc" ]; then ok; else bad "vfyard $*: exit $got, not $rc"; fi
}
out() { if grep -qF -- "$1" "$tmp/out"; then ok; else bad "stdout lacks '$1'"; fi; }
err() { if grep -qF -- "$1" "$tmp/err"; then ok; else bad "stderr lacks '$1'"; fi; }
no_out() { if [ -s "$tmp/out" ]; then bad "stdout is not empty"; else ok; fi; }
no_err() { if [ -s "$tmp/err" ]; then bad "stderr is not empty"; else ok; fi; }

# function_ BDF DRIVER: makes a PCI function; put FILE VALUE: makes one of its files.
at() { dir=$root/sys/devices/pci0000:05/$1; }
put() { printf '%s\n' "$2" > "$dir/$1"; }
function_() {
	at "$1"
	mkdir -p "$dir" "$root/sys/bus/pci/devices" "$root/sys/bus/pci/drivers/$2"
	ln -s "../../../devices/pci0000:05/$1" "$root/sys/bus/pci/devices/$1"
	ln -s "../../../bus/pci/drivers/$2" "$dir/driver"
	put vendor 0x8086
	put device 0x10c9
}
pf=0000:05:00.0
function_ $pf igb
put sriov_totalvfs 7
put sriov_numvfs 7
put sriov_offset 128
put sriov_stride 2
put sriov_vf_device 10ca
put sriov_drivers_autoprobe 1
i=0
for vf in 10.0 10.2 10.4 10.6 11.0 11.2 11.4; do
	function_ 0000:05:$vf igbvf
	ln -s ../$pf "$dir/physfn"
	at $pf
	ln -s ../0000:05:$vf "$dir/virtfn$i"
	i=$((i + 1))
done
# The first VF's config space has a capability list with MSI-X of ten vectors at 0x70.
at 0000:05:10.0
{
	head -c 6 /dev/zero
	printf '\x10\x00'
	head -c 44 /dev/zero
	printf '\x70'
	head -c 59 /dev/zero
	printf '\x11\x00\x09\x00'
	head -c 140 /dev/zero
} > "$dir/config"
mkdir -p "$root/proc"
echo 'placeholder root=/dev/sda1 ro quiet' > "$root/proc/cmdline"

cat > "$tmp/t.json" <<'T'
{"version": 1,
 "pf": [{"name": "net0", "bdf": "0000:05:00.0", "numvfs": 7}],
 "domain": [{"name": "web1", "xen": {"type": "pv"},
             "devices": [{"pf": "net0", "index": "0-3", "permissive": 1}]},
            {"name": "db1", "xen": {"type": "hvm"},
             "devices": [{"pf": "net0", "index": "4-6"}]}]}
T

run 0 render xl web1
out "'0000:05:10.2,permissive=1'"
no_err
run 0 render xl
out '# db1 (HVM): 3 VFs'
no_err

run 0 render grub
out 'xen-pciback.hide=(0000:05:10.0)(0000:05:10.2)(0000:05:10.4)(0000:05:10.6)(0000:05:11.0)'
out 'extra_guest_irqs=64 nr_irqs=33792'
out 'have 40 MSI-X vectors,'
out "dom0's command line becomes 151 of 1023 bytes"
no_err
if sh -n "$tmp/out"; then ok; else bad "a shell cannot read render grub"; fi
run 0 render --compact grub
out 'xen-pciback.hide=(0000:05:10.*)(0000:05:11.*)"'
run 0 render grub -k
out 'xen-pciback.hide=(0000:05:10.*)(0000:05:11.*)"'

# Physical CPUs are known in Dom0.
for n in 0 1 2 3; do mkdir -p "$root/sys/devices/system/xen_cpu/xen_cpu$n"; done
run 0 render grub
out 'extra_guest_irqs=64 nr_irqs=5120"'
out 'enough for its 4 CPUs.'

run 0 render modprobe
out 'softdep igbvf pre: '
run 0 render dot db1
out '"net0/4-6" -> "domain db1"'

# For a command line only words are printed, two to a line.
run 0 render qemu web1
out '-device vfio-pci,id=vf-0000-05-10.0,host=0000:05:10.0,bus=vfrp0,addr=0x0'
err 'note: web1: 4 VFs: 5 of 256 buses, 1 of 30 slots of pcie.0'
if grep -qvE '^-device [A-Za-z0-9,=.:_-]+$' "$tmp/out"; then bad "render qemu prints more than words"; else ok; fi
run 0 -q render qemu web1
no_err
# shellcheck disable=SC2046 # words are what it is for
set -- $(cat "$tmp/out")
if [ $# = 16 ]; then ok; else bad "$# words, not 16"; fi
run 0 render --with-machine --cpu SandyBridge qemu db1
out '-machine q35,kernel-irqchip=split'
out '-cpu SandyBridge'
run 2 render --cpu 'Sandy Bridge' qemu db1
err "--cpu 'Sandy Bridge' is not one word for a shell"
no_out
run 0 render readconfig web1
out '[device "vf-0000-05-10.0"]'
out '# web1: 4 VFs: 5 of 256 buses'
err 'note: web1: without spare ports pci-attach finds no free port in it while it runs'
run 2 render --with-machine readconfig web1
err 'vfyard: render: readconfig: --with-machine has no meaning here; leave it out, or use the format qemu'
run 2 render --cpu max xl web1
err '--cpu has no meaning here'
run 2 render --compact xl
err '--compact has no meaning here; leave it out, or use the format grub'
run 0 -q render libvirt web1
out "<hostdev mode='subsystem' type='pci' managed='no'>"
no_err
run 0 render libvirt --hostdev net0/3
out "<hostdev mode='subsystem' type='pci' managed='no'>"
out "function='0x6'"
out "<alias name='ua-vfyard-net0-3'/>"
no_err
if [ "$(grep -c "<address" "$tmp/out")" = 1 ]; then ok; else bad 'an address in the guest'; fi
cp "$tmp/out" "$tmp/once"
run 0 render -d libvirt 05:10.6
if cmp -s "$tmp/out" "$tmp/once"; then ok; else bad 'another text by address'; fi
run 0 render --hostdev libvirt db1
err "virsh attach-device takes one element, but these are 3; run for each: vfyard render libvirt --hostdev net0/4 | virsh attach-device db1 /dev/stdin --live --config"
run 0 render libvirt --ports 3
if [ "$(grep -cx "<controller type='pci' model='pcie-root-port'/>" "$tmp/out")" = 3 ] && [ "$(wc -l < "$tmp/out")" = 3 ]; then ok; else bad '--ports 3'; fi
no_err
run 2 render libvirt --ports 3 web1
err '--ports is for a definition that exists, whatever its VFs; leave out the domain'
run 2 render libvirt --ports 0
err "--ports '0' is not a number of ports; write a number from 1 to 240"
run 2 render qemu --ports 3 web1
err '--ports has no meaning here; leave it out, or use the format libvirt'
run 2 render --hostdev qemu web1
err '--hostdev has no meaning here; leave it out, or use the format libvirt'
run 1 render --hostdev libvirt net0/9
err 'there is no VF 9'
no_out
run 2 render libvirt
err 'vfyard: render: describes one machine, but t.json has 2 domains; name one of web1, db1'
run 2 render --reserve 32 qemu web1
err "--reserve '32' is not a number of slots; write a number from 0 to 31"
no_out

run 2 render vbox web1
err "unknown format 'vbox'; write one of xl, grub, modprobe, qemu, readconfig, libvirt, dot, svg"
no_out
run 2 render xl nobody
err "no domain 'nobody' in t.json"
no_out
run 2 render grub web1
err 'is for the whole host and takes no domain; run: vfyard render grub'
run 2 render
err 'operand missing'

# A refusal prints nothing that could end up in a file of /etc.
printf '%0980d\n' 0 > "$root/proc/cmdline"
run 4 render grub
err "dom0's command line becomes 1096 bytes, but Xen cuts it at 1023"
no_out
sed -i 's/00.0", "numvfs/00.1", "numvfs/' "$tmp/t.json"
run 1 render xl
err "PF net0 is not on this host"
err "t.json:2:"
no_out
sed -i 's/00.1", "numvfs/00.0", "numvfs/' "$tmp/t.json"

# check exits with 4 when there are problems, with 2 when the file is not a topology, and with 0
# when there are only notes.
run 4 check
err 'vfyard: t.json: kvm: the kernel uses no IOMMU'
err 'on this host'
no_out
sed -i 's/"numvfs": 7/"numvfs": 9/' "$tmp/t.json"
run 4 check
err 't.json:2:19: net0: numvfs=9, but the device can have 7; write numvfs=7 or less'
run 4 --json check
out '"version":1'
for word in '"file":"t.json"' '"line":2' '"column":19' '"severity":"error"' '"object":"net0"' \
	'"cause":"numvfs=9, but the device can have 7"' '"fix":"write numvfs=7 or less"' '"line":null'; do
	out "$word"
done
sed -i 's/"numvfs": 9/"numvfs": x/' "$tmp/t.json"
run 2 check
no_out
run 2 --json check
out '"version":1,"problems":[{"file":"t.json","line":2'
no_err
sed -i 's/"numvfs": x/"numvfs": 7/' "$tmp/t.json"
mkdir -p "$root/sys/hypervisor" "$root/proc/xen"
echo xen > "$root/sys/hypervisor/type"
echo control_d > "$root/proc/xen/capabilities"
run 4 check
err 't.json: xen: driver pciback is not loaded'
mkdir -p "$root/sys/bus/pci/drivers/pciback"
run 0 check
out 't.json: no problems'
err 'note: host: '
# When something hides a PF or the host's own devices, check and render name it and the file.
mkdir -p "$root/etc/modprobe.d" "$root/sys/bus/pci/devices/0000:0b:00.0"
echo 1 > "$root/sys/bus/pci/devices/0000:0b:00.0/boot_vga"
echo 'options xen_pciback hide=(05:00.0)(0b:00.0)' > "$root/etc/modprobe.d/gpu.conf"
run 0 check
err 'note: xen: hide= has (05:00.0) (/etc/modprobe.d/gpu.conf), which takes PF net0 (0000:05:00.0) itself'
err 'hide= has (0b:00.0) (/etc/modprobe.d/gpu.conf), which takes 0000:0b:00.0 from the host, and it is the display'
run 4 render modprobe
err '(05:00.0) of /etc/modprobe.d/gpu.conf takes PF net0 (0000:05:00.0) itself'
no_out
echo 'quiet xen-pciback.hide=(0b:00.0)' > "$root/proc/cmdline"
run 0 check
err 'hide= is set by /etc/modprobe.d/gpu.conf and by the kernel'"'"'s command line, and only the last one counts; put (05:00.0) into'
run 0 render grub
err 'note: hide= is set by /etc/modprobe.d/gpu.conf, too, and only that of the command line counts; take it out there'
err 'which takes 0000:0b:00.0 from the host'
out 'xen-pciback.hide=(0b:00.0)(0000:05:10.0)'
run 0 render modprobe
err 'hide= is set by the kernel'"'"'s command line, too, and only that one counts'
printf '%0980d\n' 0 > "$root/proc/cmdline"
rm "$root/etc/modprobe.d/gpu.conf"
run 0 -q check
no_out
no_err
sed -i 's/"type": *"pv"/"type": "pvh"/' "$tmp/t.json"
run 4 check
err 'PVH domains have no pass-through; write type=pv or type=hvm in its xen: block'

# A function as a whole that guests have already: which driver it had says the kernel's table of modules.
function_ 0000:05:1e.0 vfio-pci
put class 0x010802
put device 0x11e8
put modalias 'pci:v00008086d000011E8sv00001AF4sd00001100bc01sc08i02'
mkdir -p "$root/lib/modules/6.1.0" "$root/proc/sys/kernel" "$root/sys/module/nvme/drivers" "$root/sys/bus/pci/drivers/nvme"
echo 6.1.0 > "$root/proc/sys/kernel/osrelease"
echo 'alias pci:v*d*sv*sd*bc01sc08i02* nvme' > "$root/lib/modules/6.1.0/modules.alias"
ln -s ../../../bus/pci/drivers/nvme "$root/sys/module/nvme/drivers/pci:nvme"
ln -s ../../../../module/nvme "$root/sys/bus/pci/drivers/nvme/module"
echo '{"version":1,"hypervisor":"kvm","dev":[{"name":"disk","bdf":"05:1e.0"}],"domain":[{"name":"web1","devices":[{"dev":"disk"}]}]}' > "$tmp/t.json"
run 0 render modprobe
out 'softdep nvme pre: vfio-pci'
out 'options vfio-pci ids=8086:11e8'

printf 'render and check: %d passed, %d failed\n' "$pass" "$fail"
[ "$fail" -eq 0 ]
