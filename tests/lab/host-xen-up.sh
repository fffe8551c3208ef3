# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Xen's daemons in Dom0, as Debian's /etc/init.d/xen starts them. When xenstored is gone nothing
# here ever ends, neither xl nor the kernel's own xenbus, so it is watched, and its death is
# reported at once.
. /lab/host-lib.sh
mkdir -p /run/xenstored /run/xen /var/log/xen/console /var/lib/xen
modprobe -a xenfs xen-evtchn xen-gntdev xen-gntalloc xen-privcmd xen-pciback
mount -t xenfs xenfs /proc/xen
oxenstored --pid-file /run/xenstored.pid || dead "oxenstored did not start (exit status $?)"
(while kill -0 "$(cat /run/xenstored.pid)"; do sleep 2; done 2> /dev/null; dead "oxenstored died") &
xen-init-dom0 >/dev/null
# guests' consoles become files that a scenario can read
xenconsoled --log=guest --log-dir=/var/log/xen/console
