// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/boot/owners.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/array.h"

#define COUNT	"sets the number of VFs"
#define SETS	"sets VFs"
#define TAKES	"takes VFs for its guests"
#define AT_BOOT "changes the number of VFs at boot"
#define LEAVE	"leave numvfs= out of the topology for this PF, or remove it there"

static const struct place {
	const char *who, *does, *cure;
	const char *dirs[4];	 /* the first counts where they have a file of one name */
	const char *begin, *end; /* of the file's name */
	const char *words[4];	 /* any of them; "" is whatever there is */
	bool is_driver_named;
} places[] = {
	{ "systemd-udevd",
	  COUNT,
	  LEAVE,
	  { "etc/systemd/network", "run/systemd/network", "usr/local/lib/systemd/network",
	    "usr/lib/systemd/network" },
	  "",
	  ".link",
	  { "SR-IOVVirtualFunctions", "[SR-IOV]" },
	  false },
	{ "systemd-networkd",
	  SETS,
	  "keep these settings in one of the two places",
	  { "etc/systemd/network", "run/systemd/network", "usr/local/lib/systemd/network",
	    "usr/lib/systemd/network" },
	  "",
	  ".network",
	  { "[SR-IOV]" },
	  false },
	{ "NetworkManager",
	  "sets the number of VFs when the profile is activated, 0 too",
	  LEAVE,
	  { "etc/NetworkManager/system-connections", "run/NetworkManager/system-connections",
	    "usr/lib/NetworkManager/system-connections" },
	  "",
	  "",
	  { "[sriov]" },
	  false },
	{ "NetworkManager",
	  COUNT,
	  LEAVE,
	  { "etc/NetworkManager/conf.d", "run/NetworkManager/conf.d",
	    "usr/lib/NetworkManager/conf.d" },
	  "",
	  ".conf",
	  { "sriov-num-vfs" },
	  false },
	{ "NetworkManager",
	  COUNT,
	  LEAVE,
	  { "etc/NetworkManager" },
	  "NetworkManager",
	  ".conf",
	  { "sriov-num-vfs" },
	  false },
	{ "netplan",
	  COUNT,
	  LEAVE,
	  { "run/netplan", "etc/netplan", "usr/lib/netplan" },
	  "",
	  ".yaml",
	  { "virtual-function-count", "embedded-switch-mode" },
	  false },
	{ "netplan",
	  COUNT,
	  LEAVE,
	  { "run/systemd/generator.late", "run/systemd/system" },
	  "netplan-sriov",
	  ".service",
	  { "" },
	  false },
	{ "netplan",
	  COUNT,
	  LEAVE,
	  { "run/udev/rules.d" },
	  "",
	  "-sriov-netplan.rules",
	  { "" },
	  false },
	{ "ifupdown",
	  COUNT,
	  LEAVE,
	  { "etc/network" },
	  "interfaces",
	  "",
	  { "sriov_numvfs" },
	  false },
	{ "ifupdown",
	  COUNT,
	  LEAVE,
	  { "etc/network/interfaces.d", "etc/network/if-pre-up.d", "etc/network/if-up.d" },
	  "",
	  "",
	  { "sriov_numvfs" },
	  false },
	{ "the network scripts",
	  COUNT,
	  LEAVE,
	  { "etc/sysconfig/network-scripts" },
	  "ifcfg-",
	  "",
	  { "SRIOV_TOTAL_VFS", "SRIOV_VF" },
	  false },
	{ "udev",
	  COUNT,
	  LEAVE,
	  { "etc/udev/rules.d", "run/udev/rules.d", "usr/local/lib/udev/rules.d",
	    "usr/lib/udev/rules.d" },
	  "",
	  ".rules",
	  { "sriov_numvfs" },
	  false },
	{ "systemd-tmpfiles",
	  AT_BOOT,
	  LEAVE,
	  { "etc/tmpfiles.d", "run/tmpfiles.d", "usr/lib/tmpfiles.d" },
	  "",
	  ".conf",
	  { "sriov_numvfs" },
	  false },
	{ "a unit of systemd",
	  AT_BOOT,
	  LEAVE,
	  { "etc/systemd/system" },
	  "",
	  ".service",
	  { "sriov_numvfs" },
	  false },
	{ "rc.local",
	  AT_BOOT,
	  LEAVE,
	  { "etc", "etc/rc.d" },
	  "rc.local",
	  "",
	  { "sriov_numvfs" },
	  false },
	{ "cron", AT_BOOT, LEAVE, { "etc/cron.d" }, "", "", { "sriov_numvfs" }, false },
	{ "cron", AT_BOOT, LEAVE, { "etc" }, "crontab", "", { "sriov_numvfs" }, false },
	{ "the SR-IOV network operator",
	  "sets this PF, and unmakes all its VFs for that",
	  "let the operator have this PF, or take it out of its policy",
	  { "etc/sriov-operator/pci" },
	  "",
	  "",
	  { "" },
	  false },
	{ "libvirt",
	  "takes any free VF of this PF when a guest starts",
	  "keep this PF's VFs out of the topology, or remove the network: virsh net-undefine",
	  { "etc/libvirt/qemu/networks" },
	  "",
	  ".xml",
	  { "<pf dev=" },
	  false },
	{ "driverctl",
	  "binds a driver at boot",
	  "remove it: driverctl unset-override",
	  { "etc/driverctl.d" },
	  "",
	  "",
	  { "" },
	  false },
	{ "Proxmox",
	  TAKES,
	  "leave what it has out of the topology",
	  { "etc/pve/qemu-server" },
	  "",
	  ".conf",
	  { "hostpci" },
	  false },
	{ "modprobe.d",
	  "makes VFs when the driver is loaded, or takes them from it",
	  "remove it, unless vfyard render modprobe wrote it",
	  { "etc/modprobe.d", "run/modprobe.d", "usr/local/lib/modprobe.d", "usr/lib/modprobe.d" },
	  "",
	  ".conf",
	  { "max_vfs=", "num_vfs=", "probe_vf=", " ids=" },
	  true },
};

