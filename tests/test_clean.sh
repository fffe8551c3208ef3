#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Names from hostile places: guests, monitors, drivers, network devices, identifiers and topology
# files of a captured host have control sequences, C1 controls and bytes that are not text. No
# command prints any of them, and every JSON document is valid.
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
v=$PWD/build/vfyard
pass=0
fail=0

no() { fail=$((fail + 1)); echo "not ok: $*" | cat -v; }

# clean RC... -- ARGS: the exit status is one of those, and neither stream has anything that a
# terminal obeys.
clean() {
	local codes=
	while [ "$1" != -- ]; do codes="$codes $1 "; shift; done
	shift
	"$v" "$@" > "$tmp/out" 2> "$tmp/err" < /dev/null
	local rc=$?
	case $codes in *" $rc "*) ;; *) no "vfyard $* exits $rc: $(tail -n 1 "$tmp/err" | cat -v)"; return 1 ;; esac
	if LC_ALL=C grep -aP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' "$tmp/out" "$tmp/err" > "$tmp/raw"; then
		no "vfyard $*: $(head -n 1 "$tmp/raw" | cat -v)"
		return 1
	fi
	if ! python3 -c 'import sys; [open(f, "rb").read().decode() for f in sys.argv[1:]]' "$tmp/out" "$tmp/err" 2> /dev/null; then
		no "vfyard $* prints what is not UTF-8"
		return 1
	fi
	pass=$((pass + 1))
}

# json ARGS: the same, and the output is one JSON document.
json() {
	clean "$@" --json || return
	if python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$tmp/out" 2> /dev/null; then pass=$((pass + 1)); else
		no "vfyard ${*} --json is no document: $(head -c 100 "$tmp/out") $(tail -n 1 "$tmp/err")"
	fi
}

has() { if LC_ALL=C grep -aqF -- "$1" "$tmp/out" "$tmp/err"; then pass=$((pass + 1)); else no "'$1' is not shown: $2"; fi; }

n=0
# host NAME: makes a captured host in which everything has that name
host() {
	n=$((n + 1))
	cp tests/hosts/kvm-host.tree "$tmp/h.tree"
	printf '%s\n' "proc/4242/cmdline=qemu-system-x86_64\\0-name\\0w$1\\0-qmp\\0unix:/run/w.qmp\\0" \
		'proc/4242/comm=qemu-system-x86' 'proc/4242/fd/7 -> /dev/vfio/16' \
		"vfyard/qmp=/run/w.qmp query-name {} {\"return\":{\"name\":\"w\"}}" > "$tmp/more"
	cat "$tmp/h.tree" "$tmp/more" > "$tmp/all.tree"
	root=$tmp/root$n
	sh tests/untree.sh "$tmp/all.tree" "$root" || no "untree"
	printf 'version = 1\npf = [ "net0: bdf=0000:01:00.0" ]\nvf = [ "net0/1: mac=02:00:00:00:00:01" ]\ndomain = [ [ "web1", "kvm: machine=q35", "net0/6" ] ]\n' \
		> "$tmp/t$n.cfg"
	raw=$(printf '%b' "$1")
	# these get the name: the PF's own driver, a VF's override and network device, the identifiers of the card
	mkdir -p "$root/usr/share/misc"
	printf '8086  Intel%s\n\t10c9  Card%s\n' "$raw" "$raw" > "$root/usr/share/misc/pci.ids"
	printf '%s\n' "ov$raw" > "$root/sys/bus/pci/devices/0000:01:11.4/driver_override"
	ln -sfn "../../../bus/pci/drivers/dr$raw" "$root/sys/bus/pci/devices/0000:01:10.2/driver"
	mkdir -p "$root/sys/bus/pci/devices/0000:01:10.4/net/n$raw" 2> /dev/null
	printf 'x%s\n' "$raw" > "$root/sys/bus/pci/devices/0000:02:00.0/sriov_drivers_autoprobe"
}

for name in '\033]0;pwned\007\033[2J' '\302\2332J' '\377\200' '\302'; do
	host "$name"
	t=$tmp/t$n.cfg
	bad=$tmp/a$(printf '%b' "$name").cfg
	cp "$t" "$bad"
	clean 0 -- list --root "$root"
	has 'w?' "the guest's name ($name)"
	json 0 -- list --root "$root"
	clean 0 1 -- pci-list --root "$root"
	json 0 1 -- pci-list --root "$root"
	clean 0 1 -- pci-assignable-list -n --root "$root"
	json 0 1 -- pci-assignable-list --root "$root"
	for c in status check plan; do
		clean 1 3 4 -- $c --root "$root" -C "$t"
		clean 1 3 4 -- $c -vv --root "$root" -C "$bad"
		json 1 3 4 -- $c --root "$root" -C "$t"
		json 1 3 4 -- $c --root "$root" -C "$bad"
	done
	clean 1 2 4 -- plan --root "$root" -C "$tmp/none$(printf '%b' "$name")"
	clean 1 2 4 6 -- pci-detach -N --root "$root" "w$(printf '%b' "$name")" net0/6
	clean 0 1 2 4 6 -- release -N --root "$root" "w$(printf '%b' "$name")"
	clean 0 1 2 4 -- apply -N -y --root "$root" -C "$t"
done

# A word that the program itself cuts: it has 300 characters, and the cut is at 511 bytes.
for head in '' a; do
	printf 'version = 1\npf = [ "net0: bdf=0000:01:00.0" ]\nvf = [ "net0/0: mac=%s%s" ]\n' "$head" "$(printf '\303\251%.0s' $(seq 300))" > "$tmp/m.cfg"
	json 2 -- check --root "$root" -C "$tmp/m.cfg"
	mkdir -p "$tmp/long"
	long=$tmp/long/$head$(printf '\303\251%.0s' $(seq 60)).cfg
	printf 'version = 1\npf = [ "net0: bdf=0000:09:00.0" ]\n' > "$long"
	json 1 2 4 -- check --root "$root" -C "$long"
	clean 1 2 4 -- check --root "$root" -C "$long"
done
echo "clean: $pass passed, $fail failed"
[ "$fail" = 0 ]
