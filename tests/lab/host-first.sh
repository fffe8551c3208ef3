# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The first ten minutes of somebody who has a host and no topology, alike on both hypervisors: doctor, list, import, edit,
# plan, apply, a guest, why not, import of what runs, release. All of it goes out as $LAB_KIND-first.txt.

TOPOLOGY=/etc/vfyard/topology.cfg

# here WANTED CMD...: want_rc, and kept for the transcript
here() {
	local want=$1
	shift
	want_rc "$want" "$@"
	{ echo "# $*"; cat /tmp/out /tmp/err; [ "$want" = 0 ] || echo "(exit status $rc)"; echo; } >> /tmp/transcript
}

# imported WHEN: what import says of this host passes check without an error, and its plan is empty.
imported() {
	here 0 vfyard import
	cp /tmp/out /tmp/imported.cfg
	must vfyard -C /tmp/imported.cfg check
	must vfyard -C /tmp/imported.cfg plan
	prints "^nothing to do|^in sync|^0 steps"
	note "the import $1 has $(grep -c . /tmp/imported.cfg) lines, and its plan is empty"
}

# first_start: a host with two PFs and nothing else.
first_start() {
	pf_up 0
	pf_up 1
	rm -f "$TOPOLOGY"
	host_state > /tmp/before
	: > /tmp/transcript

	step "a newcomer looks"
	want_rc 2 vfyard plan
	says "vfyard import > $TOPOLOGY"
	here 0 vfyard doctor
	prints "$(pf_if 0) \($(pf_bdf 0)\).* igb, 0 of 7 VFs"
	lacks " problem "
	here 0 vfyard list
	prints "$(pf_bdf 0)"
	host_state > /tmp/now
	holds "nothing was changed" diff /tmp/before /tmp/now

	step "import writes what there is"
	imported "of a host without VFs"
	cp /tmp/imported.cfg "$TOPOLOGY"
	pf0=$(vfyard list --json | jq -r ".pfs[] | select(.bdf == \"$(pf_bdf 0)\").name")
	note "it calls the first PF $pf0"
}

# first_apply: two lines are edited, and apply makes it so.
first_apply() {
	step "edit, plan, apply"
	{ echo 'version = 1'
	  echo "pf = [ \"$pf0: bdf=$(pf_bdf 0), numvfs=4\" ]"
	  echo "vf = [ \"$pf0/0: mac=02:76:66:00:00:00\", \"$pf0/1: mac=02:76:66:00:00:01\" ]"
	  echo "domain = [ [ \"web1\", \"xen: type=pv\", \"kvm: qmp=/run/web1.qmp, spare=1\", \"$pf0/0\" ] ]"
	} > "$TOPOLOGY"
	here 0 vfyard check
	here 3 vfyard plan
	prints "numvfs $pf0 \($(pf_bdf 0)\): 0 -> 4"
	here 0 vfyard apply
	here 0 vfyard status
	here 0 vfyard doctor "$pf0/0"
}

# first_why: the guest has the VF.
first_why() {
	beats web1 0.0 60
	step "why can it not be given: doctor answers, and names who has it"
	here 4 vfyard doctor "$pf0/0"
	prints "web1"
	want_rc 4 vfyard pci-assignable-remove "$pf0/0"
	here 0 vfyard doctor web1
	here 0 vfyard status
	step "import of what runs"
	imported "of a host whose guest has a VF"
	holds "the guest and its VF are in it" grep -qE "web1.*$pf0/0|\"$pf0/0" /tmp/imported.cfg
	beats web1 0.0 60
}

# trial_is_over: what nobody confirmed is undone.
trial_is_over() { vfyard status 2>&1 | grep -q 'numvfs is 4, wanted 5'; }

# first_end: release, and the host is as it was.
first_end() {
	step "apply --confirm: one that nobody confirms is undone, one that somebody confirms stays"
	sed -i 's/numvfs=4/numvfs=5/' "$TOPOLOGY"
	here 0 vfyard apply --confirm 5
	same "$(cat "$(pf_dir 0)/sriov_numvfs")" 5 "VFs on trial"
	soon 60 "it is undone" trial_is_over
	same "$(cat "$(pf_dir 0)/sriov_numvfs")" 4 "VFs when nobody confirmed"
	here 0 vfyard set "$pf0/3" vlan=7
	here 0 vfyard set --confirm 600 "$pf0/3" vlan=8
	here 0 vfyard confirm
	same "$(ip link show "$(pf_if 0)" | grep -cE 'vf 3 .*vlan 8')" 1 "the VLAN that was confirmed"
	step "release"
	here 0 vfyard release
	host_state > /tmp/after
	holds "the host is as before" diff /tmp/before /tmp/after
	send_file "$LAB_HOST-first.txt" /tmp/transcript
}
