# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: LAB_LIBVIRT=1
# lab: LAB_NPF=1
# lab: LAB_TIME=900
# A guest of a real libvirtd: VFs go in and out while it runs and for its next start, by vfyard and by virsh in turns, and
# after each step virsh's own definitions are looked at.
. /lab/host-libvirt.sh

step "a host with libvirtd and 7 VFs"
libvirt_start
make_vfs 0 7 1
host_state > /tmp/before
libvirt_ready
run virsh version
gives 0/0-3

step "a domain defined from what vfyard renders"
libvirt_machine shop web1 192 lab.nics=5
xml_is web1 "$given" "$given"
must vfyard check
want_rc 3 vfyard plan
lacks "attach|define"
must vfyard apply
must vfyard status
prints "in sync"
must virsh start web1
follow web1
xml_is web1 "$given" "$given"
must vfyard status
prints "in sync: 1 PF, 7 VFs, 1 domain"
must vfyard pci-list web1
same "$(grep -c " net0/[0-3] .* shop$" <<< "$out")" 4 "lines of VFs"
must vfyard pci-list --json shop
same "$(jq -r '[.attached[].bdf] | sort | join(" ")' <<< "$out")" "$(bdfs $given)" "what is attached"
same "$(jq -r '[.attached[].uuid] | unique | join(" ")' <<< "$out")" "$(virsh --quiet domuuid web1 | head -1)" "the UUID"
wait_guest web1 'GUEST up' 180
soon 60 "the guest has 4 VFs" guest_bound_n web1 4
beats web1 0.3 60

step "a fifth by pci-attach, into the running machine and its next start, and out with the guest's consent"
must vfyard pci-assignable-add net0/4
must vfyard pci-attach web1 net0/4
xml_is web1 "$given 0/4" "$given 0/4"
same "$(state_of 0/4)" "attached shop" "state of 0/4"
prints_alias() { virsh --quiet dumpxml $2 web1 | grep -c "<alias name='ua-vfyard-net0-$1'/>"; }
same "$(prints_alias 4) $(prints_alias 4 --inactive)" "1 1" "elements of our alias"
beats web1 0.4 60
must vfyard pci-detach web1 net0/4
xml_is web1 "$given" "$given"
same "$(state_of 0/4)" "assignable null" "state of 0/4"
soon 30 "the guest has 4 VFs" guest_bound_n web1 4

step "the fifth by apply"
gives 0/0-4
want_rc 3 vfyard status
must vfyard check
want_rc 3 vfyard plan
prints "attach net0/4 \($(bdf_of 0/4)\): domain shop"
prints "define net0/4 \($(bdf_of 0/4)\): definition of domain shop"
must vfyard apply
xml_is web1 "$given 0/4" "$given 0/4"
must vfyard status
beats web1 0.4 60

step "virsh in turns: what it took and what it gave"
must virsh detach-device web1 "$(hostdev 0/4)" --config
xml_is web1 "$given 0/4" "$given"
want_rc 3 vfyard status
prints "net0/4 \($(bdf_of 0/4)\): definition"
must vfyard apply
xml_is web1 "$given 0/4" "$given 0/4"
must virsh detach-device-alias web1 ua-vfyard-net0-4 --live
soon 20 "the guest has let go" xml_live_is web1 "$given"
xml_is web1 "$given" "$given 0/4"
want_rc 3 vfyard status
prints "net0/4 \($(bdf_of 0/4)\): domain is none, wanted shop"
must vfyard apply
must vfyard status
xml_is web1 "$given 0/4" "$given 0/4"
must vfyard pci-assignable-add net0/5
must virsh attach-device web1 "$(hostdev 0/5)" --live
must vfyard status
says "also held, and not in the topology: net0/5 \(domain shop\)"
must vfyard pci-list web1
prints " $(bdf_of 0/5) +net0/5 .* shop$"
same "$(state_of 0/5)" "attached shop" "state of 0/5"
must vfyard pci-detach web1 net0/5
xml_is web1 "$given 0/4" "$given 0/4"

step "a guest that is suspended ignores the detach, and libvirt calls that success"
must virsh suspend web1
want_rc 1 vfyard --timeout 7 pci-detach web1 net0/4
says "the guest has not released it within 7 s; it stays attached"
xml_is web1 "$given 0/4" "$given 0/4"
same "$(state_of 0/4)" "attached shop" "state of 0/4"
want_rc 4 vfyard pci-assignable-remove -r net0/4
says "held by domain"
must vfyard status
run virsh detach-device web1 "$(hostdev 0/4)" --live
run vfyard --timeout 7 pci-detach web1 net0/4
xml_is web1 "$given 0/4" "$given 0/4"
must virsh resume web1
soon 60 "the guest follows the request" xml_live_is web1 "$given"
want_rc 3 vfyard status
must vfyard apply
must vfyard status
xml_is web1 "$given 0/4" "$given 0/4"
beats web1 0.4 60

step "a domain that is off, and claims a VF"
sed -e 's|<name>web1<|<name>db1<|' -e '/<hostdev/,/<\/hostdev>/d' /tmp/web1.xml > /tmp/db1.xml
must virsh define /tmp/db1.xml
must virsh attach-device db1 "$(hostdev 0/5)" --config
want_rc 4 vfyard pci-attach web1 net0/5
says "domain db1 of libvirt, which is off, has $(bdf_of 0/5) in its definition"
gives 0/0-5
want_rc 4 vfyard check
want_rc 4 vfyard plan
want_rc 4 vfyard apply
says "domain db1 of libvirt, which is off, has $(bdf_of 0/5) in its definition"
xml_is web1 "$given 0/4" "$given 0/4"
must vfyard pci-detach db1 "$(bdf_of 0/5)"
same "$(xml_vfs db1 config)" "" "what virsh has in the definition of db1"
must vfyard pci-attach db1 net0/5
same "$(xml_vfs db1 config)" "$(bdfs 0/5)" "what virsh has in the definition of db1"
must vfyard pci-detach db1 net0/5
must vfyard pci-assignable-remove -r net0/5
gives 0/0-4
must virsh undefine db1

step "libvirtd away, and back"
libvirt_stop
want_rc 4 vfyard pci-detach web1 net0/4
says "cannot be asked"
for command in "4 check" "4 plan" "4 apply" "3 status"; do
	want_rc "${command% *}" vfyard "${command#* }"
	says "shop: libvirt runs domain web1, and cannot be asked: libvirt: .*libvirt-sock"
done
must vfyard apply --no-attach
same "$(state_of 0/4)" "attached shop" "state of 0/4"
libvirt_start
libvirt_ready
must vfyard status
must vfyard pci-detach web1 net0/4
xml_is web1 "$given" "$given"
must vfyard apply
xml_is web1 "$given 0/4" "$given 0/4"
must vfyard status
beats web1 0.4 60

step "release"
must vfyard release --yes
same "$(xml_vfs web1 live)" "" "what virsh has in the running web1"
same "$(xml_vfs web1 config)" "$(bdfs $given)" "what virsh has in the definition of web1"
host_state > /tmp/after
holds "the host is as before" diff /tmp/before /tmp/after
must virsh destroy web1
must virsh undefine web1
