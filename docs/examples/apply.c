// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes this host what a topology says, as `vfyard apply` does, and tells what happens meanwhile.
 *
 *	cc -o apply apply.c $(pkg-config --cflags --libs libvfyard)
 *	./apply [-n] [-y] [TOPOLOGY [ROOT]]
 *
 * -n changes nothing and prints the steps; -y may interrupt running domains. ROOT is a captured
 * host (vfyard(8), --root), which only takes -n.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <vfyard.h>

static void say(void *arg, int level, const char *line)
{
	(void)arg;
	fprintf(stderr, "%s: %s\n", level == VFY_LOG_ERROR ? "problem" : "note", line);
}

static void show(void *arg, size_t step, size_t n, const char *line)
{
	(void)arg;
	fprintf(stderr, "%zu of %zu: %s\n", step, n, line);
}

static void tell(const struct vfy_failure *f)
{
	fprintf(stderr, "%s\n  failed at: %s\n  because:   %s\n", f->object, f->step, f->cause);
	if (f->fix[0])
		fprintf(stderr, "  to do:     %s\n", f->fix);
	if (f->status == VFY_LEFT)
		fprintf(stderr, "The host is not as it was before.\n");
}

int main(int argc, char **argv)
{
	struct vfy_options o = { .size = sizeof(o), .log = say, .progress = show };
	struct vfy *v;
	int i, status;

	for (i = 1; i < argc && argv[i][0] == '-'; i++)
		o.flags |= !strcmp(argv[i], "-n") ? VFY_DRY_RUN : VFY_YES;
	o.config = i < argc ? argv[i] : NULL;
	o.root = i + 1 < argc ? argv[i + 1] : NULL;

	/* vfyard.h says what a call does to signals, and to children of this process. */
	signal(SIGPIPE, SIG_IGN);
	if (vfy_open(&v, &o) == 0 && vfy_apply(v, NULL) == 0)
		fputs(vfy_document(v), stdout);
	if (!v)
		return VFY_FAILED;
	if (vfy_failure(v))
		tell(vfy_failure(v));
	status = vfy_exit_status(v);
	vfy_close(v);
	return status;
}
