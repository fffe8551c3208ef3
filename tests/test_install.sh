#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What `make install` puts there is enough to write a program: pkg-config finds the header and the
# library in the installed tree, and the example of docs/ compiles and links with them without a
# warning, and does its work on a captured host as the program does.
# shellcheck disable=SC2319 # "ok $?" counts what the condition before it says
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
pass=0
fail=0
: > "$tmp/err"
ok() { if [ "$1" = 0 ]; then pass=$((pass + 1)); else fail=$((fail + 1)); echo "not ok: $2"; sed 's/^/    /' "$tmp/err"; fi; }

root=$tmp/root
prefix=/opt/vfyard
flock build make -s install DESTDIR="$root" prefix=$prefix unitdir=$prefix/lib/systemd/system > "$tmp/err" 2>&1
ok $? "make install"
for f in include/vfyard.h lib/libvfyard.so lib/pkgconfig/libvfyard.pc share/man/man3/libvfyard.3 share/man/man5/vfyard-json.5 share/vfyard/vfyard.schema.json share/zsh/site-functions/_vfyard share/doc/vfyard/examples/apply.c; do
	[ -e "$root$prefix/$f" ]
	ok $? "$f is not installed"
done
[ -z "$(find "$root" -type f ! -path "$root$prefix/*")" ]
ok $? "files beside the prefix: $(find "$root" -type f ! -path "$root$prefix/*" | head -n 3)"

units=$root$prefix/lib/systemd/system
rules=$root$prefix/lib/udev/rules.d/60-vfyard.rules
for unit in vfyard.service vfyard-pf@.service; do
	grep -q "^ExecStart=$prefix/sbin/vfyard apply " "$units/$unit"
	ok $? "$unit does not run the installed program: $(grep ^ExecStart= "$units/$unit")"
done
if command -v systemd-analyze > /dev/null; then
	# The program is not installed here, so true(1) stands in for it.
	mkdir "$tmp/units"
	for unit in vfyard.service vfyard-pf@.service; do
		sed "s|$prefix/sbin/vfyard|/bin/true|; /^Documentation=/d" "$units/$unit" > "$tmp/units/$unit"
	done
	for unit in vfyard.service vfyard-pf@.service; do
		(cd "$tmp/units" && systemd-analyze verify "./$unit") > "$tmp/err" 2>&1 && ! grep -q vfyard "$tmp/err"
		ok $? "systemd-analyze verify $unit"
	done
fi
# The rule is one line, matches what it is for, and names a unit that there is.
[ "$(grep -vc '^#' "$rules")" = 1 ] && grep -q '^ACTION=="bind", SUBSYSTEM=="pci", ATTR{sriov_totalvfs}=="?\*", .*restart vfyard-pf@%k.service"$' "$rules"
ok $? "60-vfyard.rules: $(grep -v '^#' "$rules")"
if udevadm verify --help > /dev/null 2>&1; then
	udevadm verify --resolve-names=never --no-style "$rules" > "$tmp/err" 2>&1 || udevadm verify --resolve-names=never "$rules" > "$tmp/err" 2>&1
	ok $? "udevadm verify"
fi

export PKG_CONFIG_PATH=$root$prefix/lib/pkgconfig
[ "$(pkg-config --modversion libvfyard)" = "$(build/vfyard --version | cut -d ' ' -f 2)" ]
ok $? "pkg-config knows another version than vfyard --version"
[ "$(pkg-config --variable=libdir libvfyard)" = $prefix/lib ]
ok $? "libdir is $(pkg-config --variable=libdir libvfyard)"
export PKG_CONFIG_SYSROOT_DIR=$root
read -ra flags <<< "$(pkg-config --cflags --libs libvfyard)"
# Only the installed header may be found.
(cd "$tmp" && "${CC:-cc}" -std=c11 -Wall -Wextra -Werror -o apply "$root$prefix/share/doc/vfyard/examples/apply.c" "${flags[@]}") 2> "$tmp/err"
ok $? "the example does not compile with: ${flags[*]}"
[ "$(readelf -dW "$tmp/apply" | grep -c 'NEEDED.*libvfyard\.so\.0\]')" = 1 ]
ok $? "the example does not need libvfyard.so.0"

# Below DESTDIR the installed library would not find its modules, so the same library of the build
# is used.
mkdir "$tmp/lib"
cp build/libvfyard.so "$tmp/lib/libvfyard.so.0"
cp build/backend-*.so "$tmp/lib/"
apply() { LD_LIBRARY_PATH=$tmp/lib "$tmp/apply" "$@" > "$tmp/out" 2> "$tmp/err" < /dev/null; }
sh tests/untree.sh tests/hosts/kvm-host.tree "$tmp/kvm"
printf 'version = 1\npf = [ "net0: bdf=0000:01:00.0" ]\nvf = [ "net0/1: mac=02:00:00:00:00:01" ]\n' > "$tmp/t.cfg"
apply -n "$tmp/t.cfg" "$tmp/kvm"
ok $? "the example fails"
build/vfyard -q -N -j --root "$tmp/kvm" -C "$tmp/t.cfg" apply > "$tmp/want" 2> /dev/null
[ -s "$tmp/want" ] && cmp -s "$tmp/out" "$tmp/want" && grep -q '"step":"set"' "$tmp/out"
ok $? "the example prints another plan than apply -N -j: $(cat "$tmp/out")"
apply "$tmp/t.cfg" "$tmp/kvm"
[ $? = 4 ] || [ "$(id -u)" != 0 ]
ok $? "a captured host is changed"
printf 'version = 1\npf = [ "net0: bdf=0000:01:00.0, numvfs=seven" ]\n' > "$tmp/bad.cfg"
apply -n "$tmp/bad.cfg" "$tmp/kvm"
[ $? = 2 ] && [ ! -s "$tmp/out" ] && grep -q "^$tmp/bad.cfg:2:40$" "$tmp/err" && grep -q "because:   numvfs: 'seven' is not a number" "$tmp/err"
ok $? "a bad topology is not told"
echo "install: $pass passed, $fail failed"
[ "$fail" = 0 ]
