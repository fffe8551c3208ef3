# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The common part of xen-apply.sh and kvm-apply.sh: one topology (apply.cfg) is planned, applied,
# applied again, changed by hand, repaired and released. The scenarios say how a guest starts and
# how a VF leaves it behind vfyard's back.

PT=vfio-pci # the driver that holds assignable VFs
[ "$LAB_KIND" = kvm ] || PT=pciback

# vf_line PF/VF: what the kernel itself says about the attributes, through ip
vf_line() { ip link show "$(pf_if "${1%/*}")" | grep -E "^ +vf ${1#*/} "; }
vf_says() { if grep -qE -- "$2" <<< "$(vf_line "$1")"; then good; else bad "VF $1: no '$2' in: $(vf_line "$1")"; fi; }
drivers() { local v; for v; do driver_of "$v"; done | paste -sd' '; }
numbers() { for p in 0 1; do cat "$(pf_dir $p)"/sriov_{numvfs,drivers_autoprobe}; done | paste -sd' '; }
# lost GUEST PF.VF: how many pings have ever been lost
lost() { tr -d '\r' < "$(guest_log "$1")" | grep -cE "^GUEST beat .*\b${2//./\\.}=lost"; }
# transcript CMD...: like must, and keeps the output for $LAB_KIND-apply.txt
transcript() {
	local want=$1
	shift
	want_rc "$want" "$@"
	{ echo "# $*"; cat /tmp/out /tmp/err; [ "$want" = 0 ] || echo "(exit status $rc)"; echo; } >> /tmp/transcript
}

# captured WHEN: a capture of this host, read with --root, says what the host says: the plan and
# what it rests on, in the same words and with the same exit status. The lab's sh is busybox, whose
# own ip has no -j and comes before the one in PATH.
captured() {
	local command live
	step "a capture says what the host says: $1"
	bash /lab/capture.sh > /tmp/host.tree 2> /tmp/capture.err
	rm -rf /tmp/captured
	must sh /lab/untree.sh /tmp/host.tree /tmp/captured
	same "$(cat /tmp/capture.err)" "" "what the capture complains of"
	for command in plan status list pci-list pci-assignable-list check '-N apply'; do
		# shellcheck disable=SC2086
		run vfyard $command
		live="$out$err (exit status $rc)"
		# shellcheck disable=SC2086
		run vfyard --root /tmp/captured -C /etc/vfyard/topology.cfg $command
		same "$out$err (exit status $rc)" "$live" "$command of the capture"
	done
	holds "nothing was written there" [ ! -e /tmp/captured/run ]
}

# apply_start: two PFs without VFs, and their topology.
apply_start() {
	pf_up 0
	pf_up 1
	cp /lab/apply.cfg /etc/vfyard/topology.cfg
	host_state > /tmp/before
	: > /tmp/transcript
}

# apply_first: from nothing to the topology, while no guest runs.
apply_first() {
	step "plan and status tell what is to be done, and change nothing"
	must vfyard check
	transcript 3 vfyard plan
	prints "numvfs net0 \($(pf_bdf 0)\): 0 -> 7"
	want_rc 3 vfyard status
	prints "^net1 \($(pf_bdf 1)\): numvfs is 0, wanted 5"
	want_rc 3 vfyard plan --json
	local steps
	steps=$(jq '.steps | length' <<< "$out")
	note "the plan has $steps steps"
	host_state > /tmp/now
	holds "nothing was changed" diff /tmp/before /tmp/now
	must vfyard -N apply
	host_state > /tmp/now
	holds "nor by --dry-run" diff /tmp/before /tmp/now

	step "apply"
	transcript 0 vfyard apply
	same "$(numbers)" "7 1 5 0" "numvfs and autoprobe"
	same "$(drivers 0/{0..4}) $(drivers 1/{0,1})" "$PT $PT $PT $PT $PT $PT $PT" "drivers of VFs for guests"
	same "$(drivers 0/5 0/6 1/2 1/3)" "none igbvf none none" "drivers of the others"
	vf_says 0/0 02:76:66:00:00:00
	vf_says 0/3 "vlan 100, qos 2.* spoof checking off"
	vf_says 0/4 "tx rate 100 .*trust on|trust on.*tx rate 100|max_tx_rate 100Mbps.*trust on"
	vf_says 0/5 "link/ether .[26ae]:|MAC .[26ae]:"
	vf_says 1/0 02:76:66:00:01:00
	holds "no journal is left" [ ! -e /run/vfyard/journal ]
	same "$(jq '.pfs | length' /var/lib/vfyard/state.json)" 2 "PFs in the memory"

	step "a second apply does nothing"
	host_state > /tmp/applied
	must vfyard -v apply
	prints "nothing to do"
	host_state > /tmp/now
	holds "nothing was changed" diff /tmp/applied /tmp/now
	must vfyard plan
	transcript 0 vfyard status
	prints "in sync"
	must vfyard status --json
	same "$(jq -c '[.in_sync, (.drift | length)]' <<< "$out")" "[true,0]" "status --json"
	captured "in sync, no guest runs"
}

# apply_attach: web1 runs with net0/0 only; the other VFs are attached to it while it pings.
apply_attach() {
	step "VFs for a running guest"
	want_rc 3 vfyard status
	prints "^net0/1 \($(bdf_of 0/1)\): domain is"
	captured "a guest runs, and lacks two VFs"
	must vfyard apply --no-attach
	prints "nothing to do"
	transcript 0 vfyard apply
	same "$(state_of 0/1), $(state_of 0/2)" "attached web1, attached web1" "states"
	beats web1 0.1 90
	beats web1 0.2 90
	must vfyard status
}

# apply_drift DETACH...: three accidents are found and repaired; DETACH takes net0/2 out of web1
# behind our back.
apply_drift() {
	step "drift made by hand is found"
	local dev
	dev=$(bdf_of 0/3)
	echo "$dev" > "/sys/bus/pci/drivers/$PT/unbind"
	ip link set "$(pf_if 0)" vf 4 mac 02:00:00:00:00:99
	"$@"
	soon 60 "net0/2 is out of web1" eval '[ "$(state_of 0/2)" = "assignable null" ]'
	transcript 3 vfyard status
	prints "^net0/3 \($dev\): driver is"
	prints "^net0/4 \($(bdf_of 0/4)\): mac is 02:00:00:00:00:99, wanted "
	prints "^net0/2 \($(bdf_of 0/2)\): domain is"
	same "$(wc -l < /tmp/out)" 3 "lines of drift"
	transcript 3 vfyard plan
	captured "drift in settings, drivers and domains"

	step "apply repairs it"
	transcript 0 vfyard apply
	same "$(driver_of 0/3)" "$PT" "driver of 0/3"
	same "$(state_of 0/2)" "attached web1" "state of 0/2"
	beats web1 0.2 90
	must vfyard status
	host_state > /tmp/now
	holds "all as applied" diff /tmp/applied /tmp/now
}

# apply_others: other VFs change, and web1 pings on.
apply_others() {
	step "web1 pings on through an apply that changes other VFs"
	beats web1 0.0 60
	local before
	before=$(lost web1 0.0)
	sed -i 's/numvfs=5/numvfs=3/; s|"net1/3: driver=none",||; s/vlan=100/vlan=200/; s/max_tx_rate=100/max_tx_rate=50/' \
		/etc/vfyard/topology.cfg
	# net1/0-1 were made assignable by vfyard, and no domain has them, so they hold nothing up.
	want_rc 3 vfyard plan
	prints "unassign net1/0 \($(bdf_of 1/0)\): driver .* \(disruptive: nobody has it"
	must vfyard apply
	same "$(numbers)" "7 1 3 0" "numvfs and autoprobe"
	vf_says 0/3 "vlan 200"
	beats web1 0.0 60
	same "$(lost web1 0.0)" "$before" "lost pings"
	same "$(state_of 0/0)" "attached web1" "state of 0/0"
}

# apply_settings: the settings of a running guest's VF change only under --force.
apply_settings() {
	step "no setting changes under a running guest"
	local before
	cp /etc/vfyard/topology.cfg /tmp/topology.cfg
	sed -i 's|"net0/0: mac=\([0-9a-f:]*\)"|"net0/0: mac=\1, vlan=300"|' /etc/vfyard/topology.cfg
	host_state > /tmp/applied
	before=$(lost web1 0.0)
	transcript 4 vfyard plan
	says "net0/0 .*web1"
	transcript 4 vfyard -N apply
	transcript 4 vfyard apply
	says "net0/0 .*web1.*--force net0/0"
	host_state > /tmp/now
	holds "nothing was changed" diff /tmp/applied /tmp/now
	beats web1 0.0 60
	same "$(lost web1 0.0)" "$before" "lost pings"
	transcript 0 vfyard --force net0/0 apply
	vf_says 0/0 "vlan 300"
	cp /tmp/topology.cfg /etc/vfyard/topology.cfg
	ip link set "$(pf_if 0)" vf 0 vlan 0
	host_state > /tmp/now
	holds "as before" diff /tmp/applied /tmp/now
}

# apply_refused: a run that must not be done is not begun.
apply_refused() {
	step "no VF is taken from a running guest"
	host_state > /tmp/applied
	cp /etc/vfyard/topology.cfg /tmp/topology.cfg
	sed -i 's/numvfs=7/numvfs=6/; s|"net0/6: driver=host",||' /etc/vfyard/topology.cfg
	want_rc 4 vfyard apply
	says "net0/0 \(domain web1\)"
	says "numvfs is 7 and changes only while every VF is free"
	want_rc 4 vfyard --force net0 apply
	host_state > /tmp/now
	holds "nothing was changed" diff /tmp/applied /tmp/now

	step "a step that fails: all is undone"
	sed 's/vlan=200/vlan=300/; s/max_tx_rate=50/max_tx_rate=50000/' /tmp/topology.cfg > /etc/vfyard/topology.cfg
	want_rc 1 vfyard apply
	says "net0/4 \($(bdf_of 0/4)\): "
	host_state > /tmp/now
	holds "the host is as before" diff /tmp/applied /tmp/now
	sed 's/vlan=200/vlan=300/; s/max_tx_rate=50/max_tx_rate=50000/; s/^version/on_error = "stop"\nversion/' \
		/tmp/topology.cfg > /etc/vfyard/topology.cfg
	want_rc 6 vfyard apply
	says "these steps stay: set net0/3"
	vf_says 0/3 "vlan 300"
	cp /tmp/topology.cfg /etc/vfyard/topology.cfg
	must vfyard apply
	host_state > /tmp/now
	holds "the host is as before" diff /tmp/applied /tmp/now

	step "a rate waits for the PF's link, not for one that nobody brings up"
	local eth
	eth=$(pf_if 1)
	sed 's|net1/0: mac=|net1/0: max_tx_rate=50, mac=|' /tmp/topology.cfg > /etc/vfyard/topology.cfg
	ip link set "$eth" down
	want_rc 1 vfyard apply
	says "net1/0 .*$eth has no link, .* run: ip link set $eth up"
	host_state > /tmp/now
	holds "the host is as before" diff /tmp/applied /tmp/now
	ip link set "$eth" up
	must vfyard apply
	vf_says 1/0 "max_tx_rate 50Mbps"
	ip link set "$eth" vf 0 max_tx_rate 0
	cp /tmp/topology.cfg /etc/vfyard/topology.cfg
	host_state > /tmp/now
	holds "the host is as before" diff /tmp/applied /tmp/now

	step "the host's own way out"
	sed -i 's/numvfs=3/numvfs=4/' /etc/vfyard/topology.cfg
	vfyard pci-assignable-remove -r net1/0-1
	local way
	for way in "via 10.0.1.9 dev $eth" "via 10.0.1.9 dev $eth table 100" \
		"nexthop via 10.0.0.9 dev $(pf_if 0) nexthop via 10.0.1.9 dev $eth"; do
		# shellcheck disable=SC2086
		must ip route add default $way
		want_rc 4 vfyard apply
		says "$eth carries the default route"
		# shellcheck disable=SC2086
		ip route del default $way
	done
	cp /tmp/topology.cfg /etc/vfyard/topology.cfg
	must vfyard apply

	step "no room for journal or memory: nothing is begun"
	ip link set "$(pf_if 0)" vf 3 vlan 7
	host_state > /tmp/drifted
	mount -t tmpfs -o ro none /var/lib/vfyard
	want_rc 1 vfyard apply
	says "/var/lib/vfyard/state.json: write: Read-only file system; mount it writable"
	umount /var/lib/vfyard
	mount -t tmpfs -o size=4k none /run/vfyard
	head -c 4096 /dev/zero > /run/vfyard/full
	want_rc 1 vfyard apply
	says "/run/vfyard/journal: write: No space left on device; free some space there"
	umount /run/vfyard
	host_state > /tmp/now
	holds "nothing was changed" diff /tmp/drifted /tmp/now
	must vfyard apply

	step "two runs at once"
	ip link set "$(pf_if 0)" vf 3 vlan 7
	# the first run is slow while it has the lock
	strace -f --seccomp-bpf -qq -o /tmp/strace -e trace=fsync -e inject=fsync:delay_enter=8000000:when=2 vfyard apply &
	local first=$! holder
	soon 10 "the first has the lock" grep -q "^[0-9]* vfyard apply" /run/vfyard/lock
	holder=$(cut -d' ' -f1 /run/vfyard/lock)
	want_rc 5 vfyard --timeout 1 apply
	says "held by process $holder \(vfyard apply\)"
	must vfyard --timeout 60 apply # waits, and finds it done
	prints "nothing to do"
	wait "$first"
	must vfyard status
}

# apply_release: releases one domain, then everything.
apply_release() {
	step "release web1: its VFs come out, the rest stays"
	transcript 0 vfyard release --yes web1
	same "$(state_of 0/0), $(state_of 0/2)" "host null, host null" "states"
	same "$(numbers)" "7 1 3 0" "numvfs and autoprobe"
	soon 60 "the guest has no VF" guest_bound_n web1 0
	must vfyard apply
	beats web1 0.1 90

	step "release: all as it was"
	transcript 0 vfyard release --yes
	host_state > /tmp/now
	holds "the host is as before" diff /tmp/before /tmp/now
	same "$(jq -c '[(.pfs | length), (.vfs | length)]' /var/lib/vfyard/state.json)" "[0,0]" "what is remembered"
	must vfyard release --yes
	prints "nothing to do"

	step "release does not stop at a value that the PF's driver refuses"
	local eth
	eth=$(pf_if 1)
	topology | sed 's|^domain.*|vf = [ "net1/0: max_tx_rate=80, driver=assign" ]|; s/numvfs=7/numvfs=2/; /net0:/d' > /etc/vfyard/topology.cfg
	echo 2 > "$(pf_dir 1)/sriov_numvfs"
	soon 30 "a rate on a PF with a link" ip link set "$eth" vf 0 max_tx_rate 50
	must vfyard apply
	vf_says 1/0 "max_tx_rate 80Mbps"
	ip link set "$eth" down # igb takes no rates then
	transcript 6 vfyard --timeout 10 release --yes
	says "net1/0 .*max_tx_rate=50"
	same "$(drivers 1/0 1/1)" "igbvf igbvf" "drivers"
	ip link set "$eth" up
	transcript 0 vfyard --timeout 60 release --yes net1/0
	vf_says 1/0 "max_tx_rate 50Mbps"
	must vfyard release --yes
	prints "nothing to do"
	send_file "$LAB_KIND-apply.txt" /tmp/transcript
}
