# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: by hand
# Captures this host (tests/capture.sh, handed over as a FILE of the run) into build/lab/out/SUITE/xen.capture.

step "capture"
for ((n = 0; n < $(pf_count); n++)); do make_vfs $n 7 1; done
bdf_of 0/0 > "$DEVICES/$(bdf_of 0/0)/driver/unbind"
must xl pci-assignable-add "$(bdf_of 0/1)"
pv_cfg web1 "pci = [ \"$(bdf_of 0/1)\" ]" > /tmp/web1.cfg
must xl create -p /tmp/web1.cfg
must sh /lab/capture.sh
send_file xen.capture /tmp/out
