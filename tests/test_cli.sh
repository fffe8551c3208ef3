#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The command line as a user meets it: exit codes, messages on the right stream, help.
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
v=$PWD/build/vfyard
pass=0
fail=0

# expect RC "stderr words" ARGS...: the exit status is RC, stderr has the words on one line, and
# nothing is on stdout when the command failed, but with -j its document.
expect() {
	local rc=$1 words=$2
	shift 2
	"$v" "$@" > "$tmp/out" 2> "$tmp/err" </dev/null
	local got=$? why=''
	[ "$got" = "$rc" ] || why="exit $got, not $rc"
	grep -qF -- "$words" "$tmp/err" || why="$why; stderr lacks '$words'"
	if [ "$rc" != 0 ]; then
		[ "$(wc -l < "$tmp/err")" = 1 ] || why="$why; stderr is not one line"
		case " $* " in
		*' -j '*) grep -q '^{"version":1,"error":{' "$tmp/out" || why="$why; stdout has no document of the failure" ;;
		*) [ -s "$tmp/out" ] && why="$why; stdout is not empty" ;;
		esac
		grep -q '^vfyard: ' "$tmp/err" || why="$why; no 'vfyard: '"
	fi
	if [ -z "$why" ]; then
		pass=$((pass + 1))
	else
		fail=$((fail + 1))
		echo "not ok: vfyard $*: $why"
		sed 's/^/    /' "$tmp/err"
	fi
}

# says "stdout words" ARGS...: the exit status is 0, and stderr is quiet.
says() {
	local words=$1
	shift
	if "$v" "$@" > "$tmp/out" 2> "$tmp/err" </dev/null && grep -qF -- "$words" "$tmp/out" && ! [ -s "$tmp/err" ]; then
		pass=$((pass + 1))
	else
		fail=$((fail + 1))
		echo "not ok: vfyard $*: no '$words' on stdout, or noise on stderr"
		sed 's/^/    /' "$tmp/err"
	fi
}

mkdir -p "$tmp/root/sys/bus/pci/devices" "$tmp/root/etc/vfyard"
root=(--root "$tmp/root")
sh tests/untree.sh tests/hosts/kvm-host.tree "$tmp/kvm" || exit 1
kvm=(--root "$tmp/kvm")

expect 2 'run: vfyard --help'
expect 2 "unknown command 'lsit'" lsit
expect 2 'did you mean list?' lsit
expect 2 'did you mean pci-attach? run: vfyard help pci-attach' attach
expect 2 'did you mean pci-assignable-add?' assignable-add
# An abbreviation that fits one command is that command, as in xl.
says 'Usage: vfyard [OPTION...] status [FILE]' stat --help
says 'Usage: vfyard [OPTION...] pci-detach' help pci-d
says 'Usage: vfyard [OPTION...] pci-list' pci-l --help
expect 2 "'pci-assignable-' may be pci-assignable-list, pci-assignable-add, pci-assignable-remove; write more of it" pci-assignable-
expect 2 "'re' may be release, render" re
expect 2 "unknown command 'frobnicate'; run: vfyard --help" frobnicate
expect 2 'did you mean --json? run: vfyard list --help' list --jason
expect 2 'did you mean --dry-run? run: vfyard --help' --dryrun list
expect 2 'did you mean --no-attach?' plan --no-atach
expect 2 "unknown command 'lsit'; did you mean list?" help lsit
# What people paste: libvirt's word for a function, a colon for the slash, the operands swapped.
says 'assign eth0/0 (0000:01:10.0)' "${kvm[@]}" -N pci-assignable-add pci_0000_01_10_0
says 'assign eth0/3 (0000:01:10.6)' "${kvm[@]}" -N pci-assignable-add eth0:3
says 'assign eth0/1 (0000:01:10.2)' "${kvm[@]}" -N pci-assignable-add pci_0000_01_00_0/1
says 'assign eth0/2 (0000:01:10.4)' "${kvm[@]}" -N pci-assignable-add eth6
says '0000:03:00.0: netdev eth2' "${kvm[@]}" list pci_0000_03_00_0
expect 2 'eth0/0 is a device, and stands where the domain belongs; the domain comes first: vfyard pci-attach web1 eth0/0' "${kvm[@]}" -N pci-attach eth0/0 web1
expect 2 'the domain comes first: vfyard pci-detach web1 eth0/0' "${kvm[@]}" -N pci-detach eth0/0 web1
# A topology as an operand, or from standard input; words for yes and no, and units.
printf 'version = 1\npf = [ "n: bdf=0000:01:00.0" ]\nvf = [ "n/1: trust=yes, max_tx_rate=1Gbit", "n/2: trust=true, min_tx_rate=2.5gbit" ]\n' > "$tmp/words.cfg"
for cmd in plan 'plan --json' check status 'apply -N'; do
	# shellcheck disable=SC2086
	{ "$v" "${kvm[@]}" -C "$tmp/words.cfg" $cmd; echo "$?"; } > "$tmp/want" 2>&1
	# shellcheck disable=SC2086
	{ "$v" "${kvm[@]}" $cmd "$tmp/words.cfg"; echo "$?"; } 2>&1 | diff "$tmp/want" - > "$tmp/err"
	# shellcheck disable=SC2086
	{ "$v" "${kvm[@]}" $cmd -C - < "$tmp/words.cfg"; echo "$?"; } 2>&1 | sed "s|^\(vfyard: \)\?-: |\1$tmp/words.cfg: |" | diff "$tmp/want" - >> "$tmp/err"
	if [ ! -s "$tmp/err" ] && [ -s "$tmp/want" ]; then pass=$((pass + 1)); else fail=$((fail + 1)); echo "not ok: $cmd FILE, -C -"; cat "$tmp/err"; fi
