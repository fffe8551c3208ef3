#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Describes this host to vfyard's developers: run it and attach what it prints to a bug report.
#
#	sh capture.sh [--anonymize] > my-host.tree
#
# Needs sh and coreutils, changes nothing, works unprivileged (as root it sees more). It prints names
# and numbers of all PCI functions, SR-IOV attributes, IOMMU groups, drivers, network devices (names,
# MAC ADDRESSES, what they are enslaved to, which a default route leaves by), how VFs are set (MAC ADDRESS, VLAN, rates and the rest), the hypervisor's
# kind and version, the kernel's command line, and as root: which processes have a VFIO, uio, vDPA or RDMA device open, which
# guests run (NAME, devices, of QEMU its UUID and monitors, of libvirt what its domains have defined) and which of them claims what, and what vfyard remembers of devices; of
# files below /etc that set VFs, the lines that say so or name a network device or an address on the bus.
# It reads no configuration space, no serial numbers, no IP addresses. With --anonymize MAC addresses and names of guests
# are replaced by made-up ones, and of the command line only words about PCI, IOMMU and virtualisation stay.
#
# What is not a file of the host is kept below vfyard/, as the text that a command printed:
#
#	vfyard/ip-link/NETDEV	ip -j link show dev NETDEV, of each function
#	vfyard/ip-route		ip -o route show table all, -4 and -6: the devices and table of default routes, no addresses
#	vfyard/qmp		what vfyard -vv pci-list asked of QEMU's monitors, and the answers; only where vfyard is installed
#	vfyard/libvirt/domains	UUID, state and name of each domain of libvirt (of qemu:///system), and below UUID.live and UUID.config
#				virsh dumpxml, and with --inactive: host devices, PCI controllers, and which PCI addresses are taken
#	vfyard/xl-list		xl list
#	vfyard/xl-dmesg		xl dmesg, the lines about interrupt remapping
#	vfyard/xl-info		xl info, the lines about Xen's version, command line, CPUs and IOMMU
#	vfyard/xenstore		xenstore-ls -f: PCI backends and frontends, /libxl/pci, names and types of domains
#	vfyard/xen-created/ID	what libxl's configuration of domain ID says about pass-through
#
# Lines are "path=value" (a file, with "\n" for a line break), "path -> target" (a symbolic link)
# and "path/" (a directory), relative to /. untree.sh makes a directory of them, for vfyard --root
# DIR.
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

# escape TEXT: sets $text to TEXT with its backslashes doubled
escape() {
	rest=$1 text=
	while :; do
		case $rest in
		*\\*) text="$text${rest%%\\*}\\\\" rest=${rest#*\\} ;;
		*) text=$text$rest; return ;;
		esac
	done
}

# content FILE: sets $value to the file's text in the form above; fails when it cannot be read
content() {
	value=
	[ -r "$1" ] || return 1
	lines 2> /dev/null < "$1"
}

lines() {	# sets $value to what comes from standard input
	value=
	first=1
	while IFS= read -r line || [ -n "$line" ]; do
		escape "$line"
		if [ -n "$first" ]; then value=$text; else value="$value\\n$text"; fi
		first=
	done
}

files() {	# files DIR NAME...: prints those of these files that exist
	dir=$1
	shift
	for name; do
		[ -f "$dir/$name" ] && content "$dir/$name" && printf '%s=%s\n' "$dir/$name" "$value"
	done
}

links() {	# links PATH...: prints those of these links that exist
	for path; do
		[ -h "$path" ] && printf '%s -> %s\n' "$path" "$(readlink "$path")"
	done
}

directories() {	# directories PATH...: prints those of these directories that exist
	for path; do
		[ -d "$path" ] && printf '%s/\n' "$path"
	done
}

empty() {	# empty PATH...: prints files that are only written to, without content
	for path; do
		[ -e "$path" ] && ! [ -d "$path" ] && printf '%s=\n' "$path"
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

# text FILE TEXT: prints TEXT, which a command said, as FILE; --anonymize makes up the addresses in
# it
text() {
	[ -n "$2" ] || return
	said=$2
	if [ -n "$anonymize" ]; then
		for found in $(printf '%s\n' "$said" | grep -oE '([0-9a-f]{2}:){5}[0-9a-f]{2}' | sort -u); do
			case $found in 00:00:00:00:00:00 | ff:ff:ff:ff:ff:ff) continue ;; esac
			mac "$found"
			# Some names are made of addresses, too: enx525400000001.
			said=$(printf '%s\n' "$said" | sed "s/$found/$value/g; s/$(printf %s "$found" | tr -d :)/$(printf %s "$value" | tr -d :)/g")
		done
	fi
	lines <<-EOF
	$said
	EOF
	printf '%s=%s\n' "$1" "$value"
}

