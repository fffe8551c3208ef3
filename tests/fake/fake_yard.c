// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_yard.h"

#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/deadline.h"
#include "host/pci/bind.h"
#include "engine/session/apply_look.h"
#include "engine/session/set.h"
#include "engine/session/trial.h"
#include "engine/plan/plan_release.h"

#define N_VFS 7

static const char *const pfs[] = { "0000:05:00.0", "0000:06:00.0" };
static const char *const netdevs[] = { "eth0", "eth1" };

/* PFs and VFs of both topologies. */
#define PFS_AND_VFS                                                                                   \
	"{\"version\":1,\"pf\":["                                                                     \
	"{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\",\"numvfs\":5,\"up\":true},"                      \
	"{\"name\":\"net1\",\"bdf\":\"0000:06:00.0\",\"numvfs\":4,\"autoprobe\":false}],"             \
	"\"vf\":["                                                                                    \
	"{\"pf\":\"net0\",\"index\":\"*\",\"mac\":\"auto\"},"                                         \
	"{\"pf\":\"net0\",\"index\":\"0-2\",\"vlan\":100,\"qos\":2},"                                 \
	"{\"pf\":\"net0\",\"index\":\"3\",\"driver\":\"host\"},"                                      \
	"{\"pf\":\"net0\",\"index\":\"4\",\"driver\":\"assign\",\"trust\":true,\"max_tx_rate\":100}," \
	"{\"pf\":\"net1\",\"index\":\"0\",\"spoofchk\":false,\"link\":\"on\"},"                       \
	"{\"pf\":\"net1\",\"index\":\"3\",\"driver\":\"none\"}],"

const char fake_yard_example[] =
	PFS_AND_VFS "\"domain\":["
		    "{\"name\":\"web1\",\"devices\":[{\"pf\":\"net0\",\"index\":\"0-1\"},"
		    "{\"pf\":\"net1\",\"index\":\"0\",\"permissive\":true}]},"
		    "{\"name\":\"off1\",\"devices\":[{\"pf\":\"net0\",\"index\":\"2\"}]}]}";

const char fake_yard_whole[] = PFS_AND_VFS
	"\"dev\":[{\"name\":\"gpu0\",\"bdf\":\"0000:0b:00.0\",\"functions\":\"all\"},"
	"{\"name\":\"usb0\",\"path\":\"0000:0c:00.0\"},"
	"{\"name\":\"card\",\"bdf\":\"0000:07:00.0\"}],"
	"\"domain\":["
	"{\"name\":\"web1\",\"devices\":[{\"pf\":\"net0\",\"index\":\"0-1\"},"
	"{\"dev\":\"gpu0\",\"permissive\":true},{\"dev\":\"card\"}]},"
	"{\"name\":\"off1\",\"devices\":[{\"pf\":\"net0\",\"index\":\"2\"},{\"dev\":\"usb0\"}]}]}";

struct bdf fake_yard_bdf(unsigned pf, unsigned index)
{
	struct bdf at;

	bdf_scan(&at, pfs[pf]);
	return bdf_vf(at, 128, 2, index);
}

static void check(int r, const char *what, const struct err *e)
{
	if (r == 0)
		return;
	fprintf(stderr, "fake yard: %s: %s\n", what, e->cause);
	abort();
}

/* The yard that is running. */
static struct fake_yard *running;

/* Replaces libc's for the whole test program: memory and journal are as durable as ever, but a run
 * can be killed around it. */
int fsync(int fd)
{
	bool is_it = running && ++running->syncs == running->kill_at_sync;
	int r;

	if (is_it && !running->kill_after)
		raise(SIGKILL);
	r = (int)syscall(SYS_fsync, fd);
	if (is_it)
		raise(SIGKILL);
	return r;
}

