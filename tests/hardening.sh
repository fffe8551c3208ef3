#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Prints the hardening options that a compiler accepts together with the caller's flags; make asks
# once in a run.
# Usage: tests/hardening.sh CC [FLAG...]
set -u
LC_ALL=C
export LC_ALL

macros=$("$@" -dM -E -x c /dev/null 2>/dev/null)

defined() { case $macros in *"#define $1 "*) ;; *) return 1 ;; esac; }

# A mere warning ("argument unused" of clang) counts too, because it would come back with every
# file.
compile() { echo 'int x;' | "$@" -S -o /dev/null -x c - 2>&1 || echo failed; }

# The target may lack these; when it has all of them, one run tells. Warnings that the caller's
# flags cause by themselves do not count.
options='-fstack-clash-protection'
if defined __x86_64__ || defined __i386__; then options="$options -fcf-protection"; fi
if defined __aarch64__; then options="$options -mbranch-protection=standard"; fi
# shellcheck disable=SC2086
if [ -n "$(compile "$@" $options)" ]; then
	base=$(compile "$@")
	all=$options
	options=
	for o in $all; do
		[ "$(compile "$@" "$o")" != "$base" ] || options="$options $o"
	done
fi

# glibc warns when nothing is optimized, sanitizers check by themselves, and a level that the caller
# or the compiler sets stays. The third level needs gcc 12 or clang 9.
fortify=2
if defined __clang__; then name=__clang_major__ least=9; else name=__GNUC__ least=12; fi
major=${macros#*"#define $name "}
major=${major%%[!0-9]*}
if [ "${major:-0}" -ge "$least" ]; then fortify=3; fi
case " $* " in *_FORTIFY_SOURCE* | *' -fsanitize='*) fortify= ;; esac
if ! defined __OPTIMIZE__ || defined _FORTIFY_SOURCE; then fortify=; fi

echo "-fstack-protector-strong -Werror=format-security $options ${fortify:+-D_FORTIFY_SOURCE=$fortify}"
