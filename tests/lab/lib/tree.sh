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

# debs ARGS...: mmdebstrap, in a session of its own: when it fails it sends SIGHUP to its whole process group, which without
# a terminal is everything that was started with it, other labs too.
debs() { setsid -w mmdebstrap --quiet "$@" </dev/null; }

# unpack DIR LIST [SOURCES]: packages into DIR.
unpack() {
	local dir=$1 list=$2 sources=${3:-} opts
	local -a proxy=()
	opts=$(proxy_opts)
	[ -z "$opts" ] || mapfile -t proxy <<< "$opts"
	mkdir -p "$dir"
	debs --variant=extract "${proxy[@]}" --include="$list" "$LAB_SUITE" - \
		${sources:+"$sources"} |
		tar -x -C "$dir" --no-same-owner --exclude='./dev/*' --exclude='./usr/share/doc/*' \
			--exclude='./usr/share/locale/*' --exclude='./usr/share/man/*'
}

# get DIR LIST: the same from this machine's sources, else from mmdebstrap's own.
get() {
	local sources
	sources=$(host_sources)
	rm -rf "$1"
	if [ -n "$sources" ]; then
		unpack "$1" "$2" "$sources" && return
		log "this machine's apt sources did not do, trying mmdebstrap's own"
		rm -rf "$1"
	fi
	unpack "$1" "$2" || die "cannot unpack packages of $LAB_SUITE: $2"
}

# get_shadow_xen TREE: a hypervisor with shadow paging as boot/xen-shadow.gz. HVM guests need it here: with HAP, QEMU
# 10.0's TCG reports an intercepted read of CR2 as one of CR0, and Xen then gives the guest an old CR2 at its first page
# fault. Debian's security updates have shadow paging compiled out since XSA-495 (4.17.7), the release itself has not.
get_shadow_xen() {
	local config package
	config=$(echo "$1"/boot/xen-*-amd64.config)
	package=$(basename "$config" .config)
	if ! grep -q '^CONFIG_SHADOW_PAGING=y' "$config"; then
		get "$1/shadow" "xen-hypervisor-${package#xen-}/$LAB_SUITE"
		config=$(echo "$1"/shadow/boot/xen-*-amd64.config)
		grep -q '^CONFIG_SHADOW_PAGING=y' "$config" || log "no Xen with shadow paging: no HVM guests in this lab"
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

# in_tree PROGRAM ARGS...: run a program of the tree with the tree's libraries (no chroot, no root). One program of many
# names, as kmod, goes by its --argv0.
in_tree() {
	local program=$1
	shift
	"$LAB_TREE/lib64/ld-linux-x86-64.so.2" --argv0 "${program##*/}" \
		--library-path "$LAB_TREE/usr/lib/x86_64-linux-gnu" "$LAB_TREE$(real "$program")" "$@"
}
