// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_libxl_capture.h"

static void put(const char *file, const char *text)
{
	_cleanup_free_ char *line = NULL;

	assert_true(asprintf(&line, "%s=%s", file, text) > 0);
	fake_root_add(&fake_xen.root, line);
}

static void put_store(void)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	for (size_t i = 0; i < fake_xs.n; i++)
		fprintf(f, "%s = \"%s\"   (n0,r1)\\n", fake_xs.nodes[i].path,
			fake_xs.nodes[i].value);
	fclose(f);
	put("vfyard/xenstore", text);
}

static void put_info(void)
{
	const char *line =
		fake_xen.commandline[0] ? fake_xen.commandline : "placeholder no-real-mode";
	char text[512];

	snprintf(text, sizeof(text),
		 "nr_cpus                : 4\\nxen_major : %d\\nxen_minor : %d\\n"
		 "xen_extra              : %s\\nvirt_caps   : pv hvm hvm_directio\\n"
		 "xen_commandline        : %s",
		 fake_xen.major, fake_xen.minor, fake_xen.extra, line);
	put("vfyard/xl-info", text);
}

static void put_domains(void)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	fprintf(f, "Name                        ID   Mem VCPUs\tState\tTime(s)\\n"
		   "Domain-0                     0  1024     2     r-----     101.5\\n");
	for (unsigned i = 0; i < fake_xen.n_domains; i++) {
		const struct fake_domain *d = &fake_xen.domains[i];
		char file[64];

		fprintf(f, "%-28s %5u   512     1     -b-%c-%c      12.0\\n", d->name, d->id,
			d->shutdown ? 's' : '-', d->dying ? 'd' : '-');
		fake_xs_set(d->name, "/local/domain/%u/name", d->id);
		snprintf(file, sizeof(file), "vfyard/xen-created/%u", d->id);
		if (d->json)
			put(file, d->json);
	}
	fclose(f);
	put("vfyard/xl-list", text);
	put_info();
}

void capture_open(struct captured_host *c)
{
	put_domains();
	put_store();
	*c = (struct captured_host){ .host = fake_xen.root.host };
	c->host.root.write = NULL;
	assert_int_equal(inventory_read(&c->inv, &c->host, INVENTORY_ALL, &env.e), 0);
	assert_int_equal(xen_backend.open(&c->backend, &c->host, NULL, &env.e), 0);
}

void capture_done(struct captured_host *c)
{
	xen_backend.close(c->backend);
	inventory_free(c->inv);
}
