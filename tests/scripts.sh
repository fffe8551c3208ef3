#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs every tests/test_*.sh on build/, and names each one that fails on a line of its own.
# Usage: tests/scripts.sh [NAME-TO-LEAVE-OUT...]
set -u
cd "$(dirname "$0")/.." || exit 1
rc=0
for t in tests/test_*.sh; do
	case " $* " in
	*" ${t##*/} "*) continue ;;
	esac
	bash "$t" || { rc=1; echo "failed: $t"; }
done
exit $rc
