// SPDX-License-Identifier: GPL-2.0-or-later
/* A guest's driver: it asks for interrupts, and the hypervisor has some or none. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fake_libxl.h"

#define MSIX_CONTROL 0x72

static void config_path(char path[256], struct bdf dev)
{
	char buf[BDF_STRLEN];

	snprintf(path, 256, "%s/sys/bus/pci/devices/%s/config", fake_xen.root.dir,
		 bdf_str(buf, dev));
}

/* Capability list at 0x34 -> 0x70 (id 0x11). */
void fake_xen_give_msix(struct bdf dev, unsigned n)
{
	unsigned char config[256] = { [0x06] = 0x10, [0x34] = 0x70, [0x70] = 0x11 };
	char path[256];
	FILE *f;

	config[MSIX_CONTROL] = (unsigned char)(n - 1);
	config_path(path, dev);
	f = fopen(path, "w");
	if (!f || fwrite(config, 1, sizeof(config), f) != sizeof(config) || fclose(f))
		abort();
}

static void switch_on(struct bdf dev)
{
	const unsigned char enable = 0x80;
	char path[256];
	int fd;

	config_path(path, dev);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || pwrite(fd, &enable, 1, MSIX_CONTROL + 1) != 1)
		abort();
	close(fd);
}

void fake_xen_say(const char *file, const char *fmt, ...)
{
	char path[256];
	va_list ap;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", fake_xen.root.dir, file);
	f = fopen(path, "a");
	if (!f)
		return; /* no such log on this host */
	va_start(ap, fmt);
	vfprintf(f, fmt, ap);
	va_end(ap);
	fclose(f);
}

/* Says what xen_initdom_setup_msi_irqs() and xen_pcibk_enable_msix() say. */
static void pciback_says(const struct fake_domain *d, struct bdf dev)
{
	char buf[BDF_STRLEN];

	bdf_str(buf, dev);
	fake_xen_say("dev/kmsg",
		     "3,901,77,-;pciback %s: xen map irq failed -%d for %u domain\n"
		     " SUBSYSTEM=pci\n DEVICE=+pci:%s\n",
		     buf, d->irq_errno, d->id, buf);
	fake_xen_say("dev/kmsg",
		     "4,902,78,-;pciback %s: error enabling MSI-X for guest %u: err -%d!\n", buf,
		     d->id, d->irq_errno);
}

/* Says what msi_msix_setup() says. */
static void qemu_says(const struct fake_domain *d, unsigned devfn)
{
	char file[64];

	snprintf(file, sizeof(file), "var/log/xen/qemu-dm-%s.log", d->name);
	fake_xen_say(file,
		     "[00:%02x.%u] msi_msix_setup: Error: Mapping of MSI-X (err: %d, vec: 0, entry "
		     "0)\n",
		     devfn >> 3, devfn & 7, d->irq_errno);
}

void fake_xen_run_driver(const struct fake_domain *d, struct bdf dev, unsigned devfn)
{
	if (!d->has_driver)
		return;
	if (d->type == LIBXL_DOMAIN_TYPE_HVM) {
		switch_on(dev);
		if (d->irq_errno)
			qemu_says(d, devfn);
		return;
	}
	if (d->irq_errno)
		pciback_says(d, dev);
	if (!d->irq_errno || d->takes_fewer)
		switch_on(dev);
}
