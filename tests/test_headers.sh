#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Each header compiles alone, so that the order of includes never matters; the public one also
# compiles as C++ and as C99, without anything else of this tree.
# shellcheck disable=SC2319 # "ok $?" counts what the condition before it says
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cc=${CC:-gcc}
pass=0
fail=0
ok() { if [ "$1" = 0 ]; then pass=$((pass + 1)); else fail=$((fail + 1)); echo "not ok: $2"; fi; }

pkgs='libpci libnl-3.0 jansson expat'
less='^$'
if pkg-config --exists xenlight; then pkgs="$pkgs xenlight xenstore xentoollog"; else less='^backend/xen/'; fi
read -ra flags <<< "$(pkg-config --cflags $pkgs)"
flags+=(-std=c11 -D_GNU_SOURCE -DLIBXL_API_VERSION=0x041400 -DHAVE_XEN=1 -Iinclude -Isrc -Wall -Wextra -Werror -fsyntax-only)
n=0
while read -r h; do
	n=$((n + 1))
	printf '#include "%s"\n' "$h" > "$tmp/$(printf '%03d' $n).c"
done < <({ cd src && find . -name '*.h' | sed 's,^\./,,' | grep -vE "$less"; cd ../include && ls ./*.h; } | sort)
[ $n -gt 100 ]
ok $? "only $n headers found"
# Several at once, on each processor.
if printf '%s\n' "$tmp"/*.c | xargs -P "$(nproc)" -n 24 "$cc" "${flags[@]}" > "$tmp/out" 2>&1; then
	pass=$((pass + n))
else
	ok 1 'headers that do not compile alone:'
	head -n 40 "$tmp/out"
fi

# What a program in C++ sees: names that are both a function and a type, enumerators as ints,
# callbacks.
cat > "$tmp/a.cc" << 'T'
#include "vfyard.h"
#include <cstdio>

static void say(void *, int level, const char *line) { std::printf("%d %s\n", level, line); }

int main()
{
	struct vfy_options o = {};
	struct vfy *v = nullptr;
	char *json = nullptr;

	o.size = sizeof(o);
	o.flags = VFY_DRY_RUN | VFY_NO_ATTACH;
	o.log = say;
	if (vfy_open(&v, &o) == 0 && vfy_status(v, &json) == 0)
		return vfy_exit_status(v);
	const struct vfy_failure *f = vfy_failure(v);
	enum vfy_status status = f ? f->status : VFY_DONE;
	vfy_close(v);
	return status;
}
T
mkdir "$tmp/include"
cp include/vfyard.h "$tmp/include/"
for std in c++11 c++17 c++20; do
	"${CXX:-g++}" -std=$std -Wall -Wextra -Wpedantic -Werror -I"$tmp/include" -fsyntax-only "$tmp/a.cc"
	ok $? "vfyard.h is no header for $std"
done
"${CXX:-g++}" -std=c++11 -I"$tmp/include" -o "$tmp/a" "$tmp/a.cc" -Lbuild -lvfyard
ok $? "a program in C++ does not link with libvfyard"
printf '#include "vfyard.h"\nint main(void) { return 0; }\n' > "$tmp/a.c"
for std in c99 c11; do
	"$cc" -std=$std -Wall -Wextra -Wpedantic -Werror -I"$tmp/include" -fsyntax-only "$tmp/a.c"
	ok $? "vfyard.h is no header for $std"
done
echo "headers: $pass passed, $fail failed"
[ "$fail" = 0 ]
