# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: LAB_TIME=600
# The single steps without a guest: refusal of what the host lives on, memory on disk, lock, dry
# run, rollback.

must modprobe -a bonding bridge 8021q macvlan
make_vfs 0 7 1
make_vfs 1 7 0
topology 'domain = [ [ "web1", "xen: type=pv", "net0/0" ] ]' > /etc/vfyard/topology.cfg
host_state > /tmp/before
netdev_of() { local d; d=$(echo "$DEVICES/$(bdf_of "$1")"/net/*); echo "${d##*/}"; }
state=/var/lib/vfyard/state.json

unchanged() {
	host_state > /tmp/now
	holds "$1" diff /tmp/before /tmp/now
}

# refused VF WORDS: the guard refuses the VF with these words, and the driver stays.
refused() {
	want_rc 4 vfyard pci-assignable-add "net0/${1#0/}"
	says "$2"
	same "$(driver_of "$1")" igbvf "driver of $1"
}

step "a VF that carries the default route"
vf=$(netdev_of 0/1)
must ip link set "$vf" up
must ip addr add 192.0.2.2/24 dev "$vf"
must ip route add default via 192.0.2.1 dev "$vf"
refused 0/1 "$vf carries the default route"
must ip route del default
must ip -6 addr add 2001:db8::2/64 dev "$vf" nodad
must ip -6 route add default via 2001:db8::1 dev "$vf"
refused 0/1 "$vf carries the default route"
must ip -6 route del default
must vfyard pci-assignable-add net0/1
must vfyard pci-assignable-remove -r net0/1
same "$(driver_of 0/1)" igbvf "an address alone is no reason"

step "members of a bond and a bridge, parents of VLAN and macvlan"
vf=$(netdev_of 0/2)
for kind in bond bridge; do
	must ip link set "$vf" down
	must ip link add up0 type $kind
	must ip link set "$vf" master up0
	refused 0/2 "$vf is a member of $kind up0"
	must ip link del up0
done
must ip link set "$vf" up
must ip link add link "$vf" name up0 type vlan id 5
must ip link set up0 up
refused 0/2 "$vf is below vlan up0, which is up"
must ip addr add 192.0.2.2/24 dev up0
must ip route add default via 192.0.2.1 dev up0
refused 0/2 "$vf carries the default route through up0"
must ip link del up0
must ip link add link "$vf" name up0 type macvlan
must ip link set up0 up
refused 0/2 "$vf is below interface up0, which is up"
must vfyard --force net0/2 pci-assignable-add net0/2
says "net0/2.*overridden by --force"
must vfyard pci-assignable-remove -r net0/2
same "$(driver_of 0/2)" igbvf "driver after --force and back"

step "one refusal keeps the whole batch away"
vf=$(netdev_of 0/6)
must ip link set "$vf" up
must ip route add default dev "$vf"
want_rc 4 vfyard pci-assignable-add 'net0/*' 'net1/*'
says "net0/6.*$vf carries the default route"
must ip link set "$vf" down
same "$(xl_assignable)" "" "xl's assignable devices"
unchanged "host as before"

step "dry run"
run vfyard -N pci-assignable-add net0/0 net1/6
same "$out" "assign net0/0 ($(bdf_of 0/0)): driver igbvf
assign net1/6 ($(bdf_of 1/6)): no driver" "plan"
unchanged "host as before"

step "memory: no driver, igbvf, and an override"
echo igbvf > "$DEVICES/$(bdf_of 0/3)/driver_override"
must vfyard pci-assignable-add net0/3 net1/3
same "$(driver_of 0/3) $(driver_of 1/3)" "pciback pciback" "drivers"
must vfyard pci-assignable-remove net0/3 net1/3
same "$(driver_of 0/3) $(driver_of 1/3)" "none none" "drivers without -r"
must vfyard pci-assignable-remove -r net0/3 net1/3
same "$(driver_of 0/3) $(override_of 0/3) $(driver_of 1/3)" "igbvf igbvf none" "driver and override with -r"
echo > "$DEVICES/$(bdf_of 0/3)/driver_override"
same "$(jq -c .vfs $state)" "[]" "memory after all was given back"

step "memory of another boot: nothing but the file is left"
must vfyard pci-assignable-add net0/4
cp $state /tmp/state.json
must vfyard pci-assignable-remove net0/4
cp /tmp/state.json $state
must vfyard pci-assignable-remove -r net0/4
same "$(driver_of 0/4)" igbvf "driver"

step "xl took it, vfyard gives it back, and the other way round"
must xl pci-assignable-add "$(bdf_of 0/5)"
must vfyard pci-assignable-remove -r net0/5
same "$(driver_of 0/5)" igbvf "driver"
must vfyard pci-assignable-add net0/5
must xl pci-assignable-remove -r "$(bdf_of 0/5)"
same "$(driver_of 0/5)" igbvf "driver"
must vfyard pci-assignable-remove -r net0/5

step "disk full, disk read-only, file damaged: the host is not touched"
mkdir -p /var/lib/vfyard
must mount -t tmpfs -o size=16k tmpfs /var/lib/vfyard
run dd if=/dev/zero of=/var/lib/vfyard/full bs=4k count=16
want_rc 1 vfyard pci-assignable-add net0/0
says "state.json: write: No space left on device; free some space there"
rm /var/lib/vfyard/full
must mount -o remount,ro /var/lib/vfyard
want_rc 1 vfyard pci-assignable-add net0/0
says "state.json: write: Read-only file system"
must mount -o remount,rw /var/lib/vfyard
echo '{"version":1,"vfs":[' > $state
want_rc 1 vfyard pci-assignable-add net0/0
says "$state: read: damaged"
must umount /var/lib/vfyard
unchanged "host as before"

step "two runs at once"
# the first one's fsync takes three seconds
strace -o /dev/null -e inject=fsync:delay_enter=3000000:when=1 vfyard pci-assignable-add net0/1 &
soon 5 "the first run has the lock" grep -q pci-assignable-add /run/vfyard/lock
want_rc 5 vfyard --timeout 1 pci-assignable-add net0/0
says "host: lock: held by process [0-9]* \\(.*pci-assignable-add net0/1\\)"
must vfyard pci-assignable-add net0/0
wait
same "$(xl_assignable)" "$(bdfs 0/0 0/1)" "both, one after the other"
must vfyard pci-assignable-remove -r net0/0-1
unchanged "host as before"

step "kill -9 before the VF is taken, and after"
for when in 1 2; do
	strace -f -o /dev/null -e inject=fsync:signal=KILL:when=$when vfyard pci-assignable-add net0/1 net1/1
	must vfyard pci-assignable-add net0/1 net1/1
	must vfyard pci-assignable-remove -r net0/1 net1/1
	unchanged "host as before"
done

step "all of it, and back"
must vfyard pci-assignable-add 'net0/*' 'net1/*'
same "$(xl_assignable)" "$(bdfs {0,1}/{0..6})" "xl's assignable devices"
must vfyard pci-assignable-remove -r 'net0/*' 'net1/*'
same "$(xl_assignable)" "" "xl's assignable devices"
unchanged "drivers, overrides, numvfs, autoprobe and MACs as before"
