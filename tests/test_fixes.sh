#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Advice is code: the command line accepts every command of our own that a message says to run.
set -u
cd "$(dirname "$0")/.." || exit 1
v=$PWD/build/vfyard
pass=0
fail=0

# commands: prints the commands in the strings of the sources, joined as the compiler joins them,
# with a word for each value.
commands() {
	find src -name '*.c' -exec cat {} + | tr '\n\t' '  ' | sed 's/" *"//g' | grep -o '"[^"]*"' | grep -o 'vfyard -*[a-z][^";|]*' |
		sed "s/%\(\.\*\)\{0,1\}[a-z]*[sux]/x/g; s/'//g; s/\$(//g; s/[,.)].*//; s/ as it .*//; s/ prints.*//; s/, *$//; s/ or .*//; s/ shows .*//" | sort -u
}

# This is a here-document and not <(...), which needs /dev/fd: a root folder without /proc has none.
while read -r line; do
	read -ra words <<< "$line"
	# A sentence about the program is not a command, nor is a line that explains one ("render:
	# makes text").
	"$v" --help | grep -q "^  ${words[1]} \|^  -., ${words[1]}" || [[ ${words[1]} == -* ]] || continue
	if "$v" "${words[@]:1}" --help > /dev/null 2>&1; then pass=$((pass + 1)); else
		fail=$((fail + 1))
		echo "not ok: a message says to run: $line: $("$v" "${words[@]:1}" --help 2>&1 | head -n 1)"
	fi
done <<< "$(commands)"

# What the guard's sentence says to add for a whole function is understood, by the name that the sentence has.
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
sh tests/untree.sh tests/hosts/kvm-host.tree "$tmp/root"
echo 1 > "$tmp/root/sys/bus/pci/devices/0000:04:00.0/boot_vga"
printf 'version = 1\ndev = [ "card: bdf=04:00.0", "chip: bdf=00:1f.2, functions=all" ]\ndomain = [ [ "web1", "card", "chip" ] ]\n' > "$tmp/t.cfg"
guard() { "$v" --root "$tmp/root" -C "$tmp/t.cfg" "$@" > "$tmp/out" 2>&1; }
try() {	# try STATUS WORDS ARGS...
	local want=$1 said=$2 rc=0
	shift 2
	guard "$@" || rc=$?
	if [ $rc = "$want" ] && grep -qF -- "$said" "$tmp/out"; then pass=$((pass + 1)); else
		fail=$((fail + 1))
		echo "not ok: $*: exit $rc, wanted $want and '$said': $(cat "$tmp/out")"
	fi
}
try 4 'add --force card' plan
try 3 'overridden by --force' --force card plan
try 3 'assign chip/1 (0000:00:1f.3)' --force card --force chip/1 plan
try 2 "no PF, VF or domain 'chip/9'" --force chip/9 plan
try 3 'overridden by --force' --force 04:00.0 plan
[ "$pass" -ge 15 ] || { fail=$((fail + 1)); echo "not ok: only $pass commands were found in the messages"; }
echo "fixes: $pass passed, $fail failed"
[ "$fail" = 0 ]
