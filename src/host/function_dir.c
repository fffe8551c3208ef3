// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/function_dir.h"

#include <string.h>

#include "base/array.h"

static int add(struct function_dir *f, const char *name)
{
	if (ARRAY_GROW(f->v, f->n) < 0 || !(f->v[f->n] = strdup(name)))
		return -ENOMEM;
	f->n++;
	return 0;
}

/* What the PCI core has there has attributes only. Source: Linux drivers/pci/pcie/aspm.c,
 * aspm_ctrl_attr_group; kernel/irq/msi.c, msi_irqs; drivers/base/power/sysfs.c. */
static bool is_of_core(const char *name)
{
	return !strcmp(name, "power") || !strcmp(name, "link") || !strcmp(name, "msi_irqs");
}

int function_dir_read(struct function_dir *ret, const struct host *h, struct bdf dev)
{
	struct function_dir f = { .n = 0 };
	_cleanup_dir_ DIR *d = NULL;
	const struct dirent *ent;
	char bdf[BDF_STRLEN];
	int r = 0;

	snprintf(f.path, sizeof(f.path), "sys/bus/pci/devices/%s", bdf_str(bdf, dev));
	d = root_opendir(&h->root, "%s", f.path);
	while (r == 0 && d && (ent = readdir(d))) {
		f.has_driver |= !strcmp(ent->d_name, "driver");
		if (!is_of_core(ent->d_name) && root_is_dir(d, ent))
			r = add(&f, ent->d_name);
	}
	if (r < 0)
		function_dir_done(&f);
	*ret = f;
	return r;
}

bool function_dir_has(const struct function_dir *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->v[i], name))
			return true;
	return false;
}

void function_dir_done(struct function_dir *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->v[i]);
	free(f->v);
	f->v = NULL;
	f->n = 0;
}
