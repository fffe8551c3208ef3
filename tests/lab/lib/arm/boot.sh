# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# One boot of the Arm lab's machine, QEMU's virt with EL2, GICv3 with ITS and SMMUv3. Sourced by lab.sh after boot.sh, in place of
# what there is for the PC.

# needs FILE: as in boot.sh.
needs() { arm_libs "$1" | sed "s|.*|$LAB_TREE& &|"; }

# program: sets LAB_BIN, the folder with a vfyard for that host, cross built with the libraries of its release.
program() {
	build
	LAB_BIN=$LAB_BUILD/arm64-$LAB_SUITE
	mkdir -p "$LAB_BIN"
	flock "$LAB_BIN" make -s -j"$(nproc)" -C "$LAB_TOP" ARCH=arm64 SYSROOT="$LAB_TREE" B="$LAB_BIN" all >&2 ||
		die "no vfyard for $LAB_SUITE on arm64, see above"
}

# two_segments FILE: the device tree that QEMU gives its machine, with buses 80 to ff in a PCI segment of their own, 2, as
# server chips have several. Both windows halve; bus numbers stay, and with them the numbers by which SMMU and ITS know a
# function. QEMU itself has one segment for each machine, and ACPI's MCFG table is QEMU's.
two_segments() {
	local dtb=$1 one=/pcie@10000000 two=/pcie@18000000 p
	local -a cells
	"${qemu[@]}" -machine "dumpdtb=$dtb" >/dev/null 2>> "$LAB_LOG"
	fdtput -c "$dtb" $two
	for p in compatible device_type interrupt-map interrupt-map-mask iommu-map msi-map dma-coherent '#address-cells' '#size-cells' '#interrupt-cells'; do
		case $p in
		compatible | device_type) fdtput -t s "$dtb" $two "$p" "$(fdtget -t s "$dtb" $one "$p")" ;;
		*)
			read -ra cells <<< "$(fdtget -t x "$dtb" $one "$p")"
			fdtput -t x "$dtb" $two "$p" "${cells[@]}"
			;;
		esac
	done
	# each 128 buses of 1 MiB ECAM; of the memory window 256 MiB, and what is left; of the I/O window a half
	fdtput -t x "$dtb" $one bus-range 0 7f
	fdtput -t x "$dtb" $two bus-range 80 ff
	fdtput -t x "$dtb" $one reg 40 10000000 0 8000000
	fdtput -t x "$dtb" $two reg 40 18000000 0 8000000
	fdtput -t x "$dtb" $one ranges 1000000 0 0 0 3eff0000 0 8000 2000000 0 10000000 0 10000000 0 10000000
	fdtput -t x "$dtb" $two ranges 1000000 0 8000 0 3eff8000 0 8000 2000000 0 20000000 0 20000000 0 1eff0000
	fdtput -t x "$dtb" $one linux,pci-domain 0
	fdtput -t x "$dtb" $two linux,pci-domain 2
}

# qemu_args "" LINUXARGS: sets the arrays qemu, serial and terminal.
qemu_args() {
	local i bus=pcie.0
	# neoverse-n1: EL2 with VHE, and no pointer authentication, which costs TCG twice the time
	# highmem-mmio=off: VF BARs below 4 GB, for the reason that lib/boot.sh gives
	# shellcheck disable=SC2054 # QEMU's own commas
	qemu=(qemu-system-aarch64 -machine virt,virtualization=on,gic-version=3,iommu=smmuv3,highmem-mmio=off -accel tcg,thread=multi,tb-size=512
		-cpu neoverse-n1 -smp "$LAB_SMP" -m "$LAB_MEM" -display none -no-reboot -nodefaults -device virtio-serial-pci,bus=pcie.0,addr=0x1)
	if [ -n "$LAB_BUS" ]; then
		bus=pxb
		qemu+=(-device "pxb-pcie,id=pxb,bus_nr=0x$LAB_BUS,bus=pcie.0,addr=0x2")
	fi
	for ((i = 0; i < LAB_NPF; i++)); do
		qemu+=(-device "pcie-root-port,id=rp$i,chassis=$((i + 1)),slot=$((i + 1)),bus=$bus,addr=0x$(printf %x $((i + (${#LAB_BUS} ? 0 : 4))))"
			-netdev "hubport,hubid=$i,id=n$i"
			-device "igb,bus=rp$i,netdev=n$i,id=igb$i,mac=52:54:00:12:34:$(printf %02x $((0x50 + i)))")
	done
	case $LAB_FW in
	acpi) qemu+=(-bios "$LAB_IMG/QEMU_EFI.fd") ;;
	dt) ;;
	dt2)
		[ -e "$LAB_TMP/two.dtb" ] || two_segments "$LAB_TMP/two.dtb"
		qemu+=(-dtb "$LAB_TMP/two.dtb")
		;;
	*) die "LAB_FW is acpi, dt or dt2, not $LAB_FW" ;;
	esac
	qemu+=(-kernel "$LAB_IMG/vmlinuz" -initrd "$LAB_TMP/initrd"
		-append "console=ttyAMA0 quiet panic=1 lab.boot=$LAB_BOOT lab.pf=$([ "$LAB_FW" = dt2 ] && echo 0002 || echo 0000):$(printf %02x $((16#${LAB_BUS:-0} + 1))) $2")
	# a second UART is more than older firmware can bear
	# shellcheck disable=SC2034,SC2054 # boot.sh and shell.sh use them
	serial=(-serial chardev:log -chardev stdio,id=ctl -device virtconsole,chardev=ctl)
	# shellcheck disable=SC2034,SC2054
	terminal=(-serial chardev:log -device virtconsole,chardev=tty)
}
