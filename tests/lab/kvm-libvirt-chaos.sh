# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: LAB_LIBVIRT=1
# lab: LAB_NPF=1
# lab: LAB_TIME=900
# vfyard killed while it gives a VF to a guest of libvirt, and libvirtd killed: what is left is said, and made whole.
. /lab/host-libvirt.sh

step "a guest of libvirt with 4 VFs"
libvirt_start
make_vfs 0 7 1
host_state > /tmp/before
libvirt_ready
gives 0/0-3
libvirt_machine shop web1 192 lab.nics=5
must vfyard apply
must virsh start web1
follow web1
wait_guest web1 'GUEST up' 180
soon 60 "the guest has 4 VFs" guest_bound_n web1 4
gives 0/0-4
must vfyard apply
xml_is web1 "$given 0/4" "$given 0/4"

# without VF 4 again, by virsh
without_4() {
	must virsh detach-device web1 "$(hostdev 0/4)" --config
	must virsh detach-device web1 "$(hostdev 0/4)" --live
	soon 20 "the guest has let go" xml_live_is web1 "$given"
}
# whole: the next apply reaches the topology from here.
whole() {
	must vfyard apply
	must vfyard status
	xml_is web1 "$given 0/4" "$given 0/4"
}

step "kill -9 of vfyard at each of its questions to libvirt"
# it asks its child, one sendto a question; before the attach nothing can be lost
without_4
strace -qq -o /tmp/strace -e trace=sendto vfyard apply || bad "apply under strace"
grep -o 'op[^,]*' /tmp/strace | tr -d '\\"' | paste -sd' '
asked=$(grep -c 'sendto(.*op' /tmp/strace)
first=$(grep 'sendto(.*op' /tmp/strace | grep -n attach | head -n 1 | cut -d: -f1)
note "$asked questions, of which number $first is the attach"
holds "attach, define and the looks after them" [ "$asked" -gt "$first" ]
for ((i = first; i <= asked; i++)); do
	without_4
	rc=0
	strace -qq -o /tmp/strace -e trace=sendto -e "inject=sendto:signal=KILL:when=$i" vfyard apply || rc=$?
	same "$rc" 137 "exit status of an apply that is killed at question $i"
	whole
done
beats web1 0.4 60

# died PATH: libvirtd is killed when it opens this file, in an apply that gives VF 4 to the guest.
died() {
	local pid
	without_4
	pid=$(libvirt_pid)
	strace -f -qq -o /tmp/strace -p "$pid" -P "$1" -e trace=openat -e inject=openat:signal=KILL:when=1 &
	soon 10 "strace looks at libvirtd" grep -q '^TracerPid:.[1-9]' "/proc/$pid/status"
	want_rc 6 vfyard apply
	says "libvirt went away"
	holds "libvirtd is dead" libvirt_gone "$pid"
	wait $!
	libvirt_start
	libvirt_ready
}

step "libvirtd killed before QEMU was asked"
died "$DEVICES/$(bdf_of 0/4)/config"
whole

step "libvirtd killed when QEMU had it, and nobody had noted that"
died /run/libvirt/qemu/web1.xml.new
same "$(xml_vfs web1 live)" "$(bdfs $given)" "what libvirt knows of"
same "$(state_of 0/4)" "attached shop" "state of 0/4"
want_rc 3 vfyard status
says "shop: QEMU of domain web1 has $(bdf_of 0/4) open, and libvirt does not know of it"
want_rc 4 vfyard apply
want_rc 4 vfyard pci-detach web1 net0/4
says "QEMU of domain web1 has $(bdf_of 0/4) open, and libvirt does not know of it"
command=$(sed -n "s/.*run: \(virsh qemu-monitor-command .*}'\); or end.*/\1/p" <<< "$err")
must eval "$command"
is_free() { [ "$(state_of 0/4)" = "assignable null" ]; }
soon 30 "the guest has let go" is_free
whole
beats web1 0.4 60

step "release"
must vfyard release --yes
same "$(xml_vfs web1 live)" "" "what virsh has in the running web1"
host_state > /tmp/after
holds "the host is as before" diff /tmp/before /tmp/after