/* Returns true when this change must fail; *ret is then what it returns. */
static bool begin_change(struct fake_yard *y, int *ret)
{
	y->changes++;
	if (y->kill_at == y->changes && !y->kill_after)
		raise(SIGKILL);
	if (y->fail_at != y->changes)
		return false;
	y->failed = !y->fail_short;
	*ret = -y->fail_code;
	return true;
}

static int told_to_fail(int r, struct err *e)
{
	err_set(e, -r, "told to fail");
	return err_fix(e, r, "tell it otherwise");
}

static void end_change(struct fake_yard *y)
{
	if (y->kill_at == y->changes && y->kill_after)
		raise(SIGKILL);
}

/* VFs that are made get the defaults of their driver. */
static void forget_settings(struct fake_yard *y, const char *path)
{
	for (unsigned p = 0; p < ARRAY_SIZE(pfs); p++)
		if (strstr(path, "/sriov_numvfs") && strstr(path, pfs[p]))
			fake_netvf_forget(&y->netvf, netdevs[p]);
}

static bool is_number(const char *path)
{
	const char *name = strrchr(path, '/');

	return name && !strcmp(name, "/sriov_numvfs");
}

static int yard_write(void *arg, const char *path, const char *value)
{
	struct fake_yard *y = arg;
	int r = 0, late = 0;
	bool fails = begin_change(y, &r);

	if (fails && y->fail_short) {
		y->failed = is_number(path) && strcmp(value, "0") != 0;
		y->kernel.enable_fewer = y->failed;
		fails = false;
	}
	if (fails && y->fail_late) {
		fails = false;
		late = r;
	}
	if (!fails)
		r = y->kernel_write(&y->kernel, path, value);
	y->kernel.enable_fewer = 0;
	if (!fails && r == 0)
		forget_settings(y, path);
	if (late)
		r = late;
	end_change(y);
	return r;
}

static struct fake_yard *yard_of(struct fake_netvf *f)
{
	return (struct fake_yard *)((char *)f - offsetof(struct fake_yard, netvf));
}

static const struct vf_link_ops *real_netvf;

static int yard_read(void *arg, const char *netdev, struct vf_attrs *ret, unsigned n, struct err *e)
{
	return real_netvf->read(arg, netdev, ret, n, e);
}

static int yard_set(void *arg, const char *netdev, unsigned index, enum vf_setting s,
		    const struct vf_attrs *a, struct err *e)
{
	struct fake_yard *y = yard_of(arg);
	int r = 0;

	if (begin_change(y, &r) && !y->fail_short)
		r = r ? told_to_fail(r, e) : 0;
	else
		r = real_netvf->set(arg, netdev, index, s, a, e);
	end_change(y);
	return r;
}

static int yard_up(void *arg, const char *netdev, bool up)
{
	struct fake_yard *y = yard_of(arg);
	int r = 0;

	if (!begin_change(y, &r) || y->fail_short)
		r = real_netvf->up(arg, netdev, up);
	end_change(y);
	return r;
}

static const struct vf_link_ops yard_netvf = { yard_read, yard_set, yard_up };

#define ANSWERS_MS 20u
#define NEVER_MS   20000u

static int wait_for_guest(struct fake_yard *y, struct err *e)
{
	bool never = ++y->waits == y->signal_at;
	struct deadline d = deadline_in(never ? NEVER_MS : ANSWERS_MS);

	/* Who asked once asks again: what undoes is not cut short by that. */
	if (y->waits >= y->signal_at)
		raise(SIGTERM);
	while (deadline_left_ms(&d)) {
		_cleanup_close_ int fd = stop_fd(y->stop);
		struct pollfd p = { .fd = fd, .events = POLLIN };

		if (stop_is_asked(y->stop))
			return err_set(e, EINTR, "interrupted while the guest was waited for");
		poll(&p, 1, (int)deadline_left_ms(&d));
	}
	return never ? err_set(e, ETIMEDOUT, "the guest does not answer") : 0;
}

