# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Boots a lab host once in QEMU TCG, and reads what the scenario reports. Sourced by lab.sh.

# needs FILE: prints the paths of the libraries that a program of this machine needs, as
# "WHERE-IT-IS NAME". The other release's program lies in a root of that release, and only the
# loader there can tell.
needs() {
	local lib top=${LAB_BIN%/src/build}
	if own || [ "${1#"$LAB_BIN"}" = "$1" ]; then
		ldd "$1" 2>/dev/null | grep -o '/[^ ]*' | sort -u | sed 's/.*/& &/'
	else
		chroot "$top" ldd "${1#"$top"}" 2>/dev/null | grep -o '/[^ ]*' | sort -u | sed "s|.*|$top& &|"
	fi
}

# put_vfyard DIR: installs vfyard as make install does.
put_vfyard() {
	if own; then
		# labs run side by side, and what is installed is linked for its prefix
		flock "$LAB_BUILD" make -s -C "$LAB_TOP" install DESTDIR="$1" prefix=/usr > /dev/null
	else
		bash "$LAB_TOP/tests/suite.sh" install "$LAB_SUITE" "$1"
	fi
}

# make_overlay FILE SCENARIO: packs the scenario, its library, and vfyard with the libraries that
# the base lacks, as an initramfs to append to the base. This takes milliseconds, and the base stays
# as it is.
make_overlay() {
	local d=$LAB_TMP/overlay f file lib dest
	rm -rf "$d"
	mkdir -p "$d/lab" "$d/usr/bin" "$d/etc/vfyard"
	install -m 755 "$LAB_DIR/host-init" "$d/init"
	cp "$LAB_DIR"/host-*.sh "$LAB_DIR"/*.cfg "$LAB_DIR"/../capture.sh "$LAB_DIR"/../untree.sh "$d/lab/"
	cp "$2" "$d/lab/scenario"
	printf '. /lab/%s\n' host-lib.sh host-pci.sh scenario > "$d/lab/main"
	echo finish >> "$d/lab/main"
	[ "$LAB_BOOTS" = 0 ] || put_vfyard "$d"
	# only the module that this host needs, because a KVM host has no libxl
	for f in "$LAB_BIN/vfyard" "$LAB_BIN/backend-$LAB_HYPERVISOR.so" "${LAB_EXTRA[@]}"; do
		[ -e "$f" ] || continue
		case $f in
		# a boot scenario has vfyard where make install puts it, and nowhere else
		"$LAB_BIN/vfyard" | "$LAB_BIN"/backend-*.so) [ "$LAB_BOOTS" = 1 ] || cp "$f" "$d/usr/bin/" ;;
		*) cp -r "$f" "$d/lab/" ;;
		esac
		[ -f "$f" ] || continue
		while read -r file lib; do
			# under the name the base has: /lib is /usr/lib there
			case $lib in /lib*) dest=/usr$lib ;; /usr/lib*) dest=$lib ;; *) dest=/usr/lib/x86_64-linux-gnu/${lib##*/} ;; esac
			grep -qxF -e "$dest" -e "${dest#/usr}" "$LAB_IMG/base-$LAB_KIND.files" && continue
			mkdir -p "$d${dest%/*}"
			cp -L "$file" "$d$dest"
		done < <(needs "$f")
	done
	(cd "$d" && find . | cpio -o -H newc -R 0:0 --quiet | gzip -1) > "$1"
	rm -rf "$d"
}

# emulator: sets the array qemu to the QEMU that runs the lab: that of the lab's own release when it
# has emulated SR-IOV NICs (8.0 and newer), else this machine's.
emulator() {
	local share=$LAB_TREE/usr/share
	if in_tree /usr/bin/qemu-system-x86_64 -device help 2>/dev/null | grep -q '^name "igb"'; then
		qemu=(env QEMU_MODULE_DIR="$LAB_TREE/usr/lib/x86_64-linux-gnu/qemu" "$(loader)"
			--argv0 qemu-system-x86_64 --library-path "$(lib_path)"
			"$LAB_TREE/usr/bin/qemu-system-x86_64" -L "$share/qemu" -L "$share/seabios" -L "$LAB_TREE/usr/lib/ipxe/qemu")
	else
		qemu=(qemu-system-x86_64)
	fi
}

