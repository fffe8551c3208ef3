#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs with apt what a target of the Makefile needs and this machine lacks, and says what it
# does.
# Usage: tests/deps.sh build|check	install
#        tests/deps.sh list suite	prints names only: what the other release's root has to build and to test (suite.sh)
set -euo pipefail

build=(gcc libc6-dev make pkg-config libxen-dev libpci-dev libnl-3-dev libjansson-dev libexpat1-dev)
check=("${build[@]}" libcmocka-dev g++ clang libclang-rt-dev clang-format valgrind strace shellcheck pciutils
	graphviz mandoc python3 python3-jsonschema zsh mmdebstrap cpio kmod iproute2 util-linux procps xz-utils bzip2 libvirt-clients libxml2-utils
	gcc-aarch64-linux-gnu device-tree-compiler)
suite=("${build[@]}" libcmocka-dev g++ clang libclang-rt-dev strace pciutils graphviz python3 python3-jsonschema iproute2 util-linux procps bzip2
	libvirt-clients libxml2-utils qemu-system-x86 qemu-system-arm seabios ipxe-qemu)
# Emulated SR-IOV functions (igb, nvme) need QEMU 8 or newer; Debian 12 has it in its backports.
qemu=(qemu-system-x86 qemu-system-arm seabios ipxe-qemu)
qemu_least=1:8.0

say() { printf 'deps: %s\n' "$*" >&2; }

die() { say "$*"; exit 1; }

have() { [ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null)" = "ii " ]; }

missing() {
	local p
	for p; do have "$p" || printf '%s\n' "$p"; done
}

need_root() {
	[ "$(id -u)" = 0 ] || die "missing: $*; run as root: make deps"
}

# A failed update must not be taken for "the package does not exist".
update() {
	say "apt-get update"
	apt-get -q "$@" -o APT::Update::Error-Mode=any update >/dev/null ||
		die "apt-get update failed: no network, or a package source in /etc/apt is broken; the packages below were not installed"
}

install() {
	say "apt-get install $*"
	DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends "${aptopts[@]}" install "$@" >/dev/null ||
		die "apt-get install failed; see the lines above"
}

qemu_ok() {
	have qemu-system-x86 && have qemu-system-arm && have seabios && have ipxe-qemu &&
		dpkg --compare-versions "$(dpkg-query -W -f '${Version}' qemu-system-x86)" ge "$qemu_least"
}

# Backports of the host's own release, from the mirror that the host already uses. They are a list
# of our own, so that /etc/apt stays as it is.
backports() {
	local suite site
	suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
	site=$(apt-get indextargets --format '$(SITE) $(RELEASE)' 'Created-By: Packages' |
		awk -v s="$suite" '$2 == s || $2 == s "-updates" { print $1; exit }')
	[ -n "$site" ] || die "no package source for $suite in /etc/apt: cannot find its backports"
	list=$(mktemp)
	trap 'rm -f "$list"' EXIT
	cat /etc/apt/sources.list > "$list" 2>/dev/null || true
	echo "deb $site $suite-backports main" >> "$list"
	chmod 644 "$list"
	aptopts=(-o "Dir::Etc::sourcelist=$list" -t "$suite-backports")
	update "${aptopts[@]:0:2}"
}

if [ "${1:-} ${2:-}" = "list suite" ]; then
	printf '%s\n' "${suite[@]}"
	exit
fi
command -v apt-get >/dev/null || die "this is not Debian: install ${build[*]} by hand, or their likes"
case ${1:-} in
build) want=("${build[@]}") ;;
check) want=("${check[@]}") ;;
*) die "usage: tests/deps.sh build|check" ;;
esac

aptopts=()
mapfile -t lack < <(missing "${want[@]}")
if [ ${#lack[@]} -gt 0 ]; then
	need_root "${lack[*]}"
	update
	install "${lack[@]}"
fi
if [ "$1" = check ] && ! qemu_ok; then
	need_root "QEMU >= 8 (${qemu[*]})"
	[ ${#lack[@]} -gt 0 ] || update
	candidate=$(apt-cache policy qemu-system-x86 | awk '$1 == "Candidate:" { print $2 }')
	dpkg --compare-versions "${candidate:-0}" ge "$qemu_least" || backports
	install "${qemu[@]}"
	qemu_ok || die "QEMU is older than $qemu_least after the installation"
fi
