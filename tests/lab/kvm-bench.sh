# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: by hand
# lab: LAB_NPF=6
# lab: LAB_TIME=900
# How long a batch takes, compared with a loop of single commands, in one boot (make bench). Both
# ways of a round start from the same state, take turns in going first, and end in the same state;
# all of this is checked. Figures are medians, and a ratio is the median of the ratios round by
# round.
#   bind	42 VFs to vfio-pci: one vfyard pci-assignable-add, or driverctl --nosave set-override for each
#   attach	31 VFs to a QEMU with 31 free ports whose guest has not started (-S): one vfyard pci-attach, or one for each VF

rounds=3
declare -A ms

# timed KEY CMD: puts the milliseconds into ms[KEY]; makes no transcript, because the console is
# slow.
timed() {
	local t=${EPOCHREALTIME/./}
	"$2" > /tmp/out 2> /tmp/err || bad "$2: exit status $?: $(cat /tmp/err)"
	ms[$1]+="$(((${EPOCHREALTIME/./} - t) / 1000)) "
	echo "$1: ${ms[$1]}"
}

# compare KEY BEGIN END ONE MANY: times ONE and MANY in turn; BEGIN and END check, and END cleans
# up.
compare() {
	local i way
	for ((i = 0; i < rounds; i++)); do
		for way in $([ $((i % 2)) = 0 ] && echo one many || echo many one); do
			"$2"
			case $way in
			one) timed "$1-one" "$4" ;;
			many) timed "$1-many" "$5" ;;
			esac
			"$3"
		done
	done
}

median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }
hundredths() { printf '%d.%02d' $(($1 / 100)) $(($1 % 100)); }

# tell_pair KEY TEXT ONE MANY: prints the figures.
tell_pair() {
	local i one many r=()
	read -ra one <<< "${ms[$1-one]}"
	read -ra many <<< "${ms[$1-many]}"
	for ((i = 0; i < rounds; i++)); do r+=($((many[i] * 100 / one[i]))); done
	note "$2: $3 $(median "${one[@]}") ms, $4 $(median "${many[@]}") ms: $(hundredths "$(median "${r[@]}")") times" \
		"(rounds: $(for i in "${r[@]}"; do hundredths "$i"; echo; done | paste -sd' '))"
}

step "6 PFs with 42 VFs, without driver"
for p in 0 1 2 3 4 5; do make_vfs $p 7 0 0; done
all=()
for v in {0..5}/{0..6}; do all+=("$(bdf_of "$v")"); done
topology 'domain = [ [ "web1", "xen: type=pv", "kvm: qmp=/run/web1.qmp, machine=q35",' \
	'"net0/*", "net1/*", "net2/*", "net3/*", "net4/0-2" ] ]' > /etc/vfyard/topology.cfg
must vfyard list
like_driverctl 42

# having DRIVER OVERRIDE: how many VFs have these, according to sysfs.
having() {
	local b d o n=0
	for b in "${all[@]}"; do
		d=$(readlink "$DEVICES/$b/driver") || d=none
		o=$(< "$DEVICES/$b/driver_override")
		[ "${d##*/} $o" != "$1 $2" ] || n=$((n + 1))
	done
	echo $n
}
# put_back: puts the VFs back; by vfyard when vfyard took them, because otherwise it would still
# remember them.
put_back() {
	local b
	if [ "$way" = one ]; then
		must vfyard pci-assignable-remove -r "${all[@]}"
		return
	fi
	for b in "${all[@]}"; do
		echo "$b" > "$DEVICES/$b/driver/unbind"
		echo > "$DEVICES/$b/driver_override"
		echo "$b" > /sys/bus/pci/drivers_probe
	done
}
by_vfyard() { vfyard pci-assignable-add "${all[@]}"; }
by_driverctl() {
	local b
	for b in "${all[@]}"; do driverctl --nosave set-override "$b" vfio-pci || return; done
}
unbound() { same "$(having none '(null)')" 42 "VFs without driver and override"; }
on_igbvf() { same "$(having igbvf '(null)')" 42 "VFs with igbvf and without override"; }
bound() {
	same "$(having vfio-pci vfio-pci)" 42 "VFs with vfio-pci, after $way"
	put_back
}

step "bind of 42 VFs without driver, autoprobe=0"
compare bind unbound bound by_vfyard by_driverctl
tell_pair bind "42 VFs without driver to vfio-pci" "one vfyard pci-assignable-add" "a loop of driverctl set-override"

step "bind of 42 VFs from igbvf"
for p in 0 1 2 3 4 5; do echo 1 > "$(pf_dir $p)/sriov_drivers_autoprobe"; done
for b in "${all[@]}"; do echo "$b" > /sys/bus/pci/drivers_probe; done
compare rebind on_igbvf bound by_vfyard by_driverctl
tell_pair rebind "42 VFs from igbvf to vfio-pci" "one vfyard pci-assignable-add" "a loop of driverctl set-override"

step "attach of 31 VFs"
must vfyard pci-assignable-add "${all[@]}"
like_driverctl 42
some=("${all[@]:0:31}")
ports=()
for ((i = 0; i < 31; i++)); do
	ports+=(-device "pcie-root-port,id=vfrp$i,chassis=$((i + 1)),slot=$((i + 1)),addr=0x$((2 + i / 8)).$((i % 8)),multifunction=on")
done
# ask JSON: prints an answer of the monitor
ask() { (echo '{"execute":"qmp_capabilities"}' "$1"; sleep 1) | socat - UNIX-CONNECT:/run/web1.qmp; }
guest_has() {
	ask '{"execute":"qom-list","arguments":{"path":"/machine/peripheral"}}' | grep -o 'child<vfio-pci>' | grep -c .
}
empty_guest() {
	rm -f /run/web1.qmp
	qemu-system-x86_64 -accel kvm -cpu qemu64 -machine q35,kernel-irqchip=split -m 192 -nodefaults -display none -S \
		-name web1 -qmp unix:/run/web1.qmp,server=on,wait=off "${ports[@]}" > /tmp/web1.qemu 2>&1 &
	qemu_pid=$!
	soon 30 "its monitor is there" test -S /run/web1.qmp
	same "$(guest_has)" 0 "VFs that the empty guest has"
}
full_guest() {
	same "$(guest_has)" 31 "VFs that QEMU has, after $way"
	kill "$qemu_pid"
	wait "$qemu_pid"
	same "$(having vfio-pci vfio-pci)" 42 "VFs with vfio-pci"
}
at_once() { vfyard pci-attach web1 "${some[@]}"; }
one_by_one() {
	local b
	for b in "${some[@]}"; do vfyard pci-attach web1 "$b" || return; done
}
compare attach empty_guest full_guest at_once one_by_one
tell_pair attach "31 VFs into a QEMU started with -S" "one vfyard pci-attach" "a loop of single ones"