done
grep -q 'max_tx_rate 1000' "$tmp/want" && grep -q 'min_tx_rate 2500' "$tmp/want" && grep -c 'trust on' "$tmp/want" | grep -qx 2 && pass=$((pass + 1)) || { fail=$((fail + 1)); echo "not ok: units"; cat "$tmp/want"; }
expect 2 "two topologies are named: a and b; name one" -C a plan b
expect 2 "help: unexpected operand 'plan'" help list plan
expect 2 'option -Z: unknown option' -Z list
expect 2 '--wrong: unknown option' list --wrong
expect 2 'run: vfyard list --help' list --wrong
expect 2 'option -C: needs a value' list -C
expect 2 'option --config: needs a value' list --config
expect 2 'option --driver: needs a value' list --driver
expect 2 '--json takes no value' list --json=1
expect 2 '--dry-run takes no value' --dry-run=yes list
expect 2 '--compact takes no value' render --compact=1 grub
expect 2 '--force: needs a value' list --force
expect 2 "--timeout: '0'" --timeout 0 list
expect 2 "use auto, always or never" --color=maybe list
expect 2 'operand missing' pci-attach web1
expect 2 'usage: vfyard pci-detach' pci-detach
expect 2 "No such file or directory" --root "$tmp/none" list
expect 2 "$tmp/none.cfg" "${root[@]}" -C "$tmp/none.cfg" list
expect 2 'no topology file; make one of what this host has, run: vfyard import > /etc/vfyard/topology.cfg;' "${root[@]}" check
expect 2 "vfyard: --hypervisor: find the hypervisor: 'vbox' is not a hypervisor" "${root[@]}" -H vbox pci-list
expect 1 'vfyard: host: find the hypervisor: this host does not run on Xen' "${root[@]}" -H xen pci-list
expect 2 "vfyard: render: unknown format 'foo'" "${root[@]}" render foo
says 'Usage: vfyard' --help
says 'pci-assignable-add' -h
says 'Usage: vfyard [OPTION...] pci-attach DOMAIN' pci-attach --help
says 'vfyard 0.' --version
says '"pfs"' -q "${root[@]}" list --json
says '"pfs"' -j list -q "${root[@]}"

# Output that cannot be written is a failure, and it is reported.
if "$v" --help > /dev/full 2> "$tmp/err"; then
	fail=$((fail + 1))
	echo "not ok: a full disk under stdout went unnoticed"
else
	pass=$((pass + 1))
fi

# A reader that has seen enough and left is not: the run ends in silence, as every filter does.
for args in --help 'list -j' 'pci-list --help'; do
	# shellcheck disable=SC2086
	(sleep 0.2; exec "$v" "${root[@]}" -q $args 2> "$tmp/err") | true
	rc=${PIPESTATUS[0]}
	if [ "$rc" = 141 ] && ! [ -s "$tmp/err" ]; then pass=$((pass + 1)); else
		fail=$((fail + 1))
		echo "not ok: $args with a reader that is gone: exit $rc: $(cat "$tmp/err")"
	fi
