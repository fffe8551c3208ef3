# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The boot images, made from the package tree: hypervisor, kernel, one base initramfs for a Xen and one for a KVM host,
# and the guest's initramfs that both carry. Sourced by lab.sh.

image_key() {
	{ tree_key; cat "$LAB_DIR/lib/image.sh" "$LAB_DIR"/guest-*; } | sha256sum | cut -c1-12
}

# put DIR FILE...: programs of the tree into DIR, with the libraries they need.
put() {
	local dir=$1 f lib dest
	shift
	for f; do
		dest=$dir$f
		mkdir -p "${dest%/*}"
		rm -f "$dest"
		cp -L "$LAB_TREE$(real "$f")" "$dest"
		for lib in $(libs_of "$(real "$f")"); do
			put_file "$dir" "$lib"
		done
	done
}

# libs_of FILE: paths, inside the tree, of the libraries FILE needs. systemd's own lie in a folder that its programs name
# by its absolute path, where the machine that builds this may have others, or none.
libs_of() {
	"$(loader)" --library-path "$(lib_path):$LAB_TREE/usr/lib/x86_64-linux-gnu/systemd" --list "$LAB_TREE$1" 2>/dev/null |
		grep -o '/[^ ]*' | sed "s|^$LAB_TREE||" | sort -u
}

# put_file DIR FILE...: plain files, once each, under their own name.
put_file() {
	local dir=$1 f
	shift
	for f; do
		[ -e "$dir$f" ] && continue
		mkdir -p "$dir${f%/*}"
		cp -L "$LAB_TREE$(real "$f")" "$dir$f"
	done
}

# put_modules DIR NAME...: kernel modules, with those they depend on, and their index.
put_modules() {
	local dir=$1 lib=/lib/modules/$LAB_KERNEL m f x
	shift
	mkdir -p "$dir$lib"
	for m; do
		f=$(cd "$LAB_TREE$lib" && find . -name "${m//[-_]/[-_]}.ko*" | head -1)
		f=${f#./}
		[ -n "$f" ] || continue	# built in
		for x in $f $(sed -n "s|^$f: *||p" "$LAB_TREE$lib/modules.dep"); do
			put_file "$dir" "$lib/$x"
		done
	done
	cp "$LAB_TREE$lib"/modules.{order,builtin,builtin.modinfo} "$dir$lib/"
	in_tree /sbin/depmod -b "$dir" "$LAB_KERNEL"
}

# unpack_kernel BZIMAGE FILE: the ELF kernel inside. To do that in the lab costs seconds at every boot and every
# `xl create`, under TCG. The payload's place is in the boot header (Documentation/x86/boot.rst: setup_sects at 0x1f1,
# payload_offset and payload_length at 0x248 and 0x24c).
unpack_kernel() {
	local sects offset length
	sects=$(od -An -tu1 -j $((0x1f1)) -N 1 "$1")
	offset=$(od -An -tu4 -j $((0x248)) -N 4 "$1")
	length=$(od -An -tu4 -j $((0x24c)) -N 4 "$1")
	# the last 4 bytes are the size
	head -c $(((sects + 1) * 512 + offset + length - 4)) "$1" | tail -c $((length - 4)) > "$2.packed"
	# Debian 12's payload is xz, 13's is zstd: the first bytes tell
	case $(od -An -tx1 -N 4 "$2.packed" | tr -d ' ') in
	fd377a58) in_tree /usr/bin/xz -dc < "$2.packed" > "$2" ;;
	28b52ffd) in_tree /usr/bin/zstd -dcq < "$2.packed" > "$2" ;;
	*) die "the kernel in $1 is packed neither with xz nor with zstd" ;;
	esac
	rm "$2.packed"
}

# pack DIR FILE: DIR as an initramfs.
pack() {
	(cd "$1" && find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --quiet | gzip -1) > "$2.tmp"
	mv "$2.tmp" "$2"
}

# put_whole DIR: drivers of whole functions and what they need, numbered in the order in which they are loaded.
put_whole() {
	local m f n=10 dir=$LAB_TREE/lib/modules/$LAB_KERNEL
	mkdir -p "$1"
	for m in igb nvme; do
		# modules.dep has what a module needs from the last to the first
		for f in $(sed -n "s|:| |; /\/$m\.ko[^ ]* /p" "$dir/modules.dep" | tr ' ' '\n' | tac); do
			case $f in
			*.xz) in_tree /usr/bin/xz -dc "$dir/$f" > "$1/$n-$(basename "$f" .xz)" ;;
			*) cp "$dir/$f" "$1/$n-$(basename "$f")" ;;
			esac
			n=$((n + 1))
		done
	done
}

