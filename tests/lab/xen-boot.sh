# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: both releases
# lab: LAB_TIME=900
# lab: LAB_BOOTS=1
# vfyard.service through a reboot of a Dom0: see host-boot.sh. xen.service and xendomains.service
# have the names of Debian's.
. /lab/host-boot.sh

if [ "$LAB_BOOT" = 1 ]; then
	boot_apply
	boot_units
	{ pv_cfg web1; vfyard render xl web1; } > /etc/vfyard/web1.cfg
	unit xen.service -- "Environment=PATH=$PATH" "ExecStart=/bin/bash /lab/host-xen-up.sh"
	unit xendomains.service 'After=xen.service' -- "Environment=PATH=$PATH" "ExecStart=/bin/bash -c 'xl create -q /etc/vfyard/web1.cfg'"
	boot_save
fi
boot_check xendomains.service
