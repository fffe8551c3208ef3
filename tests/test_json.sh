#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every JSON document is as docs/vfyard.schema.json has it, and every failure under --json is one.
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
v=$PWD/build/vfyard
pass=0
fail=0
n=0

check() {	# check NAME WHY: empty WHY is success
	if [ -z "$2" ]; then
		pass=$((pass + 1))
	else
		fail=$((fail + 1))
		echo "not ok: $1: $2"
	fi
}

# doc DEFINITION STATUS ARGS...: the exit status, and one document, which is kept to be checked
doc() {
	local name=$1 want=$2 got
	shift 2
	n=$((n + 1))
	"$v" "$@" > "$tmp/docs/$n.$name.json" 2> "$tmp/err" < /dev/null
	got=$?
	check "$*: exit status" "$([ $got = "$want" ] || echo "$got: $(cat "$tmp/err")")"
	check "$*: one document" "$([ -s "$tmp/docs/$n.$name.json" ] || cat "$tmp/err")"
}

mkdir "$tmp/docs"
for name in kvm-host kvm-nvme xen-dom0; do sh tests/untree.sh tests/hosts/$name.tree "$tmp/$name"; done
mkdir -p "$tmp/kvm-host/vfyard/ip-link"
cat > "$tmp/kvm-host/vfyard/ip-link/eth0" << 'T'
[{"ifname":"eth0","vfinfo_list":[{"vf":0,"address":"02:00:00:00:00:0a","vlan_list":[{"vlan":100,"qos":3,"protocol":"802.1ad"}],"spoofchk":true,"link_state":"auto","trust":false,"rate":{"max_tx":500,"min_tx":0}}]}]
T
{
	cat tests/hosts/xen-dom0.tree
	cat <<- 'EOF'
	sys/bus/pci/drivers/pciback/permissive=0000:01:10.4
	vfyard/xl-list=Name ID Mem VCPUs State Time(s)\nDomain-0   0  1024  2  r-----  9.5\nweb1   3  512  1  -b----  2.5
	vfyard/xl-info=xen_major : 4\nxen_minor : 20\nxen_extra : .4\nnr_cpus : 4\nvirt_caps : pv hvm hvm_directio
	vfyard/xenstore=/local/domain/0/backend/pci/3/0/num_devs = "1"\n/local/domain/0/backend/pci/3/0/dev-0 = "0000:01:10.4"\n/local/domain/0/backend/pci/3/0/vdev-0 = "0000:00:00.00"\n/local/domain/0/backend/pci/3/0/state-0 = "3"\n/local/domain/0/backend/pci/3/0/state = "4"\n/local/domain/3/name = "web1"\n/libxl/pci/0000-01-10-4/domid = "3"\n/libxl/3/type = "pv"\n/libxl/3/device/pci/0/backend = "/local/domain/0/backend/pci/3/0"
	vfyard/xen-created/3={"c_info": {"passthrough": "enabled"}, "b_info": {}}
	var/lib/vfyard/state.json={"version": 1, "vfs": [], "pfs": []}
	EOF
} > "$tmp/dom0.tree"
sh tests/untree.sh "$tmp/dom0.tree" "$tmp/dom0"
cat > "$tmp/t.cfg" << 'T'
version = 1
pf      = [ "net0: bdf=01:00.0, numvfs=7", "net2: netdev=eth2, numvfs=7", "net3: netdev=eth3, numvfs=2" ]
vf      = [ "net3/*: vlan=100, mac=auto", "net0/1: trust=on", "net2/*: driver=host" ]
domain  = [ [ "web1", "net0/0-3", "net3/0" ] ]
T
cat > "$tmp/bad.cfg" << 'T'
version = 1
pf      = [ "net0: bdf=01:00.0, numvf=7" ]
vf      = [ "net9/0: vlan=5000" ]
T
printf 'version = 1\npf = [ "net0: bdf=01:00.0, numvfs=70" ]\n' > "$tmp/many.cfg"
printf 'version = 1\npf = [ "net0: bdf=01:00.0" ]\n' > "$tmp/same.cfg"
# The second hand of a capture's state must not be a stranger's.
chmod -R go-w "$tmp/dom0"

