# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The package tree: the packages of the list, unpacked only. Sourced by lab.sh.

# tree_key: what the tree depends on, as a hash.
tree_key() {
	{ echo "$LAB_SUITE"; cat "$LAB_DIR/packages" "$LAB_DIR/lib/tree.sh"; } | sha256sum | cut -c1-12
}

# host_sources: this machine's own apt sources for the suite as one-line entries, nothing where it has none.
host_sources() {
	local uri rel comp key s
	# shellcheck disable=SC2016 # apt's own $(...) fields
	apt-get indextargets --format '$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(SIGNED_BY)' \
		'Created-By: Packages' 2>/dev/null | sort -u |
	while IFS='|' read -r uri rel comp key; do
		case $rel in
		"$LAB_SUITE" | "$LAB_SUITE-updates" | "$LAB_SUITE-security") ;;
		*) continue ;;
		esac
		[ "$comp" = main ] || continue
		s=
		[ -f "$key" ] && s="[signed-by=$key] "
		echo "deb $s$uri $rel $comp"
	done
}

# proxy_opts: mmdebstrap starts apt with an empty configuration: hand it this machine's proxy.
proxy_opts() {
	apt-config dump 2>/dev/null |
		sed -n 's/^\(Acquire::https\{0,1\}::Proxy\) "\(..*\)";$/--aptopt=\1 "\2"/p'
}

# unpack DIR [SOURCES]: the packages into DIR.
unpack() {
	local dir=$1 sources=${2:-} list
	local -a proxy
	list=$(grep -v '^#' "$LAB_DIR/packages" | paste -sd,)
	mapfile -t proxy < <(proxy_opts)
	mkdir -p "$dir"
	mmdebstrap --quiet --variant=extract "${proxy[@]}" --include="$list" "$LAB_SUITE" - \
		${sources:+"$sources"} </dev/null |
		tar -x -C "$dir" --no-same-owner --exclude='./dev/*' --exclude='./usr/share/doc/*' \
			--exclude='./usr/share/locale/*' --exclude='./usr/share/man/*'
}

# make_tree DIR: unpack the packages into DIR, all or nothing.
make_tree() {
	local dir=$1 sources
	sources=$(host_sources)
	rm -rf "$dir" "$dir.tmp"
	if [ -z "$sources" ] || ! unpack "$dir.tmp" "$sources"; then
		[ -z "$sources" ] || log "this machine's apt sources did not do, trying mmdebstrap's own"
		rm -rf "$dir.tmp"
		unpack "$dir.tmp" || die "cannot unpack the lab's packages ($LAB_SUITE)"
	fi
	chmod -R u+rwX "$dir.tmp"
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

# in_tree PROGRAM ARGS...: run a program of the tree with the tree's libraries (no chroot, no root). One program of many
# names, as kmod, goes by its --argv0.
in_tree() {
	local program=$1
	shift
	"$LAB_TREE/lib64/ld-linux-x86-64.so.2" --argv0 "${program##*/}" \
		--library-path "$LAB_TREE/usr/lib/x86_64-linux-gnu" "$LAB_TREE$(real "$program")" "$@"
}
