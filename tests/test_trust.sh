#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Whom the KVM half believes, with real processes, users, sockets and descriptors: /sys is that of a captured host, and
# /dev/vfio and vfyard's own folders are fresh, in namespaces of this script alone. The processes only look like QEMU.
set -u
cd "$(dirname "$0")/.." || exit 1
if [ "${TRUST_INSIDE:-}" != 1 ]; then
	[ "$(id -u)" = 0 ] || { echo 'trust: needs root: users and device nodes are made'; exit 1; }
	# In a chroot / is not a mount point, and its propagation cannot be changed. This is why what is
	# mounted here is also unmounted at the end.
	how=private
	unshare --mount --propagation private true 2> /dev/null || how=unchanged
	# Others on this machine may run a guest of the same name: this script sees its own processes only.
	TRUST_INSIDE=1 exec unshare --mount --propagation "$how" --net --pid --fork --kill-child bash "$0"
fi
mount -t proc proc /proc || exit 1
# The PFs of the captured host that are asked how their VFs are set.
ip link add eth0 type veth peer name eth1 || exit 1
v=$PWD/build/vfyard
tmp=$(mktemp -d)
chmod 755 "$tmp"
trap '[ -z "${server:-}" ] || kill -9 "$server"; kill "${pids[@]}" 2> /dev/null; wait 2> /dev/null; umount -l /sys /etc/vfyard /var/lib/vfyard /run/vfyard /dev/vfio "$tmp/fresh" /proc 2> /dev/null; rm -rf --one-file-system "$tmp"' EXIT
pids=()
pass=0
fail=0