# answer FILE COMMAND...: prints what COMMAND says on the running host; in an unpacked tree FILE has
# the answer
answer() {
	file=$1
	shift
	if [ "$root" = / ]; then "$@"; else cat "$file"; fi 2> /dev/null
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

# The first line that tells whose CPU it is: of PCs the vendor, of Arm machines the implementer; and whether it is a virtual one.
cpu() {
	[ -r proc/cpuinfo ] || return
	text proc/cpuinfo "$(grep -E '^(vendor_id|CPU implementer)' proc/cpuinfo | head -n 1
		grep -q ' hypervisor' proc/cpuinfo && echo 'flags : hypervisor ')"
}

# What modprobe is told of the driver that hides functions, and nothing else of these files.
hidden() {	# hidden FILE...
	for path; do
		[ -r "$path" ] || continue
		value=
		while IFS= read -r line || [ -n "$line" ]; do
			case $line in
			*options*xen[-_]pciback*) escape "$line"; value="$value${value:+\\n}$text" ;;
			esac
		done < "$path"
		[ -z "$value" ] || printf '%s=%s\n' "$path" "$value"
	done
}

uses() {	# uses VF-DIR: prints what shows a use other than by VFIO
	# When the directory is empty, its device is in another network namespace.
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
	files "$d" vendor device subsystem_vendor subsystem_device revision class boot_vga numa_node driver_override \
		sriov_totalvfs sriov_numvfs sriov_offset sriov_stride sriov_vf_device sriov_drivers_autoprobe
	files "$d" subordinate_bus_number
	[ -f "$d/sriov_totalvfs" ] && files "$d" ari_enabled resource
	links "$d/driver" "$d/iommu_group" "$d/physfn" "$d/subsystem"
	[ -h "$d/physfn" ] && uses "$d"
	i=0
	while [ -h "$d/virtfn$i" ]; do
		links "$d/virtfn$i"
		i=$((i + 1))
	done
}

netdev() {	# netdev NAME: a network device of a function, or one on top of another
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
	[ -e "$d/device/vendor" ] && text "vfyard/ip-link/$1" "$(answer "vfyard/ip-link/$1" ip -j link show dev "$1")"
	directories "$d/bridge" "$d/bonding"
}

# What ip prints. A busybox that has no such options prints nothing.
# shellcheck disable=SC2317 # answer calls it
all_routes() {
	ip -o -4 route show table all
	ip -o -6 route show table all
}

