#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The bash completion as bash calls it: the words of the line go in, the candidates come out, on a
# captured host.
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
pass=0
fail=0
host=$tmp/host
sh tests/untree.sh tests/hosts/kvm-host.tree "$host"
ln -s "$PWD/build/vfyard" "$tmp/vfyard"
PATH=$tmp:$PATH
cat > "$tmp/t.cfg" <<- 'EOF'
	version = 1
	pf = [ "lan: bdf=01:00.0", "wan: bdf=04:00.0" ]
	domain = [ [ "web1", "lan/0" ], [ "off2", "lan/1" ] ]
EOF
mkdir -p "$host"/proc/4200 "$host"/proc/4300
printf '%s\0' /usr/bin/qemu-system-x86_64 -name guest=db1,debug-threads=on -m 1G > "$host/proc/4200/cmdline"
printf '%s\0' /usr/bin/find / -name core > "$host/proc/4300/cmdline"

# Takes the words of a line, the last of which is being typed, and prints the candidates on one
# line.
complete_line() {
	# shellcheck disable=SC2016
	bash -c 'source docs/vfyard.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _vfyard; echo "${COMPREPLY[*]}"' complete "$@" 2> "$tmp/err"
}
# gives "CANDIDATES" WORDS...: exactly these
gives() {
	local want=$1 got
	shift
	got=$(complete_line "$@")
	if [ "$got" = "$want" ] && ! [ -s "$tmp/err" ]; then pass=$((pass + 1)); else
		fail=$((fail + 1))
		echo "not ok: $*: '$got', not '$want' $(cat "$tmp/err")"
	fi
}
# has "CANDIDATE..." WORDS...: these are among the candidates, and none is there twice.
has() {
	local want=$1 got w
	shift
	got=" $(complete_line "$@") "
	for w in $want; do
		case $got in *" $w "*" $w "*) ;; *" $w "*) pass=$((pass + 1)); continue ;; esac
		fail=$((fail + 1))
		echo "not ok: $*: '$w' is not once in: $got"
	done
}
lacks() {
	local not=$1 got w
	shift
	got=" $(complete_line "$@") "
	for w in $not; do
		case $got in *" $w "*) fail=$((fail + 1)); echo "not ok: $*: '$w' is in: $got" ;; *) pass=$((pass + 1)) ;; esac
	done
}
on=(--root "$host" -C "$tmp/t.cfg")

