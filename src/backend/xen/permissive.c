// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/permissive.h"

#include <stdlib.h>
#include <string.h>

#define PAGE 4096

static int by_bdf(const void *a, const void *b)
{
	return bdf_cmp(*(const struct bdf *)a, *(const struct bdf *)b);
}

int permissive_read(struct permissive *ret, const struct host *h, struct err *e)
{
	struct permissive p = { 0 };
	char text[2 * PAGE], *save = NULL;
	ssize_t n = root_read(&h->root, text, sizeof(text),
			      "sys/module/xen_pciback/parameters/permissive");

	p.is_global = n > 0 && text[0] == 'Y';
	n = root_read(&h->root, text, sizeof(text), "sys/bus/pci/drivers/pciback/permissive");
	if (n == -ENOENT) {
		p.is_cut = root_exists(&h->root, "sys/bus/pci/drivers/pciback");
		n = 0;
	}
	if (n < 0)
		return err_set(e, (int)-n, "read pciback's file permissive: %s", strerror((int)-n));
	text[n] = '\0';
	/* A last line that was cut does not parse, or is another device's: room for one is enough.
	 */
	p.is_cut |= n >= PAGE - (ssize_t)BDF_STRLEN - 1;
	p.v = calloc((size_t)n / sizeof("0:00.0") + 1, sizeof(*p.v));
	if (!p.v)
		return err_set(e, ENOMEM, "out of memory");
	for (char *s = strtok_r(text, "\n", &save); s; s = strtok_r(NULL, "\n", &save))
		if (bdf_scan(&p.v[p.n], s))
			p.n++;
	qsort(p.v, p.n, sizeof(*p.v), by_bdf);
	*ret = p;
	return 0;
}

void permissive_done(struct permissive *p)
{
	free(p->v);
	*p = (struct permissive){ 0 };
}

int8_t permissive_has(const struct permissive *p, struct bdf dev)
{
	if (p->is_global || (p->n && bsearch(&dev, p->v, p->n, sizeof(*p->v), by_bdf)))
		return 1;
	return p->is_cut ? -1 : 0;
}