sh tests/untree.sh tests/hosts/kvm-host.tree "$tmp/host"
mkdir -p "$tmp/fresh" /dev/vfio /run/vfyard /var/lib/vfyard /etc/vfyard
mount -t tmpfs trust "$tmp/fresh"
mkdir -p "$tmp"/fresh/{vfio,run,lib,etc,sock}
chmod 755 "$tmp/fresh" "$tmp"/fresh/*
# Group 16 is that of 0000:01:11.4, 17 that of 0000:02:10.0; the numbers are those of /dev/full and /dev/zero, which anybody with
# a right to the node can open.
mknod -m 600 "$tmp/fresh/vfio/16" c 1 7
mknod -m 600 "$tmp/fresh/vfio/17" c 1 5
mount --bind "$tmp/fresh/vfio" /dev/vfio
mount --bind "$tmp/fresh/run" /run/vfyard
mount --bind "$tmp/fresh/lib" /var/lib/vfyard
mount --bind "$tmp/fresh/etc" /etc/vfyard
mount --bind "$tmp/host/sys" /sys

# topology [KEY=VALUE]: writes a topology whose kvm: block of web1 has this, too
topology() {
	printf 'version = 1\nhypervisor = "kvm"\npf = [ "net0: bdf=0000:01:00.0" ]\n' > /etc/vfyard/topology.cfg
	printf 'domain = [ [ "web1", "kvm: machine=q35%s", "net0/6" ] ]\n' "${1:+, $1}" >> /etc/vfyard/topology.cfg
}

# A program called qemu-system-x86_64, which tests/fake/qemu.py is the manners of.
cp tests/fake/qemu.py "$tmp/qemu.py"
chmod 644 "$tmp/qemu.py"
# The program's name counts, too, so it gets this name.
cp "$(readlink -f /usr/bin/python3)" "$tmp/qemu-system-x86_64"
# start USER ARGS...: starts such a process; its pid is in $pid
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

# want STATUS PATTERN ARGS...: vfyard exits with STATUS, and a line of its output matches;
# "!PATTERN": no line does.
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

# A descriptor that can do nothing with the device, and that needs no right to it, holds nothing.
HOLD=/dev/vfio/16 HOW=O_PATH start $nobody -name other
want 0 "$row  -  +assignable" list net0
want 0 'in sync' status
end "$pid"
HOLD=/dev/vfio/16 HOW=O_RDWR start 0 -name other
want 0 "$row  -  +attached +other" list net0
end "$pid"

# A process that cannot open a VFIO device is not a guest, whatever it calls itself, and its monitor
# is ignored.
LISTEN=$tmp/sock HOLD='' start 0 -name unused
end "$pid"
rm -f "$tmp/sock"
mkdir -m 777 "$tmp/theirs"
LISTEN=$tmp/theirs/qmp start $nobody -name web1 -qmp "unix:$tmp/theirs/qmp,server=on,wait=off"
spoof=$pid
want 1 "there is no running domain 'web1'" pci-attach web1 net0/6
want 0 'nothing to do' apply
want 1 '!attach.*web1' pci-list web1

# It cannot take a name away from a real guest.
HOLD=/dev/vfio/16 HOW=O_RDWR start 0 -name web1
real=$pid
want 0 "$row  -  +attached +web1$" list net0
want 0 'in sync' status
end "$spoof"

# Two guests with the same right to the name: neither is taken for the domain, and the host is not
# in sync.
HOLD='' start 0 -name web1
want 4 '2 running guests say that they are web1: web1-[0-9]+ .* and web1-[0-9]+ .*; name the socket of its monitor' pci-attach web1 net0/6
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

# ok WHAT WHY: WHY is empty when it is so
ok() {
	if [ -z "$2" ]; then pass=$((pass + 1)); else fail=$((fail + 1)); echo "not ok: $1: $2"; fi
}
# soon SECONDS WANT...: the same as want, in so many seconds at most
soon() {
	local most=$1 begun=$SECONDS
	shift
	want "$@"
	ok "vfyard ${*:3}: in $most s" "$([ $((SECONDS - begun)) -le "$most" ] || echo "$((SECONDS - begun)) s")"
}
holds() { find "/proc/$1/fd" -lname /dev/vfio/16 | grep -c .; }
# guest NAME MODE: a guest of root's with a monitor of these manners
guest() {
	rm -f "$tmp/fresh/sock/$1"
	HOLD='' MODE=$2 LISTEN=$tmp/fresh/sock/$1 start 0 -name "$1" -qmp "unix:$tmp/fresh/sock/$1,server=on,wait=off"
}

# A whole attach and detach, with a QEMU that really opens the group.
topology
guest web1 answer
web1=$pid
want 0 '!.' pci-attach web1 net0/6
ok 'web1 has the group open' "$([ "$(holds "$web1")" = 1 ] || ls -l "/proc/$web1/fd")"
want 0 "$row  -  +attached +web1$" list net0
want 0 '^rp[0-3] +0000:01:11.4 +net0/6 .*web1$' pci-list web1
want 0 'in sync' status
want 0 '!.' pci-detach web1 net0/6
ok 'web1 has let it go' "$([ "$(holds "$web1")" = 0 ] || ls -l "/proc/$web1/fd")"

# Beside each kind of bad neighbour it is as if that were not there; whoever asks the neighbour itself is told, in time.
printf '%s\n' 'version = 1' 'hypervisor = "kvm"' 'pf = [ "net0: bdf=0000:01:00.0", "net1: bdf=0000:02:00.0" ]' \
	'domain = [ [ "web1", "kvm: machine=q35", "net0/6" ], [ "web2", "kvm: machine=q35", "net1/0" ] ]' > "$tmp/both.cfg"
neighbour() {
	local mode=$1 says=$2
	guest web2 "$mode"
	soon 5 0 '!.' pci-attach web1 net0/6
	ok "web1 has the group open beside $mode" "$([ "$(holds "$web1")" = 1 ] || ls -l "/proc/$web1/fd")"
	soon 15 1 "web2: list attached devices: $says" pci-list web2
	soon 5 0 '!.' pci-detach web1 net0/6
	soon 15 4 "web2: check limits: $says" pci-attach web2 net0/6
	soon 30 4 "web2: $says" -C "$tmp/both.cfg" apply
	ok "web1 got its VF beside $mode" "$([ "$(holds "$web1")" = 1 ] || ls -l "/proc/$web1/fd")"
	want 0 '!.' pci-detach web1 net0/6
	ok "web2 has nothing ($mode)" "$([ "$(holds "$pid")" = 0 ] || ls -l "/proc/$pid/fd")"
	end "$pid"
}
neighbour mute 'QEMU did not answer qom-get in time'
neighbour flood '(QEMU did not answer qom-get in time|[^ ]* sends without end)'

# The other manners of a hostile monitor: the neighbour's healthy guest is in the list all the same, and nothing is left.
hostile() {
	local mode=$1 status=$2 says=$3
	guest web2 "$mode"
	soon 20 "$status" "$says" pci-attach web2 net0/6
	want 0 "$row  -  +assignable" list net0
	end "$pid"
}
hostile half 4 'web2: check limits: QEMU closed its monitor [^ ]* during qom-get'
hostile ids 4 'web2: check limits: QEMU did not answer qom-get in time'
hostile early 4 'web2: check limits: web2 has 0 free PCIe ports of 0'
hostile objects 4 'web2: check limits: web2 has 0 free PCIe ports of 0'
hostile ports 4 'web2: check limits: QEMU lists 8000 ports'
hostile liar 1 'QEMU of web2 \(pid [0-9]+\) reports success, but has neither its IOMMU group 16 nor its own node open'
hostile flood-add 6 'QEMU may still attach it'
hostile restart 4 'web2: check limits: QEMU closed its monitor [^ ]* during qom-list'

# What a path of a monitor may be instead of a socket.
other() {
	local says=$2
	HOLD='' MODE='' LISTEN='' start 0 -name web2 -qmp "unix:$tmp/fresh/sock/x,server=on,wait=off"
	soon 10 4 "$says" pci-attach web2 net0/6
	end "$pid"
	rm -rf "$tmp/fresh/sock/x"
}
other nothing 'connect to QMP socket [^ ]*: No such file'
mkfifo "$tmp/fresh/sock/x"
other 'a FIFO' 'connect to QMP socket [^ ]*: Connection refused'
mkdir "$tmp/fresh/sock/x"
other 'a folder' 'connect to QMP socket [^ ]*: Connection refused'
ln -s x "$tmp/fresh/sock/x"
other 'a link to itself' 'connect to QMP socket [^ ]*: Too many levels'
ln -s web1 "$tmp/fresh/sock/x"
other "a link to web1's" 'is not that of web2 \(pid [0-9]+\): qemu-system-x86 \(pid [0-9]+[^)]*\) listens there'
: > "$tmp/fresh/sock/x"
other 'a file' 'connect to QMP socket [^ ]*: Connection refused'

# No file of another process is asked for: it may lie in a file system that does not answer.
strace -f -o "$tmp/trace" -e trace=newfstatat,statx,openat "$v" pci-list > /dev/null 2>&1
ok 'programs were looked at' "$(grep -q 'statx(.*"proc/[0-9]*/exe"' "$tmp/trace" || head -n 3 "$tmp/trace")"
ok 'what the kernel has of them does' "$(grep '"proc/[0-9]*/\(exe\|cwd\|root\|fd/\)' "$tmp/trace" | grep -v 'AT_STATX_DONT_SYNC' | head -n 3)"