done

# Every command of the overview has its own help, and the manual and the completion know it.
for c in $("$v" --help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p'); do
	says "Usage: vfyard [OPTION...] $c" "$c" --help
	says "Usage: vfyard [OPTION...] $c" help "$c"
	# Two examples of it, each of which is no usage error but for what this host does not have.
	"$v" help "$c" | sed -n '/^Examples:/,/^$/s/^  vfyard //p' > "$tmp/examples"
	while IFS= read -r example; do
		case " $example " in *" $c "*) ;; *) echo "not ok: an example of another command than $c: $example"; fail=$((fail + 1)) ;; esac
		(cd "$tmp" && eval "\"$v\" ${root[*]} -N ${example%%>*}") > /dev/null 2> "$tmp/err" < /dev/null
		if grep -q 'usage:\|unknown\|unexpected\|takes no value\|needs a value' "$tmp/err"; then
			fail=$((fail + 1))
			echo "not ok: example vfyard $example: $(cat "$tmp/err")"
		else pass=$((pass + 1)); fi
	done < "$tmp/examples"
	if [ "$(wc -l < "$tmp/examples")" = 2 ]; then pass=$((pass + 1)); else
		fail=$((fail + 1))
		echo "not ok: vfyard help $c has not two examples"
	fi
	if grep -q "^\.It Cm $c" docs/vfyard.8 && grep -q "$c" docs/vfyard.bash; then
		pass=$((pass + 1))
	else
		fail=$((fail + 1))
		echo "not ok: $c is missing in docs/vfyard.8 or docs/vfyard.bash"
	fi
done

# What a page shows can be searched for and pasted: .Aq prints brackets that no keyboard has.
if grep -n '^\.Aq \| Aq ' docs/vfyard.8 docs/vfyard-topology.5 > "$tmp/out"; then
	fail=$((fail + 1))
	echo "not ok: angle brackets that cannot be pasted: $(cat "$tmp/out")"
else
	pass=$((pass + 1))
fi

# A command that the user may not run says so before anything else, and before anything is written.
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	expect 4 'vfyard: pci-assignable-add: vfyard changes devices only on the running host' "${root[@]}" pci-assignable-add 05:10.0
	if [ -e "$tmp/root/run" ] || [ -e "$tmp/root/var" ]; then
		fail=$((fail + 1))
		echo "not ok: a refused command wrote below --root"
	else
		pass=$((pass + 1))
	fi
	cp "$v" "$tmp/vfyard" && chmod 755 "$tmp" "$tmp/vfyard"
	setpriv --reuid 65534 --clear-groups "$tmp/vfyard" pci-assignable-add 05:10.0 2> "$tmp/err"
	if [ $? = 1 ] && grep -q 'needs root' "$tmp/err"; then pass=$((pass + 1)); else
		fail=$((fail + 1))
		echo "not ok: an unprivileged pci-assignable-add: $(cat "$tmp/err")"
	fi
	# A default topology that only root may read is not a broken one.
	(umask 077 && echo 'version = 1' > "$tmp/root/etc/vfyard/topology.cfg")
	setpriv --reuid 65534 --clear-groups "$tmp/vfyard" "${root[@]}" list > "$tmp/out" 2> "$tmp/err"
	if [ $? = 0 ] && grep -q 'topology.cfg: not used: Permission denied' "$tmp/err"; then pass=$((pass + 1)); else
		fail=$((fail + 1))
		echo "not ok: an unprivileged list beside root's topology: $(cat "$tmp/err")"
	fi
fi

# The topology against a captured host: the commands say what is to be done, as text and as JSON,
# and do nothing.
host=$tmp/host
sh tests/untree.sh tests/hosts/kvm-host.tree "$host"
echo '{"version":1,"hypervisor":"kvm","pf":[{"name":"a","bdf":"01:00.0","numvfs":7}]}' > "$tmp/same.json"
echo '{"version":1,"hypervisor":"kvm","pf":[{"name":"a","bdf":"01:00.0","numvfs":7,"autoprobe":false}]}' > "$tmp/other.json"
echo '{"version":1,"hypervisor":"kvm","pf":[{"name":"a","bdf":"01:00.0","numvfs":8}]}' > "$tmp/bad.json"
says 'nothing to do' --root "$host" -C "$tmp/same.json" plan
says '"in_sync":true,"drift":[]' -q --root "$host" -C "$tmp/same.json" --json status

