#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The main job, shown: on this host when it has an SR-IOV function and a topology, else on a bundled
# capture of a Xen control domain with two Intel 82576 ports. Changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
v=build/vfyard

show() {	# show ARGS...: the command as one would type it, then what it prints
	printf '\n$ vfyard %s\n' "$*"
	"$v" "${where[@]}" "$@"
}

where=()
if [ "$("$v" -q list --json | grep -c '"numvfs"')" -gt 0 ] && [ -e /etc/vfyard/topology.cfg ]; then
	echo "demo: this host and its /etc/vfyard/topology.cfg"
else
	root=build/demo
	echo "demo: no SR-IOV function with a topology here; a captured host instead (tests/hosts/xen-dom0.tree)"
	rm -rf "$root"
	sh tests/untree.sh tests/hosts/xen-dom0.tree "$root"
	mkdir -p "$root/etc/vfyard"
	cp xl-cfg/two-ports.cfg "$root/etc/vfyard/topology.cfg"
	where=(--root "$root")
	printf '\n$ cat /etc/vfyard/topology.cfg\n'
	grep -v '^#' xl-cfg/two-ports.cfg
fi
show list
printf '\n# What a domain file needs:\n'
show render xl
printf '\n# The same VFs for QEMU on a KVM host: $(vfyard render qemu web1)\n'
show -q render qemu web1
printf '\n# What the boot loader needs to bind these VFs at boot:\n'
show render grub
printf '\n# The same as a picture, for dot -Tsvg:\n'
show render dot