unsigned owners_find_line(const char *text, const char *const *words, const char **ret)
{
	unsigned n = 1;

	for (const char *line = text; *line; n++) {
		size_t len = strcspn(line, "\n"), blank = strspn(line, " \t");

		for (size_t i = 0; words[i] && !strchr("#;", line[blank]); i++) {
			const char *at = strstr(line, words[i]);

			if (at && at <= line + len) {
				*ret = line + (blank < len ? blank : 0);
				return n;
			}
		}
		line += len + (line[len] == '\n');
	}
	return 0;
}

static bool is_part_of_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool has_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = strstr(text, word); n && at; at = strstr(at + 1, word))
		if ((at == text || !is_part_of_word(at[-1])) && !is_part_of_word(at[n]))
			return true;
	return false;
}

bool owner_mentions(const struct owner *o, const char *word)
{
	return has_word(o->text, word) || has_word(o->path, word);
}

/* Is there a file of that name in an earlier directory? A link to /dev/null is one, too, wherever
 * that is from here. */
static bool is_masked(const struct host *h, const struct place *p, unsigned dir, const char *name)
{
	char link[8];

	for (unsigned i = 0; i < dir; i++)
		if (root_exists(&h->root, "%s/%s", p->dirs[i], name) ||
		    root_link_name(&h->root, link, sizeof(link), "%s/%s", p->dirs[i], name) !=
			    -ENOENT)
			return true;
	return false;
}

/* A FIFO among them would wait for a writer. */
static bool has_name(const struct place *p, const struct dirent *d)
{
	const char *name = d->d_name;
	size_t n = strlen(name), end = strlen(p->end);

	if (d->d_type != DT_REG && d->d_type != DT_LNK && d->d_type != DT_UNKNOWN)
		return false;
	return name[0] != '.' && n < 200 && !strncmp(name, p->begin, strlen(p->begin)) &&
	       n >= end && !strcmp(name + n - end, p->end);
}

static int look_into(const struct host *h, const struct place *p, unsigned dir, const char *name,
		     struct owners *ret)
{
	_cleanup_free_ char *text = root_read_all(&h->root, "%s/%s", p->dirs[dir], name);
	const char *words[ARRAY_SIZE(p->words) + 1] = { NULL }, *line;
	struct owner o = { p->who, p->does, p->cure, "", 0, "", NULL, p->is_driver_named };

	if (!text)
		return errno == ENOMEM ? -ENOMEM : 0;
	memcpy(words, p->words, sizeof(p->words));
	o.line = owners_find_line(text, words, &line);
	if (!o.line)
		return 0;
	snprintf(o.path, sizeof(o.path), "%s/%s", p->dirs[dir], name);
	snprintf(o.said, sizeof(o.said), "%.*s", (int)strcspn(line, "\n"), line);
	o.text = p->is_driver_named ? strndup(line, strcspn(line, "\n")) : STEAL(text);
	if (!o.text || ARRAY_GROW(ret->v, ret->n) < 0) {
		free(o.text);
		return -ENOMEM;
	}
	ret->v[ret->n++] = o;
	return 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* In the order of their names: a directory has none. */
static int list(const struct host *h, const char *path, struct dirent ***ret, int *ret_n)
{
	int fd = root_openat(&h->root, O_RDONLY | O_DIRECTORY, "%s", path);

	*ret_n = 0;
	if (fd < 0)
		return 0;
	*ret_n = scandirat(fd, ".", ret, NULL, by_name);
	close(fd);
	if (*ret_n >= 0)
		return 0;
	*ret_n = 0;
	return errno == ENOMEM ? -ENOMEM : 0;
}

static int look_at(const struct host *h, const struct place *p, unsigned dir, struct owners *ret)
{
	struct dirent **names = NULL;
	int n, r = list(h, p->dirs[dir], &names, &n);

	for (int i = 0; i < n; i++) {
		if (r == 0 && has_name(p, names[i]) && !is_masked(h, p, dir, names[i]->d_name))
			r = look_into(h, p, dir, names[i]->d_name, ret);
		free(names[i]);
	}
	free(names);
	return r;
}

int owners_read(const struct host *h, struct owners *ret)
{
	int r = 0;

	*ret = (struct owners){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		for (unsigned d = 0; r == 0 && d < ARRAY_SIZE(places[i].dirs) && places[i].dirs[d];
		     d++)
			r = look_at(h, &places[i], d, ret);
	if (r < 0)
		owners_done(ret);
	return r;
}

void owners_done(struct owners *o)
{
	for (size_t i = 0; i < o->n; i++)
		free(o->v[i].text);
	free(o->v);
	*o = (struct owners){ 0 };
}