# routes: for each default route in every table, the devices it leaves by
routes() {
	answer vfyard/ip-route all_routes | while IFS= read -r line; do
		case $line in 'default '*) ;; *) continue ;; esac
		kept=default before=
		set -f
		for word in $line; do
			case $before in dev | table | nhid) kept="$kept $before $word" ;; esac
			before=$word
		done
		set +f
		printf '%s\n' "$kept"
	done | sort -u
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
	if grep -qs direct "$1/reserved_regions"; then files "$1" reserved_regions; fi
	links "$1"/devices/*
}

# argument NAME VALUE: prints an option of QEMU in the form of proc/PID/cmdline
argument() {
	printf '%s\n' "$@" | sed 's/\\/\\\\/g; s/$/\\0000/' | tr -d '\n'
}

# qemu PROC-DIR: prints those arguments of QEMU that name the guest, its devices and its monitors
qemu() {
	tr '\0' '\n' < "$1/cmdline" | {
		read -r program || return
		printf '%s/cmdline=' "$1"
		argument "$program"
		while IFS= read -r option; do
			case $option in
			-name | --name | -uuid | --uuid | -device | --device | -qmp | --qmp | -qmp-pretty | -mon | --mon | -monitor | -chardev | --chardev | \
				-machine | -M | -pidfile | --pidfile | -readconfig) IFS= read -r said ;;
			*) continue ;;
			esac
			case $option,$said in
			*name,*) [ -z "$anonymize" ] || said=guest${1##*/} ;;
			# Folders of whom QEMU belongs to: /run/incus/NAME/qemu.pid, /run/qemu-server/VMID.pid.
			*pidfile,*/incus/* | *pidfile,*/lxd/* | *readconfig,*/incus/* | *readconfig,*/lxd/*)
				[ -z "$anonymize" ] || said=${said%/*/*}/guest${1##*/}/${said##*/} ;;
			*pidfile,*/qemu-server/*) ;;
			*pidfile,* | *readconfig,*) continue ;;
			*device,*vfio-pci* | *device,pcie-root-port*) ;;
			*device,*) continue ;;
			esac
			argument "$option" "$said"
		done
		echo
	}
}

# whose PROC-DIR: prints the process's program, and the cgroup, which tells its container or guest
whose() {
	files "$1" comm
	[ -z "$anonymize" ] && { files "$1" cgroup; return; }
	grep -q 'machine-qemu\|/libvirt/\|\.libvirt-qemu' "$1/cgroup" 2> /dev/null && echo "$1/cgroup=0::/machine.slice/machine-qemu"
}

# process PROC-DIR: prints the devices of functions that it has open, and what it is
process() {
	case $(head -c 512 "$1/cmdline" 2> /dev/null | tr '\0' '\n' | head -n 1) in
	qemu* | */qemu* | kvm | */kvm) qemu "$1"; guest=1 guests="$guests ${1##*/}" ;;
	*) guest= ;;
	esac
	# The readlink of busybox takes one file only.
	case $(ls -l "$1/fd" 2> /dev/null) in
	*/dev/vfio/* | */dev/uio* | */dev/vhost-vdpa-* | */dev/infiniband/*) whose "$1" ;;
	*) [ -n "$guest" ] && whose "$1"; return ;;
	esac
	for fd in "$1"/fd/*; do
		case $(readlink "$fd" 2> /dev/null) in /dev/vfio/* | /dev/uio* | /dev/vhost-vdpa-* | /dev/infiniband/*) links "$fd" ;; esac
	done
}

# What each guest says that vfyard may ask.
qemu_answers() {
	for guest in $guests; do vfyard -vv pci-list "$guest" 2>&1 > /dev/null | sed -n 's/^vfyard: qmp //p'; done
}

# Of a domain's definition what concerns PCI: host devices and controllers as they are, of all else the address in the guest, if it
# has one on PCI. virsh prints an element a line, children two spaces deeper.
pci_of_definition() {
	awk '
		/^<domain/ { print; next }
		# Who writes the definition, as its name space says.
		/^    <[^>]*xmlns:[^>]*(openstack|ovirt)\.org/ && !inside {
			match($0, /xmlns:[a-z-]*=.http[^>"\047]*./)
			print "  <metadata>"
			print "    <owner " substr($0, RSTART, RLENGTH) "/>"
			print "  </metadata>"
			next
		}
		/^  <devices>/ { inside = 1; print; next }
		/^  <\/devices>/ { inside = 0; print; next }
		/^<\/domain>/ { print; next }
		!inside { next }
		/^    <[a-z]/ {
			name = $1
			gsub(/[<\/>]/, "", name)
			whole = /^    <(hostdev|interface) .*type=.(pci|hostdev)/ || /^    <controller .*type=.pci/
			# One line is all of it.
			if (/\/>$/ && whole) print
			if (/\/>$/ || whole && /^    <[^ >]*>.*<\//) next
			if (whole) print; else print "    <" name ">"
			next
		}
		/^    <\// { print; next }
		whole || /^      <address type=.pci/'
}

# libvirt_domains: a line for each
# shellcheck disable=SC2317 # answer calls it
libvirt_domains() {
	[ -e run/libvirt/libvirt-sock ] || [ -e run/libvirt/virtqemud-sock ] || return
	echo "# virsh list --all"
	for uuid in $(timeout 60 virsh -q -r -c qemu:///system list --all --uuid); do
		info=$(timeout 60 virsh -q -r -c qemu:///system dominfo "$uuid")
		printf '%s %s %s %s\n' "$uuid" \
			"$(case $info in *"Id: "*" -
"*) echo off ;; *) echo running ;; esac)" \
			"$(printf '%s\n' "$info" | sed -n 's/^Persistent: *yes$/persistent/p; s/^Persistent: *no$/transient/p')" \
			"$(printf '%s\n' "$info" | sed -n 's/^Name: *//p')"
	done
}

