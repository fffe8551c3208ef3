#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `vfyard list` as a whole program: which PFs it shows, what it says on which stream, and that it never fails silently.
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
v=$PWD/build/vfyard
pass=0
fail=0

sh tests/untree.sh tests/hosts/kvm-nvme.tree "$tmp/root"
mkdir -p "$tmp/empty/sys/bus/pci/devices" "$tmp/bare"
cat > "$tmp/names.json" << 'T'
{"version":1,"pf":[{"name":"stor","id":"1b36:0010"},{"name":"net0","bdf":"0000:01:00.0"}]}
T

check() {	# check NAME WHY: empty WHY is success
	if [ -z "$2" ]; then
		pass=$((pass + 1))
	else
		fail=$((fail + 1))
		echo "not ok: $1: $2"
	fi
}

# shows "PF PF..." ARGS...: the exit status is 0, and exactly these PFs are shown, in this order, in
# both forms
shows() {
	local want=$1 form got
	shift
	for form in text json; do
		if [ $form = json ]; then
			"$v" --root "$tmp/root" -j "$@" > "$tmp/out" 2> "$tmp/err"
		else
			"$v" --root "$tmp/root" "$@" > "$tmp/out" 2> "$tmp/err"
		fi
		check "$* ($form)" "$([ $? = 0 ] || cat "$tmp/err")"
		if [ $form = json ]; then
			got=$(sed -n 's/^ {"name":.*"bdf":"\([^"]*\)","netdev".*/\1/p' "$tmp/out" | paste -sd' ')
		else
			got=$(sed -nE 's/^([a-z0-9]+: )?([0-9a-f:]+\.[0-7]):? .*/\2/p' "$tmp/out" | paste -sd' ')
		fi
		check "$* ($form)" "$([ "$got" = "$want" ] || echo "shows '$got', not '$want'")"
	done
}

# fails "stderr words" ARGS...: the exit status is 1, stderr has one line, and stdout has nothing
fails() {
	local words=$1
	shift
	"$v" "$@" > "$tmp/out" 2> "$tmp/err"
	check "$*" "$([ $? = 1 ] || echo "exit status is not 1")"
	check "$*" "$([ "$(wc -l < "$tmp/err")" = 1 ] || cat "$tmp/err")"
	check "$*" "$(grep -qF -- "$words" "$tmp/err" || cat "$tmp/err")"
	check "$*" "$(case " $* " in *' --json '*) grep -v '^{"version":1,"error":{' "$tmp/out" ;; *) cat "$tmp/out" ;; esac)"
}

shows '0000:01:00.0 0000:02:00.0 0000:03:00.0' list
shows '0000:03:00.0' list 0000:03:00.0
shows '0000:03:00.0' list 03:00.0
shows '0000:02:00.0' list eth1
shows '0000:01:00.0 0000:03:00.0' list 03:00.0 eth0 0000:03:00.0
shows '0000:03:00.0' -C "$tmp/names.json" list stor
shows '0000:01:00.0 0000:03:00.0' -C "$tmp/names.json" list stor net0
"$v" --root "$tmp/root" -C "$tmp/names.json" list > "$tmp/out" 2>&1
check 'topology names head the PFs' "$(grep -q '^stor: 0000:03:00.0 driver nvme' "$tmp/out" || cat "$tmp/out")"

fails "no device is called 'eth7'; PFs on this host: eth0, eth1, 0000:03:00.0" --root "$tmp/root" list eth7
fails "'0000:03:00.0/0' names VFs of 0000:03:00.0, but a PF is expected here; write 0000:03:00.0" --root "$tmp/root" list 0000:03:00.0/0
fails "'0000:03:00.1' is VF 0 of 0000:03:00.0, but a PF is expected here" --root "$tmp/root" list 0000:03:00.1
fails "cannot list sys/bus/pci/devices" --root "$tmp/bare" list
fails "cannot list sys/bus/pci/devices" --root "$tmp/bare" list --json
fails "no device is called 'eth0'" --root "$tmp/empty" list eth0

# No SR-IOV is an answer, not a failure.
"$v" --root "$tmp/empty" list --json > "$tmp/out" 2> "$tmp/err"
check 'empty host: exit status' "$([ $? = 0 ] || echo 'not 0')"
check 'empty host: JSON' "$([ "$(cat "$tmp/out")" = '{"version":1,"hypervisor":"none","pfs":[]}' ] || cat "$tmp/out")"
check 'empty host: note' "$(grep -q 'has no SR-IOV' "$tmp/err" || cat "$tmp/err")"
"$v" -q --root "$tmp/empty" list > "$tmp/out" 2>&1
check 'empty host: quiet' "$(cat "$tmp/out")"

for form in list 'list --json'; do
	# shellcheck disable=SC2086
	"$v" --root "$tmp/root" $form > /dev/full 2> "$tmp/err"
	check "$form to a full disk" "$([ $? = 1 ] && grep -q 'standard output: write: No space left' "$tmp/err" || cat "$tmp/err")"
done

# When a hypervisor cannot be asked, stderr and the data say so.
sh tests/untree.sh tests/hosts/xen-dom0.tree "$tmp/xen"
"$v" --root "$tmp/xen" list > "$tmp/out" 2> "$tmp/err"
check 'domains unseen: note' "$(grep -q 'domains are not seen' "$tmp/err" || cat "$tmp/err")"
check 'domains unseen: mark' "$([ "$(grep -c 'pciback .* assignable  ?$' "$tmp/out")" = 4 ] || cat "$tmp/out")"
"$v" --root "$tmp/xen" list -j 2>/dev/null | grep -q '"unseen":\["domain"\]}$'
check 'domains unseen: JSON' "$([ $? = 0 ] || echo 'no "unseen"')"

