#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every mode and machine of the port planner, realised by a real qemu-system-x86_64 and -aarch64
# that is started but not run, and read back over QMP: each device is alone on its port, spare ports
# are free and good for hot plug, chassis and slots are unique. Stand-ins take the place of the VFs,
# which a host without VFIO does not have: virtio-rng-pci, and for big machines pvpanic-pci, which
# has a single BAR and is therefore realised five times faster.
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
v=$PWD/build/vfyard
vfs=256
mkdir "$tmp/host"
pf=$(build/tests/gen_tree -p 1 -v $vfs "$tmp/host") || exit 1

# render FILE FORMAT MACHINE MODE N SPARE [OPTION...]: renders one domain with N VFs.
render() {
	local file=$1 format=$2 machine=$3 mode=$4 n=$5 spare=$6
	shift 6
	cat > "$file.json" <<-T
	{"version": 1, "pf": [{"name": "p", "bdf": "$pf"}], "domain": [{"name": "web1",
	 "kvm": {"machine": "$machine", "ports": "$mode", "spare": $spare, "qmp": "$file.qmp"},
	 "devices": [{"pf": "p", "index": "0-$((n - 1))"}]}]}
	T
	"$v" -q --root "$tmp/host" -C "$file.json" render "$@" "$format" web1
}

# slots_host DIR N: a host with N slots that have functions 0 and 1.
slots_host() {
	local i fn bdf d
	mkdir -p "$1/sys/bus/pci/devices"
	for ((i = 0; i < $2; i++)); do
		for fn in 0 1; do
			printf -v bdf '0000:%02x:%02x.%d' $((0x20 + i / 32)) $((i % 32)) $fn
			d=$1/sys/devices/pci0000:20/$bdf
			mkdir -p "$d"
			echo 0x030000 > "$d/class"
			echo 0x8086 > "$d/vendor"
			echo 0x1234 > "$d/device"
			ln -s "../../../devices/pci0000:20/$bdf" "$1/sys/bus/pci/devices/$bdf"
		done
	done
}

# render_slots FILE MACHINE MODE N SPARE: one domain with both functions of N slots.
render_slots() {
	local i devs='' has=''
	for ((i = 0; i < $4; i++)); do
		printf -v devs '%s%s{"name": "d%d", "bdf": "0000:%02x:%02x.0", "functions": "all"}' "$devs" "${devs:+, }" \
			"$i" $((0x20 + i / 32)) $((i % 32))
		has+="${has:+, }{\"dev\": \"d$i\"}"
	done
	cat > "$1.json" <<-T
	{"version": 1, "dev": [$devs], "domain": [{"name": "web1",
	 "kvm": {"machine": "$2", "ports": "$3", "spare": $5}, "devices": [$has]}]}
	T
	"$v" -q --root "$tmp/slots" -C "$1.json" render qemu web1
}

# stand_in MODEL: puts devices of MODEL in the place of the VFs.
stand_in() {
	sed -e "s/^-device vfio-pci,\(id=[^,]*\),host=[^,]*/-device $1,\1/" \
		-e "s/^  driver = \"vfio-pci\"/  driver = \"$1\"/" -e '/^  host = /d'
}

# check NAME DEVICES SPARE MODEL ARGS QEMU...: prints one line, which begins with "ok" or "not ok".
check() {
	local name=$1 n=$2 spare=$3 model=$4 out
	shift 4
	if out=$(python3 tests/qemu_ports.py "$model" "$n" "$spare" "$@" 2>&1); then
		echo "ok: $name: ${out##*$'\n'}"
	else
		echo "not ok: $name: $out"
	fi
}

# machine QEMU MACHINE: checks all modes of one machine.
machine() {
	local qemu=$1 machine=$2 mode n spare model f=$tmp/$2 max
	local -a bare=("$qemu" -S -nodefaults -display none -accel tcg -machine "$machine")
	for mode in auto root-ports switch; do
		case $machine-$mode in
		*-auto) max=253 ;;
		*-switch) max=239 ;;
		q35-root-ports) max=240 ;;
		virt-root-ports) max=248 ;;
		esac
		for n in 1 8 31 40 64 $max; do
			spare=$((n == max ? 0 : 2))
			model=$([ "$n" -gt 40 ] && echo pvpanic-pci || echo virtio-rng-pci)
			render "$f" qemu "$machine" $mode "$n" $spare | stand_in "$model" > "$f.args"
			check "$machine $mode $n+$spare" "$n" $spare "$model" "$f.args" "${bare[@]}"
		done
	done
	# Functions of a slot share a port, so that the walls are those of slots.
	for n in auto:31 auto:33 switch:32 auto:253; do
		mode=${n%:*} n=${n#*:}
		spare=$((n == 253 ? 0 : 2))
		render_slots "$f" "$machine" "$mode" "$n" $spare | stand_in pvpanic-pci > "$f.args"
		check "$machine $mode ${n}x2+$spare" "${n}x2" $spare pvpanic-pci "$f.args" "${bare[@]}"
	done
	render "$f" readconfig "$machine" switch 40 1 | stand_in virtio-rng-pci > "$f.cfg"
	echo "-readconfig $f.cfg" > "$f.args"
	check "$machine readconfig 40+1" 40 1 virtio-rng-pci "$f.args" "${bare[@]}"
	# As printed, except for KVM, because what a container calls /dev/kvm may not work.
	render "$f" qemu "$machine" auto 3 1 --with-machine | stand_in virtio-rng-pci |
		grep -vx -e '-accel kvm' > "$f.args"
	check "$machine --with-machine 3+1" 3 1 virtio-rng-pci "$f.args" "$qemu" -S
}

slots_host "$tmp/slots" 253
machine qemu-system-aarch64 virt > "$tmp/virt.out" &
machine qemu-system-x86_64 q35 > "$tmp/q35.out"
wait $!
cat "$tmp/q35.out" "$tmp/virt.out"
pass=$(cat "$tmp"/*.out | grep -c '^ok: ')
fail=$(cat "$tmp"/*.out | grep -c '^not ok: ')
# 6 numbers in 3 modes, 4 of slots, a file and a whole machine, on 2 machines
[ $((pass + fail)) = 48 ] || fail=$((fail + 1))
printf 'ports in real QEMU: %d passed, %d failed\n' "$pass" "$fail"
[ "$fail" -eq 0 ]
