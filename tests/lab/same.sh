#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# One topology, two hypervisors: checks that the guests of xen-both.sh and kvm-both.sh saw the same VFs.
#   same.sh forget	before the labs start, because what an earlier run saved must not count
#   same.sh		after both labs
set -u
. "$(dirname "$0")/lib/debs.sh"
out=${BUILD:-$(dirname "$0")/../../build}/lab/out/${LAB_SUITE:-$(host_suite)}
xen=$out/xen-web1.vfs kvm=$out/kvm-web1.vfs arm=$out/arm-web1.vfs

if [ "${1:-}" = forget ]; then
	rm -f "$xen" "$kvm" "$arm"
	exit
fi
failed=0
for f in "$xen" "$kvm" "$arm"; do
	[ -s "$f" ] || { echo "${f##*/}: its lab saved no VFs"; failed=1; }
done
[ $failed = 1 ] || diff -u --label "Xen's guest" --label "KVM's guest" "$xen" "$kvm" || failed=1
[ $failed = 1 ] || diff -u --label "KVM's guest" --label "KVM's guest on Arm" "$kvm" "$arm" || failed=1
[ $failed = 1 ] || echo "web1 on all: $(paste -sd' ' "$xen")"
echo "one topology: $((1 - failed)) passed, $failed failed"
exit $failed
