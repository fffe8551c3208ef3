// SPDX-License-Identifier: GPL-2.0-or-later
/* What can be given to a domain now. As xl's, names with -n only, but a listing that could not be
 * made fails. */
#include <jansson.h>
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"
#include "report/json_text.h"
#include "report/problem_json.h"

static const char *name_of(const struct cli *cli, struct vf_ref vf)
{
	const struct vf_saved *o =
		cli->s.saved ? state_find(cli->s.saved, vf.pf->bdf, vf.index) : NULL;

	return o && o->name[0] ? o->name : NULL;
}

static void print_line(const struct cli *cli, struct vf_ref vf)
{
	const char *name = cli_opt(cli, 'n') ? name_of(cli, vf) : NULL;
	char buf[BDF_STRLEN];

	text_line(stdout, "%s%s%s", bdf_str(buf, vf_of(vf)->bdf), name ? " " : "",
		  name ? name : "");
}

static json_t *as_json(const struct cli *cli, struct vf_ref vf)
{
	const struct vf *v = vf_of(vf);
	char bdf[BDF_STRLEN], pf_bdf[BDF_STRLEN], buf[BDF_STRLEN];

	return json_pack("{s:s, s:o, s:s, s:i, s:o, s:o, s:o}", "bdf", bdf_str(bdf, v->bdf), "pf",
			 json_text(pf_label(buf, vf.pf)), "pf_bdf", bdf_str(pf_bdf, vf.pf->bdf),
			 "index", (int)vf.index, "name", json_text(name_of(cli, vf)), "driver",
			 json_text(v->driver), "iommu_group",
			 v->iommu_group == NO_GROUP ? json_null() : json_integer(v->iommu_group));
}

/* Calls for every assignable VF; @list NULL prints lines. */
static int walk(const struct cli *cli, json_t *list)
{
	const struct inventory *inv = cli->s.inv;

	for (size_t p = 0; p < inv->n_pfs; p++)
		for (unsigned i = 0; i < inv->pfs[p].n_vfs; i++) {
			struct vf_ref vf = { &inv->pfs[p], i };

			if (vf_of(vf)->state != VF_ASSIGNABLE)
				continue;
			if (!list)
				print_line(cli, vf);
			else if (json_array_append_new(list, as_json(cli, vf)) < 0)
				return -ENOMEM;
		}
	return 0;
}

static int print_json(const struct cli *cli, struct err *e)
{
	json_t *list = json_array();
	json_t *doc = json_pack("{s:i, s:s, s:o}", "version", 1, "hypervisor",
				cli->s.inv->hypervisor, "assignable", list);
	int r = doc ? walk(cli, list) : -ENOMEM;

	/* A capture without domains: some of these may be in one. */
	if (r == 0 && cli->s.inv->domains_unseen)
		r = json_object_set_new(doc, "unseen", json_pack("[s]", "domain")) < 0 ? -ENOMEM
										       : 0;

	if (r == 0)
		return json_print(doc, e);
	json_decref(doc);
	return err_set(e, -r, "print: %s", strerror(-r));
}

static int open_all(struct cli *cli, struct err *e)
{
	const struct backend_ops *ops;
	struct err unseen = { 0 };
	int r = session_backend(&cli->s, true, e);

	if (r < 0)
		return r;
	ops = cli->s.ops;
	if (!root_exists(&cli->s.host.root, "sys/bus/pci/drivers/%s", ops->driver))
		return err_fix(e, err_set(e, ENOENT, "driver %s is not loaded", ops->driver),
			       "run: modprobe %s", ops->module ? ops->module : ops->driver);
	r = session_inventory(&cli->s, 0, e);
	if (r < 0)
		return r;
	if (cli->s.inv->domains_unseen && !root_is_captured(&cli->s.host.root))
		return err_fix(e, err_set(e, EACCES, "the domains could not be seen"),
			       "run as root");
	r = session_state(&cli->s, &unseen);
	if (r == -EACCES && (cli_opt(cli, 'n') || cli->json))
		log_note(&cli->s.host.log, "names are not shown: %s is for root only",
			 unseen.object);
	else if (r < 0 && r != -EACCES)
		*e = unseen;
	return r == -EACCES ? 0 : r;
}

static int list_assignable(struct cli *cli, int argc UNUSED, char **argv UNUSED, struct err *e)
{
	int r = open_all(cli, e);

	if (r < 0)
		return err_at(e, r, "host", "list assignable devices");
	return cli->json ? print_json(cli, e) : walk(cli, NULL);
}

extern const struct cmd cmd_assignable_list;
const struct cmd cmd_assignable_list = {
	.name = "pci-assignable-list",
	.args = "[-n]",
	.help = "what can be given to a domain now",
	.optstring = "n",
	.longs = (const struct cmd_long[]){ { "show-names", 'n' }, { 0 } },
	.opts_help = "  -n, --show-names         the name of each device, too\n",
	.run = list_assignable,
};
