# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Xen's daemons in Dom0: what Debian's /etc/init.d/xen starts.
mkdir -p /run/xenstored /run/xen /var/log/xen/console /var/lib/xen
modprobe -a xenfs xen-evtchn xen-gntdev xen-gntalloc xen-privcmd xen-pciback
mount -t xenfs xenfs /proc/xen
oxenstored --pid-file /run/xenstored.pid
xen-init-dom0 >/dev/null
# guests' consoles become files that a scenario can read
xenconsoled --log=guest --log-dir=/var/log/xen/console
