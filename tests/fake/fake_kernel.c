// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_kernel.h"

#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/bdf.h"

#define DEVICES "sys/bus/pci/devices/"
#define DRIVERS "sys/bus/pci/drivers/"

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && !strcmp(s + n - m, end);
}

static void add(struct fake_kernel *k, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void add(struct fake_kernel *k, const char *fmt, ...)
{
	char line[PATH_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	fake_root_add(k->root, line);
}

static void drop(struct fake_kernel *k, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void drop(struct fake_kernel *k, const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(path, sizeof(path), fmt, ap);
	va_end(ap);
	unlinkat(k->root->host.root.fd, path, 0);
}

static void override_of(struct fake_kernel *k, const char *bdf, char ret[64])
{
	if (root_read(&k->root->host.root, ret, 64, DEVICES "%s/driver_override", bdf) < 0 ||
	    !strcmp(ret, "(null)"))
		ret[0] = '\0';
}

static bool is_bound(struct fake_kernel *k, const char *bdf)
{
	char target[8];

	return root_link_name(&k->root->host.root, target, sizeof(target), DEVICES "%s/driver",
			      bdf) != -ENOENT;
}

/* Behaves like pci_match_device() and pci_device_can_probe(). */
static bool takes(struct fake_kernel *k, const char *driver, const char *bdf)
{
	char override[64];
	uint64_t autoprobe;

	override_of(k, bdf, override);
	if (override[0])
		return !strcmp(override, driver);
	if (root_read_u64(&k->root->host.root, &autoprobe,
			  DEVICES "%s/physfn/sriov_drivers_autoprobe", bdf) == 0 &&
	    !autoprobe)
		return false;
	return !strcmp(driver, k->native) || (k->new_id && !strcmp(driver, k->new_id));
}

static void link_driver(struct fake_kernel *k, const char *driver, const char *bdf)
{
	add(k, DEVICES "%s/driver -> ../../../bus/pci/drivers/%s", bdf, driver);
	add(k, DRIVERS "%s/%s -> ../../../../bus/pci/devices/%s", driver, bdf, bdf);
}

/* pci_dma_configure(), and what VFIO makes of its result. */
static int configure_dma(struct fake_kernel *k, const char *driver, const char *bdf)
{
	if (!k->makes_groups || root_exists(&k->root->host.root, DEVICES "%s/iommu_group", bdf))
		return 0;
	if (!k->late_group)
		return strcmp(driver, "vfio-pci") ? 0 : -EINVAL;
	add(k, "sys/kernel/iommu_groups/%u/devices/%s -> x", k->late_group, bdf);
	add(k, DEVICES "%s/iommu_group -> ../../../kernel/iommu_groups/%u", bdf, k->late_group);
	k->late_group += !k->late_is_shared;
	return 0;
}

static int do_bind(struct fake_kernel *k, const char *driver, const char *bdf)
{
	int r;

	if (!root_exists(&k->root->host.root, DEVICES "%s", bdf) || !takes(k, driver, bdf))
		return -ENODEV;
	if (is_bound(k, bdf))
		return -EBUSY;
	r = configure_dma(k, driver, bdf);
	if (r == 0)
		link_driver(k, driver, bdf);
	return r;
}

static int do_unbind(struct fake_kernel *k, const char *driver, const char *bdf)
{
	char now[64];

	if (root_link_name(&k->root->host.root, now, sizeof(now), DEVICES "%s/driver", bdf) < 0 ||
	    strcmp(now, driver) != 0)
		return -ENODEV;
	drop(k, DEVICES "%s/driver", bdf);
	drop(k, DRIVERS "%s/%s", driver, bdf);
	return 0;
}

/* Behaves like drivers_probe_store(): what a probe returns is lost. */
static int do_probe(struct fake_kernel *k, const char *bdf)
{
	char driver[64];

	if (!root_exists(&k->root->host.root, DEVICES "%s", bdf))
		return -ENODEV;
	override_of(k, bdf, driver);
	if (!driver[0])
		snprintf(driver, sizeof(driver), "%s", k->new_id ? k->new_id : k->native);
	if (!is_bound(k, bdf) && root_exists(&k->root->host.root, DRIVERS "%s", driver))
		do_bind(k, driver, bdf);
	return 0;
}

static int do_override(struct fake_kernel *k, const char *bdf, const char *value)
{
	size_t n = strcspn(value, "\n");

	if (!*value)
		return 0; /* a zero-length write never reaches the kernel */
	if (n)
		add(k, DEVICES "%s/driver_override=%.*s", bdf, (int)n, value);
	else
		add(k, DEVICES "%s/driver_override=(null)", bdf);
	return 0;
}

static uint64_t number(struct fake_kernel *k, const char *bdf, const char *name)
{
	uint64_t v = 0;

	root_read_u64(&k->root->host.root, &v, DEVICES "%s/%s", bdf, name);
	return v;
}

static void vf_name(struct fake_kernel *k, const char *pf, unsigned i, char ret[BDF_STRLEN])
{
	struct bdf at;

	bdf_parse(&at, pf, NULL);
	bdf_str(ret, bdf_vf(at, (unsigned)number(k, pf, "sriov_offset"),
			    (unsigned)number(k, pf, "sriov_stride"), i));
}

static void create_vf(struct fake_kernel *k, const char *pf, unsigned i)
{
	char vf[BDF_STRLEN], dir[128], id[16];

	vf_name(k, pf, i, vf);
	snprintf(dir, sizeof(dir), "sys/devices/pci%.7s/%s", pf, vf);
	root_read(&k->root->host.root, id, sizeof(id), DEVICES "%s/sriov_vf_device", pf);
	add(k, "%s/vendor=0x8086", dir);
	add(k, "%s/device=0x%s", dir, id);
	add(k, "%s/driver_override=(null)", dir);
	add(k, "%s/modalias=pci:v00008086d%08lXsv00008086sd0000A03Cbc02sc00i00", dir,
	    strtoul(id, NULL, 16));
	add(k, "%s/physfn -> ../%s", dir, pf);
	add(k, DEVICES "%s -> ../../../devices/pci%.7s/%s", vf, pf, vf);
	add(k, DEVICES "%s/virtfn%u -> ../%s", pf, i, vf);
	do_probe(k, vf);
}

static void remove_vf(struct fake_kernel *k, const char *pf, unsigned i)
{
	static const char *const files[] = { "vendor", "device", "driver_override", "modalias",
					     "physfn" };
	char vf[BDF_STRLEN], driver[64];

	vf_name(k, pf, i, vf);
	if (root_link_name(&k->root->host.root, driver, sizeof(driver), DEVICES "%s/driver", vf) ==
	    0)
		do_unbind(k, driver, vf);
	for (size_t f = 0; f < ARRAY_SIZE(files); f++)
		drop(k, DEVICES "%s/%s", vf, files[f]);
	drop(k, DEVICES "%s/virtfn%u", pf, i);
	drop(k, DEVICES "%s", vf);
}

static int do_remove_id(struct fake_kernel *k, const char *driver, const char *value)
{
	unsigned vendor, device;

	if (sscanf(value, "%x %x", &vendor, &device) != 2)
		return -EINVAL;
	if (!k->new_id || strcmp(driver, k->new_id) != 0)
		return -ENODEV;
	k->new_id = NULL;
	return 0;
}

/* Behaves like sriov_numvfs_store(). */
static int do_numvfs(struct fake_kernel *k, const char *pf, const char *value)
{
	unsigned long now = number(k, pf, "sriov_numvfs"), want = strtoul(value, NULL, 10);

	if (want > number(k, pf, "sriov_totalvfs"))
		return -ERANGE;
	if (want == now)
		return 0;
	if (want && now)
		return -EBUSY;
	want -= want > k->enable_fewer ? k->enable_fewer : 0;
	for (unsigned i = 0; i < now; i++)
		remove_vf(k, pf, i);
	for (unsigned i = 0; i < want; i++)
		create_vf(k, pf, i);
	add(k, DEVICES "%s/sriov_numvfs=%lu", pf, want);
	return 0;
}

static int dispatch(struct fake_kernel *k, const char *path, const char *value)
{
	char name[64], verb[32];

	if (!root_exists(&k->root->host.root, "%s", path))
		return -ENOENT;
	if (!strcmp(path, "sys/bus/pci/drivers_probe"))
		return do_probe(k, value);
	if (sscanf(path, DRIVERS "%63[^/]/%31s", name, verb) == 2)
		return !strcmp(verb, "bind")	    ? do_bind(k, name, value)
		       : !strcmp(verb, "unbind")    ? do_unbind(k, name, value)
		       : !strcmp(verb, "remove_id") ? do_remove_id(k, name, value)
						    : -EACCES;
	if (sscanf(path, DEVICES "%63[^/]/%31s", name, verb) != 2)
		return -EACCES;
	if (!strcmp(verb, "driver_override"))
		return do_override(k, name, value);
	if (!strcmp(verb, "sriov_numvfs"))
		return do_numvfs(k, name, value);
	if (!strcmp(verb, "sriov_drivers_autoprobe")) {
		add(k, DEVICES "%s/%s=%s", name, verb, value);
		return 0;
	}
	return -EACCES;
}

static struct fake_fault *find_fault(struct fake_kernel *k, const char *path, const char *value)
{
	for (unsigned i = 0; i < k->n_faults; i++) {
		struct fake_fault *f = &k->faults[i];

		if (!f->path || !ends_with(path, f->path) ||
		    (f->value && strcmp(f->value, value) != 0))
			continue;
		if (!f->skip)
			return f;
		f->skip--;
	}
	return NULL;
}

static int fake_write(void *arg, const char *path, const char *value)
{
	struct fake_kernel *k = arg;
	struct fake_fault *f = find_fault(k, path, value);
	struct fake_write *w = &k->writes[k->n_writes];

	if (k->n_writes == FAKE_WRITES) {
		fprintf(stderr, "fake kernel: more than %d writes\n", FAKE_WRITES);
		abort();
	}
	k->n_writes++;
	snprintf(w->path, sizeof(w->path), "%s", path);
	snprintf(w->value, sizeof(w->value), "%s", value);
	if (!f)
		return dispatch(k, path, value);
	if (!f->forever)
		f->path = NULL;
	return -f->code;
}

void fake_kernel_init(struct fake_kernel *k, struct fake_root *root, const char *native)
{
	*k = (struct fake_kernel){ .root = root, .native = native };
	root->host.root.write = fake_write;
	root->host.root.write_arg = k;
}

void fake_kernel_add_driver(struct fake_kernel *k, const char *driver)
{
	add(k, DRIVERS "%s/bind=", driver);
	add(k, DRIVERS "%s/unbind=", driver);
}

void fake_kernel_new_id(struct fake_kernel *k, const char *driver)
{
	fake_kernel_add_driver(k, driver);
	add(k, DRIVERS "%s/remove_id=", driver);
	k->new_id = driver;
}

void fake_kernel_add_module(struct fake_kernel *k, const char *module, const char *driver)
{
	add(k, "proc/sys/kernel/osrelease=6.1.0");
	add(k,
	    "lib/modules/6.1.0/modules.alias=# Aliases extracted from modules themselves.\\n"
	    "alias pci:v00008086d000010CAsv*sd*bc*sc*i* %s\\n",
	    module);
	add(k, "sys/module/%s/drivers/pci:%s -> ../../../bus/pci/drivers/%s", module, driver,
	    driver);
}

void fake_kernel_fail(struct fake_kernel *k, struct fake_fault fault)
{
	if (k->n_faults == FAKE_FAULTS) {
		fprintf(stderr, "fake kernel: more than %d faults\n", FAKE_FAULTS);
		abort();
	}
	k->faults[k->n_faults++] = fault;
}

void fake_kernel_reset(struct fake_kernel *k)
{
	k->n_faults = k->n_writes = 0;
}

unsigned fake_kernel_count(const struct fake_kernel *k, const char *path)
{
	unsigned n = 0;

	for (unsigned i = 0; i < k->n_writes; i++)
		n += ends_with(k->writes[i].path, path);
	return n;
}