# Colours appear only where they are wanted.
"$v" --root "$tmp/root" list 2> /dev/null | grep -q $'\033'
check 'colours in a pipe' "$([ $? = 1 ] || echo 'there are some')"
"$v" --root "$tmp/root" --color always list 2> /dev/null | grep -q $'\033'
check 'colours when asked for' "$([ $? = 0 ] || echo 'there are none')"

# Settings, as the kernel or a capture has them; a table and a document agree.
mkdir -p "$tmp/root/vfyard/ip-link"
cat > "$tmp/root/vfyard/ip-link/eth0" << 'T'
[{"ifname":"eth0","address":"52:54:00:00:00:01","vfinfo_list":[
 {"vf":0,"address":"02:00:00:00:00:0a","vlan_list":[{"vlan":100,"qos":3}],"spoofchk":true,"link_state":"disable","trust":false,"rate":{"max_tx":500,"min_tx":0}}]}]
T
"$v" --root "$tmp/root" list --attrs eth0 > "$tmp/out" 2> "$tmp/err"
check 'attrs: exit status' "$([ $? = 0 ] || cat "$tmp/err")"
check 'attrs: the set one' "$(grep -qE '^ +0 .* 02:00:00:00:00:0a +100 qos 3 +on +off +off +0-500 +host +-$' "$tmp/out" || cat "$tmp/out")"
check 'attrs: those that are not told' "$(grep -qE '^ +1 .* \?  +\?  +\?  +\?  +\?  +\?  +host' "$tmp/out" || cat "$tmp/out")"
"$v" --root "$tmp/root" list --attrs -j eth0 > "$tmp/out" 2> "$tmp/err"
check 'attrs: JSON' "$(grep -qF '"attrs":{"mac":"02:00:00:00:00:0a","vlan":100,"qos":3,"proto":"802.1q","spoofchk":true,"trust":false,"link":"off","min_tx_rate":0,"max_tx_rate":500,"node_guid":null,"port_guid":null}}' "$tmp/out" || cat "$tmp/out")"
check 'attrs: JSON, not told' "$(grep -qF '"attrs":{"mac":null,"vlan":null' "$tmp/out" || cat "$tmp/out")"
"$v" --root "$tmp/root" list -j eth0 2> /dev/null | grep -q attrs
check 'attrs: only when asked for' "$([ $? = 1 ] || echo 'they are there')"

# Filters, and lines that fold: PFs without such VFs are left out; a pipe gets a line for each VF.
shows '0000:03:00.0' list --driver vfio-pci
shows '' list --driver nosuch
shows '0000:01:00.0 0000:03:00.0' list --state host,attached
shows '' list --state attached
shows '0000:03:00.0' list --state host --driver none,nvme 03:00.0
vfs() { "$v" --root "$tmp/root" list "$@" 2> /dev/null | grep -c '^  *[0-9]'; }
check 'a pipe unfolds' "$([ "$(vfs)" = 129 ] || vfs)"
check 'fold' "$([ "$(vfs --fold)" -lt 10 ] || vfs --fold)"
check 'a terminal folds what is long' "$(script -qec "'$v' --root '$tmp/root' list" /dev/null < /dev/null | grep -q '^  *0-[0-9]* .*\.\.' || echo 'no run of VFs')"
check 'a terminal, --full' "$([ "$(script -qec "'$v' --root '$tmp/root' list --full" /dev/null < /dev/null | grep -c '^  *[0-9]')" = 129 ] || echo 'not 129 lines')"
"$v" --root "$tmp/root" list --driver nosuch > "$tmp/out" 2> "$tmp/err"
check 'no VF: note' "$(grep -q 'no VF is as the options ask' "$tmp/err" || cat "$tmp/err")"
for words in 'attched;did you mean attached?' 'host,;use host, assignable'; do
	"$v" --root "$tmp/root" list --state "${words%%;*}" > "$tmp/out" 2> "$tmp/err"
	check "--state ${words%%;*}" "$([ $? = 2 ] && grep -qF "${words#*;}" "$tmp/err" || cat "$tmp/err")"
done
"$v" --root "$tmp/root" list --fold --full > "$tmp/out" 2> "$tmp/err"
check '--fold --full' "$([ $? = 2 ] && grep -q 'exclude each other' "$tmp/err" || cat "$tmp/err")"

# Anybody may look.
if [ "$(id -u)" = 0 ] && command -v setpriv > /dev/null; then
	cp "$v" "$tmp/vfyard" && cp build/backend-kvm.so "$tmp/" && chmod -R a+rX "$tmp"
	setpriv --reuid 65534 --clear-groups "$tmp/vfyard" --root "$tmp/root" list > "$tmp/out" 2> "$tmp/err"
	check 'unprivileged' "$([ $? = 0 ] || cat "$tmp/err")"
	check 'unprivileged: VFs' "$([ "$(grep -c '^  *[0-9]' "$tmp/out")" = 129 ] || cat "$tmp/out")"
fi
echo "list: $pass passed, $fail failed"
[ "$fail" = 0 ]
