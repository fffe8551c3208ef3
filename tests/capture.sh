#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Describes this host to vfyard's developers: run it and attach what it prints to a bug report.
#
#	sh capture.sh [--anonymize] > my-host.tree
#
# Needs sh and coreutils, changes nothing, works unprivileged (as root it sees more). It prints names
# and numbers of all PCI functions, SR-IOV attributes, IOMMU groups, drivers, network devices (names,
# MAC ADDRESSES, and what they are enslaved to), the hypervisor's kind and version, the kernel's command line, and as
# root which processes (by number) have a VFIO, uio, vDPA or RDMA device open. It reads no configuration space, no serial
# numbers, no IP addresses, no names of guests. With --anonymize MAC
# addresses are replaced by made-up ones, and of the command line only words about PCI, IOMMU and
# virtualisation stay.
#
# Lines are "path=value" (a file, "\n" for a line break), "path -> target" (a symbolic link) and "path/"
# (a directory), relative to /. untree.sh makes a directory of them, for vfyard --root DIR.
set -u
LC_ALL=C
export LC_ALL
anonymize=
root=/
while [ $# -gt 0 ]; do
	case $1 in
	--anonymize) anonymize=1 ;;
	--root) root=${2:?--root DIR}; shift ;;
	*) echo "usage: sh capture.sh [--anonymize] [--root DIR] > HOST.tree" >&2; exit 2 ;;
	esac
	shift
done
cd "$root" || exit 1

# escape TEXT: $text with backslashes doubled
escape() {
	rest=$1 text=
	while :; do
		case $rest in
		*\\*) text="$text${rest%%\\*}\\\\" rest=${rest#*\\} ;;
		*) text=$text$rest; return ;;
		esac
	done
}

# content FILE: $value is the file's text in the form above; fails when it cannot be read
content() {
	value=
	[ -r "$1" ] || return 1
	first=1
	while IFS= read -r line || [ -n "$line" ]; do
		escape "$line"
		if [ -n "$first" ]; then value=$text; else value="$value\\n$text"; fi
		first=
	done 2> /dev/null < "$1"
}

files() {	# files DIR NAME...: those of these files that are there
	dir=$1
	shift
	for name; do
		[ -f "$dir/$name" ] && content "$dir/$name" && printf '%s=%s\n' "$dir/$name" "$value"
	done
}

links() {	# links PATH...: those of these links that are there
	for path; do
		[ -h "$path" ] && printf '%s -> %s\n' "$path" "$(readlink "$path")"
	done
}

directories() {	# directories PATH...: those of these directories that are there
	for path; do
		[ -d "$path" ] && printf '%s/\n' "$path"
	done
}

empty() {	# empty PATH...: files that are only written to
	for path; do
		[ -e "$path" ] && printf '%s=\n' "$path"
	done
}

# Addresses are numbered as they come, so that equal ones stay equal.
macs=
mac() {
	case " $macs " in *" $1="*) ;; *)
		# shellcheck disable=SC2086
		set -- "$1" $macs
		macs="$macs $1=$(printf '02:00:00:00:%02x:%02x' $(($# / 256)) $(($# % 256)))" ;;
	esac
	value=${macs#* "$1"=}
	value=${value%% *}
}

address() {	# address NETDEV-DIR
	[ -f "$1/address" ] && content "$1/address" || return
	case $value in
	'' | 00:00:00:00:00:00) ;;
	*) [ -n "$anonymize" ] && mac "$value" ;;
	esac
	printf '%s/address=%s\n' "$1" "$value"
}

command_line() {
	content proc/cmdline || return
	if [ -n "$anonymize" ]; then
		kept=
		set -f
		for word in $value; do
			case $word in
			*iommu* | *xen* | *pci* | *vfio* | *kvm* | *vfs* | *intremap*) kept="$kept${kept:+ }$word" ;;
			esac
		done
		set +f
		value=$kept
	fi
	printf 'proc/cmdline=%s\n' "$value"
}

uses() {	# uses VF-DIR: marks of a use other than by VFIO
	# A directory that shows nothing: its device is in another network namespace.
	for class in "$1/net" "$1"/virtio*/net "$1/infiniband"; do
		[ -d "$class" ] && [ -z "$(ls "$class")" ] && directories "$class"
	done
	files "$1/nvidia" current_vgpu_type
	directories "$1/mdev_supported_types" "$1"/vfio-dev/* "$1"/uio/uio* "$1"/infiniband_verbs/uverbs* "$1"/vdpa*/vhost-vdpa-*
	links "$1"/*-*/mdev_type
	for vdpa in "$1"/vdpa*; do links "$vdpa/driver"; done
}