# libvirt_xml UUID [--inactive]
# shellcheck disable=SC2317 # answer calls it
libvirt_xml() {
	timeout 60 virsh -q -r -c qemu:///system dumpxml "$@"
}

libvirt() {
	list=$(answer vfyard/libvirt/domains libvirt_domains)
	[ -n "$list" ] || return
	kept="" n=0
	while read -r uuid state keeps name; do
		n=$((n + 1))
		case $uuid in '#') kept="# virsh list --all"; continue ;; esac
		called=off-$n
		for pid in $guests; do grep -qaF "$uuid" "proc/$pid/cmdline" && called=$pid; done
		[ -z "$anonymize" ] || name=guest$called
		kept="$kept
$uuid $state $keeps $name"
		[ "$state" = off ] || text "vfyard/libvirt/$uuid.live" \
			"$(answer "vfyard/libvirt/$uuid.live" libvirt_xml "$uuid" | pci_of_definition)"
		[ "$keeps" = transient ] || text "vfyard/libvirt/$uuid.config" \
			"$(answer "vfyard/libvirt/$uuid.config" libvirt_xml "$uuid" --inactive | pci_of_definition)"
	done <<-EOF
	$list
	EOF
	text vfyard/libvirt/domains "$kept"
}

# nodes PATH: prints the nodes of xenstore below it
nodes() {
	answer vfyard/xenstore xenstore-ls -f "$1" | grep "^$1/"
}

xen_store() {
	nodes /local/domain | grep -E '^/local/domain/(0/backend/pci/|[0-9]+/(name|target|device/pci)[ /])' | if [ -n "$anonymize" ]; then
		sed -E 's|^(/local/domain/([1-9][0-9]*)/name = ").*"|\1guest\2"|'
	else cat; fi
	nodes /libxl | grep -E '^/libxl/(pci/|[0-9]+/(type |device/pci/))' | if [ -n "$anonymize" ]; then grep -v '^/libxl/pci/[^ ]*/name '; else cat; fi
}

# The columns are: Name ID Mem VCPUs State Time
xen_domains() {
	answer vfyard/xl-list xl list | if [ -n "$anonymize" ]; then
		sed -E 's/^.* ([0-9]+)(( +[^ ]+){4}) *$/guest\1 \1\2/; s/^guest0 /Domain-0 /'
	else cat; fi
}

# xen_created DOMID: prints what libxl's configuration says about pass-through, in its own form
# shellcheck disable=SC2317 # answer calls it
xen_created() {
	for f in var/lib/xen/userdata-d."$1".*.libxl-json; do
		[ -r "$f" ] || return
		mode=$(sed -n 's/.*"passthrough": *"\([a-z_]*\)".*/\1/p' "$f" | head -n 1)
		e820=
		grep -q '"e820_host": *"\{0,1\}[Tt]rue' "$f" && e820='"e820_host": true'
		devices=
		grep -q '"pcidevs"\|"dtdevs"' "$f" && devices=', "pcidevs": [{}]'
		pv=
		grep -q '"type.pv"' "$f" && pv="\"type.pv\": {$e820}"
		printf '{"c_info": {%s}, "b_info": {%s}%s}\n' "${mode:+\"passthrough\": \"$mode\"}" "$pv" "$devices"
		return
	done
}

xen_info() {
	answer vfyard/xl-info xl info | grep -E '^(nr_cpus|virt_caps|xen_major|xen_minor|xen_extra|xen_commandline) '
}

xen() {
	[ -e proc/xen/capabilities ] || return
	list=$(xen_domains)
	text vfyard/xl-list "$list"
	text vfyard/xl-info "$(xen_info)"
	text vfyard/xl-dmesg "$(answer vfyard/xl-dmesg xl dmesg | grep -E 'Interrupt [Rr]emapping' | sed 's/^([^)]*) *//')"
	text vfyard/xenstore "$(xen_store)"
	for id in $(printf '%s\n' "$list" | sed -En 's/^.* ([1-9][0-9]*)( +[^ ]+){4} *$/\1/p'); do
		text "vfyard/xen-created/$id" "$(answer "vfyard/xen-created/$id" xen_created "$id")"
	done
}