# A VF that is held but not in the topology is a note, not drift.
"$v" --root "$host" -C "$tmp/same.json" status > "$tmp/out" 2> "$tmp/err"
if [ $? = 0 ] && grep -q 'in sync: 1 PF, 7 VFs, 0 domains' "$tmp/out" && grep -q 'also held, and not in the topology: a/6 (assignable), eth1/0' "$tmp/err"; then pass=$((pass + 1)); else
	fail=$((fail + 1))
	echo "not ok: status beside a VF that is held: $(cat "$tmp/out" "$tmp/err")"
fi

says '"also_held":[{"pf":"a","index":6,"bdf":"0000:01:11.4","state":"assignable","domain":null},{"pf":"eth1","index":0,' -q --root "$host" -C "$tmp/same.json" -j status
# The memory is about a card: when another one of the same model is in its slot, it is not used, and
# the command says so.
serial() {	# serial LAST-BYTE: writes a configuration space with that Device Serial Number
	local dev=$host/sys/bus/pci/devices/0000:01:00.0/config
	{ head -c 256 /dev/zero; printf '\3\0\1\0'; printf '\'"$1"'\0\0\0\0\0\0\0'; head -c 64 /dev/zero; } > "$dev"
}
mkdir -p "$host/var/lib/vfyard"
cat > "$host/var/lib/vfyard/state.json" <<-'EOF'
{"version":1,"vfs":[],"pfs":[{"pf":"0000:01:00.0","vendor":"8086","device":"10c9","numvfs":7,"autoprobe":false,"card":"serial 00-00-00-00-00-00-00-05"}]}
EOF
for last in 5 6; do
	serial $last
	"$v" --root "$host" -C "$tmp/same.json" -N release > "$tmp/out" 2> "$tmp/err"
	got="exit $? $(cat "$tmp/out" "$tmp/err")"
	case $last,$got in
	5,*another\ card*) ;;
	5,*'1 -> 0'*) pass=$((pass + 1)); continue ;;
	6,*'1 -> 0'*) ;;
	6,*'this card (serial 00-00-00-00-00-00-00-06) is not the remembered one (serial 00-00-00-00-00-00-00-05)'*) pass=$((pass + 1)); continue ;;
	esac
	fail=$((fail + 1))
	echo "not ok: release with card $last: $got"
done
rm "$host/var/lib/vfyard/state.json" "$host/sys/bus/pci/devices/0000:01:00.0/config"

# differs COMMAND WORDS [ARG...]: the exit status is 3, with these words on stdout
differs() {
	local command=$1 words=$2
	shift 2
	"$v" --root "$host" -C "$tmp/other.json" "$command" "$@" > "$tmp/out" 2> "$tmp/err"
	if [ $? = 3 ] && grep -qF -- "$words" "$tmp/out"; then pass=$((pass + 1)); else
		fail=$((fail + 1))
		echo "not ok: $command: $(cat "$tmp/out" "$tmp/err")"
	fi
}
differs plan '  1 autoprobe a (0000:01:00.0): 1 -> 0 (in the topology)'
differs status 'a (0000:01:00.0): autoprobe is 1, wanted 0'
differs plan '"step":"autoprobe","pf":"a"' --json
differs status '"property":"autoprobe","is":"1","wanted":"0"' --json
says '"outcome":"planned"' --root "$host" -C "$tmp/other.json" -N --json apply
says 'autoprobe a (0000:01:00.0): 1 -> 0' --root "$host" -C "$tmp/other.json" -N apply
expect 4 'not below --root' --root "$host" -C "$tmp/other.json" apply
expect 4 'not below --root' --root "$host" release
expect 2 "--wait: 'x'" --root "$host" -C "$tmp/other.json" -N apply --wait x
"$v" --root "$host" -C "$tmp/bad.json" plan > "$tmp/out" 2> "$tmp/err"
if [ $? = 4 ] && ! [ -s "$tmp/out" ] && grep -q 'a: numvfs=8, but the device can have 7' "$tmp/err"; then pass=$((pass + 1)); else
	fail=$((fail + 1))
	echo "not ok: plan with a problem: $(cat "$tmp/out" "$tmp/err")"
fi

