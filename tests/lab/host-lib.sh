# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The functions that make up a scenario; it runs as root inside the lab's host. Every check is
# counted, printed in the console log as a transcript, and reported to lab.sh over the second serial
# line, one record a line:
#   @step TEXT   @fail TEXT   @note TEXT   @file NAME ... |LINE ... @eof   @boot PASSED FAILED|XENARGS|LINUXARGS   @verdict PASSED FAILED
#   @dead TEXT: this machine cannot go on

passed=0 failed=0 out='' err='' rc=0
: "${LAB_CTL:=/dev/ttyS1}"

tell() { printf '%s\n' "$*" > "$LAB_CTL"; }

# step TEXT: says what the next checks are about; one line on the user's screen.
step() {
	echo "=== $*"
	tell "@step $*"
}

note() {
	echo "--- $*"
	tell "@note $*"
}

good() { passed=$((passed + 1)); }

# bad TEXT: counts and reports a check that failed.
bad() {
	failed=$((failed + 1))
	echo "!!! FAILED: $*"
	tell "@fail ${*//$'\n'/ / }"
	return 1
}

# run CMD...: runs CMD with a transcript in the log; sets out, err and rc; never fails.
run() {
	local t=${EPOCHREALTIME/./}
	echo "\$ $*"
	rc=0
	"$@" > /tmp/out 2> /tmp/err || rc=$?
	t=$(((${EPOCHREALTIME/./} - t) / 100000))
	out=$(cat /tmp/out) err=$(cat /tmp/err)
	cat /tmp/out /tmp/err
	[ $rc = 0 ] && [ $t -lt 10 ] || echo "(exit status $rc, $((t / 10)).$((t % 10)) s)"
	return 0
}

# must CMD...: CMD must exit with status 0.
must() { want_rc 0 "$@"; }

# want_rc N CMD...: CMD must exit with status N.
want_rc() {
	local want=$1
	shift
	run "$@"
	if [ $rc = "$want" ]; then good; else bad "$*: exit status $rc instead of $want: ${err:-$out}"; fi
}

# says REGEX, prints REGEX: the last command's stderr or stdout has a line like this.
says() { matches "$err" "$1" stderr; }
prints() { matches "$out" "$1" stdout; }
matches() {
	if grep -qE -- "$2" <<< "$1"; then good; else bad "no '$2' on $3: ${1:-(nothing)}"; fi
}

# lacks REGEX: the last command's stdout has no line like this.
lacks() {
	if grep -qE -- "$1" <<< "$out"; then bad "'$1' on stdout: $out"; else good; fi
}

# same A B WHAT: the two strings are equal.
same() {
	if [ "$1" = "$2" ]; then good; else bad "$3: '$1' is not '$2'"; fi
}

# holds TEXT CMD...: CMD succeeds; TEXT says what that means.
holds() {
	local text=$1
	shift
	if "$@" > /tmp/holds 2>&1; then good; else bad "$text ($*): $(cat /tmp/holds)"; fi
}

# soon SECS TEXT CMD...: CMD succeeds within SECS. When it asks a guest that is dead, the scenario
# ends, because it would wait in vain.
soon() {
	local end=$((SECONDS + $1)) text=$2 n=$1 look=$((SECONDS + 3))
	shift 2
	until "$@" > /tmp/soon 2>&1; do
		[ $SECONDS -lt $end ] || { bad "not within $n s: $text ($*): $(cat /tmp/soon)"; return 1; }
		if [ $SECONDS -ge $look ]; then
			guest_lives "$@" || stop "guest $2 died while this was waited for: $text; the end of its console: $(guest_end "$2")"
			look=$((SECONDS + 3))
		fi
		sleep 0.5
	done
	good
}

# stop TEXT: ends the scenario, because it cannot go on.
stop() {
	bad "$*"
	finish
}

# dead TEXT: reports that the machine cannot go on; the machine that runs the lab ends it.
dead() {
	echo "=== dead: $*"
	tell "@dead $*"
	sleep 60
	exit 1
}

# finish: reports the verdict; the machine that runs the lab then ends this one.
finish() {
	echo "=== verdict: $passed passed, $failed failed"
	tell "@verdict $passed $failed"
	sleep 60
	exit 1
}

# send_file NAME FILE: FILE becomes build/lab/out/SUITE/NAME on the machine that runs the lab.
send_file() {
	tell "@file $1"
	sed 's/^/|/' "$2" > "$LAB_CTL"
	tell "@eof"
}

# reboot_with XENARGS LINUXARGS: runs the same scenario again, with LAB_BOOT one higher; the checks
# so far count.
reboot_with() {
	tell "@boot $passed $failed|$1|$2"
	sleep 60
	exit 1
}
