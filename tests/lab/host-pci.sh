# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# PFs, VFs and guests of the lab, as sysfs, xenstore and xl show them: vfyard's answers are compared
# with this. PF n is the igb at n+1:00.0; its VFs get the admin MACs 02:76:66:00:PP:II, and its
# address is 10.0.PP.2/24 (guest-loop).

DEVICES=/sys/bus/pci/devices

pf_bdf() { printf '%s:%02x:00.0' "${LAB_SEGMENT:-0000}" $((16#${LAB_FIRST_BUS:-01} + $1)); }
pf_dir() { echo "$DEVICES/$(pf_bdf "$1")"; }
pf_if() { local d; d=$(echo "$(pf_dir "$1")"/net/*); echo "${d##*/}"; }
pf_count() { grep -cx 0x10c9 $DEVICES/*/device 2>/dev/null | grep -c ':1$'; }

# bdf_of PF/VF: prints the address that the kernel's virtfn link gives.
bdf_of() { local l; l=$(readlink "$(pf_dir "${1%/*}")/virtfn${1#*/}") && echo "${l##*/}"; }
mac_of() { printf '02:76:66:00:%02x:%02x' "${1%/*}" "${1#*/}"; }

# driver_of PF/VF, override_of PF/VF: print the driver and the override, or "none".
driver_of() {
	local l
	l=$(readlink "$DEVICES/$(bdf_of "$1")/driver") || l=none
	echo "${l##*/}"
}
override_of() {
	local o
	o=$(cat "$DEVICES/$(bdf_of "$1")/driver_override")
	case $o in '(null)' | '') o=none ;; esac
	echo "$o"
}

# pf_up N: brings the PF up. This comes before VFs are made, because otherwise their driver finds a
# PF in reset.
pf_up() {
	ip link set "$(pf_if "$1")" up
	ip addr add "10.0.$1.2/24" dev "$(pf_if "$1")"
}

# make_vfs N COUNT AUTOPROBE [MACS]: makes VFs of PF N and gives each (or the first MACS) its admin
# MAC.
make_vfs() {
	local i
	pf_up "$1"
	echo "$3" > "$(pf_dir "$1")/sriov_drivers_autoprobe"
	echo "$2" > "$(pf_dir "$1")/sriov_numvfs"
	for ((i = 0; i < ${4:-$2}; i++)); do
		ip link set "$(pf_if "$1")" vf "$i" mac "$(mac_of "$1/$i")" ||
			bad "cannot set the MAC of VF $1/$i"
	done
}

# xl_assignable: prints what xl says, sorted, on one line.
xl_assignable() { xl pci-assignable-list | tr -d ' ' | sort | paste -sd' '; }
# xl_attached DOMAIN: prints what xl says, in the same form.
xl_attached() { xl pci-list "$1" | awk 'NR > 1 { print $2 }' | sort | paste -sd' '; }
# bdfs PF/VF...: prints the addresses that sysfs has, in the same form.
bdfs() { local v; for v; do bdf_of "$v"; done | sort | paste -sd' '; }

# pv_cfg NAME [LINE...]: prints the configuration of a PV guest.
pv_cfg() {
	cat <<- C
	name = "$1"
	type = "pv"
	kernel = "/vmlinux.gz"
	ramdisk = "/guest.img"
	memory = ${GUEST_MEM:-128}
	vcpus = 1
	extra = "console=hvc0 quiet iommu=soft swiotlb=2048 ${GUEST_EXTRA:-}"
	on_crash = "destroy"
	on_reboot = "destroy"
	C
	shift
	printf '%s\n' "$@"
}

# hvm_cfg NAME [LINE...]: prints the configuration of an HVM guest, which needs LAB_XEN=xen-shadow:
# it has shadow paging where this release's Xen has it, else HAP (see lib/tree.sh). It must not use
# RDTSCP (lib/boot.sh, tsc_mode); without vnc=0 QEMU wants a socket.
hvm_cfg() {
	local hap=1
	if grep -qw shadow <<< "$(xl info virt_caps)"; then hap=0; fi
	cat <<- C
	name = "$1"
	type = "hvm"
	kernel = "/vmlinuz"
	ramdisk = "/guest.img"
	cmdline = "console=ttyS0 quiet ${GUEST_EXTRA:-}"
	serial = "file:$(guest_log "$1")"
	memory = ${GUEST_MEM:-192}
	vcpus = 1
	tsc_mode = "native"
	hap = $hap
	vga = "none"
	vnc = 0
	on_crash = "destroy"
	on_reboot = "destroy"
	C
	shift
	printf '%s\n' "$@"
}

guest_log() { echo "/var/log/xen/console/guest-$1.log"; }

# follow NAME [FILE]: copies the guest's console into the lab's log.
follow() {
	(tail -n +1 -F "${2:-$(guest_log "$1")}" 2>/dev/null |
		while IFS= read -r line; do echo "    $1| ${line%$'\r'}"; done) &
}

# guest_lives CMD NAME...: false when CMD is one of the functions below about a guest, and the
# guest's machine is gone or its kernel has given up.
guest_lives() {
	case $1 in
	guest_said | guest_sees_n | guest_bound_n | beats_more) ;;
	*) return 0 ;;
	esac
	! guest_said "$2" 'Kernel panic' 2>/dev/null || return 1
	case $LAB_KIND in
	xen) xl domid "$2" > /dev/null 2>&1 ;;
	# [n], because this grep has a command line, too
	kvm) cat /proc/[0-9]*/cmdline 2> /dev/null | tr '\0' ' ' | grep -qE -- "-[n]ame (guest=)?$2[ ,]" ;;
	esac
}
guest_end() { tr -d '\r' < "$(guest_log "$1")" | tail -n 5; }

