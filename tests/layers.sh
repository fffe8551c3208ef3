#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Checks the floors: includes point down only, and foreign names stay in their folder.
# One line per finding; the last line counts. Usage: tests/layers.sh [SRC]
set -u
src=${1:-src}
found=$(mktemp) || exit 1
trap 'rm -f "$found"' EXIT

# Which floors a floor may include.
may() {
	case $1 in
	base) echo 'base' ;;
	core) echo 'core base' ;;
	engine) echo 'engine core base' ;;
	render) echo 'render core base' ;;
	backend) echo 'backend core base' ;;
	backend/xen) echo 'backend/xen core base' ;;
	backend/kvm) echo 'backend/kvm core base' ;;
	report) echo 'report render engine core base' ;;
	api | cli) echo "$1 report render engine core base" ;;
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
only() {	# only PATTERN PLACE...: nobody else includes it
	pattern=$1; shift
	grep -rlE "^#[[:space:]]*include <($pattern)" "$src" | while read -r f; do
		for place; do
			case $f in "$src/$place"*) continue 2 ;; esac
		done
		echo "$f: includes <$pattern>, which belongs to $*"
	done
}
{
	only 'libxl|xen|xs|xentoollog' backend/xen/ core/topo_xlcfg.c
	only 'netlink|linux/rtnetlink|linux/if_link' core/net
	only 'pci/' core/names.c
	# Renderers are pure: what they need of the host is handed to them.
	grep -snE 'root_(read|write|open|exists|link)|#include "base/root.h"' "$src"/render/*.c
	# A hypervisor's names stay in its folder.
	grep -srnE 'pciback|vfio|libxl_|xenstore' "$src/core" "$src/engine" --include='*.c' |
		grep -vE '/topo_|:[0-9]+:[[:space:]]*(/?\*|//)'
} >> "$found"

files=$(find "$src" -name '*.[ch]' | wc -l)
n=$(wc -l < "$found")
sed 's/^/layers: /' "$found"
if [ "$n" -gt 0 ]; then
	echo "layers: $files files, $n findings"
	exit 1
fi
echo "layers: $files files, includes point down only"
