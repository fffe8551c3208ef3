# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# An interactive lab host: the second serial line is the user's terminal, and the messages of Xen
# and the kernel go to the log. Sourced by lab.sh.

# shell xen|kvm: boots such a host and gives it the user's terminal
shell() {
	use_kind "$1"
	LAB_EXTRA=() LAB_NAME="$LAB_SUITE $1 shell"
	local scenario=$LAB_DIR/shell.sh size saved='' rc=0
	program
	build
	settings "$scenario"
	LAB_LOG=$LAB_ROOT/log/${LAB_NAME// /-}.log
	LAB_TMP=$(mktemp -d "$LAB_ROOT/run.XXXXXX")
	trap cleanup EXIT
	: > "$LAB_LOG"
	make_overlay "$LAB_TMP/overlay.img" "$scenario"
	cat "$LAB_IMG/base-$LAB_KIND.img" "$LAB_TMP/overlay.img" > "$LAB_TMP/initrd"
	LAB_START=$SECONDS LAB_BOOT=1
	size=$(stty size 2>/dev/null) || size="24 80"
	echo "The $LAB_KIND lab, a host with $((LAB_NPF * 7)) VFs, boots, half a minute. Leave it with exit, kill it with Ctrl-] x."
	qemu_args "" "lab.tty=${size/ /x}"
	if [ -t 0 ]; then
		saved=$(stty -g)
	fi
	"${qemu[@]}" -echr 29 -chardev "file,id=log,path=$LAB_LOG" \
		-chardev stdio,id=tty,mux=on,signal=off "${terminal[@]}" -mon chardev=tty 2>> "$LAB_LOG" || rc=$?
	[ -z "$saved" ] || stty "$saved"
	return $rc
}
