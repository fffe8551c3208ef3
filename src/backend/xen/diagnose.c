// SPDX-License-Identifier: GPL-2.0-or-later
/* What doctor looks at in a Dom0 beside the tables of refusals. */
#include <stdlib.h>
#include <string.h>

#include "backend/xen/ask.h"
#include "backend/xen/diagnose.h"
#include "backend/xen/domain_config.h"
#include "backend/xen/limits_irqs.h"
#include "backend/xen/said_boot.h"

const struct refusal_word xen_words[] = {
	{ "machine", "Xen gives devices to guests on this kind of machine" },
	{ "iommu", "Xen uses it, and Dom0 can give devices away" },
	{ "segment", "its PCI segment is one that Xen and the guest can name" },
	{ "reset", "the kernel can reset it" },
	{ "pvh", "it is no PVH domain" },
	{ "alive", "it runs, and is not on its way out" },
	{ "passthrough", "it was created for pass-through" },
	{ "left", "no devices of a domain before it are in its way" },
	{ "frontend", "its PCI frontend is not closing" },
	{ "hvm-slots", "it has slots enough" },
	{ "hvm-names", "its device model takes the device" },
	{ "vslot", "the slot is free" },
	{ "irqs", "it has interrupts enough" },
	{ "pv-slots", "it has virtual slots enough" },
	{ 0 },
};

static bool say_version(struct backend *b, struct findings *ret)
{
	struct xen_version v = xen_version_of(b);
	char type[32] = "PV";

	root_read(&b->host->root, type, sizeof(type), "sys/hypervisor/guest_type");
	if (!v.major) {
		finding_add(ret, FINDING_NOTE, "xen", "its version is not seen; Dom0 is %s", type);
		return false;
	}
	finding_add(ret, FINDING_OK, "xen", "Xen %u.%u.%u, Dom0 is %s", v.major, v.minor, v.point,
		    type);
	return true;
}

/* From 4.19 on extra_guest_irqs= alone leaves every domain without any. */
static void say_irqs(struct backend *b, struct findings *ret)
{
	const libxl_version_info *info = ask_version(b);
	struct err why = { 0 };

	if (!info || xen_irqs_in_force(info->commandline, xen_version_of(b)))
		return;
	err_refuse(&why, ENOSPC,
		   "every domain has 0 interrupts (PIRQs): this Xen takes extra_guest_irqs= back "
		   "where nr_irqs= is not beside it, or is too small");
	xen_fix_irqs(b, 0, "", -ENOSPC, &why);
	finding_of_err(ret, FINDING_PROBLEM, "pirqs", &why);
}

static void say_segments(struct backend *b, const struct inventory *inv, struct findings *ret)
{
	char bdf[BDF_STRLEN];

	for (size_t i = 0; i < inv->n_pfs; i++) {
		if (!inv->pfs[i].bdf.domain || xen_maps_segments(xen_version_of(b)))
			continue;
		finding_fix(finding_add(ret, FINDING_NOTE, "segments",
					"%s is outside PCI segment 0, and this Xen gives HVM "
					"domains no interrupts from there",
					bdf_str(bdf, inv->pfs[i].bdf)),
			    "use Xen 4.19.4, 4.20.3 or newer, or give its VFs to PV domains");
		return;
	}
}

/* Xen's log, from its oldest line on; NULL when it cannot be read. free() it. */
static char *read_log(struct backend *b)
{
	libxl_xen_console_reader *reader;
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	char *line;
	FILE *out;

	if (root_is_captured(&b->host->root))
		return root_read_all(&b->host->root, CAPTURE_DIR "/xl-dmesg");
	reader = b->ctx ? libxl_xen_console_read_start(b->ctx, 0) : NULL;
	out = reader ? open_memstream(&text, &len) : NULL;
	while (out && libxl_xen_console_read_line(b->ctx, reader, &line) > 0)
		fprintf(out, "%s\n", line);
	if (reader)
		libxl_xen_console_read_finish(b->ctx, reader);
	if (!out || memstream_close(out, &text) < 0)
		return NULL;
	return STEAL(text);
}

