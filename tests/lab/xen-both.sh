# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: LAB_TIME=600
# One topology, two hypervisors, the Xen half: see host-both.sh and same.sh.
. /lab/host-both.sh
both_before

step "a PV guest with the rendered pci= line"
must vfyard render xl web1
{ pv_cfg web1; vfyard render xl web1; } > /tmp/web1.cfg
must xl create -q /tmp/web1.cfg
follow web1
both_after