k=(--root "$tmp/kvm-host" -j)
x=(--root "$tmp/dom0" -j)
for root in kvm-host kvm-nvme xen-dom0 dom0; do
	for args in '' --attrs --all '--state host' '--driver none --attrs'; do
		# shellcheck disable=SC2086
		doc list 0 --root "$tmp/$root" -j list $args
	done
done
doc assignable 0 "${k[@]}" pci-assignable-list
doc assignable 0 "${x[@]}" pci-assignable-list
doc attached 0 "${x[@]}" pci-list
doc attached 0 "${k[@]}" pci-list
for root in kvm-host xen-dom0; do "$v" --root "$tmp/$root" doctor > /dev/null 2>&1; doc doctor $? --root "$tmp/$root" -j doctor; done
"$v" --root "$tmp/dom0" doctor web1 > /dev/null 2>&1; doc doctor $? "${x[@]}" doctor web1
doc check 0 "${k[@]}" -C "$tmp/same.cfg" check
doc check 2 "${k[@]}" -C "$tmp/bad.cfg" check
doc check 4 "${k[@]}" -C "$tmp/many.cfg" check
doc plan 0 "${k[@]}" -C "$tmp/same.cfg" plan
for c in plan status; do "$v" --root "$tmp/kvm-host" -C "$tmp/t.cfg" $c > /dev/null 2>&1; doc $c $? "${k[@]}" -C "$tmp/t.cfg" $c; done
doc plan 4 "${k[@]}" -C "$tmp/many.cfg" plan
doc status 3 "${k[@]}" -C "$tmp/many.cfg" status
doc status 0 "${k[@]}" -C "$tmp/same.cfg" status
doc plan 0 "${k[@]}" -N pci-assignable-add eth0/0
doc plan 0 "${x[@]}" -N pci-detach web1 01:10.4
doc run 4 "${k[@]}" -C "$tmp/many.cfg" -N apply
doc run 2 "${k[@]}" -C "$tmp/bad.cfg" -N apply
doc topology 0 "${k[@]}" import
# Failures: of the command line wherever --json stands, of the topology, of the host, of a command without documents.
doc failure 2 -j
doc failure 2 -j lst
doc failure 2 lst --json
doc failure 2 list --foo -j
doc failure 2 "${k[@]}" list --state no
doc failure 2 -j list --all eth0
doc failure 1 "${k[@]}" list eth99
mkdir "$tmp/nowhere"
doc failure 1 -j --root "$tmp/nowhere" list
doc failure 2 "${k[@]}" plan
doc failure 2 "${k[@]}" -C "$tmp/bad.cfg" plan
doc failure 2 "${k[@]}" -C "$tmp/bad.cfg" status
doc failure 2 "${k[@]}" -C "$tmp/bad.cfg" render grub
doc failure 2 "${k[@]}" -C "$tmp/same.cfg" render nosuch
doc failure 4 "${k[@]}" -C "$tmp/same.cfg" apply
doc failure 4 "${k[@]}" pci-attach web1 eth0/0
doc failure 1 "${k[@]}" doctor nosuch
doc failure 2 "${k[@]}" import --from nokind x
# Without --json standard output stays empty.
check 'no document unless asked' "$("$v" lst 2> /dev/null; "$v" list -- -j 2> /dev/null)"

out=$(python3 tests/json_schema.py "$tmp/docs" 2>&1)
check 'the schema' "$([ $? = 0 ] || printf '%s\n' "$out" | head -30)"
checked=$(printf '%s\n' "$out" | sed -n 's/ checked$//p')
echo "json: $((pass + ${checked:-0})) passed, $fail failed"
[ "$fail" = 0 ]