# All of them refuse what is in use, and name the holder: a guest for its settings (VF 6), a program
# and a container for taking a VF and for numvfs.
refused() {	# refused WORDS TOPOLOGY
	local words=$1 command
	echo "$2" > "$tmp/use.json"
	for command in check plan status '-N apply'; do
		# shellcheck disable=SC2086
		"$v" --root "$host" -C "$tmp/use.json" $command > "$tmp/out" 2> "$tmp/err"
		if [ $? -ge 3 ] && grep -qF -- "$words" "$tmp/err"; then pass=$((pass + 1)); else
			fail=$((fail + 1))
			echo "not ok: $command: no '$words' in: $(cat "$tmp/out" "$tmp/err")"
		fi
	done
}
mkdir -p "$host/proc/4200/fd" "$host/proc/5000/fd" "$host/dev/vfio"
: > "$host/dev/vfio/16"
ln -s /dev/vfio/16 "$host/proc/4200/fd/9"
printf '%s\0' /usr/bin/qemu-system-x86_64 -name guest=db1 > "$host/proc/4200/cmdline"
a='{"version":1,"hypervisor":"kvm","pf":[{"name":"a","bdf":"01:00.0"'
refused 'a/6 (0000:01:11.4): domain db1 has it, and a change of its mac, vlan would reach into the running guest; take it out first, run: vfyard pci-detach db1 a/6, or add --force a/6' \
	"$a}],\"vf\":[{\"pf\":\"a\",\"index\":\"6\",\"mac\":\"02:00:00:00:00:06\",\"vlan\":6}]}"
