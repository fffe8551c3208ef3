// SPDX-License-Identifier: GPL-2.0-or-later
/* Domains of the topology that is made: their names, the way to them, their VFs. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "render/topology_print.h"
#include "report/import_parts.h"
#include "topology/build/value.h"

/* What it is called in the topology that is there already, which may not be what it is called on
 * the hypervisor. */
static const char *name_there(const struct topology *t, const char *name)
{
	for (size_t i = 0; t && i < t->n_domains; i++)
		if (t->domains[i].xen_vm && !strcmp(t->domains[i].xen_vm, name))
			return t->domains[i].name;
	return name;
}

/* Its name in the topology, where the one it has may not fit. */
static int name_it(const struct importing *im, const char *name, struct topo_domain *d)
{
	_cleanup_free_ char *wanted = STEAL(d->name);

	return import_domain_name(im, wanted ? wanted : name_there(im->s->topo, name), &d->name);
}

/* A way to it that a topology cannot say is no way. Limits are those of topology/build/block.c. */
static int check_words(const struct topo_domain *d, struct err *e)
{
	const struct {
		const char *value;
		size_t max;
		bool is_path;
	} words[] = {
		{ d->xen_vm, TOPO_NAME_MAX, false },
		{ d->libvirt, TOPO_NAME_MAX, false },
		{ d->qmp, 107, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		const char *s = words[i].value;

		if (s && (strlen(s) > words[i].max || !topology_can_say(s) ||
			  (words[i].is_path ? *s != '/' : strchr(s, '/') != NULL)))
			return err_set(e, ENOTSUP, "a topology cannot say '%s'", s);
	}
	return 0;
}

/* Its name is the way to it, where nothing else is. */
static int use_name(struct topo_domain *d, const char *name, struct err *e)
{
	bool is_same = !strcmp(d->name, name);

	if (d->xen_vm && !strcmp(d->xen_vm, d->name))
		free(STEAL(d->xen_vm));
	else if (!is_same && !d->xen_vm && !d->qmp && !d->libvirt)
		return err_set(e, ENOTSUP, "a topology cannot have its name");
	return 0;
}

int import_guest_add(struct importing *im, const char *name, struct topo_domain *d, size_t *ret,
		     struct err *why)
{
	struct topology *t = im->topo;
	int r = check_words(d, why);

	if (r == 0 && name_it(im, name, d) < 0)
		r = err_set(why, ENOMEM, "out of memory");
	if (r == 0)
		r = use_name(d, name, why);
	if (r < 0)
		return r;
	if (ARRAY_GROW(t->domains, t->n_domains) < 0)
		return err_set(why, ENOMEM, "out of memory");
	*ret = t->n_domains;
	t->domains[t->n_domains++] = *d;
	*d = (struct topo_domain){ 0 };
	return 0;
}

bool import_same_options(const struct dev_options *a, const struct dev_options *b)
{
	return a->permissive == b->permissive && a->msitranslate == b->msitranslate &&
	       a->power_mgmt == b->power_mgmt && a->seize == b->seize &&
	       a->rdm_policy == b->rdm_policy && a->vslot == OPTION_NOT_GIVEN &&
	       b->vslot == OPTION_NOT_GIVEN && !a->name[0] && !b->name[0];
}

static int add_dev(struct topo_domain *d, const struct topo_range *range,
		   const struct dev_options *o)
{
	if (ARRAY_GROW(d->devs, d->n_devs) < 0)
		return -ENOMEM;
	d->devs[d->n_devs++] = (struct topo_dev){ .range = *range, .options = *o };
	return 0;
}

int import_guest_give(struct importing *im, size_t index, size_t pf, unsigned i,
		      const struct dev_options *o)
{
	struct topo_domain *d = &im->topo->domains[index];
	struct topo_dev *last = d->n_devs ? &d->devs[d->n_devs - 1] : NULL;

	if (last && last->range.pf == pf && last->range.last + 1 == i &&
	    import_same_options(&last->options, o)) {
		last->range.last = i;
		return 0;
	}
	return add_dev(d, &(struct topo_range){ .pf = pf, .first = i, .last = i }, o);
}

int import_guest_give_dev(struct importing *im, size_t index, size_t dev,
			  const struct dev_options *o)
{
	return add_dev(&im->topo->domains[index], &(struct topo_range){ .pf = dev, .all = true },
		       o);
}
