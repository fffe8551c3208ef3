# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: LAB_TIME=600
# One topology, three hosts, the Arm one: see host-both.sh and same.sh.
. /lab/host-both.sh
. /lab/host-arm.sh
mkdir -p "$(dirname "$(guest_log web1)")"
both_before

step "a guest with \$(vfyard render qemu web1)"
start_guest web1 192
both_after
