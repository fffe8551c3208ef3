#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# readelf shows that the program, the library and the modules are hardened as those of a
# distribution are, and the options are used where a compiler accepts them. A build is hardened as
# its own flags allow: nothing is fortified without optimization.
# shellcheck disable=SC2319 # "ok $?" counts what the condition before it says
set -u
cd "$(dirname "$0")/.." || exit 1
cc=${CC:-cc}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
pass=0
fail=0

ok() { if [ "$1" = 0 ]; then pass=$((pass + 1)); else fail=$((fail + 1)); echo "not ok: $2"; fi; }

has() { grep -qE -- "$1" "$tmp/elf"; }

# gcc writes its flags into the debug information, and the last level counts. A file without this
# information is taken for optimized.
is_unoptimized() {
	local by
	by=$(readelf --debug-dump=info --dwarf-depth=1 "$1" 2> /dev/null | grep -m 1 'DW_AT_producer.*GNU C')
	case $by in *' -O'*) by=${by##* -O} by=${by%% *} ;; ?*) by=0 ;; esac
	[ "$by" = 0 ]
}

# Relocations are read-only and all bound at start, the stack is guarded and not executable, and
# copies are checked.
elf() {	# elf FILE
	readelf -hldW --dyn-syms "$1" > "$tmp/elf"
	has '^ *Type: +DYN '
	ok $? "$1 is not position independent"
	has '^ *GNU_RELRO '
	ok $? "$1 has no GNU_RELRO"
	has '\(FLAGS\) .*BIND_NOW'
	ok $? "$1 is bound lazily"
	has '^ *GNU_STACK .* RW +0x'
	ok $? "$1 has an executable stack, or does not say"
	has ' UND __stack_chk_fail(@|$)'
	ok $? "$1 has no stack protector"
	if is_unoptimized "$1"; then
		echo "$1: compiled without optimization, so not fortified"
	else
		has ' UND __(sn|vsn|f|vf)?printf_chk(@|$)' && has ' UND __(read|memcpy)_chk(@|$)'
		ok $? "$1 is not fortified"
	fi
}

elf build/vfyard
has '\(FLAGS_1\) .* PIE'
ok $? "build/vfyard is a shared object, not a program"
for f in build/libvfyard.so build/backend-*.so build/installed/vfyard build/installed/libvfyard.so; do elf "$f"; done

# An indirect call can only reach the beginning of a function: each object says so. The linked file
# says it, too, when the C library's start files do.
cet() {
	local n marked f
	n=$(ar t build/libvfyard.a | wc -l)
	marked=$(readelf -nW build/libvfyard.a | grep -cE 'x86 feature: .*IBT.*SHSTK')
	[ "$n" -gt 0 ] && [ "$marked" = "$n" ]
	ok $? "$marked of $n objects are marked IBT, SHSTK"
	echo 'int main(void) { return 0; }' | "$cc" -fcf-protection -pie -fPIE -o "$tmp/a" -x c -
	if ! readelf -nW "$tmp/a" | grep -q 'IBT.*SHSTK'; then
		echo "the C library here has start files without IBT and SHSTK: so has every program"
		return
	fi
	for f in build/vfyard build/libvfyard.so build/backend-*.so; do
		readelf -nW "$f" | grep -qE 'x86 feature: .*IBT.*SHSTK'
		ok $? "$f is not marked IBT, SHSTK"
	done
}
if echo 'int x;' | "$cc" -fcf-protection -S -o "$tmp/x.s" -x c - 2> /dev/null; then cet; fi

# The options follow the caller's flags.
flags() {	# flags WANTED|!UNWANTED FLAG...
	local want=$1 got
	shift
	got=" $(sh tests/hardening.sh "$cc" "$@") "
	case $want in
	!*) [[ $got != *"${want#!}"* ]] ;;
	*) [[ $got == *" $want "* ]] ;;
	esac
	ok $? "$cc $*: '$want' expected in '$got'"
}
flags '!FORTIFY'
flags '!FORTIFY' -O0
flags '!FORTIFY' -O2 -O0
flags '!FORTIFY' -O2 -fsanitize=address
flags '!FORTIFY' -O2 -D_FORTIFY_SOURCE=1
flags '!FORTIFY' -O2 -U_FORTIFY_SOURCE
flags '!FORTIFY' -O2 -Wp,-D_FORTIFY_SOURCE=2
[[ $(sh tests/hardening.sh "$cc" -O2) == *-D_FORTIFY_SOURCE=[23]* ]] && ok 0 || ok 1 "$cc -O2: not fortified"
flags -fstack-protector-strong
flags -fstack-clash-protection -O2 -Wall -Wno-such-warning
echo 'int x;' > "$tmp/a.c"
# shellcheck disable=SC2046
"$cc" $(sh tests/hardening.sh "$cc" -O2) -O2 -Wall -Werror -c -o "$tmp/a.o" "$tmp/a.c"
ok $? "the options themselves make $cc warn"
printf '#include <stdio.h>\nvoid say(const char *s);\nvoid say(const char *s)\n{\n\tprintf(s);\n}\n' > "$tmp/a.c"
# shellcheck disable=SC2046
"$cc" $(sh tests/hardening.sh "$cc" -O2) -Wformat=2 -c -o "$tmp/a.o" "$tmp/a.c" 2> "$tmp/err"
[ $? = 1 ] && grep -q format-security "$tmp/err"
ok $? "a format that is no literal compiles"

# make passes on the caller's flags, once and last, and makes warnings errors only when asked to.
line=$(make -n -B build/src/cli/main.o CFLAGS='-O1 -DLAST' CPPFLAGS=-D_FORTIFY_SOURCE=1 WERROR=)
[[ $line == *' -O1 -DLAST -c '* && $line != *_FORTIFY_SOURCE=[23]* && $line != *' -Werror '* ]] && ok 0 || ok 1 "make with flags of the caller: $line"
line=$(make -n -B build/src/cli/main.o WERROR=1)
[[ $line == *' -Werror '* ]] && ok 0 || ok 1 "make WERROR=1: $line"
echo "hardening: $pass passed, $fail failed"
[ "$fail" = 0 ]
