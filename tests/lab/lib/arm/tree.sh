# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The package tree of the Arm lab's machine. Nothing of it runs on this machine. Sourced by lab.sh after tree.sh, in place of
# what there is for the PC.

LAB_DEBS=(--architectures=arm64 --skip=check/qemu)

tree_key() {
	{ echo "$LAB_SUITE"; cat "$LAB_DIR/packages-arm" "$LAB_DIR"/lib/{debs,tree,arm/tree}.sh; } | sha256sum | cut -c1-12
}

# make_tree DIR: as it would be installed, with /lib in /usr/lib; links that begin at / are made to stay inside, because a
# cross compiler follows them.
make_tree() {
	local dir=$1 d link
	rm -rf "$dir"
	get "$dir.tmp" "$(grep -v '^#' "$LAB_DIR/packages-arm" | paste -sd,)"
	chmod -R u+rwX "$dir.tmp"
	for d in bin sbin lib; do
		[ ! -L "$dir.tmp/$d" ] || continue
		mkdir -p "$dir.tmp/usr/$d"
		cp -a "$dir.tmp/$d/." "$dir.tmp/usr/$d/"
		rm -rf "${dir:?}.tmp/$d"
		ln -s "usr/$d" "$dir.tmp/$d"
	done
	find "$dir.tmp/usr/lib" -type l -lname '/*' | while IFS= read -r link; do
		d=$(readlink "$link")
		case $d in /lib/*) d=/usr$d ;; esac
		ln -sfn "$(realpath -m -s --relative-to="${link%/*}" "$dir.tmp$d")" "$link"
	done
	mv "$dir.tmp" "$dir"
}

# in_tree PROGRAM ARGS...: this machine's program of that name; what it does is the same for every machine.
in_tree() {
	local program=${1##*/}
	shift
	PATH=$PATH:/usr/sbin:/sbin "$program" "$@"
}