# What the kernel says of the IOMMU.
iommu() {
	links sys/class/iommu/*
	text proc/interrupts "$(grep -oE ' (IR-|ITS-)?(IO-APIC|PCI-MSIX?)|xen-pirq' proc/interrupts 2> /dev/null | sort -u | tr -d '\n')"
	content proc/sys/kernel/osrelease && [ -r "boot/config-$value" ] &&
		text "boot/config-$value" "$(grep -E '^CONFIG_(INTEL_IOMMU_DEFAULT_ON|AMD_IOMMU=)' "boot/config-$value")"
	files sys/kernel/security lockdown
	files sys/module/vfio_iommu_type1/parameters allow_unsafe_interrupts
}

# Files of other programs that set VFs: their lines stay where they are, and what has nothing to do with it is empty.
owners() {
	names=$(for f in sys/class/net/*; do [ -e "$f/device" ] && printf '%s|' "${f##*/}"; done)
	for path in etc/systemd/network/*.link etc/systemd/network/*.network run/systemd/network/*.link \
		etc/NetworkManager/system-connections/* run/NetworkManager/system-connections/* etc/NetworkManager/conf.d/*.conf \
		etc/NetworkManager/NetworkManager.conf etc/netplan/*.yaml run/systemd/generator.late/netplan-sriov*.service \
		etc/network/interfaces etc/network/interfaces.d/* etc/sysconfig/network-scripts/ifcfg-* etc/udev/rules.d/*.rules \
		etc/tmpfiles.d/*.conf etc/systemd/system/*.service etc/rc.local etc/crontab etc/cron.d/* etc/sriov-operator/pci/* \
		etc/libvirt/qemu/networks/*.xml etc/driverctl.d/* etc/pve/qemu-server/*.conf; do
		[ -f "$path" ] && [ -r "$path" ] || continue
		grep -qiE 'sriov|sr-iov|virtual-function|embedded-switch|<pf dev|hostpci' "$path" ||
			case $path in etc/sriov-operator/* | etc/driverctl.d/*) ;; *) continue ;; esac
		text "$path" "$(awk -v names="${names}sriov" 'BEGIN { names = "(^|[^A-Za-z0-9_])(" names ")([^A-Za-z0-9_]|$)" }
			tolower($0) ~ /sriov|sr-iov|virtual-function|embedded-switch|<pf dev|hostpci|[0-9a-f]:[0-9a-f][0-9a-f][:.][0-9a-f]/ ||
			$0 ~ names || FILENAME ~ /driverctl|operator/ { print; next } { print "" }' "$path")"
	done
	empty run/libvirt/libvirt-sock run/libvirt/virtqemud-sock
	directories etc/systemd/system
	links etc/systemd/system/multi-user.target.wants/vfyard.service
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
cpu
# of the tables that tell of an IOMMU, that they are there; without ACPI there is no such directory
directories sys/firmware/acpi/tables
for f in DMAR RMAD IVRS IORT VIOT; do empty "sys/firmware/acpi/tables/$f"; done
for f in sys/bus/pci/devices/*; do
	function_ "${f##*/}"
done
empty sys/bus/pci/drivers_probe
for f in sys/bus/pci/drivers/*; do
	# Drivers that hold something, and drivers that hold functions for domains.
	case $f in */pciback | */vfio-pci | */pci-stub) driver "$f"; continue ;; esac
	case $(echo "$f"/*:*:*.*) in *'*'*) ;; *) driver "$f" ;; esac
done
for f in sys/kernel/iommu_groups/*; do
	[ -d "$f" ] && group "$f"
done
for f in sys/class/net/*; do
	netdev "${f##*/}"
done
text vfyard/ip-route "$(routes)"
files sys/module/xen_pciback/parameters hide passthrough permissive
hidden etc/modprobe.d/*.conf run/modprobe.d/*.conf usr/local/lib/modprobe.d/*.conf usr/lib/modprobe.d/*.conf
files proc/sys/kernel osrelease
modules_of
iommu
owners
directories sys/module/kvm sys/module/vfio sys/module/vfio_pci sys/module/vfio_iommu_type1 sys/module/xen_pciback
empty dev/kvm dev/vfio/* dev/vfio/devices/*
links sys/class/vfio-dev/*/device
guests=
for f in proc/[0-9]*; do
	process "$f"
done
[ -z "$guests" ] || text vfyard/qmp "$(answer vfyard/qmp qemu_answers)"
libvirt
xen
[ -r var/lib/vfyard/state.json ] && text var/lib/vfyard/state.json "$(sed -E 's/("card": *")serial [^"]*/\1/' var/lib/vfyard/state.json)"
exit 0
