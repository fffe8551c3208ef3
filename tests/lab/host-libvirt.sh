# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# libvirt's daemon on the lab's host, and what virsh says of its domains: vfyard's answers are compared with this.

# libvirt_start: begins to start the daemon, which asks QEMU what it can do when it is asked for the first time;
# libvirt_ready waits for that.
libvirt_start() {
	if ! grep -q ' /sys/fs/cgroup ' /proc/mounts; then
		mount -t cgroup2 cgroup2 /sys/fs/cgroup
		# as udev leaves it
		chown root:kvm /dev/kvm
		chmod 0660 /dev/kvm
		mkdir -p "$(dirname "$(guest_log x)")"
		chmod 1777 "$(dirname "$(guest_log x)")"
	fi
	libvirtd --daemon > /tmp/libvirtd.out 2>&1 || bad "libvirtd: $(cat /tmp/libvirtd.out)"
}
libvirt_ready() { soon "${1:-120}" "libvirtd answers" virsh --quiet list --all --name; }
libvirt_pid() { cat /run/libvirtd.pid; }
libvirt_gone() { ! kill -0 "$1" 2> /dev/null; }
# libvirt_stop [SIGNAL]: ends the daemon; its guests go on.
libvirt_stop() {
	local pid
	pid=$(libvirt_pid)
	kill "-${1:-TERM}" "$pid"
	soon 30 "libvirtd ends" libvirt_gone "$pid"
}

# xml_vfs DOMAIN live|config: prints the functions that virsh has in this definition, sorted, on one line.
xml_vfs() {
	local -a flag=()
	[ "$2" = live ] || flag=(--inactive)
	virsh --quiet dumpxml "${flag[@]}" "$1" | sed -n '/<hostdev/,/<\/hostdev/{/<source>/,/<\/source>/s/.*<address.* domain=.0x\(....\). bus=.0x\(..\). slot=.0x\(..\). function=.0x\(.\)..*/\1:\2:\3.\4/p}' |
		sort | paste -sd' '
}
# xml_is DOMAIN LIVE CONFIG: the running machine has the VFs LIVE, the next start CONFIG ("0/0 0/1").
xml_is() {
	# shellcheck disable=SC2086 # words
	same "$(xml_vfs "$1" live)" "$(bdfs $2)" "what virsh has in the running $1"
	# shellcheck disable=SC2086
	same "$(xml_vfs "$1" config)" "$(bdfs $3)" "what virsh has in the definition of $1"
}
# shellcheck disable=SC2086 # words
xml_live_is() { [ "$(xml_vfs "$1" live)" = "$(bdfs $2)" ]; }
# hostdev PF/VF: the element for virsh, in a file whose name is printed.
hostdev() {
	local b f
	b=$(bdf_of "$1")
	f=/tmp/hostdev-${1//\//-}.xml
	echo "<hostdev mode='subsystem' type='pci' managed='no'><source><address domain='0x${b%%:*}' bus='0x${b:5:2}' slot='0x${b:8:2}' function='0x${b##*.}'/></source></hostdev>" > "$f"
	echo "$f"
}

# libvirt_machine DOMAIN NAME MIB [LINUXARG...]: defines what vfyard renders of the topology's DOMAIN, which libvirt calls
# NAME, with a kernel and a console for the lab.
libvirt_machine() {
	local domain=$1 name=$2 mib=$3
	shift 3
	must vfyard render libvirt --with-machine --cpu qemu64 "$domain"
	sed -e "s|<memory unit='GiB'>1<|<memory unit='MiB'>$mib<|" \
		-e "s|</os>|<kernel>/vmlinuz</kernel><initrd>/guest.img</initrd><cmdline>console=ttyS0 quiet $*</cmdline></os>|" \
		-e "s|</devices>|<serial type='file'><source path='$(guest_log "$name")'/></serial></devices>|" \
		<<< "$out" > "/tmp/$name.xml"
	must virsh define "/tmp/$name.xml"
}

# Of the scenarios with one guest, which the topology calls shop and libvirt web1.
given='0/0 0/1 0/2 0/3' # what it is defined with
# gives VF...: a topology that gives it these.
gives() {
	topology "domain = [ [ \"shop\", \"kvm: libvirt=web1, machine=q35, ports=auto, spare=4\"$(printf ', "net%s"' "$@") ] ]" \
		> /etc/vfyard/topology.cfg
}