# qemu_args XENARGS LINUXARGS: sets the arrays qemu, and serial and terminal, its serial lines in a scenario and for a person.
qemu_args() {
	local i acs
	emulator
	# phys-bits=36: QEMU 10.0.2 maps VF BARs above 4 GB with their low 32 bits only, and such
	# VFs are dead.
	# -rdtscp: an HVM guest of Xen on TCG's SVM crashes at its first RDTSCP.
	# -xsave: with it SSE state gets lost between domains under TCG, and programs in Dom0 and PV
	# guests die in malloc.
	# shellcheck disable=SC2054 # QEMU's own commas
	qemu+=(-machine q35,kernel-irqchip=split -accel tcg,thread=multi,tb-size=512
		-cpu "max,phys-bits=36,-rdtscp,-xsave${LAB_CPU:-}" -smp "$LAB_SMP" -m "$LAB_MEM" -display none -no-reboot -nodefaults
		-device intel-iommu,intremap=on,aw-bits=48)
	if [ "$LAB_KIND" = xen ]; then
		qemu+=(-kernel "$LAB_IMG/$LAB_XEN"
			-append "console=com1 com1=115200,8n1 loglvl=info iommu=verbose dom0_mem=$LAB_DOM0_MEM,max:$LAB_DOM0_MEM dom0_max_vcpus=1 dom0_vcpus_pin ${LAB_XENARGS:-} $1"
			-initrd "$LAB_IMG/vmlinux console=hvc0 quiet panic=1 lab.boot=$LAB_BOOT ${2//,/,,},$LAB_TMP/initrd")
	else
		# no_timer_check: on a busy machine the kernel's test of the timer fails, and it panics
		qemu+=(-kernel "$LAB_IMG/vmlinux" -initrd "$LAB_TMP/initrd"
			-append "console=ttyS0 quiet panic=1 no_timer_check intel_iommu=on iommu=pt lab.boot=$LAB_BOOT $2")
	fi
	# the disk that survives a reboot
	# shellcheck disable=SC2054 # QEMU's own commas
	[ "$LAB_BOOTS" = 0 ] || qemu+=(-drive "file=$LAB_TMP/disk.img,format=raw,if=none,id=disk" -device virtio-blk-pci,drive=disk)
	# a hubport, because with user networking QEMU itself answers for 10.0.2.2, and the ping
	# would prove nothing
	for ((i = 0; i < LAB_NPF; i++)); do
		case " ${LAB_NOACS:-} " in *" $i "*) acs=,disable-acs=on ;; *) acs='' ;; esac
		qemu+=(-device "pcie-root-port,id=rp$i,chassis=$((i + 1)),slot=$((i + 1)),bus=pcie.0,addr=0x$(printf %x $((2 + i / 8))).0x$((i % 8)),multifunction=on$acs"
			-netdev "hubport,hubid=$i,id=n$i"
			-device "igb,bus=rp$i,netdev=n$i,id=igb$i,mac=52:54:00:12:34:$(printf %02x $((0x50 + i)))")
	done
	# a device of two functions, a drive (with few vectors: a PV guest has 32 interrupts) and a USB controller
	# shellcheck disable=SC2054 # QEMU's own commas
	if [ "${LAB_WHOLE:-0}" = 1 ]; then
		printf 'VFYARD WHOLE\n' > "$LAB_TMP/whole.img"
		truncate -s 16M "$LAB_TMP/whole.img"
		qemu+=(-drive "file=$LAB_TMP/whole.img,format=raw,if=none,id=whole"
			-device "pcie-root-port,id=rpw,chassis=100,slot=100,bus=pcie.0,addr=0x1b.0x0"
			-device "nvme,bus=rpw,addr=0x0.0x0,multifunction=on,serial=vfyard,drive=whole,max_ioqpairs=2,msix_qsize=3" -device "qemu-xhci,bus=rpw,addr=0x0.0x1")
	fi
	serial=(-serial chardev:log -serial stdio)
	terminal=(-serial chardev:log -serial chardev:tty)
}

# screen TEXT: prints one line of progress.
screen() { printf 'lab %s: [%3ds] %s\n' "$LAB_NAME" $((SECONDS - LAB_START)) "$*"; }

# step_done: prints the line of the step that is over.
step_done() {
	local f
	[ -n "$step" ] || return 0
	if [ ${#fails[@]} = 0 ]; then
		screen "$step ... ok"
	else
		screen "$step ... FAILED"
		for f in "${fails[@]}"; do screen "    $f"; done
	fi
	step='' fails=()
}

# on_line LINE: handles what the scenario reports; returns 1 when the machine's work is over.
on_line() {
	local line=${1%$'\r'}
	case $line in
	'@step '*) step_done; step=${line#@step } ;;
	'@fail '*) fails+=("${line#@fail }"); [ -n "$step" ] || step="(no step)" ;;
	'@note '*) screen "${line#@note }" ;;
	'@file '*) file=${line#@file }; file=${file//[^A-Za-z0-9._-]/_}; : > "$LAB_OUT/$file" ;;
	'|'*) [ -z "$file" ] || printf '%s\n' "${line#|}" >> "$LAB_OUT/$file" ;;
	'@eof') screen "saved $file"; file='' ;;
	'@boot '*) step_done; next=${line#@boot }; return 1 ;;
	'@verdict '*) step_done; verdict=${line#@verdict }; return 1 ;;
	'@dead '*) end_text=${line#@dead }; return 1 ;;
	esac
}

# boot XENARGS LINUXARGS: boots once, and reads to the end. Sets verdict (empty: none came, and
# end_text says why) or next (another boot is wanted). A machine that ends by itself, for example
# because Xen or Linux panics, ends this at once.
boot() {
	local line end
	end_text="it took more than $LAB_TIME s"
	verdict='' next='' step='' file='' fails=()
	qemu_args "$@"
	echo "=== boot $LAB_BOOT" >> "$LAB_LOG"
	# a fifo and not <(...), which needs /dev/fd: a chroot without /proc has none
	rm -f "$LAB_TMP/ctl"
	mkfifo "$LAB_TMP/ctl"
	timeout -k 5 $((LAB_TIME + 10)) "${qemu[@]}" \
		-chardev "file,id=log,path=$LAB_LOG,append=on" "${serial[@]}" \
		</dev/null > "$LAB_TMP/ctl" 2>> "$LAB_LOG" &
	qemu_pid=$!
	exec {ctl}< "$LAB_TMP/ctl"
	end=$((LAB_START + LAB_TIME))
	while [ $SECONDS -lt $end ]; do
		if IFS= read -r -t $((end - SECONDS)) line <&"$ctl"; then
			on_line "$line" || break
		elif [ $? -le 128 ]; then	# not the time: the other end is gone
			end_text="the machine ended by itself"
			break
		fi
	done
	kill_qemu
	exec {ctl}<&-
}

kill_qemu() {
	[ -n "${qemu_pid:-}" ] || return 0
	kill "$qemu_pid" 2>/dev/null || true
	wait "$qemu_pid" 2>/dev/null || true
	qemu_pid=
}
