# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: by hand
# lab: LAB_NPF=6
# lab: LAB_TIME=900
# How long 42 VFs take to pciback and off it, in one boot (make bench): one vfyard command, bare
# writes one after the other, and bare writes all at once, each in a job of the shell. pciback
# resets a function when it takes it and when it loses it, and that sleeps in the kernel, so the
# last is what the kernel allows; the jobs have a cost of their own, which is told, too. The ways of
# a round take turns in going first. Figures are medians, and a ratio is the median of the ratios
# round by round. Requests to xenstored are counted in runs of their own (xen-bench.sh).

rounds=3
declare -A ms
ways=(vfyard serial once)

step "6 PFs with 42 VFs, without driver"
for p in 0 1 2 3 4 5; do make_vfs $p 7 0 0; done
all=()
for v in {0..5}/{0..6}; do all+=("$(bdf_of "$v")"); done
must vfyard list
PCIBACK=/sys/bus/pci/drivers/pciback

on() { find $PCIBACK -maxdepth 1 -name '0000:*' | wc -l; }

bind_one() { echo pciback > "$DEVICES/$1/driver_override" && echo "$1" > $PCIBACK/bind; }
unbind_one() { echo "$1" > $PCIBACK/unbind && echo > "$DEVICES/$1/driver_override"; }

add_vfyard() { vfyard pci-assignable-add "${all[@]}"; }
remove_vfyard() { vfyard pci-assignable-remove -r "${all[@]}"; }
add_serial() { local b; for b in "${all[@]}"; do bind_one "$b" || return; done; }
remove_serial() { local b; for b in "${all[@]}"; do unbind_one "$b" || return; done; }
add_once() { local b; for b in "${all[@]}"; do bind_one "$b" & done; wait; }
remove_once() { local b; for b in "${all[@]}"; do unbind_one "$b" & done; wait; }
jobs_alone() { local b; for b in "${all[@]}"; do true & done; wait; }

# timed KEY CMD: puts the milliseconds into ms[KEY]; makes no transcript, because the console is
# slow.
timed() {
	local t=${EPOCHREALTIME/./}
	"$2" > /tmp/out 2> /tmp/err || bad "$2: exit status $?: $(cat /tmp/err)"
	ms[$1]+="$(((${EPOCHREALTIME/./} - t) / 1000)) "
	echo "$1: ${ms[$1]}"
}

step "$rounds rounds of each"
for ((i = 0; i < rounds; i++)); do
	for ((k = 0; k < 3; k++)); do
		way=${ways[(i + k) % 3]}
		timed add-$way add_$way
		same "$(on)" 42 "VFs on pciback, after $way"
		timed remove-$way remove_$way
		same "$(on)" 0 "VFs on pciback, after $way"
	done
	timed jobs jobs_alone
done

# owners: how many of the VFs the hypervisor has in its quarantine
owners() { xl dmesg -c > /dev/null; xl debug-keys Q; xl dmesg | grep -cE '0000:0[1-6]:1[0-9a-f].* (DomIO|d\[IO\])'; }
step "the quarantine"
must vfyard pci-assignable-add "${all[@]}"
same "$(owners)" 42 "VFs in quarantine"
must vfyard pci-assignable-remove -r "${all[@]}"
same "$(owners)" 0 "VFs in quarantine, when they are given back"

median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }
hundredths() { printf '%d.%02d' $(($1 / 100)) $(($1 % 100)); }

# ratio_of KEY BASE: the median of the ratios round by round
ratio_of() {
	local i a b r=()
	read -ra a <<< "${ms[$1]}"
	read -ra b <<< "${ms[$2]}"
	for ((i = 0; i < rounds; i++)); do r+=($((a[i] * 100 / b[i]))); done
	hundredths "$(median "${r[@]}")"
}

# tell_way WHAT TEXT
tell_way() {
	local w text=''
	for w in "${ways[@]}"; do
		# shellcheck disable=SC2086 # one word each
		text+="$w $(median ${ms[$1-$w]}) ms, "
	done
	note "42 VFs $2: ${text%, }: vfyard $(ratio_of "$1-vfyard" "$1-serial") of one after the other, $(ratio_of "$1-vfyard" "$1-once") of all at once"
}
# shellcheck disable=SC2086 # one word each
note "42 jobs that do nothing: $(median ${ms[jobs]}) ms"
tell_way add "to pciback"
tell_way remove "off pciback"

step "requests to xenstored, and who waits"
# counted NAME CMD...: requests, and the time in system calls
counted() {
	strace -f -qq -o /tmp/strace -e trace=write "${@:2}" > /tmp/out 2>&1 || bad "$* under strace: $(tail -3 /tmp/out)"
	note "requests to xenstored for 42 VFs: $1 $(grep -cE 'write\([0-9]+, "\\[0-9a-z]+\\0\\0\\0.*, 16\) += 16$' /tmp/strace)"
}
counted "pci-assignable-add" vfyard pci-assignable-add "${all[@]}"
counted "pci-assignable-remove -r" vfyard pci-assignable-remove -r "${all[@]}"
strace -c -f -w -qq -o /tmp/strace vfyard pci-assignable-add "${all[@]}" > /tmp/out 2>&1 || bad "under strace -c"
head -12 /tmp/strace
must vfyard pci-assignable-remove -r "${all[@]}"
