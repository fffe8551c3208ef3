# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: LAB_TIME=900
# The first ten minutes on a Dom0: see host-first.sh.
. /lab/host-first.sh
first_start
first_apply

step "a PV guest with the rendered pci= line"
here 0 vfyard render xl web1
{ pv_cfg web1; vfyard render xl web1; } > /tmp/web1.cfg
must xl create -q /tmp/web1.cfg
follow web1
wait_guest web1 'GUEST up' 240
first_why
must xl destroy web1
soon 30 "web1 is gone" [ -z "$(xl domid web1 2> /dev/null)" ]
first_end
