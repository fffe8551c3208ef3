#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A death ends its scenario at once, with the last lines of the console, so that the scenario does
# not burn the time until its limit: the death of xenstored, of a host's kernel, or of a guest that
# is waited for. Each scenario here must fail, and say why.
set -u
lab=$(dirname "$0")
out=$(mktemp)
trap 'rm -f "$out"' EXIT
pass=0
fail=0

# death KIND NAME REGEX...: the scenario death-NAME.sh must fail, and what the lab says must match
# each REGEX.
death() {
	local kind=$1 name=$2 re
	shift 2
	if bash "$lab/lab.sh" run "$kind" "$lab/death-$name.sh" > "$out" 2>&1; then
		fail=$((fail + 1))
		echo "not ok: death of $name: the scenario has not failed"
		return
	fi
	for re; do
		if grep -qE -- "$re" "$out"; then
			pass=$((pass + 1))
		else
			fail=$((fail + 1))
			echo "not ok: death of $name: no '$re' in:"
			cat "$out"
		fi
	done
}

death xen xenstored 'NO VERDICT: oxenstored died' 'passed, [1-9][0-9]* failed$'
death xen host 'NO VERDICT: the machine ended by itself' 'Dom0 crashed' 'passed, [1-9][0-9]* failed$'
death kvm guest 'guest web1 died while this was waited for: guest web1 pings through VF 0.0' 'passed, [1-9][0-9]* failed$'
echo "deaths: $pass passed, $fail failed"
[ $fail = 0 ]
