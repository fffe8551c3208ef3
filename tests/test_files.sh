#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Files that others chose: captures that climb out of their folder, links out of --root, FIFOs, and
# topologies that everybody may write; also standard descriptors that are closed.
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
v=$PWD/build/vfyard
pass=0
fail=0

# check WHAT WHY: passes when WHY is empty
check() {
	if [ -z "$2" ]; then pass=$((pass + 1)); else fail=$((fail + 1)); echo "not ok: $1: $2"; fi
}

# refused NAME LINE...: such a capture is refused, and nothing is written outside its folder
mkdir "$tmp/victim"
echo untouched > "$tmp/victim/file"
refused() {
	local name=$1 rc
	shift
	printf '%s\n' '# vfyard capture 1' "$@" > "$tmp/x.tree"
	rm -rf "$tmp/x"
	sh tests/untree.sh "$tmp/x.tree" "$tmp/x" > "$tmp/out" 2>&1
	rc=$?
	check "untree: $name" "$([ $rc = 1 ] || echo "exit $rc")"
	check "untree: $name, said" "$(grep -q "^untree: '" "$tmp/out" || cat "$tmp/out")"
	check "untree: $name, outside" "$([ "$(ls "$tmp/victim")" = file ] && [ "$(cat "$tmp/victim/file")" = untouched ] || ls -l "$tmp/victim")"
}
refused 'an absolute path' "$tmp/victim/absolute=x"
refused 'an absolute link' "$tmp/victim/absolute -> x"
refused 'dots' 'sys/../../victim/x=x'
refused 'through a link' "sys/x -> $tmp/victim" 'sys/x/y=x'
refused 'through a link that climbs' 'sys/x -> ../../victim' 'sys/x/y=x'
refused 'a folder through a link' "sys/x -> $tmp/victim" 'sys/x/y/'
refused 'deep through a link' "sys/x -> $tmp/victim" 'sys/x/y/z=x'
refused 'a link through a link' "sys/x -> $tmp/victim" 'sys/x/y -> z'
refused 'a file that is a link' "sys/y -> $tmp/victim/file" 'sys/y=x'
refused 'a folder that is made a link' 'sys/x/y=1' "sys/x -> $tmp/victim" 'sys/x/z=2'
refused 'an option' '-x=y'

# A tree whose links lead to files of this host, and to a FIFO that keeps a reader waiting.
echo 'TOP-SECRET 42' > "$tmp/key"
dev=sys/bus/pci/devices/0000:01:00.0 vf=sys/bus/pci/devices/0000:01:11.4
sh tests/untree.sh tests/hosts/kvm-host.tree "$tmp/r"
rm "$tmp/r/$dev/vendor" "$tmp/r/$dev/numa_node"
ln -s "$tmp/key" "$tmp/r/$dev/vendor"
mkfifo "$tmp/r/$dev/numa_node"
rm -f "$tmp/r/$vf/driver_override"
ln -s "$tmp/key" "$tmp/r/$vf/driver_override"
mkdir -p "$tmp/r/etc/vfyard" "$tmp/r/usr/share/misc"
rm -f "$tmp/r/usr/share/misc/pci.ids" "$tmp/r/proc/cmdline"
ln -s "$tmp/key" "$tmp/r/etc/vfyard/topology.cfg"
ln -s "$tmp/key" "$tmp/r/proc/cmdline"
printf '8086  TOP-SECRET\n' > "$tmp/ids"
ln -s "$tmp/ids" "$tmp/r/usr/share/misc/pci.ids"
for c in list 'list --json' 'pci-list' 'status' 'check' 'check --json' 'plan' 'render grub' 'pci-assignable-list'; do
	# shellcheck disable=SC2086 # a command and its options
	timeout 60 "$v" $c --root "$tmp/r" > "$tmp/out" 2>&1 < /dev/null
	rc=$?
	check "$c below --root ends" "$([ $rc -lt 124 ] || echo "exit $rc")"
	check "$c below --root shows no file of this host" "$(grep -a SECRET "$tmp/out" | head -n 1)"
done

# A topology that is a FIFO is refused at once.
mkfifo "$tmp/t.fifo"
timeout 20 "$v" check --root "$tmp/r" -C "$tmp/t.fifo" > "$tmp/out" 2>&1
rc=$?
check 'a FIFO as topology' "$([ $rc = 2 ] && grep -q 'is a FIFO' "$tmp/out" || echo "exit $rc: $(cat "$tmp/out")")"

# A topology that others may write gets one note, with its owner and mode; one that only root may
# write gets none.
printf 'version = 1\npf = [ "net0: bdf=0000:01:00.0" ]\n' > "$tmp/t.cfg"
# A chroot may be without /sys. There / is no mount point, either, and its propagation cannot be changed: this is why what
# is mounted is also unmounted.
here=() how=private
if ! [ -d /sys/bus/pci/devices ]; then
	unshare --mount --propagation private true 2> /dev/null || how=unchanged
	# shellcheck disable=SC2016 # the inner shell expands it
	here=(unshare --mount --propagation "$how" sh -c 'mount --bind "$0" /sys && { "$@"; rc=$?; umount -l /sys; exit $rc; }' "$tmp/r/sys")
fi
for mode in 0666 0644; do
	chmod "$mode" "$tmp/t.cfg"
	"${here[@]}" "$v" check -C "$tmp/t.cfg" > /dev/null 2> "$tmp/err" < /dev/null
	n=$(grep -c "t.cfg: note: somebody other than root may write this file: its owner is user $(id -u), and its mode is $mode;" "$tmp/err")
	check "note of a topology of mode $mode" "$([ "$n" = $((mode == 0666)) ] || cat "$tmp/err")"
	"${here[@]}" "$v" check --json -C "$tmp/t.cfg" > "$tmp/out" 2> /dev/null < /dev/null
	n=$(grep -o '"severity":"note","object":null,"cause":"somebody other than root may write' "$tmp/out" | grep -c .)
	check "the same in JSON, $mode" "$([ "$n" = $((mode == 0666)) ] || cat "$tmp/out")"
done

# Closed standard descriptors: no file or socket that is opened gets one of their numbers, and a
# listing that nobody can get fails.
strace -f -o "$tmp/trace" -e trace=openat,openat2,socket,pipe2 "$v" list --root "$tmp/r" <&- >&- 2>&-
rc=$?
check 'a listing into a closed descriptor fails' "$([ $rc = 1 ] || echo "exit $rc")"
check 'the program opened files' "$(grep -q 'sys/bus/pci/devices' "$tmp/trace" || cat "$tmp/trace")"
check 'no descriptor below 3' "$(grep -E ' = [012]$' "$tmp/trace" | grep -v '/dev/null\|/lib\|ld.so' | head -n 3)"
check 'they stand open' "$([ "$(grep -c '"/dev/null".* = [012]$' "$tmp/trace")" = 3 ] || grep /dev/null "$tmp/trace")"
echo "files: $pass passed, $fail failed"
[ "$fail" = 0 ]
