#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Checks the output of vfyard render libvirt against libvirt's own schema, as virt-xml-validate
# reads it: the whole domain, and the list of devices alone inside a minimal domain. A broken domain
# must fail, because otherwise the schema would prove nothing.
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
pass=0
fail=0
mkdir "$tmp/host"
pf=$(build/tests/gen_tree -p 1 -v 256 "$tmp/host") || exit 1

valid() {	# valid NAME FILE
	if virt-xml-validate "$2" domain > "$tmp/out" 2>&1; then
		pass=$((pass + 1))
	else
		fail=$((fail + 1))
		echo "not ok: $1"
		head -n 5 "$tmp/out"
	fi
}

render() {	# render MACHINE MODE N SPARE [OPTION...]
	local machine=$1 mode=$2 n=$3 spare=$4
	shift 4
	cat > "$tmp/t.json" <<-T
	{"version": 1, "pf": [{"name": "p", "bdf": "$pf"}], "domain": [{"name": "web1",
	 "kvm": {"machine": "$machine", "ports": "$mode", "spare": $spare, "libvirt": "lib.web-1"},
	 "devices": [{"pf": "p", "index": "0-$((n - 1))"}]}]}
	T
	build/vfyard -q --root "$tmp/host" -C "$tmp/t.json" render libvirt web1 "$@"
}

for machine in q35 virt; do
	for mode in auto root-ports switch; do
		render $machine $mode 40 4 --with-machine --cpu Skylake-Server > "$tmp/domain.xml"
		valid "$machine $mode, domain" "$tmp/domain.xml"
		{
			echo "<domain type='kvm'><name>x</name><memory>1</memory><os><type>hvm</type></os>"
			render $machine $mode 235 0
			echo "</domain>"
		} > "$tmp/devices.xml"
		valid "$machine $mode, devices" "$tmp/devices.xml"
	done
	render $machine auto 253 0 --with-machine > "$tmp/domain.xml"
	valid "$machine, 253 VFs" "$tmp/domain.xml"
done

{
	echo "<domain type='kvm'><name>x</name><memory>1</memory><os><type>hvm</type></os><devices>"
	render q35 auto 3 0 --hostdev
	echo "</devices></domain>"
} > "$tmp/hostdev.xml"
valid 'hostdev alone' "$tmp/hostdev.xml"

sed "s/model='pcie-root-port'/model='pcie-port'/" "$tmp/domain.xml" > "$tmp/bad.xml"
if virt-xml-validate "$tmp/bad.xml" domain > "$tmp/out" 2>&1; then
	fail=$((fail + 1))
	echo "not ok: the schema takes a controller that there is not"
else
	pass=$((pass + 1))
fi
printf 'libvirt schema: %d passed, %d failed\n' "$pass" "$fail"
[ "$fail" -eq 0 ]
