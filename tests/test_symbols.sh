#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The shared library exports what vfyard.h declares, and nothing else; a module one name, the program none; the header
# stands alone.
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
for name in xen kvm; do
	got=$(nm -D --defined-only build/backend-$name.so | awk '{ print $3 }')
	[ "$got" = vfyard_backend_$name ]
	ok $? "backend-$name.so exports '$got'"
done
[ -z "$(nm -D --defined-only build/vfyard | grep -v ' _IO_stdin_used$')" ]
ok $? "vfyard exports symbols"
printf '#include "vfyard.h"\nint main(void) { return 0; }\n' > "$tmp/a.c"
"${CC:-cc}" -std=c11 -Wall -Wextra -Werror -Iinclude -fsyntax-only "$tmp/a.c"
ok $? "vfyard.h does not compile alone"
echo "symbols: $pass passed, $fail failed"
[ "$fail" = 0 ]
