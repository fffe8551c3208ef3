#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Memory runs out: the n-th allocation, of the program or of a library, fails, for each n in each
# command that only reads. The command must not crash: either it reports the failure and exits
# accordingly, or its output is what it is otherwise. Only a sample of n runs; for all of them:
# ALLOC=all.
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
v=$PWD/build/vfyard
sample=${ALLOC:-24}	# of each command
pass=0
fail=0
crashes=0
said=0
same=0
quiet=0
libpci=0

no() { fail=$((fail + 1)); echo "not ok: $*" | cat -v; }

${CC:-cc} -std=c11 -D_GNU_SOURCE -O1 -shared -fPIC -o "$tmp/fail.so" tests/alloc/fail.c || { echo "alloc: 0 passed, 1 failed"; exit 1; }

# with N ARGS: runs the program with the Nth allocation failing; 0: none fails
with() {
	local n=$1
	shift
	ALLOC_FAIL=$n ALLOC_COUNT=$tmp/count LD_PRELOAD=$tmp/fail.so timeout 60 "$v" "$@" > "$tmp/out" 2> "$tmp/err" < /dev/null
}

# one N ARGS: is that run right?
one() {
	local n=$1 rc
	shift
	rm -f "$tmp/count.by"
	with "$n" "$@" 2> /dev/null
	rc=$?
	# libpci copies into a name without checking that it got memory (lib/names-parse.c, pci_open()).
	if [ $rc = 139 ] && grep -q libpci "$tmp/count.by"; then
		libpci=$((libpci + 1)) pass=$((pass + 1))
	elif [ $rc -ge 124 ]; then
		crashes=$((crashes + 1))
		no "allocation $n of vfyard $*: exit $rc $(tail -n 1 "$tmp/err")"
	# A document has it among its problems or among what was not seen; libpci ends the program
	# itself when it cannot begin.
	elif [ $rc != 0 ] && [ $rc != 3 ] && grep -aq '^vfyard: \|^pcilib: Out of memory' "$tmp/err"; then
		said=$((said + 1)) pass=$((pass + 1))
	elif [ $rc = "$whole" ] && cmp -s "$tmp/out" "$tmp/out0"; then
		same=$((same + 1)) pass=$((pass + 1))
	elif grep -aq 'emory\|"unseen"\|cannot be loaded' "$tmp/out"; then
		said=$((said + 1)) pass=$((pass + 1))
	# Names of cards are for people: when there is no memory for them, the numbers are shown.
	elif [ $rc = "$whole" ] && [ "$1 ${2-}" = 'list --root' ] && [ "$(sed 's/^    [A-Z].* \(\[....:....\]\)$/    \1/' "$tmp/out0")" = "$(cat "$tmp/out")" ]; then
		same=$((same + 1)) pass=$((pass + 1))
	elif [ $rc = "$whole" ] && ! cmp -s "$tmp/err" "$tmp/err0"; then
		# less is shown, and a note says so
		said=$((said + 1)) pass=$((pass + 1))
	else
		quiet=$((quiet + 1))
		no "allocation $n of vfyard $*: exit $rc and another output without a word: $(diff "$tmp/out0" "$tmp/out" | head -n 2 | tail -n 1 | cut -c1-100)"
	fi
}

command() {
	local total step n
	with 0 "$@"
	whole=$?
	cp "$tmp/out" "$tmp/out0"
	cp "$tmp/err" "$tmp/err0"
	total=$(cat "$tmp/count")
	[ "$total" -ge 20 ] || no "vfyard $*: $total allocations"
	step=1
	[ "$sample" = all ] || step=$(((total + sample - 1) / sample))
	# another n in each stretch for each command, and always the last one
	for ((n = 1 + pass % step; n <= total; n += step)); do one "$n" "$@"; done
	one "$total" "$@"
}

# host TREE TOPOLOGY: runs every command that only reads
host() {
	local f
	sh tests/untree.sh "tests/hosts/$1.tree" "$tmp/root" || no "untree $1"
	printf '%s\n' "$2" > "$tmp/t.cfg"
	for f in list 'list --json' pci-list 'pci-list --json' pci-assignable-list 'pci-assignable-list --json' check 'check --json' \
		plan 'plan --json' status 'status --json' 'apply -N -y' 'render xl web1' 'render grub' 'render modprobe' 'render qemu web1' \
		'render libvirt web1' 'render dot' import 'import --json' 'import --from xl xl-cfg/pv.cfg' "import --libvirt-xml $tmp/d.xml" \
		"import --from qemu $tmp/args"; do
		# shellcheck disable=SC2086 # a command and its options
		command $f --root "$tmp/root" -C "$tmp/t.cfg"
	done
	rm -rf "$tmp/root"
}

cat > "$tmp/d.xml" << 'EOF'
<domain type='kvm'><name>db1</name><os><type machine='pc-q35-7.2'>hvm</type></os><devices><interface type='hostdev' managed='yes'>
<mac address='52:54:00:00:99:01'/><source><address type='pci' bus='0x01' slot='0x10' function='0x2'/></source><vlan><tag id='42'/></vlan><boot order='1'/>
</interface></devices></domain>
EOF
echo "qemu-system-x86_64 -name a -M q35 -qmp unix:/run/a,server=on -device vfio-pci,host=01:10.2 -readconfig x" > "$tmp/args"
host kvm-host 'version = 1
hypervisor = "kvm"
pf = [ "net0: bdf=0000:01:00.0, numvfs=7" ]
vf = [ "net0/1: mac=02:00:00:00:00:01, vlan=5" ]
domain = [ [ "web1", "kvm: machine=q35", "net0/6" ] ]'
host xen-dom0 'version = 1
hypervisor = "xen"
pf = [ "net0: bdf=0000:01:00.0" ]
domain = [ [ "web1", "xen: type=hvm", "net0/0" ] ]'
echo "alloc: $((pass + fail)) runs: $said ended with a sentence, $same as ever; $quiet without a word, $crashes crashes, $libpci of libpci itself"
echo "alloc: $pass passed, $fail failed"
[ "$fail" = 0 ]
