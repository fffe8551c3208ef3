#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The other Debian release on this machine: a root folder of it in build/suite, cached, with the
# compilers and libraries to build vfyard there. The unit tests run in it, and the labs of that
# release get their vfyard from it.
#
#   suite.sh own | other		prints this machine's release, or the other one of Debian 12 and 13
#   suite.sh root SUITE		makes the root where it is missing, and prints its path
#   suite.sh make SUITE TARGET...	copies the sources as they are now into the root, runs make there, and prints the build folder
#   suite.sh run SUITE CMD...		copies the same sources, and runs CMD in them, inside the root
#   suite.sh install SUITE DIR	puts into DIR of this machine what `make install prefix=/usr` puts there
#
# It needs root, because it calls chroot.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/lab/lib/debs.sh

log() { printf 'suite: %s\n' "$*" >&2; }
die() { log "$*"; exit 1; }

packages() { bash tests/deps.sh list suite | paste -sd,; }

# fill DIR SUITE [SOURCE-LINES]: makes a minimal system with those packages and runs their scripts.
fill() {
	local dir=$1 suite=$2
	shift 2
	debs --variant=minbase --include="$(packages)" \
		--dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' "$suite" "$dir" "$@"
}

# the_root SUITE: makes the root where it is missing, and sets root to its path.
the_root() {
	local key d
	[ "$(id -u)" = 0 ] || die "only root can enter a root folder of another release"
	key=$({ echo "$1"; packages; cat tests/lab/lib/debs.sh; } | sha256sum | cut -c1-12)
	mkdir -p build/suite
	root=$PWD/build/suite/$1-$key
	exec {lock}> "build/suite/lock"
	flock "$lock"
	if ! [ -d "$root" ]; then
		for d in build/suite/"$1"-*; do rm -rf "$d"; done
		log "making a root of $1 with compilers and libraries (once, one or two minutes)"
		from_mirrors "$1" "$root.tmp" fill "$root.tmp" "$1" >&2
		mv "$root.tmp" "$root"
	fi
}

# sources: copies what this checkout holds now into the root and keeps the times, so that make there
# does only what is needed; files that are gone here go there, too. Nothing is touched when all is
# there already, because tests may be running in it.
sources() {
	local f now
	local -a parts=(.clang-format Makefile README.md docs include src tests xl-cfg)
	now=$(find "${parts[@]}" -type f -printf '%p %T@ %s\n' | LC_ALL=C sort | sha256sum)
	[ "$now" != "$(cat "$root/src.is" 2>/dev/null)" ] || return 0
	rm -f "$root/src.is"
	mkdir -p "$root/src"
	tar -c "${parts[@]}" | tar -x -C "$root/src" --no-same-owner
	(cd "$root/src" && find "${parts[@]}" -type f) | while IFS= read -r f; do
		[ -e "$f" ] || rm -f "$root/src/$f"
	done
	echo "$now" > "$root/src.is"
}

# inside CMD...: runs CMD in the root, with /proc where this machine lets us mount it.
inside() {
	local rc=0
	local -a in=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 CI="${CI:-}" chroot "$root")
	# shellcheck disable=SC2016 # the inner shell's own
	if unshare -m --propagation private true 2>/dev/null; then
		in=(unshare -m --propagation private bash -c 'mount -t proc proc "$0/proc" 2>/dev/null; mount --rbind /sys "$0/sys" 2>/dev/null
			mount --rbind /dev "$0/dev" 2>/dev/null; exec "$@"' "$root" "${in[@]}")
	else
		# This machine is a root folder itself, whose mounts cannot be made private: these
		# last as long as CMD runs.
		mount -t proc proc "$root/proc" 2>/dev/null || true
		mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts" 2>/dev/null || true
		trap 'umount -l "$root/dev/pts" "$root/proc" 2>/dev/null || true' EXIT
	fi
	"${in[@]}" bash -c 'cd /src && exec "$@"' bash "$@" || rc=$?
	return $rc
}

suite=${2:-}
case ${1:-} in
own) host_suite ;;
other) other_suite ;;
root)
	the_root "$suite"
	echo "$root"
	;;
make)
	shift 2
	the_root "$suite"
	sources
	inside make -s -j"$(nproc)" "$@" >&2
	echo "$root/src/build"
	;;
run)
	shift 2
	the_root "$suite"
	sources
	exec {lock}>&-
	inside "$@"
	;;
install)
	the_root "$suite"
	rm -rf "$root/out"
	inside make -s install DESTDIR=/out prefix=/usr > /dev/null
	cp -a "$root/out/." "$3/"
	;;
*)
	sed -n '3,/^set /s/^# \{0,1\}//p' "$0"
	exit 2
	;;
esac
