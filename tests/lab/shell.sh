# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab: by hand
# The lab's playground (make lab-xen SHELL=1): VFs, a topology, and a shell on the user's terminal.

for ((n = 0; n < $(pf_count); n++)); do make_vfs $n 7 1; done
topology > /etc/vfyard/topology.cfg
if [ "$LAB_KIND" = xen ]; then
	{ pv_cfg web1 'passthrough = "enabled"' 'e820_host = 1'; } > /root/web1.cfg
	hint='  cat web1.cfg                          a PV guest; add the lines of: vfyard render xl web1
  xl create web1.cfg                    its console: xl console web1 (leave with Ctrl-5), it pings the PF by itself
  vfyard pci-attach web1 net0/2         hot plug;  vfyard pci-list web1;  vfyard pci-detach web1 net0/2'
elif [ "$LAB_HOST" = arm ]; then
	hint='  qemu-system-aarch64 -machine virt,gic-version=3 -enable-kvm -cpu host -m 192 -nodefaults -display none -serial stdio \
	-kernel /vmlinuz -initrd /guest.img -append console=ttyAMA0 $(vfyard render qemu web1)
                                        a guest that pings the PF by itself'
else
	hint='  qemu-system-x86_64 -accel kvm ...     /vmlinuz and /guest.img boot a guest that pings the PF by itself'
fi
# LAB_CTL is the terminal from here on
rows=$(sed -n 's/.*lab\.tty=\([0-9]*\)x.*/\1/p' /proc/cmdline)
cols=$(sed -n 's/.*lab\.tty=[0-9]*x\([0-9]*\).*/\1/p' /proc/cmdline)
stty -F "$LAB_CTL" sane rows "${rows:-24}" cols "${cols:-80}"
cat > "$LAB_CTL" << B

This is a real $LAB_HOST host with emulated 82576 NICs; the topology is /etc/vfyard/topology.cfg. Try:
  vfyard list
  vfyard check
  vfyard pci-assignable-add net0/0-3
$hint
B
cat > /root/.bashrc << 'B'
PS1='lab:\w# '
alias ll='ls -l'
B
# shellcheck disable=SC2094 # a terminal is both
setsid -c bash -i < "$LAB_CTL" > "$LAB_CTL" 2>&1
sync
echo o > /proc/sysrq-trigger
sleep 20