# The memory and the journal are believed: where others may have written them, or they are no files, they are not.
want 0 '!vfyard: [^[]' pci-attach web1 net0/6
want 0 '!vfyard: [^[]' pci-detach web1 net0/6
lib=/var/lib/vfyard/state.json run=/run/vfyard/journal
echo '{"version":1,"vfs":[]}' > $lib
chown $nobody $lib
soon 5 1 "vfyard: /*$lib: read: others than root may write it: its owner is user $nobody, its mode 0[0-7]*; .*chown root" pci-attach web1 net0/6
chown 0 $lib
chmod 666 $lib
soon 5 1 'others than root may write it: its owner is user 0, its mode 0666' pci-attach web1 net0/6
rm $lib
mkfifo $lib
soon 5 1 "vfyard: /*$lib: read: it is no regular file; it is left as it is" pci-attach web1 net0/6
rm $lib
ln -s /dev/zero $lib
soon 5 1 "vfyard: /*$lib: read: it is no regular file; it is left as it is" pci-attach web1 net0/6
rm $lib
mkfifo $run
soon 5 1 "vfyard: /*$run: read: it is no regular file; see what a run left" pci-attach web1 net0/6
rm $run
echo x > $run
chown $nobody $run
soon 5 1 "vfyard: /*$run: read: others than root may write it: its owner is user $nobody" pci-attach web1 net0/6
rm $run
# A lock that is somebody's is root's again, so that he cannot open it.
rm -f /run/vfyard/lock
: > /run/vfyard/lock
chown $nobody /run/vfyard/lock
want 0 '!vfyard: [^[]' pci-attach web1 net0/6
ok 'the lock is of root' "$([ "$(stat -c '%u %a' /run/vfyard/lock)" = '0 600' ] || stat /run/vfyard/lock)"
want 0 '!vfyard: [^[]' pci-detach web1 net0/6

