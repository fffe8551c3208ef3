// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_pciback.h"

#include <string.h>

#define DIR_PATH "sys/bus/pci/drivers/pciback"
#define PAGE	 4096

/* The kernel makes the text when it is read; here it is kept up to date. */
static void show(struct fake_pciback *p, const char *name, const struct bdf *v, unsigned n)
{
	char line[PAGE * 2], buf[BDF_STRLEN];
	size_t len = (size_t)snprintf(line, sizeof(line), DIR_PATH "/%s=", name);

	for (unsigned i = 0; i < n && (i + 1) * sizeof("0000:00:00.0") <= PAGE; i++)
		len += (size_t)snprintf(line + len, sizeof(line) - len, "%s%s", i ? "\\n" : "",
					bdf_str(buf, v[i]));
	fake_root_add(p->kernel->root, line);
}

static unsigned count(const struct bdf *v, unsigned n, struct bdf dev)
{
	unsigned found = 0;

	for (unsigned i = 0; i < n; i++)
		found += bdf_cmp(v[i], dev) == 0;
	return found;
}

static unsigned drop_all(struct bdf *v, unsigned *n, struct bdf dev)
{
	unsigned k = 0, was = *n;

	for (unsigned i = 0; i < was; i++)
		if (bdf_cmp(v[i], dev) != 0)
			v[k++] = v[i];
	*n = k;
	return was - k;
}

static int new_slot(struct fake_pciback *p, struct bdf dev)
{
	if (p->n_slots == FAKE_SLOTS)
		return -ENOMEM;
	p->slots[p->n_slots++] = dev;
	show(p, "slots", p->slots, p->n_slots);
	return 0;
}

static int remove_slot(struct fake_pciback *p, struct bdf dev)
{
	if (!drop_all(p->slots, &p->n_slots, dev))
		return -ENOENT;
	show(p, "slots", p->slots, p->n_slots);
	return 0;
}

static bool is_held(struct fake_pciback *p, const char *bdf)
{
	return root_exists(&p->kernel->root->host.root, DIR_PATH "/%s", bdf);
}

static int set_permissive(struct fake_pciback *p, const char *bdf, struct bdf dev)
{
	if (!is_held(p, bdf))
		return -ENODEV;
	if (!count(p->permissive, p->n_permissive, dev))
		p->permissive[p->n_permissive++] = dev;
	show(p, "permissive", p->permissive, p->n_permissive);
	return 0;
}

/* With a slot and no override the device is matched by its address, but pci_device_can_probe() asks
 * the PF first. */
static int bind_by_slot(struct fake_pciback *p, const char *bdf)
{
	struct fake_root *root = p->kernel->root;
	uint64_t autoprobe = 1;
	char line[256];

	root_read_u64(&root->host.root, &autoprobe,
		      "sys/bus/pci/devices/%s/physfn/sriov_drivers_autoprobe", bdf);
	if (!autoprobe)
		return -ENODEV;
	snprintf(line, sizeof(line),
		 "sys/bus/pci/devices/%s/driver -> ../../../bus/pci/drivers/pciback", bdf);
	fake_root_add(root, line);
	snprintf(line, sizeof(line), DIR_PATH "/%s -> ../../../../bus/pci/devices/%s", bdf, bdf);
	fake_root_add(root, line);
	return 0;
}

static int do_bind(struct fake_pciback *p, const char *path, const char *bdf, struct bdf dev)
{
	char override[64] = "";
	int r;

	root_read(&p->kernel->root->host.root, override, sizeof(override),
		  "sys/bus/pci/devices/%s/driver_override", bdf);
	if (!strcmp(override, "pciback")) {
		r = p->next(p->next_arg, path, bdf);
		if (r == 0 && !count(p->slots, p->n_slots, dev))
			new_slot(p, dev);
		return r;
	}
	if (strcmp(override, "(null)") != 0 || !count(p->slots, p->n_slots, dev) ||
	    root_exists(&p->kernel->root->host.root, "sys/bus/pci/devices/%s/driver", bdf))
		return p->next(p->next_arg, path, bdf);
	return bind_by_slot(p, bdf);
}

static int do_unbind(struct fake_pciback *p, const char *path, const char *bdf, struct bdf dev)
{
	int r = p->next(p->next_arg, path, bdf);

	if (r == 0 && !is_held(p, bdf) && drop_all(p->permissive, &p->n_permissive, dev))
		show(p, "permissive", p->permissive, p->n_permissive);
	return r;
}

static int has_fault(struct fake_pciback *p, const char *path, const char *value)
{
	for (unsigned i = 0; i < p->kernel->n_faults; i++)
		if (p->kernel->faults[i].path && strstr(path, p->kernel->faults[i].path))
			return p->next(p->next_arg, path, value);
	return 1;
}

static int write_hook(void *arg, const char *path, const char *value)
{
	struct fake_pciback *p = arg;
	const char *verb = path + strlen(DIR_PATH "/");
	struct bdf dev;
	int r;

	if (strncmp(path, DIR_PATH "/", strlen(DIR_PATH "/")) != 0 || !bdf_scan(&dev, value))
		return p->next(p->next_arg, path, value);
	r = has_fault(p, path, value);
	if (r <= 0)
		return r;
	if (!strcmp(verb, "new_slot"))
		return new_slot(p, dev);
	if (!strcmp(verb, "remove_slot"))
		return remove_slot(p, dev);
	if (!strcmp(verb, "permissive"))
		return set_permissive(p, value, dev);
	if (!strcmp(verb, "bind"))
		return do_bind(p, path, value, dev);
	if (!strcmp(verb, "unbind"))
		return do_unbind(p, path, value, dev);
	return -EACCES;
}

void fake_pciback_init(struct fake_pciback *p, struct fake_kernel *kernel)
{
	struct root *root = &kernel->root->host.root;

	*p = (struct fake_pciback){ .kernel = kernel,
				    .next = root->write,
				    .next_arg = root->write_arg };
	fake_kernel_add_driver(kernel, "pciback");
	fake_root_add(kernel->root, DIR_PATH "/new_slot=");
	fake_root_add(kernel->root, DIR_PATH "/remove_slot=");
	fake_root_add(kernel->root, DIR_PATH "/slots=");
	fake_root_add(kernel->root, DIR_PATH "/permissive=");
	root->write = write_hook;
	root->write_arg = p;
}

unsigned fake_pciback_slots(const struct fake_pciback *p, struct bdf dev)
{
	return count(p->slots, p->n_slots, dev);
}

bool fake_pciback_is_permissive(const struct fake_pciback *p, struct bdf dev)
{
	return count(p->permissive, p->n_permissive, dev) > 0;
}
