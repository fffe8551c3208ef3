#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Advice is code: the command line accepts every command of our own that a message says to run.
set -u
cd "$(dirname "$0")/.." || exit 1
v=$PWD/build/vfyard
pass=0
fail=0

# commands: prints the commands in the strings of the sources, joined as the compiler joins them,
# with a word for each value.
commands() {
	find src -name '*.c' -exec cat {} + | tr '\n\t' '  ' | sed 's/" *"//g' | grep -o '"[^"]*"' | grep -o 'vfyard -*[a-z][^";|]*' |
		sed "s/%\(\.\*\)\{0,1\}[a-z]*[sux]/x/g; s/'//g; s/\$(//g; s/[,.)].*//; s/ as it .*//; s/ prints.*//; s/, *$//; s/ or .*//; s/ shows .*//" | sort -u
}

# This is a here-document and not <(...), which needs /dev/fd: a root folder without /proc has none.
while read -r line; do
	read -ra words <<< "$line"
	# A sentence about the program is not a command, nor is a line that explains one ("render:
	# makes text").
	"$v" --help | grep -q "^  ${words[1]} \|^  -., ${words[1]}" || [[ ${words[1]} == -* ]] || continue
	if "$v" "${words[@]:1}" --help > /dev/null 2>&1; then pass=$((pass + 1)); else
		fail=$((fail + 1))
		echo "not ok: a message says to run: $line: $("$v" "${words[@]:1}" --help 2>&1 | head -n 1)"
	fi
done <<< "$(commands)"
[ "$pass" -ge 15 ] || { fail=$((fail + 1)); echo "not ok: only $pass commands were found in the messages"; }
echo "fixes: $pass passed, $fail failed"
[ "$fail" = 0 ]
