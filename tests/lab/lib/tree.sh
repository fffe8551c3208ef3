# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The package tree: the packages of the list, unpacked only. Sourced by lab.sh.

# tree_key: what the tree depends on, as a hash.
tree_key() {
	{ echo "$LAB_SUITE"; cat "$LAB_DIR/packages" "$LAB_DIR/lib/debs.sh" "$LAB_DIR/lib/tree.sh"; } | sha256sum | cut -c1-12
}

# unpack DIR LIST [SOURCES]: packages into DIR.
unpack() {
	local dir=$1 list=$2
	shift 2
	mkdir -p "$dir"
	debs --variant=extract "${LAB_DEBS[@]}" --include="$list" "$LAB_SUITE" - "$@" |
		tar -x -C "$dir" --no-same-owner --exclude='./dev/*' --exclude='./usr/share/doc/*' \
			--exclude='./usr/share/locale/*' --exclude='./usr/share/man/*'
}

# get DIR LIST: packages into DIR, all or nothing.
get() { from_mirrors "$LAB_SUITE" "$1" unpack "$1" "$2"; }

# get_shadow_xen TREE: a hypervisor for HVM guests as boot/shadow.gz. Before QEMU 10.0.13 they need one with shadow paging:
# with HAP, TCG reports an intercepted read of CR2 as one of CR0, and Xen then gives the guest an old CR2 at its first page
# fault. Debian's security updates have shadow paging compiled out since XSA-495 (4.17.7), Debian 12's release itself has
# not. Debian 13 has no such Xen, but a QEMU that HAP works with: that lab runs in the QEMU of its own tree (lib/boot.sh).
get_shadow_xen() {
	local config package
	config=$(echo "$1"/boot/xen-*-amd64.config)
	package=$(basename "$config" .config)
	if ! grep -q '^CONFIG_SHADOW_PAGING=y' "$config"; then
		get "$1/shadow" "xen-hypervisor-${package#xen-}/$LAB_SUITE"
		config=$(echo "$1"/shadow/boot/xen-*-amd64.config)
		grep -q '^CONFIG_SHADOW_PAGING=y' "$config" || log "$LAB_SUITE has no Xen with shadow paging: HVM guests run with HAP"
	fi
	cp "${config%.config}.gz" "$1/boot/shadow.gz"
	rm -rf "$1/shadow"
}

# make_tree DIR: unpack the packages into DIR, all or nothing.
make_tree() {
	local dir=$1
	rm -rf "$dir"
	get "$dir.tmp" "$(grep -v '^#' "$LAB_DIR/packages" | paste -sd,)"
	chmod -R u+rwX "$dir.tmp"
	get_shadow_xen "$dir.tmp"
	mv "$dir.tmp" "$dir"
}

# real FILE: where FILE of the tree is, its links followed inside the tree.
real() {
	local f=$1 to n=0
	while [ -L "$LAB_TREE$f" ] && [ $((n += 1)) -lt 20 ]; do
		to=$(readlink "$LAB_TREE$f")
		case $to in
		/*) f=$to ;;
		*) f=$(dirname "$f")/$to ;;
		esac
	done
	[ -e "$LAB_TREE$f" ] || die "not in the package tree: $1"
	echo "$f"
}

# loader: the tree's own, and not this machine's that an absolute link leads to: it fits the tree's C library alone.
loader() { echo "$LAB_TREE$(real /lib64/ld-linux-x86-64.so.2)"; }

# lib_path: where the tree's libraries are. Debian 12 has some in /lib; without that folder the loader takes this machine's,
# which a loader of another release may refuse.
lib_path() { echo "$LAB_TREE/usr/lib/x86_64-linux-gnu:$LAB_TREE/lib/x86_64-linux-gnu"; }

# in_tree PROGRAM ARGS...: run a program of the tree with the tree's libraries (no chroot, no root). One program of many
# names, as kmod, goes by its --argv0.
in_tree() {
	local program=$1
	shift
	"$(loader)" --argv0 "${program##*/}" \
		--library-path "$(lib_path)" "$LAB_TREE$(real "$program")" "$@"
}