rm "$host/proc/4200/fd/9"
mkdir -p "$host/sys/bus/pci/devices/0000:01:10.0/uio/uio0" "$host/sys/bus/pci/devices/0000:01:10.2/net"
rm -r "$host/sys/bus/pci/devices/0000:01:10.2/net"/*
ln -s /dev/uio0 "$host/proc/5000/fd/20"
echo dpdk-testpmd > "$host/proc/5000/comm"
program='a/0 (0000:01:10.0): in use: dpdk-testpmd (pid 5000) has /dev/uio0 open; end that first, or add --force a/0'
container='a/1 (0000:01:10.2): in use: its network device is in another network namespace, such as a container'
refused "$program" "$a}],\"vf\":[{\"pf\":\"a\",\"index\":\"0\",\"driver\":\"assign\"}]}"
refused "$program" "$a,\"numvfs\":0}]}"
refused "$container" "$a}],\"domain\":[{\"name\":\"d\",\"devices\":[{\"pf\":\"a\",\"index\":\"1\"}]}]}"
refused "$container" "$a,\"numvfs\":0}]}"
expect 4 'its network device is in another network namespace' --root "$host" -N pci-assignable-add 01:10.2
expect 4 'dpdk-testpmd (pid 5000) has /dev/uio0 open' --root "$host" -N pci-assignable-add 01:10.0
says 'assign' -q --root "$host" -N --force 01:10.2 pci-assignable-add 01:10.2

# VFs that vfyard's memory made assignable are released on the way to another number; VFs of another
# tool prevent it.
cat > "$tmp/more.json" <<- 'EOF'
	{"version":1,"hypervisor":"kvm","pf":[{"name":"b","bdf":"02:00.0","numvfs":5}],
	 "vf":[{"pf":"b","index":"0","driver":"assign"}]}
EOF
remember() {	# remember INDEX...: these VFs of 02:00.0 had igbvf before vfyard took them
	local i list=''
	for i; do list="$list,{\"pf\":\"0000:02:00.0\",\"index\":$i,\"bdf\":\"0000:02:1$((i / 4)).$((i % 4 * 2))\",\"vendor\":\"8086\",\"device\":\"10ca\",\"driver\":\"igbvf\"}"; done
	mkdir -p "$host/var/lib/vfyard"
	echo "{\"version\":1,\"vfs\":[${list#,}]}" > "$host/var/lib/vfyard/state.json"
}
agree() {	# agree RC_OF_PLAN "WORDS": check, plan, status and -N apply say the same; the words are on either stream
	local rc=$1 words=$2 command want got
	for command in check plan status '-N apply'; do
		case $command in plan | status) want=$rc ;; *) want=$((rc == 3 ? 0 : rc)) ;; esac
		[ "$command/$rc" != status/4 ] || want=3
		# shellcheck disable=SC2086
		"$v" --root "$host" -C "$tmp/more.json" $command > "$tmp/out" 2>&1
		got=$?
		if [ "$got" != "$want" ] || { [ "$command" != check ] || [ "$rc" = 4 ]; } && ! grep -qF -- "$words" "$tmp/out"; then
			fail=$((fail + 1))
			echo "not ok: $command ends with $got: no '$words' in: $(cat "$tmp/out")"
		else
			pass=$((pass + 1))
		fi
	done
}
agree 4 'these are held: b/0 (assignable), b/1 (assignable), b/2 (assignable)'
remember 0 1
agree 4 'b: numvfs is 7 and changes only while every VF is free, but these are held: b/2 (assignable)'
remember 0 1 2
agree 3 'numvfs'
says 'unassign b/0 (0000:02:10.0): driver vfio-pci (disruptive: nobody has it' -q --root "$host" -C "$tmp/more.json" -N apply
"$v" -q -j --root "$host" -C "$tmp/more.json" status > "$tmp/out"
if [ "$(grep -o '"property"' "$tmp/out" | wc -l)" = 1 ] && grep -q '"property":"numvfs","is":"7","wanted":"5"' "$tmp/out"; then pass=$((pass + 1)); else
	fail=$((fail + 1))
	echo "not ok: status of a PF with VFs that are in the way: $(cat "$tmp/out")"
fi

# --force with a name that does not exist is an error of every command, which suggests a name; one
# that was not needed is reported.
for command in list check plan status '-N apply' '-N release' pci-list pci-assignable-list 'render grub' '-N pci-assignable-add a/1'; do
	# shellcheck disable=SC2086
	expect 2 "vfyard: --force: find what it names: no PF, VF or domain 'nosuch'; there are the PFs a, eth1, eth2, eth3" -q --root "$host" -C "$tmp/same.json" --force nosuch $command
done
expect 2 "no PF, VF or domain 'eht1/3'; write: --force eth1/3" -q -j --root "$host" -C "$tmp/same.json" --force eht1/3 check
expect 2 "'a/1-2' is not a single VF; name each VF by itself: --force a/0" -q --root "$host" -C "$tmp/same.json" --force a/1-2 check
expect 2 "'a/7': the PF can have 7 VFs" -q --root "$host" -C "$tmp/same.json" --force a/7 check
expect 2 "no PF, VF or domain '07:10.0'" -q --root "$host" -C "$tmp/same.json" --force 07:10.0 check
for word in a a/6 eth0 eth4 eth0/0 01:10.0 0000:01:00.0 'a/0 (0000:01:10.0)'; do
	expect 0 "--force $word was not needed" --root "$host" -C "$tmp/same.json" --force "$word" check
done
echo "$a}],\"vf\":[{\"pf\":\"a\",\"index\":\"0\",\"driver\":\"assign\"}],\"domain\":[{\"name\":\"web1\",\"devices\":[{\"pf\":\"a\",\"index\":\"2\"}]}]}" > "$tmp/use.json"
expect 2 "no PF, VF or domain 'wbe1'; write: --force web1" -q --root "$host" -C "$tmp/use.json" --force wbe1 check
sed -i 's/"index":0,/&"name":"disk",/; s/0000:02/0000:01/g' "$host/var/lib/vfyard/state.json"
for word in a/0 eth0/0 01:10.0 disk; do
	"$v" --root "$host" -C "$tmp/use.json" --force "$word" check > "$tmp/out" 2>&1
	if [ $? = 0 ] && grep -q 'overridden by --force' "$tmp/out" && ! grep -q 'not needed' "$tmp/out"; then pass=$((pass + 1)); else
		fail=$((fail + 1))
		echo "not ok: --force $word that is needed: $(cat "$tmp/out")"
	fi
done

# -v shows the same as no option: the steps and the warnings. Only -vv shows who is asked what, and
# here why a hypervisor is not found.
for level in '' -v -vv; do
	# shellcheck disable=SC2086
	"$v" --root "$host" $level list > "$tmp/out$level" 2> "$tmp/err$level"
done
if cmp -s "$tmp/out" "$tmp/out-vv" && cmp -s "$tmp/err" "$tmp/err-v" && ! grep -q '^vfyard: [a-z]*: ' "$tmp/err-v" &&
	grep -q '^vfyard: [a-z]*: ' "$tmp/err-vv"; then pass=$((pass + 1)); else
	fail=$((fail + 1))
	echo "not ok: -v and -vv: $(head "$tmp/err-v" "$tmp/err-vv")"
fi
echo "cli: $pass passed, $fail failed"
[ "$fail" = 0 ]