# Who sees a part only is told so, or gets nothing: by every listing, and also where /proc hides whole processes.
mkdir "$tmp/bin"
cp "$v" "${v%/*}"/backend-*.so "$tmp/bin/"
# part STATUS PATTERN ARGS...: the same as want, as somebody who is not root
part() {
	local v=$tmp/part
	want "$@"
}
printf '#!/bin/sh\nexec setpriv --reuid=%s --regid=%s --clear-groups %s/bin/vfyard "$@"\n' $nobody $nobody "$tmp" > "$tmp/part"
chmod 755 "$tmp/part"
want 0 '!vfyard: [^[]' pci-attach web1 net0/6
HOLD=/dev/vfio/17 HOW=O_RDWR MODE='' LISTEN='' start 0 -name web3
unseen='open files of other users'
for hide in 0 1 2 4; do
	mount -o "remount,hidepid=$hide" /proc || exit 1
	part 0 "vfyard: domains are not seen, so states are those of sysfs: $unseen" list
	part 0 "$row  -  +assignable +[?]$" list net0
	part 0 '"unseen":\["domain"\]' list --json
	part 1 "vfyard: host: list attached devices: $unseen" pci-list
	part 1 '!attached"' pci-list --json
	# One without a monitor has nothing but open files to tell what it has; of the other the monitor is root's.
	if [ $hide = 0 ]; then
		part 1 "vfyard: web3: list attached devices: $unseen" pci-list web3
		part 1 '!attached"' pci-list --json web3
		part 1 'vfyard: web1: list attached devices: connect to QMP socket [^ ]*: Permission denied; run as root' pci-list web1
	else
		part 1 "vfyard: web3: find the domain: domain 'web3' is not seen: proc hides the processes of other users; .*run as root" pci-list web3
	fi
	part 1 '^vfyard: host: list assignable devices: the domains could not be seen; run as root$' pci-assignable-list
	part 1 '!^0000:' pci-assignable-list -n
	part 1 '!0000:01' pci-assignable-list --json
	part 1 "vfyard: host: look at its domains: $unseen" status
	part 1 '"in_sync": ?false' status --json
	part 1 "vfyard: host: look at its domains: $unseen" plan
	part 1 '"domains_unseen"|"unseen"' plan --json
	part 0 'note: host: vfyard cannot see what domains hold and how much they can take; run it as root' check
	part 0 'vfyard cannot see what domains hold and how much they can take' check --json
done
mount -o remount,hidepid=0 /proc
end "$pid"
want 0 '!vfyard: [^[]' pci-detach web1 net0/6

# A process that keeps the lock of its own memory: whoever reads its arguments waits, as ps does, until the file system answers.
if [ -c /dev/fuse ]; then
	mkdir "$tmp/fuse"
	FUSE=$tmp/fuse HOLD='' MODE='' LISTEN='' start 0 -name web9
	server=$(sed -n 's/^server //p' "$tmp/up")
	timeout 1 cat "/proc/$pid/cmdline" > "$tmp/out"
	ok 'its arguments cannot be read' "$([ $? = 124 ] || cat -v "$tmp/out" "$tmp/up")"
	quiet='!vfyard: [^[]'
	soon 10 0 "$quiet" pci-attach web1 net0/6
	soon 10 0 "$row  -  +attached +web1$" list net0
	soon 10 0 "$quiet" pci-detach web1 net0/6
	soon 10 4 'qemu-system-x86-[0-9]+ \(pid [0-9]+\) does not let its arguments be read, and may be web9' pci-attach web9 net0/6
	timeout 1 cat "/proc/$pid/cmdline" > "$tmp/out"
	ok 'its arguments could not be read all the time' "$([ $? = 124 ] || cat -v "$tmp/out" "$tmp/up")"
	kill -9 "$server"
	server=
	end "$pid"
	umount -l "$tmp/fuse"
else
	echo 'trust: not run: a process that keeps the lock of its memory, because this machine has no /dev/fuse'
fi

echo "trust: $pass passed, $fail failed"
[ "$fail" = 0 ]
