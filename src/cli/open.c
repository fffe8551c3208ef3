// SPDX-License-Identifier: GPL-2.0-or-later
/* What commands rest on, opened on demand and closed once. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

/* The file of -C is the user's own path; only the default one lies below the root. */
static char *topology_path(const struct cli *cli)
{
	char *path;

	if (cli->config)
		return strdup(cli->config);
	if (asprintf(&path, "%s/%s", cli->host.root.dir, HOST_TOPOLOGY) < 0)
		return NULL;
	return path;
}

static int no_topology(const char *path, bool required, struct err *e)
{
	if (!required)
		return 0;
	err_usage(e, "no topology file");
	err_at(e, 0, path, "read");
	return err_fix(e, -EINVAL, "write one, or name it with -C FILE; xl-cfg/ has examples");
}

int cli_topology(struct cli *cli, bool required, struct err *e)
{
	struct problems problems = { 0 };
	_cleanup_free_ char *path = NULL;
	bool strict = required || cli->config;
	int r;

	if (cli->topo)
		return 0;
	path = topology_path(cli);
	if (!path)
		return err_set(e, ENOMEM, "out of memory");
	if (!cli->config && !root_exists(&cli->host.root, "%s", HOST_TOPOLOGY))
		return no_topology(path, required, e);
	problems.file = path;
	r = topology_load(&cli->topo, path, &problems, e);
	if (r < 0 && strict && !e->cause[0]) {
		problems_print(&problems, stderr);
		err_status(e, r, EXIT_USAGE);
	} else if (r < 0 && !strict) {
		*e = (struct err){ 0 };
		log_note(&cli->host.log, "%s: not used, it has errors; run: vfyard check", path);
		r = 0;
	}
	problems_done(&problems);
	return r;
}

/* Topology names onto the PFs. For reading, a PF that is not there is no reason to stop. */
static int name_pfs(struct cli *cli, struct err *e)
{
	struct problems problems = { 0 };

	if (!cli->topo)
		return 0;
	cli->topo_pfs = calloc(cli->topo->n_pfs ? cli->topo->n_pfs : 1, sizeof(*cli->topo_pfs));
	if (!cli->topo_pfs)
		return err_set(e, ENOMEM, "out of memory");
	problems.file = cli->topo->file;
	topology_bind(cli->topo, &cli->host, cli->inv, cli->topo_pfs, &problems);
	for (size_t i = 0; i < problems.n && cli->host.log.level >= LOG_NOTE; i++)
		err_print(&problems.v[i].err, stderr);
	problems_done(&problems);
	return 0;
}

static const char *wanted_hypervisor(const struct cli *cli)
{
	if (strcmp(cli->hypervisor, "auto") != 0 || !cli->topo)
		return cli->hypervisor;
	switch (cli->topo->hypervisor) {
	case TOPO_XEN:
		return "xen";
	case TOPO_KVM:
		return "kvm";
	case TOPO_AUTO:
		break;
	}
	return "auto";
}

int cli_backend(struct cli *cli, bool required, struct err *e)
{
	int r = cli_topology(cli, false, e);

	if (r < 0)
		return r;
	if (!cli->ops) {
		r = backend_choose(&cli->ops, &cli->host, wanted_hypervisor(cli), e);
		if (r < 0)
			return r;
	}
	if (!cli->ops && required) {
		err_set(e, ENODEV, "neither a Xen control domain nor a KVM host with VFIO");
		err_at(e, 0, "host", "find the hypervisor");
		return err_fix(e, -ENODEV, "boot the host into Xen, or load kvm and vfio-pci");
	}
	if (!cli->ops || cli->backend)
		return 0;
	return cli->ops->open(&cli->backend, &cli->host, cli->topo, e);
}

/*
 * Without the hypervisor's own view a VF of the pass-through driver is at best assignable. Said
 * once, so that nobody takes it for knowledge.
 */
