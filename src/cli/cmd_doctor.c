// SPDX-License-Identifier: GPL-2.0-or-later
/* vfyard doctor: can this host do it, and if not, why. Needs no topology. */
#include "cli/cli.h"
#include "report/doctor_report.h"

extern const struct cmd cmd_doctor;

static int doctor_run(struct cli *cli, int argc, char **argv, struct err *e)
{
	_cleanup_(doctor_report_done) struct doctor_report d = { 0 };
	int r = doctor_report_make(&cli->s, argc, (const char *const *)argv, &d, e), written;

	if (!d.found.n)
		return r;
	if (cli->json) {
		written = cli_document(cli, doctor_json(&d), e);
		if (written < 0)
			return written;
	} else {
		doctor_text(&d, cli_colors(cli), cli->s.host.log.level < LOG_NOTE, stdout);
	}
	/* The problems are the sentence. */
	if (r < 0 && e->status == EXIT_REFUSED)
		e->cause[0] = '\0';
	return r;
}

const struct cmd cmd_doctor = {
	.name = "doctor",
	.args = "[PF|DEV|DOMAIN]...",
	.help = "can this host give VFs to guests, and if not, why; the same of a VF, a domain",
	.optstring = "",
	.examples = "vfyard doctor\n"
		    "vfyard doctor net0/3",
	.max_args = -1,
	.run = doctor_run,
};
