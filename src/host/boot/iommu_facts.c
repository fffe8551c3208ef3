// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/boot/iommu_facts.h"

#include <string.h>

#define TABLES "sys/firmware/acpi/tables"

const char *iommu_make_name(enum iommu_make make)
{
	static const char *const names[] = { "IOMMU", "VT-d", "AMD-Vi", "SMMU", "virtio-iommu" };

	return names[make];
}

/* The name of a table, of a unit in /sys/class/iommu up to its number, and of a CPU's vendor. */
static const struct {
	enum iommu_make make;
	const char *table, *unit, *cpu;
	const char *word;   /* of the kernel's command line, for it alone */
	const char *config; /* of the kernel's configuration: it is used by itself; NULL: always */
} makes[] = {
	{ IOMMU_VTD, "DMAR", "dmar", "GenuineIntel", "intel_iommu=",
	  "CONFIG_INTEL_IOMMU_DEFAULT_ON=y|CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF=y" },
	{ IOMMU_VTD, "RMAD", "dmar", "GenuineIntel", "intel_iommu=", NULL },
	{ IOMMU_AMDVI, "IVRS", "ivhd", "AuthenticAMD", "amd_iommu=", "CONFIG_AMD_IOMMU=y" },
	{ IOMMU_AMDVI, "IVRS", "ivhd", "HygonGenuine", "amd_iommu=", "CONFIG_AMD_IOMMU=y" },
	{ IOMMU_VIRTIO, "VIOT", "virtio", NULL, NULL, NULL },
	{ IOMMU_SMMU, "IORT", "smmu", "CPU implementer", NULL, NULL },
	{ IOMMU_SMMU, "IORT", "arm-smmu", "CPU implementer", NULL, NULL },
};

/* Does a list with commas have this item? */
static bool has_item(const char *list, size_t len, const char *item)
{
	size_t n = strlen(item);

	for (const char *s = list; s < list + len; s++) {
		const char *end = memchr(s, ',', len - (size_t)(s - list));
		size_t k = end ? (size_t)(end - s) : len - (size_t)(s - list);

		if (k == n && !strncmp(s, item, n))
			return true;
		s += k;
	}
	return false;
}

static bool is_off(const char *value, size_t len)
{
	return has_item(value, len, "off") || has_item(value, len, "soft");
}

/* The last word that begins with @name, when it says off. */
static bool last_is_off(const char *cmdline, const char *name, char ret[64])
{
	bool is_found = false;

	for (const char *s = cmdline; *s; s += strcspn(s, " \t\n")) {
		size_t len;

		s += strspn(s, " \t\n");
		len = strcspn(s, " \t\n");
		if (len < strlen(name) || strncmp(s, name, strlen(name)) != 0)
			continue;
		is_found = is_off(s + strlen(name), len - strlen(name));
		if (is_found)
			snprintf(ret, 64, "%.*s", (int)len, s);
	}
	return is_found;
}

void iommu_off_word(const char *cmdline, enum iommu_make make, char ret[64])
{
	ret[0] = '\0';
	if (make != IOMMU_SMMU && last_is_off(cmdline, "iommu=", ret))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(makes); i++)
		if (makes[i].make == make && makes[i].word &&
		    last_is_off(cmdline, makes[i].word, ret))
			return;
	ret[0] = '\0';
}

int iommu_remaps(const char *interrupts)
{
	if (strstr(interrupts, " IR-") || strstr(interrupts, " ITS-"))
		return 1;
	/* Dom0 has chips of Xen, which do not tell. */
	if (strstr(interrupts, "xen-pirq") || !strstr(interrupts, "IO-APIC"))
		return UNKNOWN;
	return 0;
}

static void read_tables(const struct host *h, struct iommu_facts *f)
{
	f->has_tables = root_exists(&h->root, TABLES);
	for (size_t i = 0; i < ARRAY_SIZE(makes) && !f->table; i++)
		if (root_exists(&h->root, TABLES "/%s", makes[i].table))
			f->table = makes[i].make;
}

static size_t count(const struct host *h, const char *path, char *first, size_t size)
{
	_cleanup_dir_ DIR *dir = root_opendir(&h->root, "%s", path);
	const struct dirent *d;
	size_t n = 0;

	while (dir && (d = readdir(dir)))
		if (d->d_name[0] != '.' && !n++)
			snprintf(first, size, "%.*s", (int)size - 1, d->d_name);
	return n;
}

static void read_units(const struct host *h, struct iommu_facts *f)
{
	char first[64] = "", group[16];

	f->n_groups = count(h, "sys/kernel/iommu_groups", group, sizeof(group));
	if (!count(h, "sys/class/iommu", first, sizeof(first)))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(makes) && !f->unit; i++)
		if (!strncmp(first, makes[i].unit, strlen(makes[i].unit)))
			f->unit = makes[i].make;
}

static void read_cpu(const struct host *h, struct iommu_facts *f)
{
	_cleanup_free_ char *text = root_read_all(&h->root, "proc/cpuinfo");

	f->is_virtual = text && (strstr(text, " hypervisor ") || strstr(text, " hypervisor\n"));
	for (size_t i = 0; text && i < ARRAY_SIZE(makes) && !f->cpu; i++)
		if (makes[i].cpu && strstr(text, makes[i].cpu))
			f->cpu = makes[i].make;
}

/* A line of the configuration; @names has several, with '|' between them. */
static bool has_line(const char *config, const char *names)
{
	for (const char *s = names; *s; s += *s == '|') {
		size_t n = strcspn(s, "|");

		for (const char *at = config; at; at = strchr(at, '\n')) {
			at += *at == '\n';
			if (!strncmp(at, s, n) && (!at[n] || at[n] == '\n'))
				return true;
		}
		s += n;
	}
	return false;
}

static int8_t read_default(const struct host *h, enum iommu_make make)
{
	_cleanup_free_ char *config = NULL;
	char release[128];

	if (root_read(&h->root, release, sizeof(release), "proc/sys/kernel/osrelease") <= 0)
		return UNKNOWN;
	config = root_read_all(&h->root, "boot/config-%s", release);
	for (size_t i = 0; config && i < ARRAY_SIZE(makes); i++)
		if (makes[i].make == make)
			return !makes[i].config || has_line(config, makes[i].config);
	return UNKNOWN;
}

void iommu_facts_read(const struct host *h, struct iommu_facts *ret)
{
	_cleanup_free_ char *interrupts = root_read_all(&h->root, "proc/interrupts");
	_cleanup_free_ char *line = root_read_all(&h->root, "proc/cmdline");
	enum iommu_make make;

	*ret = (struct iommu_facts){ .by_default = UNKNOWN, .remaps = UNKNOWN };
	read_tables(h, ret);
	read_units(h, ret);
	read_cpu(h, ret);
	make = ret->table ? ret->table : ret->cpu;
	ret->by_default = read_default(h, make);
	if (line)
		iommu_off_word(line, make, ret->off_word);
	if (interrupts)
		ret->remaps = (int8_t)iommu_remaps(interrupts);
}
