#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Whom the KVM half believes, with real processes, users, sockets and descriptors: /sys is that of a captured host, and
# /dev/vfio and vfyard's own folders are fresh, in a mount namespace of this script alone. The processes only look like QEMU.
set -u
cd "$(dirname "$0")/.." || exit 1
if [ "${TRUST_INSIDE:-}" != 1 ]; then
	[ "$(id -u)" = 0 ] || { echo 'trust: needs root: users and device nodes are made'; exit 1; }
	# In a chroot / is no mount, and its propagation cannot be changed: what is mounted here is unmounted at the end, too.
	how=private
	unshare --mount --propagation private true 2> /dev/null || how=unchanged
	# A QEMU that really runs on this machine would count, too: the processes are those of this script.
	TRUST_INSIDE=1 exec unshare --mount --propagation "$how" --pid --fork bash "$0"
fi
mount -t proc proc /proc || exit 1
v=$PWD/build/vfyard
tmp=$(mktemp -d)
chmod 755 "$tmp"
trap 'kill "${pids[@]}" 2> /dev/null; wait 2> /dev/null; umount -l /proc /sys /etc/vfyard /var/lib/vfyard /run/vfyard /dev/vfio "$tmp/fresh" 2> /dev/null; rm -rf --one-file-system "$tmp"' EXIT
pids=()
pass=0
fail=0

sh tests/untree.sh tests/hosts/kvm-host.tree "$tmp/host"
mkdir -p "$tmp/fresh" /dev/vfio /run/vfyard /var/lib/vfyard /etc/vfyard
mount -t tmpfs trust "$tmp/fresh"
mkdir -p "$tmp"/fresh/{vfio,run,lib,etc,sock}
chmod 755 "$tmp/fresh" "$tmp"/fresh/*
# Group 16 is that of 0000:01:11.4; the number is that of /dev/full, which anybody with a right to the node can open.
mknod -m 600 "$tmp/fresh/vfio/16" c 1 7
mount --bind "$tmp/fresh/vfio" /dev/vfio
mount --bind "$tmp/fresh/run" /run/vfyard
mount --bind "$tmp/fresh/lib" /var/lib/vfyard
mount --bind "$tmp/fresh/etc" /etc/vfyard
mount --bind "$tmp/host/sys" /sys

# topology [KEY=VALUE]: what the kvm: block of web1 has besides
topology() {
	printf 'version = 1\nhypervisor = "kvm"\npf = [ "net0: bdf=0000:01:00.0" ]\n' > /etc/vfyard/topology.cfg
	printf 'domain = [ [ "web1", "kvm: machine=q35%s", "net0/6" ] ]\n' "${1:+, $1}" >> /etc/vfyard/topology.cfg
}

# A program called qemu-system-x86_64: opens $HOLD with the flags $HOW, listens on $LISTEN, then waits.
cat > "$tmp/qemu.py" << 'P'
import os, socket, sys, time
if os.environ.get("HOLD"):
    os.open(os.environ["HOLD"], getattr(os, os.environ["HOW"]))
if os.environ.get("LISTEN"):
    s = socket.socket(socket.AF_UNIX)
    s.bind(os.environ["LISTEN"])
    s.listen(1)
print("up", flush=True)
time.sleep(600)
P
chmod 644 "$tmp/qemu.py"
# The program counts, too: it is called so.
cp "$(readlink -f /usr/bin/python3)" "$tmp/qemu-system-x86_64"
# start USER ARGS...: its pid is in $pid
start() {
	local as=()
	[ "$1" = 0 ] || as=(setpriv --reuid="$1" --regid="$1" --clear-groups)
	shift
	: > "$tmp/up"
	"${as[@]}" bash -c 'exec "$@"' _ "$tmp/qemu-system-x86_64" "$tmp/qemu.py" "$@" > "$tmp/up" 2>&1 &
	pid=$!
	pids+=("$pid")
	for _ in {1..100}; do grep -q up "$tmp/up" && return; sleep 0.1; done
	echo "not ok: a process did not start"; cat "$tmp/up"; exit 1
}
end() { kill "$1"; wait "$1" 2> /dev/null; }

# want STATUS PATTERN ARGS...: vfyard's exit status, and a line of what it says; "!PATTERN": no such line.
want() {
	local status=$1 pattern=$2
	shift 2
	timeout -k 5 60 "$v" --timeout 5 "$@" > "$tmp/out" 2>&1 < /dev/null
	local rc=$? found=0
	grep -qE -- "${pattern#!}" "$tmp/out" && found=1
	if [ "$rc" = "$status" ] && [ "$found" != "$([ "${pattern:0:1}" = '!' ] && echo 1 || echo 0)" ]; then
		pass=$((pass + 1))
		return
	fi
	fail=$((fail + 1))
	echo "not ok: vfyard $*: exit $rc, wanted $status and '$pattern'"
	sed 's/^/    /' "$tmp/out"
}
row='^ +6  0000:01:11.4  vfio-pci +16'
nobody=65534

topology
want 0 "$row  -  +assignable" list net0

# A descriptor that can do nothing with the device, which needs no right to it, holds nothing.
HOLD=/dev/vfio/16 HOW=O_PATH start $nobody -name other
want 0 "$row  -  +assignable" list net0
want 0 'in sync' status
end "$pid"
HOLD=/dev/vfio/16 HOW=O_RDWR start 0 -name other
want 0 "$row  -  +attached +other" list net0
end "$pid"

# Who can open no VFIO device is no guest, whatever it calls itself, and its monitor is nobody's.
LISTEN=$tmp/sock HOLD='' start 0 -name unused
end "$pid"
rm -f "$tmp/sock"
mkdir -m 777 "$tmp/theirs"
LISTEN=$tmp/theirs/qmp start $nobody -name web1 -qmp "unix:$tmp/theirs/qmp,server=on,wait=off"
spoof=$pid
want 1 "there is no running domain 'web1'" pci-attach web1 net0/6
want 0 'nothing to do' apply
want 1 '!attach.*web1' pci-list web1

# It takes the name of nobody.
HOLD=/dev/vfio/16 HOW=O_RDWR start 0 -name web1
real=$pid
want 0 "$row  -  +attached +web1$" list net0
want 0 'in sync' status
end "$spoof"

# Two that have the same right to it: nobody is taken for the other, and that is not in sync.
HOLD='' start 0 -name web1
want 4 '2 running guests say that they are web1: web1-[0-9]+ .* and web1-[0-9]+ .*; say which one is it by the socket' pci-attach web1 net0/6
want 4 '2 running guests say that they are web1' plan
want 3 '2 running guests say that they are web1' status
end "$pid"
end "$real"

# With a socket in the topology its listener is the domain; a name does not count.
topology "qmp=$tmp/fresh/sock/web1"
HOLD=/dev/vfio/16 HOW=O_RDWR LISTEN=$tmp/fresh/sock/web1 start 0 -name anything -qmp "unix:$tmp/fresh/sock/web1,server=on,wait=off"
real=$pid
HOLD='' start 0 -name web1 -qmp "unix:$tmp/fresh/sock/web1,server=on,wait=off"
want 0 "$row  -  +attached +web1$" list net0
end "$pid"

end "$real"

# A user that may open the node is believed.
topology
chmod 660 "$tmp/fresh/vfio/16"
chgrp 65533 "$tmp/fresh/vfio/16"
start 65533 -name web1
want 4 'QEMU of web1 \(pid [0-9]+\) has no QMP monitor' pci-attach web1 net0/6
end "$pid"

echo "trust: $pass passed, $fail failed"
[ "$fail" = 0 ]
