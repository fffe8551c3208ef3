# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: LAB_TIME=900
# plan, apply, status and release on a real Xen Dom0: see host-apply.sh. xl is asked about every
# step, too.
. /lab/host-apply.sh

apply_start
apply_first
same "$(xl_assignable)" "$(bdfs 0/{0..4} 1/{0,1})" "xl's assignable devices"

step "a PV guest with net0/0"
pv_cfg web1 "pci = [ '$(bdf_of 0/0)' ]" 'e820_host = 1' 'passthrough = "enabled"' > /tmp/web1.cfg
must xl create -q /tmp/web1.cfg
follow web1
wait_guest web1 'GUEST up' 90
beats web1 0.0 60

by_hand() { xl pci-detach web1 "$(bdf_of 0/2)"; }

apply_attach
same "$(xl_attached web1)" "$(bdfs 0/{0..2})" "xl's list"
apply_drift by_hand
same "$(xl_attached web1)" "$(bdfs 0/{0..2})" "xl's list"
apply_others

step "permissive for a VF that a guest has"
cp /etc/vfyard/topology.cfg /tmp/plain.cfg
sed -i 's|"net0/0-2" \]|"net0/0-1", "net0/2: permissive=1" ]|' /etc/vfyard/topology.cfg
want_rc 3 vfyard status
prints "^net0/2 .*permissive"
must vfyard apply
holds "net0/2 is permissive" is_permissive 0/2
must vfyard status
beats web1 0.2 60
cp /tmp/plain.cfg /etc/vfyard/topology.cfg

apply_settings
apply_refused
apply_release
same "$(xl_assignable)" "" "xl's assignable devices"
same "$(xenstore-ls /libxl/pci 2>/dev/null | grep -E 'domid|driver_path|name')" "" "what is left in xenstore"