/* Xen lets devices be given away without it, and tells nobody but its log. */
static void say_remapping(struct backend *b, struct findings *ret)
{
	_cleanup_free_ char *log = read_log(b);

	switch (log ? said_remaps(log) : UNKNOWN) {
	case 1:
		finding_add(ret, FINDING_OK, "interrupts",
			    "remapped: a guest can raise its own only");
		return;
	case 0:
		finding_fix(finding_add(ret, FINDING_NOTE, "interrupts",
					"not remapped: a guest with a VF can raise any interrupt "
					"of this host"),
			    "switch interrupt remapping (x2APIC) on in the firmware, and take "
			    "iommu=no-intremap off the Xen command line");
		return;
	default:
		finding_add(ret, FINDING_NOTE, "interrupts",
			    "whether they are remapped is not seen: Xen's log does not have the "
			    "line any more");
	}
}

static void say_owners(struct backend *b, struct findings *ret)
{
	static const struct {
		const char *path, *name;
	} owners[] = {
		{ "etc/xensource-inventory", "XenServer's toolstack (xapi)" },
		{ "etc/qubes", "Qubes OS" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(owners); i++)
		if (root_exists(&b->host->root, "%s", owners[i].path))
			finding_fix(finding_add(ret, FINDING_NOTE, "toolstack",
						"%s gives devices to guests on this host, too",
						owners[i].name),
				    "give VFs by one of the two only");
}

void xen_diagnose(struct backend *b, const struct inventory *inv, struct findings *ret)
{
	struct err why = { 0 };

	/* The table of refusals says the same, with what is needed. */
	if (xen_reach(b, &why) < 0) {
		finding_add(ret, FINDING_NOTE, "xen", "not asked: %s", why.cause);
		return;
	}
	if (say_version(b, ret)) {
		say_irqs(b, ret);
		say_segments(b, inv, ret);
	}
	say_remapping(b, ret);
	say_owners(b, ret);
}

static void say_permissive(const struct domain *d, const struct attachment *a, struct findings *ret)
{
	char bdf[BDF_STRLEN];

	if (a->options.permissive == 1)
		return;
	finding_fix(finding_add(ret, FINDING_NOTE, bdf_str(bdf, a->bdf),
				"permissive is off: what the guest's driver writes to config space "
				"beyond the standard registers is dropped without a word"),
		    "when its driver fails, run: vfyard pci-detach %s %s, and vfyard pci-attach %s "
		    "%s,permissive=1",
		    d->name, bdf, d->name, bdf);
}

static void say_created(struct backend *b, const struct domain *d, struct findings *ret)
{
	_cleanup_free_ uint8_t *data = NULL;
	struct created c = { .is_known = false };
	int len = 0;

	xlog_start(&b->xlog);
	if (ask_configuration(b, d->id, &data, &len) == 0 && data)
		c = created_parse((const char *)data, (size_t)len);
	if (c.is_known && c.no_e820_host)
		finding_fix(finding_add(ret, FINDING_NOTE, "e820_host",
					"it was created without: its kernel may put memory where "
					"the devices' own is, mostly with more than 4 GiB"),
			    "put e820_host=1 into its file and create it anew");
}

/* Kept by xenconsoled where it is told to: XENCONSOLED_LOG=guest. */
static void say_console(struct backend *b, const struct domain *d, struct findings *ret)
{
	_cleanup_free_ char *log =
		root_read_all(&b->host->root, "var/log/xen/console/guest-%s.log", d->name);
	const struct said_by_guest *said = log ? said_by_guest(log) : NULL;

	if (!log)
		finding_fix(finding_add(ret, FINDING_NOTE, "console",
					"what the guest's kernel says is not kept in Dom0"),
			    "look in the guest, run: dmesg | grep -i -e DMA -e pcifront; to keep "
			    "it, set XENCONSOLED_TRACE=guest in /etc/default/xen");
	else if (said)
		finding_fix(finding_add(ret, FINDING_PROBLEM, "console", "'%s': %s", said->words,
					said->means),
			    "%s", said->fix);
	else
		finding_add(ret, FINDING_OK, "console", "its kernel complains of no DMA");
}

void xen_diagnose_domain(struct backend *b, const struct domain *d, const struct attachment *v,
			 size_t n, struct findings *ret)
{
	if (d->type != DOMAIN_PV)
		return;
	for (size_t i = 0; i < n; i++)
		say_permissive(d, &v[i], ret);
	say_created(b, d, ret);
	if (n)
		say_console(b, d, ret);
}