# guest_said NAME REGEX: the guest's console has a line like this
guest_said() { tr -d '\r' < "$(guest_log "$1")" | grep -qE -- "$2"; }

# wait_guest NAME REGEX SECS: the guest's console says this, now or earlier.
wait_guest() { soon "$3" "guest $1 says '$2'" guest_said "$1" "$2"; }

# guest_sees NAME: prints the PCI functions that the guest has now, as BDF=DRIVER words.
guest_sees() { tr -d '\r' < "$(guest_log "$1")" | sed -n 's/^GUEST pci=[0-9]*: *//p' | tail -1; }
guest_sees_n() { [ "$(guest_sees "$1" | wc -w)" = "$2" ]; }
guest_bound_n() { [ "$(guest_sees "$1" | tr ' ' '\n' | grep -c '=igbvf')" = "$2" ]; }

# beats NAME PF.VF: two pings of this VF's PF that begin after this call come back.
beats_now() { tr -d '\r' < "$(guest_log "$1")" | grep -cE "^GUEST beat .*\b${2//./\\.}=ok"; }
beats_more() { [ "$(beats_now "$1" "$2")" -gt "$3" ]; }
beats() { soon "${3:-30}" "guest $1 pings through VF $2" beats_more "$1" "$2" $(($(beats_now "$1" "$2") + 1)); }

# backend NAME KEY: prints this key of the domain's PCI backend in xenstore.
backend() { xenstore-read "/local/domain/0/backend/pci/$(xl domid "$1")/0/$2" 2>/dev/null; }

# topology [LINE...]: prints a topology for vfyard with the PFs of this host; domain web1 has
# net0/0-1.
topology() {
	local n
	echo 'version = 1'
	echo 'pf = ['
	for ((n = 0; n < $(pf_count); n++)); do echo "  \"net$n: bdf=$(pf_bdf $n), numvfs=7\","; done
	echo ']'
	if [ $# -gt 0 ]; then
		printf '%s\n' "$@"
	else
		echo 'domain = [ [ "web1", "xen: type=pv", "kvm: ports=auto", "net0/0-1" ] ]'
	fi
}

# host_state: prints everything that vfyard must give back as it was, as lines.
host_state() {
	local d f
	for d in "$DEVICES"/*; do
		[ -e "$d/sriov_numvfs" ] || [ -e "$d/physfn" ] || continue
		f=$(readlink "$d/driver") || f=none
		echo "${d##*/} driver=${f##*/} override=$(cat "$d/driver_override")"
		[ -e "$d/sriov_numvfs" ] || continue
		echo "${d##*/} numvfs=$(cat "$d/sriov_numvfs") autoprobe=$(cat "$d/sriov_drivers_autoprobe")"
		ip link show "$(basename "$d"/net/*)" | grep ' vf '
	done
}

# list_of FILTER: prints vfyard's listing through jq, on one line.
list_of() { vfyard list --json | jq -r "$1" | paste -sd' '; }
# state_of PF/VF: prints "state domain" as vfyard lists it; the PF has its topology name net0, net1,
# ...
state_of() {
	list_of ".pfs[] | select(.name == \"net${1%/*}\").vfs[${1#*/}] | \"\(.state) \(.domain)\""
}
is_permissive() { grep -qx "$(bdf_of "$1")" /sys/bus/pci/drivers/pciback/permissive; }

# like_driverctl N: driverctl lists N VFs, and for each the driver, and whether there is an
# override, as vfyard does.
like_driverctl() {
	local line
	driverctl list-devices | while IFS= read -r line; do
		[ ! -e "$DEVICES/${line%% *}/physfn" ] || echo "$line"
	done | sort > /tmp/driverctl
	vfyard list --json | jq -r '.pfs[].vfs[] | .bdf + " " + (.driver // "(none)") +
		if .driver_override then " [*]" else "" end' | sort > /tmp/vfyard
	same "$(wc -l < /tmp/driverctl)" "$1" "VFs that driverctl lists"
	holds "vfyard lists them alike" diff /tmp/driverctl /tmp/vfyard
}
