// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_kvm.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/bdf.h"

struct fake_kvm env;

static void add(const char *fmt, ...) PRINTF_LIKE(1, 2);

static void add(const char *fmt, ...)
{
	char line[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	fake_root_add(&env.root, line);
}

/* The value contains NULs, which no line of a fake root can have. */
void env_process(unsigned pid, const char *comm, const char *const *args)
{
	char path[128];
	FILE *f;

	add("proc/%u/comm=%s", pid, comm);
	add("proc/%u/fd/", pid);
	snprintf(path, sizeof(path), "%s/proc/%u/cmdline", env.root.dir, pid);
	f = fopen(path, "w");
	assert_non_null(f);
	for (; *args; args++)
		fwrite(*args, 1, strlen(*args) + 1, f);
	fclose(f);
}

/* The descriptor's number is made from the node's text, so that it can be found again. */
static unsigned fd_of(const char *node)
{
	unsigned n = 3;

	for (const char *c = node; *c; c++)
		n = 31 * n % 65521 + (unsigned char)*c;
	return n;
}

void env_open(unsigned pid, const char *node)
{
	add("proc/%u/fd/%u -> /dev/vfio/%s", pid, fd_of(node), node);
}

void env_close(unsigned pid, const char *node)
{
	char path[128];

	snprintf(path, sizeof(path), "proc/%u/fd/%u", pid, fd_of(node));
	unlinkat(env.root.host.root.fd, path, 0);
}

/* Opens and closes with a device what QEMU does. */
static void changed(void *arg UNUSED, const struct fake_qmp_device *dev, bool is_in)
{
	char node[32];
	unsigned i;

	for (i = 0; i < 7 && strcmp(env_bdf(i), dev->host) != 0; i++)
		;
	snprintf(node, sizeof(node), "%u", FIRST_GROUP + i);
	for (unsigned k = 0; i == 7 && k < env.n_functions; k++)
		if (!strcmp(env.functions[k].bdf, dev->host)) {
			snprintf(node, sizeof(node), "%u", env.functions[k].group);
			i = 0;
		}
	if (i < 7 && is_in)
		env_open(WEB1_PID, node);
	else if (i < 7)
		env_close(WEB1_PID, node);
}

void env_add_function(const char *bdf, unsigned group)
{
	const struct fake_function f = { bdf, "0x030000", "nouveau", (int)group };

	fake_root_add_function(&env.root, &f);
	add("dev/vfio/%u=", group);
	snprintf(env.functions[env.n_functions].bdf, sizeof(env.functions[0].bdf), "%s", bdf);
	env.functions[env.n_functions++].group = group;
}

static void start_web1(void)
{
	static const char *const args[] = { "/usr/bin/qemu-system-x86_64",	     "-name",
					    "guest=web1,debug-threads=on",	     "-qmp",
					    "unix:/run/web1.qmp,server=on,wait=off", NULL };

	env_process(WEB1_PID, "qemu-system-x86", args);
	add("run/");
	for (unsigned i = 0; i < 4; i++) {
		struct fake_qmp_device port = { .type = "pcie-root-port", .bus = "pcie.0" };

		snprintf(port.id, sizeof(port.id), "vfrp%u", i);
		port.slot = i + 1;
		fake_qmp_add(&env.qmp, &port);
	}
	env.qmp.changed = changed;
	snprintf(env.qmp.name, sizeof(env.qmp.name), "web1");
	fake_qmp_start(&env.qmp, &env.root, "/run/web1.qmp");
}

/* This host has no libvirt; fake_virt_init() gives it one. */
static void *no_library(void *arg UNUSED, const char *library UNUSED, const char *name UNUSED)
{
	return NULL;
}

int env_setup(void **state UNUSED)
{
	static const struct fake_pf pf = { .bdf = "0000:05:00.0",
					   .netdev = "net0",
					   .driver = "igb",
					   .vf_driver = "igbvf",
					   .totalvfs = 7,
					   .numvfs = 7,
					   .offset = 128,
					   .stride = 2,
					   .first_group = FIRST_GROUP - 1 };

	memset(&env, 0, sizeof(env));
	fake_root_init(&env.root, NULL);
	fake_root_add_pf(&env.root, &pf);
	fake_kernel_init(&env.kernel, &env.root, "igbvf");
	fake_kernel_add_driver(&env.kernel, "vfio-pci");
	env.root.host.timeout_ms = 400;
	env.root.host.symbol = no_library;
	env.root.host.log.to = open_memstream(&env.notes, &env.notes_size);
	add("dev/kvm=");
	for (unsigned i = 0; i < 7; i++)
		add("dev/vfio/%u=", FIRST_GROUP + i);
	add("dev/vfio/vfio=");
	start_web1();
	env_reload();
	return 0;
}

int env_teardown(void **state UNUSED)
{
	kvm_backend.close(env.backend);
	fake_qmp_stop(&env.qmp);
	inventory_free(env.inv);
	topology_free(env.topo);
	fclose(env.root.host.log.to);
	env.root.host.log.to = NULL;
	free(env.notes);
	fake_root_done(&env.root);
	return 0;
}

void env_reload(void)
{
	kvm_backend.close(env.backend);
	env.backend = NULL;
	assert_int_equal(kvm_backend.open(&env.backend, &env.root.host, env.topo, &env.e), 0);
	inventory_free(env.inv);
	env.inv = NULL;
	assert_int_equal(inventory_read(&env.inv, &env.root.host, INVENTORY_ALL, &env.e), 0);
	env.e = (struct err){ 0 };
}

int env_survey(void)
{
	env_reload();
	return kvm_backend.survey(env.backend, env.inv, &env.e);
}

struct vf_ref env_vf(unsigned i)
{
	return (struct vf_ref){ &env.inv->pfs[0], i };
}

enum vf_state env_state(unsigned i)
{
	return (enum vf_state)vf_of(env_vf(i))->state;
}

const char *env_bdf(unsigned i)
{
	static const char *const bdfs[] = { "0000:05:10.0", "0000:05:10.2", "0000:05:10.4",
					    "0000:05:10.6", "0000:05:11.0", "0000:05:11.2",
					    "0000:05:11.4" };

	return bdfs[i];
}

const char *env_driver(unsigned i)
{
	static char buf[DRIVER_MAX];

	assert_int_equal(bind_driver_of(&env.root.host, vf_of(env_vf(i))->bdf, buf, &env.e), 0);
	return buf;
}

const char *env_override(unsigned i)
{
	static char buf[DRIVER_MAX];

	assert_int_equal(bind_override_of(&env.root.host, vf_of(env_vf(i))->bdf, buf, &env.e), 0);
	return buf;
}

const char *env_notes(void)
{
	fflush(env.root.host.log.to);
	return env.notes;
}

/* Does it as the engine does. */
int env_assign(unsigned i)
{
	const struct refusal_ask ask = { .host = &env.root.host,
					 .backend = env.backend,
					 .vf = env_vf(i) };
	int r = root_is_captured(&env.root.host.root) || !strcmp(env_driver(i), "vfio-pci")
			? 0
			: refusal_ask(kvm_backend.refusals, &ask, &env.e);

	if (r < 0)
		return r;
	return kvm_backend.assign(env.backend, env_vf(i), "", &env.e);
}

int env_release(unsigned i)
{
	return kvm_backend.unassign(env.backend, env_vf(i), &env.e);
}

int env_limits(const char *domain, unsigned first, unsigned n)
{
	struct vf_ref vfs[8];
	struct dev_options options[8];
	struct domain d;
	int r = kvm_backend.domain_find(env.backend, domain, &d, &env.e);

	for (unsigned i = 0; i < n; i++) {
		vfs[i] = env_vf(first + i);
		options[i] = (struct dev_options)DEV_OPTIONS_INIT;
	}
	return r < 0 ? r
		     : asked_to_attach(&kvm_backend, &env.root.host, env.backend, &d, vfs, options,
				       n, &env.e);
}

int env_attach_options(const char *domain, unsigned i, const struct dev_options *o)
{
	struct domain d;
	int r = kvm_backend.domain_find(env.backend, domain, &d, &env.e);

	const struct vf_ref vf = env_vf(i);

	/* Asks as the engine does; a capture is asked, but nothing is done to it. */
	if (r == 0 && !root_is_captured(&env.root.host.root))
		r = asked_to_attach(&kvm_backend, &env.root.host, env.backend, &d, &vf, o, 1,
				    &env.e);
	return r < 0 ? r : kvm_backend.attach(env.backend, &d, vf, o, &env.e);
}

int env_attach(const char *domain, unsigned i)
{
	return env_attach_options(domain, i, &(struct dev_options)DEV_OPTIONS_INIT);
}

int env_detach(const char *domain, unsigned i)
{
	struct domain d;
	int r = kvm_backend.domain_find(env.backend, domain, &d, &env.e);

	return r < 0 ? r : kvm_backend.detach(env.backend, &d, env_vf(i), false, &env.e);
}

void env_give(unsigned i)
{
	assert_int_equal(env_assign(i), 0);
	assert_int_equal(env_attach("web1", i), 0);
}

void env_put_answers(int (*ask)(void))
{
	_cleanup_free_ char *said = NULL, *line = NULL;
	const struct log old = env.root.host.log;
	size_t size, n = 0;
	char *save = NULL, *text;
	FILE *f = open_memstream(&said, &size);

	env.root.host.log = (struct log){ .level = LOG_DEBUG, .to = f };
	env_reload();
	assert_int_equal(ask(), 0);
	fclose(f);
	env.root.host.log = old;
	text = calloc(1, 2 * size + 32);
	assert_non_null(text);
	n = (size_t)sprintf(text, "vfyard/qmp=");
	for (char *s = strtok_r(said, "\n", &save); s; s = strtok_r(NULL, "\n", &save))
		if (!strncmp(s, "vfyard: qmp ", 12))
			n += (size_t)sprintf(text + n, "%s\\n", s + 12);
	line = text;
	fake_root_add(&env.root, line);
}

void assert_says_at(const char *text, const char *file, int line)
{
	char sentence[sizeof(struct err)];

	err_format(&env.e, sentence, sizeof(sentence));
	if (strstr(sentence, text))
		return;
	print_error("'%s' is not in '%s'\n", text, sentence);
	_fail(file, line);
}