gives 'list' vfyard li
has 'list check render pci-assignable-add' vfyard ''
has "mac path serial bdf" vfyard import --select ""
has "xl libvirt qemu" vfyard import --from ""
has "docs" vfyard import --xl-cfg "do"
gives 'list' vfyard "${on[@]}" li
# PFs: also one without VFs, by the name that the topology of -C gives it.
gives 'lan eth1 eth2 wan' vfyard "${on[@]}" list ''
gives 'lan' vfyard --root "$host" --config "$tmp/t.cfg" list l
gives 'lan' vfyard --root = "$host" --config = "$tmp/t.cfg" list l
gives 'eth0 eth1 eth2 eth3' vfyard --root "$host" list ''
# VFs: by name, each once; by address where an address is being typed, also when the line is cut at
# the colons.
gives 'lan/0 lan/1 lan/2 lan/3 lan/4 lan/5' vfyard "${on[@]}" pci-assignable-add lan
gives 'lan/1' vfyard "${on[@]}" pci-assignable-add lan/0 lan/1
lacks 'lan/0' vfyard "${on[@]}" pci-assignable-add lan/0 lan/
gives 'lan/6 eth1/0 eth1/1 eth1/2' vfyard "${on[@]}" pci-assignable-remove ''
gives '0000:02:10.0 0000:02:10.2 0000:02:10.4' vfyard "${on[@]}" pci-assignable-remove 0000:02
gives '10.0 10.2 10.4' vfyard "${on[@]}" pci-assignable-remove 0000 : 02 : 10
# Domains: those of the topology, and a QEMU that runs.
gives 'web1 off2 db1' vfyard "${on[@]}" pci-attach ''
gives 'web1 off2 db1' vfyard "${on[@]}" render xl ''
gives 'off2' vfyard "${on[@]}" pci-list o
gives 'lan/6 eth1/0 eth1/1 eth1/2' vfyard "${on[@]}" pci-attach web1 ''
gives '' vfyard "${on[@]}" pci-detach web1 ''
has 'web1 lan/6 eth1/0' vfyard "${on[@]}" release ''
gives 'docs' vfyard plan 'do'
has 'numvfs= lan/1 wan' vfyard "${on[@]}" set lan ''
has 'vlan= trust=on' vfyard "${on[@]}" set lan/1 ''
lacks 'numvfs=' vfyard "${on[@]}" set lan/1 ''
# Options: the global ones, and those of the command.
has '--compact --cpu --with-machine --reserve --root -N -k' vfyard render -
has '--compact' vfyard render --c
has '-n --name --force' vfyard pci-assignable-add -
has '-r --rebind' vfyard pci-assignable-remove -
has '-f' vfyard pci-detach -
has '-n' vfyard pci-assignable-list -
gives '--no-attach' vfyard plan --no
has '--no-attach --wait --confirm --pf' vfyard apply --
has '--undo' vfyard confirm --
lacks '--no-attach' vfyard status --
has '-C --config --yes' vfyard -
gives 'lan eth1 eth2 wan web1 off2 db1' vfyard "${on[@]}" tree ''
# Values of options.
gives 'assignable attached' vfyard list --state a
gives 'igbvf vfio-pci none' vfyard "${on[@]}" list --driver ''
has 'web1 off2 db1' vfyard "${on[@]}" list --domain ''
has '--attrs --state --fold --full' vfyard list --
gives 'auto xen kvm' vfyard -H ''
gives 'kvm' vfyard --hypervisor = k
gives 'always' vfyard --color al
gives 'xl grub modprobe qemu readconfig libvirt dot svg' vfyard render ''
gives 'xl' vfyard render -r 3 x
gives '' vfyard apply --wait ''
has 'lan wan lan/0 lan/6 web1 db1' vfyard "${on[@]}" --force ''
lacks 'list check' vfyard "${on[@]}" --force ''
gives "$tmp/t.cfg" vfyard -C "$tmp/t."
gives "$tmp/host" vfyard --root "$tmp/h"
has 'lan/6 eth1/0' vfyard "${on[@]}" pci-assignable-remove -r ''
# zsh: its own words go in, and the same candidates come out; what is beside it in the build is beside it when installed.
zsh_gives() {	# zsh_gives "CANDIDATES" WORDS...
	local want=$1 got
	shift
	# shellcheck disable=SC2016
	got=$(zsh -f -c 'fpath=($PWD/docs $fpath); autoload -Uz _vfyard; compset() { PREFIX=${PREFIX#*=}; print -rn -- "value: "; }
		compadd() { while [[ $1 == -* ]]; do if [[ $1 == -- ]]; then shift; break; elif [[ $1 == -S ]]; then shift; fi; shift; done; print -r -- "$@"; }
		_message() { print -r -- "$@"; }
		words=("$@"); CURRENT=$#; PREFIX=${words[-1]}; _vfyard' complete "$@" 2> "$tmp/err")
	if [ "$got" = "$want" ] && ! [ -s "$tmp/err" ]; then pass=$((pass + 1)); else
		fail=$((fail + 1))
		echo "not ok: zsh: $*: '$got', not '$want' $(cat "$tmp/err")"
	fi
}
if command -v zsh > /dev/null; then
	zsh_gives 'list' vfyard li
	zsh_gives 'lan eth1 eth2 wan' vfyard "${on[@]}" list ''
	zsh_gives 'lan/6 eth1/0 eth1/1 eth1/2' vfyard "${on[@]}" pci-attach web1 ''
	zsh_gives '0000:02:10.0 0000:02:10.2 0000:02:10.4' vfyard "${on[@]}" pci-assignable-remove 0000:02
	zsh_gives 'web1 off2 db1' vfyard "${on[@]}" pci-attach ''
	zsh_gives 'value: kvm' vfyard --hypervisor=k
	zsh_gives '--compact' vfyard render --comp
	zsh_gives 'assignable attached' vfyard list --state a
fi
# Functions as a whole: by the name that the topology gives them, by address where one is being typed, and what is assignable. A PF
# with VFs is none of them.
{
	cat tests/hosts/kvm-host.tree
	for f in 0b:00.0=0x030000=nouveau 0b:00.1=0x040300=snd_hda_intel 0c:00.0=0x0c0330=vfio-pci; do
		IFS='=' read -r at class driver <<< "$f"
		printf 'sys/devices/pci0000:00/0000:%s/%s\n' "$at" "class=$class" "$at" vendor=0x1234 "$at" device=0x11e8
		printf 'sys/devices/pci0000:00/0000:%s/driver -> ../../../bus/pci/drivers/%s\nsys/bus/pci/drivers/%s/\n' "$at" "$driver" "$driver"
		printf 'sys/bus/pci/devices/0000:%s -> ../../../devices/pci0000:00/0000:%s\n' "$at" "$at"
	done
} > "$tmp/whole.tree"
sh tests/untree.sh "$tmp/whole.tree" "$tmp/whole"
printf 'version = 1\ndev = [ "gpu0: bdf=0b:00.0, functions=all" ]\ndomain = [ [ "web1", "gpu0" ] ]\n' > "$tmp/w.cfg"
on=(--root "$tmp/whole" -C "$tmp/w.cfg")
has 'gpu0/0 gpu0/1' vfyard "${on[@]}" pci-assignable-add g
lacks '0000:0b:00.0 0000:04:00.0' vfyard "${on[@]}" pci-assignable-add ''
gives '0000:0b:00.0 0000:0b:00.1' vfyard "${on[@]}" pci-assignable-add 0000:0b
has '0000:04:00.0' vfyard "${on[@]}" pci-assignable-add 0000:0
lacks '0000:01:00.0' vfyard "${on[@]}" pci-assignable-add 0000:0
has '0000:0c:00.0 eth0/6' vfyard "${on[@]}" pci-attach web1 ''
has '0000:0c:00.0' vfyard "${on[@]}" release ''
has 'gpu0/0 gpu0/1' vfyard "${on[@]}" doctor ''
echo "completion: $pass passed, $fail failed"
[ "$fail" = 0 ]