/* A hypervisor does not lie about what it did: it fails, or does it. */
static int around(struct backend *b, int (*op)(void *arg), void *arg, struct err *e)
{
	struct fake_yard *y = (struct fake_yard *)((char *)b - offsetof(struct fake_yard, backend));
	int r = 0;

	if (begin_change(y, &r) && !y->fail_short && r)
		r = told_to_fail(r, e);
	else
		r = y->signal_at ? wait_for_guest(y, e) : 0;
	if (r == 0)
		r = op(arg);
	end_change(y);
	return r;
}

struct call {
	struct backend *b;
	const struct domain *d;
	struct vf_ref vf;
	const struct dev_options *options;
	bool force;
	struct err *e;
};

static int call_attach(void *arg)
{
	struct call *c = arg;

	return fake_backend_ops.attach(c->b, c->d, c->vf, c->options, c->e);
}

static int yard_attach(struct backend *b, const struct domain *d, struct vf_ref vf,
		       const struct dev_options *options, struct err *e)
{
	struct call c = { b, d, vf, options, false, e };

	return around(b, call_attach, &c, e);
}

static int call_detach(void *arg)
{
	struct call *c = arg;

	return fake_backend_ops.detach(c->b, c->d, c->vf, c->force, c->e);
}

static int yard_detach(struct backend *b, const struct domain *d, struct vf_ref vf, bool force,
		       struct err *e)
{
	struct call c = { b, d, vf, NULL, force, e };

	return around(b, call_detach, &c, e);
}

static int call_define(void *arg)
{
	struct call *c = arg;

	return fake_backend_ops.define(c->b, c->d, c->vf, c->force, c->e);
}

/* @on stands where force does. */
static int yard_define(struct backend *b, const struct domain *d, struct vf_ref vf, bool on,
		       struct err *e)
{
	struct call c = { b, d, vf, NULL, on, e };

	return around(b, call_define, &c, e);
}

static void add_pfs(struct fake_yard *y)
{
	for (unsigned p = 0; p < ARRAY_SIZE(pfs); p++)
		fake_root_add_pf(&y->root, &(struct fake_pf){ .bdf = pfs[p],
							      .netdev = netdevs[p],
							      .driver = "igb",
							      .vf_driver = p ? "igbvf" : NULL,
							      .totalvfs = N_VFS,
							      .numvfs = p ? 3 : 0,
							      .offset = 128,
							      .stride = 2,
							      .first_group = -1 });
}

static void add_function(struct fake_yard *y, const struct fake_function *f)
{
	fake_root_add_function(&y->root, f);
	bdf_scan(&y->functions[y->n_functions++], f->bdf);
	fake_kernel_add_driver(&y->kernel, f->driver);
}

void fake_yard_add_functions(struct fake_yard *y)
{
	add_function(y, &(struct fake_function){ "0000:0b:00.0", "0x030000", "nouveau", 0 });
	add_function(y, &(struct fake_function){ "0000:0b:00.1", "0x040300", "snd_hda_intel", 0 });
	add_function(y, &(struct fake_function){ "0000:0c:00.0", "0x0c0330", "xhci_hcd", 0 });
	fake_root_add_pf(&y->root, &(struct fake_pf){ .bdf = "0000:07:00.0",
						      .driver = "igb",
						      .totalvfs = N_VFS,
						      .offset = 128,
						      .stride = 2,
						      .first_group = -1 });
	bdf_scan(&y->functions[y->n_functions++], "0000:07:00.0");
}

