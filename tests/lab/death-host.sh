# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: LAB_NPF=1
# The host's kernel panics in the middle of a scenario: see deaths.sh.
step "the kernel gives up"
echo c > /proc/sysrq-trigger
sleep 1000
