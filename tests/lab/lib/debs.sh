# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Packages of any Debian release, from this machine's mirrors. Sourced by lab.sh and by tests/suite.sh.

# other_suite: the release that this machine is not: both are proved.
host_suite() { (. /etc/os-release && echo "$VERSION_CODENAME"); }
other_suite() { [ "$(host_suite)" = bookworm ] && echo trixie || echo bookworm; }

# mirrors SUITE: this machine's own apt sources as one-line entries for that suite, which need not be the machine's own: a
# mirror has every release under the same address. Prints nothing where /etc/apt does not name the machine's release.
mirrors() {
	local own uri rel comp key s
	own=$(host_suite)
	# shellcheck disable=SC2016 # apt's own $(...) fields
	apt-get indextargets --format '$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(SIGNED_BY)' \
		'Created-By: Packages' 2>/dev/null | sort -u |
	while IFS='|' read -r uri rel comp key; do
		case $rel in
		"$own" | "$own-updates" | "$own-security") ;;
		*) continue ;;
		esac
		[ "$comp" = main ] || continue
		s=
		[ -f "$key" ] && s="[signed-by=$key] "
		echo "deb $s$uri $1${rel#"$own"} $comp"
	done
}

# proxy_opts: mmdebstrap starts apt with an empty configuration: hand it this machine's proxy.
proxy_opts() {
	apt-config dump 2>/dev/null |
		sed -n 's/^\(Acquire::https\{0,1\}::Proxy\) "\(..*\)";$/--aptopt=\1 "\2"/p'
}

# debs ARGS...: mmdebstrap, in a session of its own: when it fails it sends SIGHUP to its whole process group, which without
# a terminal is everything that was started with it, other labs too.
debs() {
	local opts
	local -a proxy=()
	opts=$(proxy_opts)
	[ -z "$opts" ] || mapfile -t proxy <<< "$opts"
	setsid -w mmdebstrap --quiet "${proxy[@]}" "$@" </dev/null
}

# from_mirrors SUITE DIR CMD...: CMD fills DIR with packages, called with this machine's sources, else with none, which
# means mmdebstrap's own.
from_mirrors() {
	local suite=$1 dir=$2 sources
	shift 2
	sources=$(mirrors "$suite")
	rm -rf "$dir"
	if [ -n "$sources" ]; then
		"$@" "$sources" && return
		log "this machine's apt sources did not do, trying mmdebstrap's own"
		rm -rf "$dir"
	fi
	"$@" || die "cannot get packages of $suite, see above; without a network that is the reason"
}