# make_guest FILE: busybox and the two drivers; says what it sees and pings the PF through each VF.
make_guest() {
	local d=$LAB_TMP/guest m f
	mkdir -p "$d/bin" "$d/mods"
	cp "$LAB_TREE$(real /bin/busybox)" "$d/bin/busybox"
	for m in igbvf xen-pcifront; do
		f=$(find "$LAB_TREE/lib/modules/$LAB_KERNEL" -name "$m.ko*" | head -1)
		[ -n "$f" ] || continue	# an Arm kernel has no xen-pcifront
		case $f in	# busybox's insmod wants an uncompressed module
		*.xz) in_tree /usr/bin/xz -dc "$f" > "$d/mods/$m.ko" ;;
		*) cp "$f" "$d/mods/$m.ko" ;;
		esac
	done
	put_whole "$d/mods/whole"
	install -m 755 "$LAB_DIR/guest-init" "$d/init"
	install -m 755 "$LAB_DIR/guest-loop" "$d/guest-loop"
	pack "$d" "$1"
}

# applets BUSYBOX: the names that it answers to.
applets() { "$1" --list; }

# Of each host; libgcc_s is dlopened by pthread_cancel: without it `xl create` aborts after it has made the domain.
LAB_FILES=(/usr/share/seabios/bios-256k.bin /lib/x86_64-linux-gnu/libgcc_s.so.1)

# put_links DIR: /bin and so on, which are links in Debian.
put_links() {
	local b
	mkdir -p "$1"/usr/{bin,sbin,lib,lib64}
	for b in bin sbin lib lib64; do ln -s "usr/$b" "$1/$b"; done
}

# put_userland DIR: what both hosts have.
put_userland() {
	local d=$1 b
	mkdir -p "$d"/{dev,proc,sys,run,tmp,etc,root,var,mnt}
	put_links "$d"
	put "$d" /bin/busybox
	for b in $(applets "$d/bin/busybox"); do
		[ "$b" = busybox ] || ln -sf busybox "$d/bin/$b"
	done
	for b in modprobe insmod rmmod lsmod depmod modinfo; do rm -f "$d/bin/$b" "$d/sbin/$b"; done
	put "$d" /bin/bash /sbin/ip /sbin/mke2fs /bin/kmod /usr/bin/{lspci,setpci,socat,jq,strace}
	for b in modprobe insmod rmmod lsmod depmod modinfo; do ln -s /bin/kmod "$d/sbin/$b"; done
	put_file "$d" /usr/share/misc/pci.ids "${LAB_FILES[@]}"
}

# of the disk that survives a reboot
disk_modules='virtio_blk virtio_pci ext4 crc32c_generic'

put_xen() {
	local d=$1 lib f
	lib=$(cd "$LAB_TREE" && echo usr/lib/xen-*/bin/xl)
	lib=/${lib%/bin/xl}
	put "$d" "$lib"/bin/{xl,oxenstored,xen-init-dom0,xenconsoled,xenconsole} \
		/usr/bin/xenstore-{ls,read,write,rm,list,exists} /usr/libexec/xen-qemu-system-i386
	# QEMU's own boot ROM for kernel= in an HVM domain
	put_file "$d" "$lib/boot/hvmloader" /usr/share/qemu/{kvmvapic,linuxboot,linuxboot_dma}.bin /etc/xen/oxenstored.conf /etc/xen/xl.conf
	for f in "$LAB_TREE"/usr/share/qemu/keymaps/*; do put_file "$d" "${f#"$LAB_TREE"}"; done
	# from Xen 4.20 on, oxenstored has its hypercalls in a plug-in, and dies without it
	for f in "$LAB_TREE$lib"/ocaml/xsd_glue/*/*.cmxs; do [ ! -e "$f" ] || put "$d" "${f#"$LAB_TREE"}"; done
	# bonding to macvlan: what the host may have built on a VF (xen-verbs)
	# shellcheck disable=SC2086
	put_modules "$d" igb igbvf nvme xhci-pci xen-evtchn xen-gntdev xen-gntalloc xen-privcmd xenfs xen-pciback bonding bridge 8021q macvlan $disk_modules
	zcat "$LAB_TREE"/boot/xen-*-amd64.gz > "$LAB_TMP/xen"
	zcat "$LAB_TREE"/boot/shadow.gz > "$LAB_TMP/xen-shadow"
}

put_kvm() {
	local d=$1
	put "$d" /usr/bin/qemu-system-x86_64
	# a bash script; asks udevadm for names only, and only with --debug
	put_file "$d" /usr/sbin/driverctl
	put_file "$d" /usr/share/qemu/{kvmvapic,linuxboot,linuxboot_dma,multiboot}.bin
	# shellcheck disable=SC2086
	put_modules "$d" igb igbvf nvme xhci-pci kvm-amd kvm-intel vfio-pci vfio_iommu_type1 $disk_modules
}