function_() {	# function_ BDF
	link=sys/bus/pci/devices/$1
	links "$link"
	target=$(readlink "$link")
	d=sys/${target#../../../}
	[ -d "$d" ] || d=$link
	files "$d" vendor device subsystem_vendor subsystem_device revision class numa_node driver_override \
		sriov_totalvfs sriov_numvfs sriov_offset sriov_stride sriov_vf_device sriov_drivers_autoprobe
	links "$d/driver" "$d/iommu_group" "$d/physfn" "$d/subsystem"
	[ -h "$d/physfn" ] && uses "$d"
	i=0
	while [ -h "$d/virtfn$i" ]; do
		links "$d/virtfn$i"
		i=$((i + 1))
	done
}

netdev() {	# netdev NAME: of a function, or on top of another one
	link=sys/class/net/$1
	target=$(readlink "$link") || return
	d=sys/${target#../../}
	case $(echo "$d"/lower_*) in
	*'*') [ -e "$d/device" ] || return ;;
	esac
	links "$link"
	address "$d"
	files "$d" addr_assign_type dev_port phys_port_name phys_switch_id type flags operstate mtu
	links "$d/device" "$d/master" "$d"/upper_* "$d"/lower_*
	directories "$d/bridge" "$d/bonding"
}

driver() {	# driver DIR
	directories "$1"
	empty "$1/bind" "$1/unbind"
	files "$1" slots permissive
	links "$1"/*:*:*.* "$1/module"
	[ -h "$1/module" ] && files "sys/module/$(basename "$(readlink "$1/module")")" taint
}

group() {	# group DIR
	files "$1" type
	links "$1"/devices/*
}

# users PROC-DIR: the devices of functions that a process has open
users() {
	case $(readlink "$1"/fd/* 2> /dev/null) in */dev/vfio/* | */dev/uio* | */dev/vhost-vdpa-* | */dev/infiniband/*) ;; *) return ;; esac
	for fd in "$1"/fd/*; do
		case $(readlink "$fd" 2> /dev/null) in /dev/vfio/* | /dev/uio* | /dev/vhost-vdpa-* | /dev/infiniband/*) links "$fd" ;; esac
	done
}

# modules_of: those of the pass-through drivers, of the running kernel
modules_of() {
	content proc/sys/kernel/osrelease && [ -n "$value" ] || return
	for list in "lib/modules/$value/modules.dep" "lib/modules/$value/modules.builtin"; do
		[ -r "$list" ] || continue
		text=
		for name in $(sed -n 's/:.*//; /\/\(vfio-pci\|xen-pciback\)\.ko/p' "$list"); do
			text="$text${text:+\\n}$name:"
		done
		printf '%s=%s\n' "$list" "$text"
	done
}

echo "# vfyard capture 1, $(uname -srm)"
files sys/hypervisor type guest_type
files sys/hypervisor/version major minor extra
files proc/xen capabilities
directories sys/devices/system/xen_cpu/xen_cpu*
command_line
for f in sys/bus/pci/devices/*; do
	function_ "${f##*/}"
done
empty sys/bus/pci/drivers_probe
for f in sys/bus/pci/drivers/*; do
	# Those that hold something, and those that hold functions for domains.
	case $f in */pciback | */vfio-pci | */pci-stub) driver "$f"; continue ;; esac
	case $(echo "$f"/*:*:*.*) in *'*'*) ;; *) driver "$f" ;; esac
done
for f in sys/kernel/iommu_groups/*; do
	[ -d "$f" ] && group "$f"
done
for f in sys/class/net/*; do
	netdev "${f##*/}"
done
files sys/module/xen_pciback/parameters hide passthrough permissive
files proc/sys/kernel osrelease
modules_of
directories sys/module/kvm sys/module/vfio sys/module/vfio_pci sys/module/vfio_iommu_type1 sys/module/xen_pciback
empty dev/kvm dev/vfio/*
for f in proc/[0-9]*; do
	users "$f"
done
exit 0
