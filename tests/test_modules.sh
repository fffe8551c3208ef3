#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The backends are modules: the program needs no library of a hypervisor, loads what a command needs
# and nothing else, and takes only a module of its own build that nobody else could have written.
# When it is installed it looks in one folder.
# shellcheck disable=SC2319 # "ok $?" counts what the condition before it says
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
v=$PWD/build/vfyard
pass=0
fail=0

ok() { if [ "$1" = 0 ]; then pass=$((pass + 1)); else fail=$((fail + 1)); echo "not ok: $2"; sed 's/^/    /' "$tmp/out" "$tmp/err"; fi; }
# run ARGS...: stores the output in $tmp/out and $tmp/err; says SENTENCE: stderr is this one line.
run() { "$@" > "$tmp/out" 2> "$tmp/err" </dev/null; }
says() {
	[ "$(wc -l < "$tmp/err")" = 1 ] && grep -qE -- "$1" "$tmp/err"
	ok $? "stderr is not the one sentence '$1'"
}
needed() { readelf -dW "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'; }
: > "$tmp/out"
: > "$tmp/err"

for f in build/vfyard build/libvfyard.so build/backend-kvm.so build/installed/vfyard build/installed/libvfyard.so; do
	! needed "$f" | grep -E 'xen|xlutil'
	ok $? "$f needs a library of Xen"
done
needed build/backend-xen.so | grep -q '^libxenlight\.so' && ! needed build/backend-xen.so | grep xlutil
ok $? "backend-xen.so needs other libraries than libxl: $(needed build/backend-xen.so)"
! nm -u build/src/backend/module.o | grep -E 'getenv|secure_getenv'
ok $? "the environment is asked for a module"

sh tests/untree.sh tests/hosts/kvm-host.tree "$tmp/kvm"
sh tests/untree.sh tests/hosts/xen-dom0.tree "$tmp/xen"
mkdir -p "$tmp/none/sys/bus/pci/devices"
pf=$("$v" --root "$tmp/kvm" list 2> /dev/null | sed -nE '1s/^([0-9a-f:]+\.[0-9]):.*/\1/p')
cat > "$tmp/t.cfg" << T
version = 1
hypervisor = "kvm"
pf = [ "net0: bdf=$pf" ]
domain = [ [ "web1", "kvm: qmp=/run/web1.qmp", "net0/0" ] ]
T

# loads "MODULE..." ARGS...: exactly these are mapped, and none of Xen's libraries on a KVM host.
loads() {
	local want=$1 got
	shift
	LD_DEBUG=files "$v" "$@" > /dev/null 2> "$tmp/debug"
	got=$(sed -nE 's,.*calling init: .*/(backend-[a-z]*)\.so.*,\1,p' "$tmp/debug" | paste -sd' ')
	[ "$got" = "$want" ]
	ok $? "vfyard $*: loads '$got', not '$want'"
	[[ $want = *xen* ]] || ! grep -q 'calling init.*xen' "$tmp/debug"
	ok $? "vfyard $*: maps a library of Xen"
}
loads '' --version
loads '' --root "$tmp/none" list
loads '' --root "$tmp/kvm" -C "$tmp/t.cfg" render qemu web1
loads backend-kvm --root "$tmp/kvm" list
loads backend-kvm --root "$tmp/kvm" -C "$tmp/t.cfg" check
loads backend-xen --root "$tmp/xen" list

# Without the module for Xen the half for KVM works, also with a topology in the syntax of xl.cfg.
half=$tmp/half
mkdir "$half"
cp build/vfyard build/backend-kvm.so "$half/"
for c in list check plan 'render qemu web1'; do
	# shellcheck disable=SC2086
	run "$v" --root "$tmp/kvm" -C "$tmp/t.cfg" $c
	whole=$?
	cp "$tmp/out" "$tmp/whole"
	# shellcheck disable=SC2086
	run "$half/vfyard" --root "$tmp/kvm" -C "$tmp/t.cfg" $c
	[ $? = $whole ] && cmp -s "$tmp/out" "$tmp/whole" && [ -s "$tmp/out" ] && ! grep -q 'module' "$tmp/err"
	ok $? "$c differs without the module for Xen"
done
run "$half/vfyard" --root "$tmp/xen" list
[ $? = 1 ] && ! [ -s "$tmp/out" ]
ok $? "a Xen host without the module is listed"
says "^vfyard: host: find the hypervisor: this host has Xen, but vfyard's module for it, $half/backend-xen.so, is missing; install "

# Nothing in the environment can make it another folder.
mkdir "$tmp/other"
cp build/backend-xen.so "$tmp/other/"
run env LD_LIBRARY_PATH="$tmp/other" VFYARD_MODULES="$tmp/other" MODULES="$tmp/other" PWD="$tmp/other" \
	bash -c 'cd "$0" && exec "$1" --root "$2" list' "$tmp/other" "$half/vfyard" "$tmp/xen"
says 'is missing'

# A module that others could have written, one of another build, and one whose libraries are
# missing.
kvm() { run "$half/vfyard" --root "$tmp/kvm" list; }
kvm
ok $? "the copy does not work"
chmod o+w "$half/backend-kvm.so"
kvm
says "everybody can write $half/backend-kvm.so, so it is not loaded; "
chmod o-w "$half/backend-kvm.so"
chmod o+w "$half"
kvm
says "everybody can write $half, so it is not loaded; "
chmod o-w "$half"
if [ "$(id -u)" = 0 ]; then
	chown 65534 "$half/backend-kvm.so"
	kvm
	says "$half/backend-kvm.so belongs to user 65534 and is not loaded; "
	chown 65534 "$half/vfyard"
	kvm
	ok $? "who owns the program may own its module"
	chown 0 "$half"/*
fi
build=$(strings build/backend-kvm.so | grep -m 1 -E '^[0-9.]+-[0-9]+$')
sed -i "s/$build/$(tr 0-9 1-90 <<< "$build")/" "$half/backend-kvm.so"
kvm
says "backend-kvm.so is of vfyard $(tr 0-9 1-90 <<< "$build"), and this program is of $build; install both from one build"
sed 's/libjansson\.so/libjanssen.so/' build/backend-kvm.so > "$half/backend-kvm.so"
kvm
says "vfyard's module for KVM cannot be loaded: libjanssen\.so.*; install the library that it needs; "

# When installed it looks in one folder, not beside the program, and works without Xen's libraries,
# in a root folder that has none.
root=$tmp/root
flock build make -s install DESTDIR="$root" prefix=/usr > "$tmp/out" 2> "$tmp/err"
ok $? "make install"
[ -x "$root/usr/lib/vfyard/backend-kvm.so" ] && [ -x "$root/usr/lib/vfyard/backend-xen.so" ]
ok $? "make install puts no modules"
if [ "$(id -u)" = 0 ]; then
	rm "$root/usr/lib/vfyard/backend-xen.so"
	ldd "$root/usr/sbin/vfyard" "$root/usr/lib/vfyard/backend-kvm.so" | grep -o '/[^ ]*\.so[^ :]*' | sort -u | grep -v "^$root" |
		while read -r lib; do mkdir -p "$root${lib%/*}" && cp -L "$lib" "$root$lib"; done
	[ -z "$(find "$root" -name 'libxen*' -o -name 'libxl*')" ]
	ok $? "a library of Xen is there"
	cp -a "$tmp/kvm" "$tmp/xen" "$tmp/t.cfg" "$root/"
	mkdir -p "$root/usr/share/misc"
	cp /usr/share/misc/pci.ids "$root/usr/share/misc/" 2> /dev/null	# names of devices
	for c in list check plan 'render qemu web1'; do
		# shellcheck disable=SC2086
		run "$v" --root "$tmp/kvm" -C "$tmp/t.cfg" $c
		whole=$?
		sed "s,$tmp,,g" "$tmp/out" > "$tmp/whole"
		# shellcheck disable=SC2086
		run chroot "$root" /usr/sbin/vfyard --root /kvm -C /t.cfg $c
		[ $? = $whole ] && cmp -s "$tmp/out" "$tmp/whole"
		ok $? "as installed, without Xen's libraries: $c"
	done
	run chroot "$root" /usr/sbin/vfyard --root /xen list
	says 'this host has Xen, but .*, /usr/lib/vfyard/backend-xen.so, is missing; '
	mv "$root/usr/lib/vfyard/backend-kvm.so" "$root/usr/sbin/"
	run chroot "$root" /usr/sbin/vfyard --root /kvm list
	says '/usr/lib/vfyard/backend-kvm.so, is missing; '
fi
echo "modules: $pass passed, $fail failed"
[ "$fail" = 0 ]
