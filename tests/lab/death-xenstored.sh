# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: LAB_NPF=1
# xenstored dies in the middle of a scenario: see deaths.sh.
step "xenstored is killed"
kill -9 "$(cat /run/xenstored.pid)"
must xl list
