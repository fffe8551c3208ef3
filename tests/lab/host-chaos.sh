# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The common part of xen-chaos.sh and kvm-chaos.sh: in the middle of an apply of more than 20 steps
# vfyard is killed, or one of its system calls fails. After each case the next apply reaches the
# topology, and release reaches the first state; both are compared line by line. strace injects the
# fault: the journal calls fsync before each step, or before several of one kind, so "when=N" is a place in the plan.

cases=0
# Functions as a whole, for a domain that does not run: the drive, and on KVM the controller that is in its group. Xen does not
# give that away, because the kernel cannot reset it.
NVME=$(basename "$(dirname "$(grep -lx 0x010802 $DEVICES/*/class)")")
whole="$NVME" all=
[ "$LAB_KIND" = xen ] || whole="$NVME ${NVME%.0}.1" all=', functions=all'

# chaos_state: all that must be as it was, or as it is wanted
chaos_state() {
	local f
	host_state
	for f in $whole; do echo "$f $(readlink "$DEVICES/$f/driver") $(cat "$DEVICES/$f/driver_override")"; done
}

# chaos_topology: 2 PFs and 6 VFs, two of them for web1, which runs
chaos_topology() {
	cat <<- C
	version = 1
	pf = [ "net0: bdf=0000:01:00.0, numvfs=4", "net1: bdf=0000:02:00.0, numvfs=2, autoprobe=0" ]
	vf = [
		"net0/*: mac=auto", "net0/0: mac=02:76:66:00:00:00", "net0/1: mac=02:76:66:00:00:01",
		"net0/2: vlan=100, driver=assign", "net0/3: driver=host", "net1/*: driver=assign",
		"net1/0: mac=02:76:66:00:01:00, spoofchk=off",
	]
	dev = [ "disk: bdf=$NVME$all" ]
	domain = [
		[ "web1", "xen: type=pv", "kvm: qmp=/run/web1.qmp, machine=q35", "net0/0-1" ],
		[ "off1", "xen: type=pv", "kvm: qmp=/run/off1.qmp, machine=q35", "disk" ],
	]
	C
}

chaos_start() {
	modprobe -a nvme xhci-pci
	for f in $whole; do soon 20 "$f has its driver" [ -e "$DEVICES/$f/driver" ]; done
	pf_up 0
	pf_up 1
	chaos_topology > /etc/vfyard/topology.cfg
	chaos_state > /tmp/before
}

# cut TEXT STRACE-ARG...: runs an apply under strace with these injections; rc is its exit status,
# 137 when it was killed.
cut() {
	local text=$1
	shift
	echo "--- $text"
	rc=0
	strace -f -qq -o /tmp/strace "$@" vfyard apply > /tmp/out 2> /tmp/err || rc=$?
	cat /tmp/out /tmp/err
	out=$(cat /tmp/out) err=$(cat /tmp/err)
}

# right TEXT: checks that apply reaches the topology from here, and that release goes back.
right() {
	must vfyard apply
	must vfyard status
	chaos_state > /tmp/now
	holds "$1: the topology is reached" diff /tmp/wanted /tmp/now
	must vfyard release --yes
	chaos_state > /tmp/now
	holds "$1: released" diff /tmp/before /tmp/now
	cases=$((cases + 1))
}

chaos_first() {
	step "apply and release undisturbed"
	want_rc 3 vfyard plan --json
	steps=$(vfyard plan --json | jq '.steps | length')
	strace -f -qq -o /tmp/strace -e trace=fsync vfyard apply || bad "apply under strace"
	fsyncs=$(grep -c 'fsync(' /tmp/strace)
	note "$steps steps, $fsyncs fsyncs"
	chaos_state > /tmp/wanted
	must vfyard status
	strace -f -qq -o /tmp/strace -e trace=fsync vfyard release --yes || bad "release under strace"
	release_fsyncs=$(grep -c 'fsync(' /tmp/strace)
	note "release: $release_fsyncs fsyncs"
	chaos_state > /tmp/now
	holds "as before" diff /tmp/before /tmp/now
}

# chaos_kills N...: an apply is killed at the Nth tenth of all its fsyncs, before the step that
# follows
chaos_kills() {
	local k n
	for k; do
		n=$((1 + (fsyncs - 1) * k / 10))
		step "kill -9 at fsync $n of $fsyncs"
		cut "kill at $n" -e trace=fsync -e "inject=fsync:signal=KILL:when=$n"
		same "$rc" 137 "exit status"
		right "kill at $n"
	done
}

# chaos_kill_release N...: a release is killed at the Nth tenth of all its fsyncs
chaos_kill_release() {
	local k n rc
	for k; do
		n=$((1 + (release_fsyncs - 1) * k / 10)) rc=0
		step "kill -9 of a release at fsync $n of $release_fsyncs"
		must vfyard apply
		strace -f -qq -o /tmp/strace -e trace=fsync -e "inject=fsync:signal=KILL:when=$n" vfyard release --yes || rc=$?
		same "$rc" 137 "exit status"
		run vfyard list
		right "release killed at $n"
	done
}

# chaos_flights apply|release N...: it is killed while it waits, at the Nth tenth of all its waits:
# several steps have begun then, and the kernel goes on with them. strace looks at vfyard alone, and
# not at what it has started.
chaos_flights() {
	local k n waits many=0 begun command=("$1")
	shift
	step "how often ${command[0]} waits"
	[ "${command[0]}" = apply ] || { command+=(--yes); must vfyard apply; }
	strace -qq -o /tmp/strace -e trace=poll vfyard "${command[@]}" || bad "${command[0]} under strace"
	waits=$(grep -c 'poll(' /tmp/strace)
	[ "${command[0]}" = release ] || must vfyard release --yes
	note "$waits waits"
	for k; do
		n=$((1 + (waits - 1) * k / 10))
		step "kill -9 of ${command[0]} at wait $n of $waits"
		[ "${command[0]}" = apply ] || must vfyard apply
		rc=0
		strace -qq -o /tmp/strace -e trace=poll -e "inject=poll:signal=KILL:when=$n" vfyard "${command[@]}" > /tmp/out 2> /tmp/err || rc=$?
		same "$rc" 137 "exit status"
		begun=$(awk '$1 == "do" { n[$2] = 1 } $1 == "done" { delete n[$2] } END { print length(n) }' /run/vfyard/journal 2> /dev/null) || begun=0
		[ "$begun" -lt 2 ] || many=$((many + 1))
		echo "begun and not ended: $begun"
		run vfyard list
		right "${command[0]} killed at wait $n"
	done
	note "$many of $# with several steps begun"
	holds "some were killed with several steps begun" [ $many -ge 1 ]
}

# chaos_error PATH ERROR: every write to this file fails
chaos_error() {
	step "$2 from ${1##*/} of ${1#/sys/bus/pci/}"
	cut "$2 from $1" -P "$1" -e trace=write -e "inject=write:error=$2"
	same "$rc" 1 "exit status"
	says "^vfyard: [^:]+.*: .+: .+; .+"
	chaos_state > /tmp/now
	holds "$2: the host is as before" diff /tmp/before /tmp/now
	right "$2 from $1"
}

chaos_end() {
	note "chaos: $cases cases"
	holds "ten cases or more" [ $cases -ge 10 ]
	holds "of 20 steps or more" [ "$steps" -ge 20 ]
}
