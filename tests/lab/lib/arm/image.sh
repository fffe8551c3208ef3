# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The boot images of the Arm lab: one base, for a KVM host. Libraries are found by their names, because no loader of this machine
# can tell. Sourced by lab.sh after image.sh, in place of what there is for the PC.

LAB_FILES=(/usr/lib/aarch64-linux-gnu/libgcc_s.so.1)

image_key() {
	{ tree_key; cat "$LAB_DIR"/lib/{image,arm/image}.sh "$LAB_DIR"/guest-*; } | sha256sum | cut -c1-12
}

# arm_libs FILE: paths, inside the tree, of the libraries that an arm64 program needs.
arm_libs() {
	local -A seen=()
	local -a todo=("$1")
	local name file
	while [ ${#todo[@]} -gt 0 ]; do
		file=${todo[0]}
		todo=("${todo[@]:1}")
		for name in $(readelf -dl "$file" 2>/dev/null | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p; s|.*interpreter: .*/\([^/]*\)\]|\1|p'); do
			[ -z "${seen[$name]:-}" ] || continue
			seen[$name]=1
			# the loader is looked for in /lib itself
			for file in "/usr/lib/$name" "/usr/lib/aarch64-linux-gnu/$name"; do
				[ -e "$LAB_TREE$file" ] || continue
				echo "$file"
				todo+=("$LAB_TREE$file")
				break
			done
		done
	done
}
libs_of() { arm_libs "$LAB_TREE$1"; }

# Their names are linked when the host boots (host-init).
applets() { :; }

put_arm() {
	local d=$1
	put "$d" /usr/bin/qemu-system-aarch64
	put_file "$d" /usr/sbin/driverctl
	put_modules "$d" igb igbvf vfio-pci vfio_iommu_type1 virtio_pci virtio_console
}

# make_images DIR: everything a boot needs into DIR, all or nothing.
make_images() {
	LAB_TMP=$1.tmp
	rm -rf "$1" "$LAB_TMP"
	mkdir -p "$LAB_TMP"
	LAB_KERNEL=$(cd "$LAB_TREE/lib/modules" && echo *)
	in_tree depmod -b "$LAB_TREE" "$LAB_KERNEL"
	cp "$LAB_TREE/boot/vmlinuz-$LAB_KERNEL" "$LAB_TMP/vmlinuz"
	cp "$LAB_TREE/usr/share/qemu-efi-aarch64/QEMU_EFI.fd" "$LAB_TMP/"
	make_guest "$LAB_TMP/guest.img"
	make_base arm
	rm -rf "$LAB_TMP/guest"
	mv "$LAB_TMP" "$1"
}
