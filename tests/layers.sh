#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Checks the floors: includes point down only, and foreign names stay in their folder. Prints one
# line per finding; the last line has the count. Usage: tests/layers.sh [SRC]
set -u
src=${1:-src}
found=$(mktemp) || exit 1
trap 'rm -f "$found"' EXIT

# The floors that a floor may include, its own first.
host='host base'
functions="host/pci host/net $host"
inventory="host/inventory $functions"
guard="host/guard $inventory"
topology="topology topology/read host/boot $guard"
state="state $inventory"
seam="backend $topology state"
engine="engine $seam"
plan="engine/plan $engine"
session="engine/session engine/check engine/run $plan"
may() {
	case $1 in
	base) echo base ;;
	host) echo "$host" ;;
	host/pci | host/net) echo "$1 $host" ;;
	host/boot) echo "$1 host/pci $host" ;;
	host/inventory) echo "$inventory" ;;
	host/guard) echo "$guard" ;;
	topology/read) echo "$1 base" ;;
	topology) echo "$topology" ;;
	topology/build) echo "$1 $topology" ;;
	state) echo "$state" ;;
	backend) echo "$seam" ;;
	backend/xen) echo "$1 $seam" ;;
	backend/kvm | backend/kvm/libvirt) echo "backend/kvm backend/kvm/libvirt $seam" ;;
	engine) echo "$engine" ;;
	engine/plan) echo "$plan" ;;
	engine/check | engine/run | engine/doctor) echo "$1 $plan" ;;
	engine/session) echo "$session topology/build" ;;
	render) echo "$1 $topology" ;;
	report) echo "$1 render engine/doctor $session topology/build" ;;
	api | cli) echo "$1 report render $session" ;;
	esac
}

find "$src" -name '*.[ch]' | while read -r f; do
	dir=$(dirname "${f#"$src"/}")
	ok=" $(may "$dir") "
	sed -n 's/^#[[:space:]]*include "\(.*\)\/[^/]*".*/\1/p' "$f" | sort -u | while read -r inc; do
		case $ok in
		*" $inc "*) ;;
		*) echo "$f: includes \"$inc/...\", which floor '$dir' must not" ;;
		esac
	done
done > "$found"

# A foreign library enters through one place each.
only() {	# only PATTERN PLACE...: no other place includes it
	pattern=$1; shift
	grep -rlE "^#[[:space:]]*include <($pattern)" "$src" | while read -r f; do
		for place; do
			case $f in "$src/$place"*) continue 2 ;; esac
		done
		echo "$f: includes <$pattern>, which belongs to $*"
	done
}
{
	only 'libxl|xen|xs|xentoollog' backend/xen/
	only 'netlink|linux/rtnetlink|linux/if_link' host/net/ host/vf_attrs.c
	only 'pci/' host/pci/ids.c
	only 'expat' backend/kvm/libvirt_xml.c
	# What is loaded into the program is decided in one place.
	only 'dlfcn' backend/module.c backend/kvm/libvirt/api.c
	# Renderers are pure: what they need of the host is handed to them.
	grep -snE 'root_(read|write|open|exists|link)|#include "base/root.h"' "$src"/render/*.c
	# A hypervisor's names stay in its folder.
	grep -srnE 'pciback|vfio|libxl_|xenstore' "$src/host" "$src/state" "$src/engine" --include='*.c' |
		grep -vE ':[0-9]+:[[:space:]]*(/?\*|//)'
} >> "$found"

files=$(find "$src" -name '*.[ch]' | wc -l)
n=$(wc -l < "$found")
sed 's/^/layers: /' "$found"
if [ "$n" -gt 0 ]; then
	echo "layers: $files files, $n findings"
	exit 1
fi
echo "layers: $files files, includes point down only"
