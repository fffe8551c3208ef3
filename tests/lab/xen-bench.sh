# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: by hand
# lab: LAB_TIME=900
# What one apply costs, compared with a loop of xl commands, in one boot (make bench): 14 VFs with
# igbvf are made assignable, and 4 of them are attached to a running PV guest. Both ways of a round
# start from the same state, take turns in going first, and end in the same state; all of this is
# checked with xl. Round trips are requests to xenstored, and strace counts them in runs of their
# own: messages to its socket begin with a header of 16 bytes (xen/include/public/io/xs_wire.h,
# struct xsd_sockmsg). Both are timed until the guest's side of the fourth VF is connected, because
# apply ends then, but xl ends earlier.

rounds=3
declare -A ms trips

step "14 VFs with igbvf, and a PV guest"
make_vfs 0 7 1 0
make_vfs 1 7 1 0
all=()
for v in {0,1}/{0..6}; do all+=("$(bdf_of "$v")"); done
four=("${all[@]:0:4}")
topology 'vf = [ "net0/*: driver=assign", "net1/*: driver=assign" ]' \
	'domain = [ [ "web1", "xen: type=pv", "net0/0-3" ] ]' > /etc/vfyard/topology.cfg
pv_cfg web1 'e820_host = 1' 'passthrough = "enabled"' > /tmp/web1.cfg
must xl create -q /tmp/web1.cfg
follow web1
wait_guest web1 'GUEST up' 90
want_rc 3 vfyard plan

with_vfyard() { vfyard apply; }
with_xl() {
	local d
	for d in "${all[@]}"; do xl pci-assignable-add "$d" || return 1; done
	for d in "${four[@]}"; do xl pci-attach web1 "$d" || return 1; done
	until [ "$(backend web1 state) $(backend web1 state-3)" = "4 3" ]; do sleep 0.1; done
}

at_start() {
	same "$(xl_assignable)" "" "assignable at the start"
	same "$(drivers_of)" "14 igbvf" "drivers at the start"
}
drivers_of() { for v in {0,1}/{0..6}; do driver_of "$v"; done | sort | uniq -c | sed 's/^ *//' | paste -sd,; }
at_end() {
	soon 30 "four VFs are attached" eval '[ "$(xl_attached web1)" = "$(printf "%s\n" "${four[@]}" | sort | paste -sd" ")" ]'
	same "$(xl_assignable | wc -w)" 10 "assignable at the end"
	soon 60 "the guest has four VFs" guest_bound_n web1 4
	local d
	for d in "${four[@]}"; do xl pci-detach web1 "$d" || bad "xl pci-detach $d"; done
	for d in "${all[@]}"; do xl pci-assignable-remove -r "$d" > /dev/null 2>&1 || true; done
	for d in "${all[@]}"; do
		[ -e "$DEVICES/$d/driver" ] || echo "$d" > /sys/bus/pci/drivers/igbvf/bind
	done
	rm -f /var/lib/vfyard/state.json
	soon 30 "the guest has none" guest_bound_n web1 0
}

# timed KEY: puts the milliseconds of with_KEY into ms[KEY]
timed() {
	local t=${EPOCHREALTIME/./}
	"with_$1" > /tmp/out 2> /tmp/err || bad "$1: exit status $?: $(cat /tmp/err)"
	ms[$1]+="$(((${EPOCHREALTIME/./} - t) / 1000)) "
	echo "$1: ${ms[$1]}"
}

# counted KEY: puts the number of requests to xenstored into trips[KEY]
counted() {
	local d
	: > /tmp/strace
	case $1 in
	vfyard) traced vfyard apply ;;
	xl)
		for d in "${all[@]}"; do traced xl pci-assignable-add "$d"; done
		for d in "${four[@]}"; do traced xl pci-attach web1 "$d"; done
		;;
	esac
	trips[$1]=$(grep -cE 'write\([0-9]+, "\\[0-9a-z]+\\0\\0\\0.*, 16\) += 16$' /tmp/strace)
}
traced() { strace -f -qq -A -o /tmp/strace -e trace=write "$@" > /tmp/out 2>&1 || bad "$* under strace: $(tail -3 /tmp/out)"; }

step "$rounds rounds of each"
for ((i = 0; i < rounds; i++)); do
	for way in $([ $((i % 2)) = 0 ] && echo vfyard xl || echo xl vfyard); do
		at_start
		timed $way
		at_end
	done
done
step "round trips"
for way in vfyard xl; do
	at_start
	counted $way
	at_end
done

median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }
hundredths() { printf '%d.%02d' $(($1 / 100)) $(($1 % 100)); }
read -ra one <<< "${ms[vfyard]}"
read -ra many <<< "${ms[xl]}"
r=()
for ((i = 0; i < rounds; i++)); do r+=($((many[i] * 100 / one[i]))); done
note "14 VFs assignable, 4 attached: one vfyard apply $(median "${one[@]}") ms, loop of xl $(median "${many[@]}") ms: $(hundredths "$(median "${r[@]}")") times" \
	"(rounds: $(for i in "${r[@]}"; do hundredths "$i"; echo; done | paste -sd' '))"
note "requests to xenstored: vfyard ${trips[vfyard]}, xl ${trips[xl]}: $(hundredths $((trips[xl] * 100 / trips[vfyard]))) times"
holds "both were counted" [ "${trips[vfyard]}" -gt 20 ]