# make_base xen|kvm: the host's base initramfs, and the list of its files (a run adds only libraries that it lacks).
make_base() {
	local kind=$1 d=$LAB_TMP/base-$1
	put_userland "$d"
	"put_$kind" "$d"
	# the domain builder reads gzip, much faster than xz
	[ ! -e "$LAB_TMP/vmlinux" ] || gzip -1c "$LAB_TMP/vmlinux" > "$d/vmlinux.gz"
	cp "$LAB_TREE/boot/vmlinuz-$LAB_KERNEL" "$d/vmlinuz"
	cp "$LAB_TMP/guest.img" "$d/guest.img"
	(cd "$d" && find . -type f -o -type l) | sed 's/^\.//' > "$LAB_TMP/base-$kind.files"
	pack "$d" "$LAB_TMP/base-$kind.img"
	rm -rf "$d"
}

# make_systemd FILE: Debian's systemd as an initramfs to append: the manager, systemctl, and the targets of a boot. What
# else there is to start the scenario brings as units of its own.
make_systemd() {
	local d=$LAB_TMP/systemd f
	mkdir -p "$d"
	put "$d" /lib/systemd/systemd /bin/systemctl
	# from systemd 254 on it is what starts the services
	f=/usr/lib/systemd/systemd-executor
	[ ! -e "$LAB_TREE$f" ] || put "$d" $f
	for f in "$LAB_TREE"/usr/lib/x86_64-linux-gnu/systemd/libsystemd-*.so; do put "$d" "${f#"$LAB_TREE"}"; done
	for f in sysinit basic multi-user local-fs paths slices sockets timers shutdown umount final; do
		put_file "$d" "/lib/systemd/system/$f.target"
	done
	mkdir -p "$d/etc"
	: > "$d/etc/machine-id"
	# /bin, /lib and /lib64 are links in the base
	for f in bin lib lib64; do
		[ -d "$d/$f" ] || continue
		mkdir -p "$d/usr/$f"
		cp -a "$d/$f/." "$d/usr/$f/"
		rm -rf "${d:?}/$f"
	done
	pack "$d" "$1"
	rm -rf "$d"
}

# make_libvirt FILE: libvirt's daemon with its QEMU driver, and virsh, as an initramfs to append to the KVM host's. Its
# drivers for networks, storage and the host's devices stay out: they want a firewall, udev and D-Bus, and no VF needs them.
make_libvirt() {
	local d=$LAB_TMP/libvirt lib=/usr/lib/x86_64-linux-gnu f
	mkdir -p "$d"
	put_links "$d"
	put "$d" /usr/sbin/libvirtd /usr/bin/virsh $lib/libvirt/connection-driver/libvirt_driver_qemu.so
	# what it learns of a QEMU it learns from one that emulates, which Debian has in a module
	for f in "$LAB_TREE$lib"/qemu/accel-*-x86_64.so; do [ ! -e "$f" ] || put "$d" "${f#"$LAB_TREE"}"; done
	for f in "$LAB_TREE"/usr/share/libvirt/cpu_map/*; do put_file "$d" "${f#"$LAB_TREE"}"; done
	mkdir -p "$d"/etc/libvirt "$d"/var/{lib,log}/libvirt/qemu
	printf '%s\n' root:x:0:0:root:/root:/bin/bash \
		libvirt-qemu:x:64055:105:Libvirt Qemu:/var/lib/libvirt:/usr/sbin/nologin > "$d/etc/passwd"
	printf '%s\n' root:x:0: tty:x:5: kvm:x:105: libvirt:x:106: libvirt-qemu:x:64055: > "$d/etc/group"
	printf '%s\n' 'passwd: files' 'group: files' > "$d/etc/nsswitch.conf"
	# no AppArmor in the lab's kernel, and no virtlogd
	printf '%s\n' 'security_driver = "none"' 'stdio_handler = "file"' > "$d/etc/libvirt/qemu.conf"
	(cd "$d" && find . -type f) | sed 's/^\.//' | grep -xF -f "$LAB_TMP/base-kvm.files" | while IFS= read -r f; do rm "$d$f"; done
	pack "$d" "$1"
	rm -rf "$d"
}

# make_images DIR: everything a boot needs into DIR, all or nothing.
make_images() {
	local k
	LAB_TMP=$1.tmp
	rm -rf "$1" "$LAB_TMP"
	mkdir -p "$LAB_TMP"
	LAB_KERNEL=$(cd "$LAB_TREE/lib/modules" && echo *)
	in_tree /sbin/depmod -b "$LAB_TREE" "$LAB_KERNEL"
	cp "$LAB_TREE/boot/vmlinuz-$LAB_KERNEL" "$LAB_TMP/vmlinuz"
	unpack_kernel "$LAB_TMP/vmlinuz" "$LAB_TMP/vmlinux"
	make_guest "$LAB_TMP/guest.img"
	for k in xen kvm; do make_base $k; done
	make_systemd "$LAB_TMP/systemd.img"
	make_libvirt "$LAB_TMP/libvirt.img"
	rm -rf "$LAB_TMP/guest"
	mv "$LAB_TMP" "$1"
}
