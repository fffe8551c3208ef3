# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: both releases
# lab: LAB_NPF=6
# lab: LAB_TIME=900
# Forty VFs of six PFs in one guest behind planned switches, on a real KVM host: list, assignable,
# the guest's own listing, ping, hot plug into a planned spare port, and everything back. A Xen host
# accepts the same topology.

n=40
step "6 PFs with 42 VFs"
for p in 0 1 2 3 4 5; do make_vfs $p 7 1; done
host_state > /tmp/before
mkdir -p "$(dirname "$(guest_log x)")"
topology 'domain = [' \
	'  [ "web1", "xen: type=pv", "kvm: qmp=/run/web1.qmp, machine=q35, ports=switch, spare=2",' \
	'    "net0/*", "net1/*", "net2/*", "net3/*", "net4/*", "net5/0-4" ]' \
	']' > /etc/vfyard/topology.cfg
given=(net0/* net1/* net2/* net3/* net4/* net5/0-4)
all_of() { list_of "[.pfs[].vfs[] | select($1)] | length"; }
guest_vfs() { guest_sees web1 | tr ' ' '\n' | grep -c "=igbvf"; }
must vfyard list
same "$(all_of '.driver == "igbvf" and .state == "host"')" 42 "VFs of the host"
must vfyard check
note "$(tail -1 <<< "$out")"

step "pci-assignable-add of $n VFs in one call"
t=${EPOCHREALTIME/./}
must vfyard pci-assignable-add "${given[@]}"
note "$n VFs to vfio-pci in $(((${EPOCHREALTIME/./} - t) / 1000)) ms"
same "$(all_of '.driver == "vfio-pci" and .state == "assignable"')" $n "assignable VFs"
must vfyard pci-assignable-list
same "$(wc -l <<< "$out")" $n "lines of pci-assignable-list"
like_driverctl 42

step "a guest with \$(vfyard render qemu web1)"
must vfyard render qemu web1
# shellcheck disable=SC2046 # words for the shell are what it prints
qemu-system-x86_64 -accel kvm -cpu qemu64 -machine q35,kernel-irqchip=split -m 384 -nodefaults -display none -no-reboot \
	-name web1 -qmp unix:/run/web1.qmp,server=on,wait=off -kernel /vmlinuz -initrd /guest.img \
	-append 'console=ttyS0 quiet lab.nics=2' -serial "file:$(guest_log web1)" \
	$(vfyard render qemu web1) > /tmp/web1.qemu 2>&1 &
qemu_pid=$!
follow qemu /tmp/web1.qemu
follow web1
soon 60 "its monitor is there" test -S /run/web1.qmp
wait_guest web1 'GUEST up' 240
soon 60 "the guest has $n VFs with igbvf" guest_bound_n web1 $n
note "the guest's own listing has $(guest_vfs) VFs"
guest_sees web1 | tr ' ' '\n' > /tmp/guest.lspci
send_file kvm-guest-40.txt /tmp/guest.lspci

step "host and guest agree"
same "$(all_of '.state == "attached" and .domain == "web1"')" $n "attached VFs"
t=${EPOCHREALTIME/./}
must vfyard pci-list --json web1
note "pci-list of $n VFs in $(((${EPOCHREALTIME/./} - t) / 1000)) ms"
same "$(jq '[.attached[] | select(.ready)] | length' <<< "$out")" $n "VFs that the guest has found"
same "$(jq -r '.attached[].guest_addr' <<< "$out" | sort | paste -sd' ')" \
	"$(guest_sees web1 | tr ' ' '\n' | sed -n 's/^0000:\(.*\)=igbvf$/\1/p' | sort | paste -sd' ')" "guest addresses"
same "$(jq -r '.attached[].bdf' <<< "$out" | sort | paste -sd' ')" \
	"$(for v in {0..4}/{0..6} 5/{0..4}; do bdf_of "$v"; done | sort | paste -sd' ')" "devices of web1"
beats web1 0.0 60

step "hot attach into a planned spare port, and detach"
must vfyard pci-assignable-add net5/5
must vfyard pci-attach web1 net5/5
soon 60 "the guest has $((n + 1)) VFs" guest_bound_n web1 $((n + 1))
same "$(state_of 5/5)" "attached web1" "state of 5/5"
must vfyard pci-detach web1 net5/5
soon 60 "the guest has $n VFs" guest_bound_n web1 $n
same "$(state_of 5/5)" "assignable null" "state of 5/5"
beats web1 0.0 60

step "VFs in use are not taken from the guest"
want_rc 4 vfyard pci-assignable-remove -r "${given[@]}"
says "held by domain web1"
beats web1 0.0 60

step "everything back to igbvf"
kill "$qemu_pid"
wait "$qemu_pid"
t=${EPOCHREALTIME/./}
must vfyard pci-assignable-remove -r "${given[@]}" net5/5
note "41 VFs given back in $(((${EPOCHREALTIME/./} - t) / 1000)) ms"
same "$(all_of '.driver == "igbvf" and .state == "host"')" 42 "VFs of the host"
host_state > /tmp/after
holds "the host is as before" diff /tmp/before /tmp/after