int fake_yard_setup(void **state)
{
	struct fake_yard *y =
		mmap(NULL, sizeof(*y), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct host *h = &y->root.host;

	if (y == MAP_FAILED)
		return -1;
	fake_root_init(&y->root, NULL);
	add_pfs(y);
	/* net0 is down, which does not matter to igb. */
	fake_root_add(&y->root, "sys/class/net/eth0/flags=0x1002");
	fake_root_add(&y->root, "sys/class/net/eth1/flags=0x1003");
	fake_root_add(&y->root, "proc/sys/kernel/random/boot_id=0000");
	h->timeout_ms = 30;
	h->log = (struct log){ .level = LOG_NOTE, .to = open_memstream(&y->notes, &y->notes_size) };
	fake_kernel_init(&y->kernel, &y->root, "igbvf");
	fake_kernel_add_driver(&y->kernel, FAKE_DRIVER);
	fake_kernel_add_driver(&y->kernel, "igbvf");
	y->kernel_write = h->root.write;
	h->root.write = yard_write;
	h->root.write_arg = y;
	fake_netvf_init(&y->netvf, h);
	real_netvf = h->vf_link;
	h->vf_link = &yard_netvf;
	fake_backend_init(&y->backend, h);
	y->backend.follows_driver = true;
	fake_backend_add_domain(&y->backend, "web1");
	fake_yard_topology(y, fake_yard_example);
	*state = y;
	return 0;
}

int fake_yard_teardown(void **state)
{
	struct fake_yard *y = *state;

	fclose(y->root.host.log.to);
	free(y->notes);
	fake_root_done(&y->root);
	munmap(y, sizeof(*y));
	return 0;
}

void fake_yard_topology(struct fake_yard *y, const char *text)
{
	_cleanup_free_ char *line = NULL;

	if (asprintf(&line, "etc/vfyard/topology.cfg=%s", text) < 0)
		abort();
	fake_root_add(&y->root, line);
}

static void note(void *arg, const struct err *e)
{
	err_print(e, arg);
}

static int run_and_look(struct fake_yard *y, struct apply *a)
{
	int r;

	if (a->confirm_s)
		return apply_do(a, &y->e);
	r = apply_run(a, &y->e);
	if (r < 0)
		return r;
	if (y->meanwhile)
		y->meanwhile(y);
	r = apply_look_again(a, &y->e);
	if (a->after)
		apply_differences(a->after, note, y->root.host.log.to);
	return r;
}

static size_t count_drift(const struct plan *p)
{
	struct step_change c;
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += plan_drift(p, i, &c);
	return n;
}

static size_t n_words(const struct fake_yard *y)
{
	size_t n = 0;

	while (n < ARRAY_SIZE(y->words) && y->words[n])
		n++;
	return n;
}

static int run_apply(struct fake_yard *y, struct session *s, enum yard_command c)
{
	struct apply a = { .confirm_s = c == YARD_TRY ? y->confirm_s : 0 };
	bool runs = c == YARD_APPLY || c == YARD_SET || c == YARD_TRY;
	int r = y->only ? apply_only(s, y->only, 0, &y->e) : 1;

	if (r <= 0)
		return r < 0 ? r : -ENODEV;
	r = c == YARD_SET ? set_open(&a, s, n_words(y), y->words, &y->e)
			  : apply_open(&a, s, runs, false, &y->e);

	y->n_steps = a.plan.n;
	y->n_drift = count_drift(&a.plan);
	y->n_problems = (unsigned)a.problems.n_errors;
	if (r == 0 && a.problems.n_errors && s->host.log.to)
		problems_print(&a.problems, s->host.log.to);
	if (r == 0 && runs)
		r = problems_of_all(&a.problems) ? err_refuse(&y->e, EBUSY, "refused")
						 : run_and_look(y, &a);
	y->in_sync = r == 0 && apply_in_sync(&a);
	apply_done(&a);
	return r;
}

static int run_release(struct fake_yard *y, struct session *s)
{
	struct devlist devs = { 0 };
	struct change rel = { 0 };
	struct engine en;
	int r = session_engine(s, &en, &y->e);

	if (r == 0 && y->release_dev)
		r = session_devices(s, 1, &y->release_dev, &devs, &y->e);
	if (r == 0)
		r = change_release(&en, y->release_dev ? &devs : NULL, &rel, &y->e);
	y->n_steps = rel.plan.n;
	if (r == 0)
		r = engine_run(&en, &rel.plan, &y->e);
	change_done(&rel, s->ops);
	devlist_done(&devs);
	return r;
}

static int no_survey(struct backend *b UNUSED, struct inventory *inv UNUSED, struct err *e)
{
	return err_set(e, EACCES, "told to fail");
}

int fake_yard_run(struct fake_yard *y, enum yard_command c)
{
	struct backend_ops ops = fake_backend_ops;
	struct session s = { .hypervisor = "auto", .lock_fd = -1, .command = "vfyard test" };
	struct host *h = &y->root.host;
	int r;

	ops.attach = yard_attach;
	ops.detach = yard_detach;
	ops.define = yard_define;
	if (y->no_survey)
		ops.survey = no_survey;
	y->changes = 0;
	y->e = (struct err){ 0 };
	check(host_open(&s.host, y->root.dir, &y->e), "open", &y->e);
	s.host.root.write = h->root.write;
	s.host.root.write_arg = h->root.write_arg;
	s.host.vf_link = h->vf_link;
	s.host.vf_link_arg = h->vf_link_arg;
	s.host.timeout_ms = h->timeout_ms;
	s.host.log = h->log;
	s.host.event_socket = h->event_socket;
	s.host.forced = h->forced;
	s.host.n_forced = h->n_forced;
	s.ops = &ops;
	s.backend = &y->backend;
	y->syncs = 0;
	y->waits = 0;
	y->stop = s.host.stop;
	running = y;
	s.tries = c == YARD_TRY;
	switch (c) {
	case YARD_RELEASE:
		r = run_release(y, &s);
		break;
	case YARD_UNDO:
		y->awaited = r = trial_undo(&s, &y->e);
		break;
	case YARD_WATCH:
		y->awaited = r = trial_undo_when_due(&s, &y->e);
		break;
	case YARD_CONFIRM:
		y->awaited = r = trial_confirm(&s, &y->e);
		break;
	default:
		r = run_apply(y, &s, c);
	}
	if (r < 0)
		session_tell_failure(&s, NULL, &y->e);
	r = r > 0 ? 0 : r;
	y->stop = NULL;
	session_close(&s);
	running = NULL;
	return r;
}

bool fake_yard_run_killed(struct fake_yard *y, enum yard_command c, int *ret)
{
	pid_t child;
	int status;

	fflush(NULL);
	child = fork();
	if (child == 0) {
		/* The child ends by a signal, too, because after an exit a leak checker would
		 * complain about what it holds from the test. */
		signal(SIGUSR1, SIG_DFL);
		signal(SIGUSR2, SIG_DFL);
		raise(fake_yard_run(y, c) == 0 ? SIGUSR1 : SIGUSR2);
		_exit(1);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFSIGNALED(status))
		abort();
	*ret = WTERMSIG(status) == SIGUSR1 ? 0 : -1;
	return WTERMSIG(status) == SIGKILL;
}

void fake_yard_calm(struct fake_yard *y)
{
	y->kill_at = y->kill_at_sync = y->fail_at = y->signal_at = 0;
	y->kill_after = y->fail_short = y->fail_late = y->failed = false;
	y->fail_code = 0;
	fake_kernel_reset(&y->kernel);
}

static void print_original(void *arg, const struct vf_saved *o)
{
	char bdf[BDF_STRLEN];

	fprintf(arg, "remembered %s/%u '%s' '%s' '%s' %d %x\n", bdf_str(bdf, o->pf), o->index,
		o->driver, o->driver_override, o->name, o->is_name_only, o->attrs.given);
}

static void print_settings(struct fake_yard *y, unsigned p, unsigned i, FILE *out)
{
	const struct vf_attrs *a = fake_netvf_vf(&y->netvf, netdevs[p], i);
	char text[VF_ATTR_TEXT];

	for (unsigned bit = 0; bit < VF_ATTR_N; bit++)
		if (a->given & 1u << bit)
			fprintf(out, " %s", vf_attr_text(text, a, (enum vf_attr)(1u << bit)));
}

/* Who has it, without the end of the line. */
static void print_holder(struct fake_yard *y, struct bdf bdf, FILE *out)
{
	const struct fake_device *d = fake_backend_device(&y->backend, bdf);
	char driver[DRIVER_MAX], override[DRIVER_MAX];
	struct err e = { 0 };

	check(bind_driver_of(&y->root.host, bdf, driver, &e), "driver", &e);
	check(bind_override_of(&y->root.host, bdf, override, &e), "override", &e);
	fprintf(out, " driver '%s' override '%s' domain '%s'", driver, override,
		d ? d->domain : "");
	if (d && d->domain[0])
		dev_options_print(&d->options, out);
}

static void print_vf(struct fake_yard *y, unsigned p, unsigned i, FILE *out)
{
	fprintf(out, " %u", i);
	print_holder(y, fake_yard_bdf(p, i), out);
	print_settings(y, p, i, out);
	fputc('\n', out);
}

/* In the order of VFs, whichever way they came there. */
static void print_kept(const struct fake_yard *y, FILE *out)
{
	const struct backend *b = &y->backend;

	for (unsigned p = 0; p < ARRAY_SIZE(pfs); p++)
		for (unsigned i = 0; i < N_VFS; i++)
			for (unsigned k = 0; k < b->n_kept; k++)
				if (!bdf_cmp(b->kept[k].bdf, fake_yard_bdf(p, i)))
					fprintf(out, "definition of %s: %s/%u\n", b->kept[k].domain,
						pfs[p], i);
}

static void print_functions(struct fake_yard *y, FILE *out)
{
	char bdf[BDF_STRLEN];

	for (unsigned i = 0; i < y->n_functions; i++) {
		fputs(bdf_str(bdf, y->functions[i]), out);
		print_holder(y, y->functions[i], out);
		fputc('\n', out);
	}
}

char *fake_yard_snapshot(struct fake_yard *y)
{
	const struct host *h = &y->root.host;
	struct state *disk = NULL;
	struct err e = { 0 };
	uint64_t n, autoprobe, flags = 0;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (unsigned p = 0; p < ARRAY_SIZE(pfs); p++) {
		root_read_u64(&h->root, &n, "sys/bus/pci/devices/%s/sriov_numvfs", pfs[p]);
		if (root_read_u64(&h->root, &autoprobe,
				  "sys/bus/pci/devices/%s/sriov_drivers_autoprobe", pfs[p]) < 0)
			autoprobe = 9; /* a kernel without it */
		root_read_u64(&h->root, &flags, "sys/class/net/%s/flags", netdevs[p]);
		fprintf(out, "%s numvfs %u autoprobe %u flags %x\n", pfs[p], (unsigned)n,
			(unsigned)autoprobe, (unsigned)flags);
		for (unsigned i = 0; i < n; i++)
			print_vf(y, p, i, out);
	}
	print_functions(y, out);
	check(state_open(&disk, h, &e), "store", &e);
	for (size_t i = 0; i < state_n_pfs(disk); i++)
		fprintf(out, "remembered PF numvfs %u autoprobe %d up in boot '%s'\n",
			state_nth_pf(disk, i)->numvfs, state_nth_pf(disk, i)->autoprobe,
			state_nth_pf(disk, i)->up_boot);
	state_each(disk, print_original, out);
	state_close(disk);
	print_kept(y, out);
	fprintf(out, "journal %d\n", root_exists(&h->root, "run/vfyard/journal"));
	fclose(out);
	return text;
}

const char *fake_yard_notes(struct fake_yard *y)
{
	fflush(y->root.host.log.to);
	return y->notes ? y->notes : "";
}
