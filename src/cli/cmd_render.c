// SPDX-License-Identifier: GPL-2.0-or-later
/* vfyard render: makes text for other tools. */
#include <stdlib.h>

#include "cli/cli.h"
#include "report/render_host.h"

extern const struct cmd cmd_render;

/* As many as the slots of a root bus have room for. */
static int read_ports(const char *s, unsigned *ret, struct err *e)
{
	char *end;
	unsigned long n = strtoul(s, &end, 10);

	if (*s >= '0' && *s <= '9' && !*end && n > 0 && n <= 240) {
		*ret = (unsigned)n;
		return 0;
	}
	err_usage(e, "--ports '%s' is not a number of ports", s);
	return err_fix(e, -EINVAL, "write a number from 1 to 240");
}

/* A number of slots, fewer than a bus has. */
static int read_reserve(const char *s, unsigned *ret, struct err *e)
{
	char *end;
	unsigned long n = strtoul(s, &end, 10);

	if (*s >= '0' && *s <= '9' && !*end && n < 32) {
		*ret = (unsigned)n;
		return 0;
	}
	err_usage(e, "--reserve '%s' is not a number of slots", s);
	return err_fix(e, -EINVAL, "write a number from 0 to 31");
}

static int render_run(struct cli *cli, int argc, char **argv, struct err *e)
{
	const char *reserve = cli_opt(cli, 'r'), *ports = cli_opt(cli, 'n');
	struct render_options o = {
		.compact = cli_opt(cli, 'k') != NULL,
		.cpu = cli_opt(cli, 'p'),
		.hostdev = cli_opt(cli, 'd') != NULL,
		.with_machine = cli_opt(cli, 'm') != NULL,
		.has_reserve = reserve != NULL,
	};
	_cleanup_free_ char *text = NULL;
	int r = reserve ? read_reserve(reserve, &o.reserve, e) : 0;

	if (r == 0 && ports)
		r = read_ports(ports, &o.ports, e);
	if (r == 0)
		r = render_host(&cli->s, argv[0], argc > 1 ? argv[1] : NULL, &o, &text, e);
	if (r == 0)
		fputs(text, stdout);
	return r;
}

static const struct cmd_long render_longs[] = {
	{ "compact", 'k' }, { "hostdev", 'd' }, { "cpu", 'p' }, { "with-machine", 'm' },
	{ "ports", 'n' },   { "reserve", 'r' }, { NULL, 0 },
};

const struct cmd cmd_render = {
	.name = "render",
	.args = "[OPTION...] FORMAT [DOMAIN]",
	.help = "text for other tools: xl grub modprobe qemu readconfig libvirt dot svg",
	.optstring = "kdp:mn:r:",
	.longs = render_longs,
	.opts_help =
		"  -k, --compact            write wildcards in hide= that match nothing else\n"
		"  -d, --hostdev            libvirt: what virsh attach-device takes; DOMAIN may be a\n"
		"                           VF, PF/INDEX\n"
		"  -p, --cpu MODEL          qemu, libvirt: the CPU the machine has\n"
		"  -m, --with-machine       qemu, libvirt: a whole machine, ready to start\n"
		"  -n, --ports N            libvirt: N bare ports for virsh edit, nothing else\n"
		"  -r, --reserve N          slots of the root bus kept free while the VFs fit\n"
		"                           elsewhere (2)\n",
	.examples = "vfyard render xl web1 >> web1.cfg\n"
		    "vfyard render --with-machine qemu web1",
	.min_args = 1,
	.max_args = 2,
	.run = render_run,
};
