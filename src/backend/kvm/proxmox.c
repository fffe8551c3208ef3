// SPDX-License-Identifier: GPL-2.0-or-later
/* Source: Proxmox VE qm.conf(5), hostpci[n]; qemu-server src/PVE/QemuServer.pm,
 * vmconfig_hotplug_pending(): what is hot-plugged is known by the configuration, and hostpci is
 * none of it. */
#include "backend/kvm/proxmox.h"

#include <string.h>

#include "base/mem.h"

#define HOSTPCI_MAX 16u

/* "0000:05:10.6", "05:10.6", "05:10" for all of a slot's functions, and several with ';' between.
 */
static bool names(const char *s, size_t n, struct bdf dev)
{
	char bdf[BDF_STRLEN], word[32];
	const char *known = bdf_str(bdf, dev);

	if (n >= sizeof(word))
		return false;
	memcpy(word, s, n);
	word[n] = '\0';
	if (dev.domain == 0 && n && strchr(word, ':') == strrchr(word, ':'))
		known += strlen("0000:");
	return !strcmp(word, known) ||
	       (!strchr(word, '.') && !strncmp(word, known, n) && known[n] == '.');
}

/* The value of a "hostpciN: ": devices first, after "host=" or at once, then options. */
static bool value_names(const char *s, struct bdf dev)
{
	if (!strncmp(s, "host=", 5))
		s += 5;
	for (;;) {
		size_t n = strcspn(s, ";,\n");

		if (names(s, n, dev))
			return true;
		if (s[n] != ';')
			return false;
		s += n + 1;
	}
}

bool proxmox_has(const char *text, struct bdf dev, unsigned *ret_free)
{
	bool is_used[HOSTPCI_MAX] = { false }, has = false;
	unsigned i, at;
	int n;

	/* What comes behind a "[" was the configuration at a snapshot. */
	for (const char *s = text; s && *s != '[';
	     s = strchr(s, '\n') ? strchr(s, '\n') + 1 : NULL) {
		n = 0;
		if (sscanf(s, "hostpci%u: %n", &at, &n) != 1 || !n || at >= HOSTPCI_MAX)
			continue;
		is_used[at] = true;
		has |= value_names(s + n, dev);
	}
	for (i = 0; i < HOSTPCI_MAX && is_used[i]; i++)
		;
	*ret_free = i;
	return has;
}

void proxmox_note(const struct refusal_ask *a, const char *vmid)
{
	_cleanup_free_ char *text = NULL;
	char bdf[BDF_STRLEN];
	unsigned at;

	if (!vmid[0])
		return;
	text = root_read_all(&a->host->root, "etc/pve/qemu-server/%s.conf", vmid);
	for (size_t i = 0; i < a->n; i++) {
		struct bdf dev = vf_of(a->vfs[i])->bdf;

		if (proxmox_has(text ? text : "", dev, &at))
			continue;
		refusal_note(
			a,
			"domain %s is VM %s of Proxmox VE, which does not learn of what it gets "
			"here: it has it until the VM stops; to give it at each start, run: qm "
			"set %s --hostpci%u %s",
			a->domain->name, vmid, vmid, at < HOSTPCI_MAX ? at : 0, bdf_str(bdf, dev));
		return;
	}
}
