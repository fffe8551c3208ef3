# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: by hand
# lab: LAB_TIME=600
# lab: LAB_BOOTS=1
# Power lost while vfyard changes VFs of a real Xen Dom0: see host-power.sh.
. /lab/host-power.sh
power