static void guess_states(struct cli *cli)
{
	cli->inv->hypervisor = cli->ops->name;
	for (size_t p = 0; p < cli->inv->n_pfs; p++)
		for (unsigned i = 0; i < cli->inv->pfs[p].n_vfs; i++) {
			struct vf *vf = &cli->inv->pfs[p].vfs[i];

			if (vf->state == VF_HOST && vf->driver &&
			    !strcmp(vf->driver, cli->ops->driver))
				vf->state = VF_ASSIGNABLE;
		}
}

static int read_pfs(struct cli *cli, unsigned flags, struct err *e)
{
	int r = cli_topology(cli, false, e);

	if (r < 0)
		return r;
	r = inventory_read(&cli->inv, &cli->host, flags, e);
	if (r < 0)
		return r;
	return name_pfs(cli, e);
}

int cli_inventory(struct cli *cli, unsigned flags, struct err *e)
{
	struct err why = { 0 };
	char text[1024];
	int r;

	if (cli->inv)
		return 0;
	r = read_pfs(cli, flags, e);
	if (r < 0)
		return r;
	r = cli_backend(cli, false, &why);
	if (r < 0 && strcmp(cli->hypervisor, "auto") != 0 && !cli->ops) {
		*e = why;
		return r;
	}
	if (r == 0 && cli->ops)
		r = cli->ops->survey(cli->backend, cli->inv, &why);
	if (r < 0 && cli->ops) {
		guess_states(cli);
		log_note(&cli->host.log, "domains not seen, states are those of sysfs: %s",
			 err_format(&why, text, sizeof(text)));
	}
	return 0;
}

int cli_store(struct cli *cli, struct err *e)
{
	return cli->store ? 0 : store_open(&cli->store, &cli->host, e);
}

/* "vfyard pci-attach web1 net0/3": what another run is told about this one. */
static void command_line(const struct cli *cli, char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = '\0';
	for (const char *const *a = cli->argv; a && *a && n < size; a++)
		n += (size_t)snprintf(buf + n, size - n, "%s%s", n ? " " : "", *a);
}

int cli_engine(struct cli *cli, struct engine *ret, struct err *e)
{
	char command[256];
	int r = cli_backend(cli, true, e);

	if (r < 0)
		return r;
	if (!cli->dry_run && cli->lock_fd < 0) {
		command_line(cli, command, sizeof(command));
		r = lock_take(&cli->host, command, e);
		if (r < 0)
			return r;
		cli->lock_fd = r;
	}
	r = cli_store(cli, e);
	if (r < 0)
		return r;
	r = read_pfs(cli, INVENTORY_ALL, e);
	if (r < 0)
		return r;
	r = cli->ops->survey(cli->backend, cli->inv, e);
	if (r < 0)
		return err_at(e, r, "host", "look at its domains");
	*ret = (struct engine){ .host = &cli->host,
				.ops = cli->ops,
				.backend = cli->backend,
				.inv = cli->inv,
				.store = cli->store,
				.dry_run = cli->dry_run };
	return 0;
}

int cli_devices(struct cli *cli, int argc, char **argv, struct devlist *ret, struct err *e)
{
	int r;

	for (int i = 0; i < argc; i++) {
		r = devlist_add(ret, &cli->host, cli->inv, cli->store, argv[i], e);
		if (r < 0)
			return err_at(e, r, argv[i], NULL);
	}
	return 0;
}

bool cli_colors(const struct cli *cli)
{
	const char *no_color = getenv("NO_COLOR");

	if (cli->color != COLOR_AUTO)
		return cli->color == COLOR_ALWAYS;
	return isatty(STDOUT_FILENO) && !(no_color && *no_color);
}

void cli_close(struct cli *cli)
{
	if (cli->backend)
		cli->ops->close(cli->backend);
	store_close(cli->store);
	inventory_free(cli->inv);
	free(cli->topo_pfs);
	topology_free(cli->topo);
	if (cli->lock_fd >= 0)
		lock_release(cli->lock_fd);
	free(cli->forced);
	if (cli->host.root.dir)
		host_close(&cli->host);
}
