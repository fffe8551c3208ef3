# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The common part of xen-both.sh and kvm-both.sh, which is everything except the start of the guest:
# both.cfg as it is, the same commands, and the guest's own word for which VFs it has. The guest
# tells a VF by its admin MAC (guest-loop), so this set does not come from anything that vfyard
# said.

# asked: prints domain web1's devices as the topology writes them: net0/0-2 net1/4
asked() { sed '/^domain/,/^]/!d' /etc/vfyard/topology.cfg | grep -oE '"net[0-9]+/[0-9-]+' | tr -d '"' | paste -sd' '; }

# one_by_one PF/A-B...: prints every one of these VFs on a line of its own, sorted.
one_by_one() {
	local d i range
	for d; do
		range=${d#*/}
		for ((i = ${range%-*}; i <= ${range#*-}; i++)); do echo "${d%/*}/$i"; done
	done | sort
}

# guest_set: prints the VFs that web1 has as network interfaces, in the same form; a MAC that is not
# an admin MAC is printed as it is.
guest_set() {
	local mac p i
	tr -d '\r' < "$(guest_log web1)" | sed -n 's/^GUEST net [^ ]* mac=\([^ ]*\) .*/\1/p' | while read -r mac; do
		IFS=: read -r p i <<< "${mac#02:76:66:00:}"
		case $mac in
		02:76:66:00:*) echo "net$((16#$p))/$((16#$i))" ;;
		*) echo "$mac" ;;
		esac
	done | sort
}
guest_set_is() { [ "$(guest_set)" = "$1" ]; }

# guest_pings SET: in the last turn the guest reached the PF of each of these VFs.
guest_pings() {
	[ "$(tr -d '\r' < "$(guest_log web1)" | sed -n 's/^GUEST beat [0-9]* //p' | tail -1 | tr ' ' '\n' | sort)" = \
		"$(sed 's/^net//; s|/|.|; s/$/=ok/' <<< "$1" | sort)" ]
}

# both_before: installs the topology, makes the VFs, and makes those of web1 assignable.
both_before() {
	step "VFs of two PFs, and both.cfg as it is"
	cp /lab/both.cfg /etc/vfyard/topology.cfg
	make_vfs 0 3 0
	make_vfs 1 5 0
	must vfyard check
	step "pci-assignable-add of web1's VFs"
	local -a devices
	read -ra devices <<< "$(asked)"
	wanted=$(one_by_one "${devices[@]}")
	note "both.cfg asks for ${devices[*]}"
	must vfyard pci-assignable-add "${devices[@]}"
	same "$(list_of '.pfs[] | .name as $n | .vfs[] | select(.state == "assignable") | "\($n)/\(.index)"')" \
		"$(paste -sd' ' <<< "$wanted")" "assignable VFs"
}

# both_after: checks what the started guest has, and sends it out as $LAB_KIND-web1.vfs for same.sh.
both_after() {
	step "web1 has the VFs of both.cfg"
	wait_guest web1 'GUEST up' 120
	soon 90 "the guest's VFs are those of the topology" guest_set_is "$wanted"
	guest_set > /tmp/web1.vfs
	send_file "$LAB_HOST-web1.vfs" /tmp/web1.vfs
	same "$(cat /tmp/web1.vfs)" "$wanted" "the guest's VFs"
	holds "every VF's driver has an interface" guest_bound_n web1 "$(wc -l < /tmp/web1.vfs)"
	soon 60 "each VF pings its PF" guest_pings "$wanted"
	same "$(list_of '.pfs[] | .name as $n | .vfs[] | select(.state == "attached" and .domain == "web1") | "\($n)/\(.index)"')" \
		"$(paste -sd' ' /tmp/web1.vfs)" "attached VFs as the host lists them"
}
