#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The shared library exports what vfyard.h declares and its map lists, and nothing else, and keeps
# no state outside its handles; a module exports one name, the program none.
# shellcheck disable=SC2319 # "ok $?" counts what the condition before it says
set -u
cd "$(dirname "$0")/.." || exit 1
pass=0
fail=0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

ok() { if [ "$1" = 0 ]; then pass=$((pass + 1)); else fail=$((fail + 1)); echo "not ok: $2"; fi; }

nm -D --defined-only build/libvfyard.so | awk '$2 == "T" { sub(/@.*/, "", $3); print $3 }' | sort > "$tmp/exported"
sed 's,/\*.*\*/,,; /^\/\*/,/\*\//d; /^ \*/d' include/vfyard.h | grep -oE '\bvfy_[a-z_]+\(' | tr -d '(' | sort -u > "$tmp/declared"
diff "$tmp/declared" "$tmp/exported"
ok $? "exported symbols differ from vfyard.h"
[ -s "$tmp/declared" ]
ok $? "no declarations found"
sed -n '/^global:/,/^local:/s/^\t\(.*\);$/\1/p' src/libvfyard.map | sort | diff - "$tmp/declared"
ok $? "src/libvfyard.map lists other names than vfyard.h"
# All state is on the handle, with two exceptions for each thread: libpci's callback for errors has
# no argument (src/host/pci/ids.c), and the kernel's routes are read once a second
# (src/host/net/routes.c).
nm -f sysv build/libvfyard.so | awk -F'|' '$7 ~ /^ *\.t?(data|bss) *$/ { gsub(/ /, "", $1); print $1, $4, $7 }' |
	grep -vE '^(__dso_handle|__TMC_END__|completed\.[0-9]*) |^(escape|last\.[0-9]*) +TLS ' > "$tmp/variables"
[ ! -s "$tmp/variables" ]
ok $? "libvfyard.so has variables of its own: $(cut -d ' ' -f 1 "$tmp/variables" | paste -sd' ')"
for name in xen kvm; do
	got=$(nm -D --defined-only build/backend-$name.so | awk '{ print $3 }')
	[ "$got" = vfyard_backend_$name ]
	ok $? "backend-$name.so exports '$got'"
done
[ -z "$(nm -D --defined-only build/vfyard | grep -v ' _IO_stdin_used$')" ]
ok $? "vfyard exports symbols"
echo "symbols: $pass passed, $fail failed"
[ "$fail" = 0 ]
