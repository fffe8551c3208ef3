# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: LAB_TIME=120
# Checks that the KVM host is one: it has /dev/kvm, VFs, an IOMMU group for each, and a VF that
# vfio-pci takes.

step "host with KVM and VFs"
holds "/dev/kvm is there" test -c /dev/kvm
make_vfs 0 7 0
bdf=$(bdf_of 0/3)
same "$(driver_of 0/3)" none "driver of a VF made with autoprobe=0"
holds "the VF has an IOMMU group" test -e "$DEVICES/$bdf/iommu_group"
step "a VF with vfio-pci"
echo vfio-pci > "$DEVICES/$bdf/driver_override"
echo "$bdf" > /sys/bus/pci/drivers_probe
same "$(driver_of 0/3)" vfio-pci "driver"
holds "its group is open to user space" test -c "/dev/vfio/$(basename "$(readlink "$DEVICES/$bdf/iommu_group")")"
