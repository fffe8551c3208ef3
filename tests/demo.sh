#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Shows the main job: on this host when it has an SR-IOV function and a topology, else on a bundled
# capture of a Xen control domain with two Intel 82576 ports. Changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
v=build/vfyard

show() {	# show ARGS...: prints the command as one would type it, then what it prints
	printf '\n$ vfyard %s\n' "$*"
	"$v" "${where[@]}" "$@"
}

where=()
captured=''
if [ "$("$v" -q list --json 2>/dev/null | grep -c '"numvfs"')" -gt 0 ] && [ -e /etc/vfyard/topology.cfg ]; then
	echo "vfyard on this host, with its /etc/vfyard/topology.cfg. Nothing is changed."
else
	root=build/demo
	rm -rf "$root"
	sh tests/untree.sh tests/hosts/xen-dom0.tree "$root"
	mkdir -p "$root/etc/vfyard"
	cp xl-cfg/two-ports.cfg "$root/etc/vfyard/topology.cfg"
	where=(-q --root "$root")
	captured=1
	echo "vfyard on a host with two SR-IOV network ports: tests/hosts/xen-dom0.tree, a captured Xen control domain."
	printf '\n$ cat /etc/vfyard/topology.cfg\n'
	grep -v '^#' xl-cfg/two-ports.cfg
fi
show list
printf '\n# What apply would do, step by step (-j: as JSON):\n'
# Status 3 means that there are steps. What a capture cannot tell (status 1) is said once, at the
# end.
if [ "$captured" ]; then show plan 2>/dev/null || [ $? = 1 ]; else show plan || [ $? = 3 ]; fi
printf '\n# What a domain file of xl needs:\n'
show render xl
printf '\n# The same VFs for QEMU on a KVM host: $(vfyard render qemu web1)\n'
show -q render qemu web1
printf '\n# What the boot loader needs to bind these VFs at boot:\n'
show render grub
printf '\n# All of it as a picture, for a page: vfyard render svg > yard.svg; on the terminal:\n'
show tree
if [ "$captured" ]; then
	printf '# A capture does not tell which VFs a domain has: on a running host list and plan know that, and so does apply.\n'
fi
