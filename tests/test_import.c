// SPDX-License-Identifier: GPL-2.0-or-later
/* The running state as a topology: whatever the host, its plan is empty. */
#include "test.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "fake_import.h"
#include "fake_kvm.h"
#include "fake_plan_host.h"
#include "fake_virt.h"
#include "fake_yard_check.h"

static struct fake_import import_of(struct fake_plan_host *h, const char *what)
{
	struct fake_import f = { .host = &h->root.host, .what = what };

	if (!h->is_capture) {
		f.ops = &fake_backend_ops;
		f.backend = &h->backend;
	}
	return f;
}

static void assert_has(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("'%s' is not in\n%s", words, text);
}

static void assert_has_not(const char *text, const char *words)
{
	if (strstr(text, words))
		fail_msg("'%s' is in\n%s", words, text);
}

/* The host of one file of tests/plans, whose topology and words do not matter here. */
static bool read_plan(struct fake_plan_host *h, const char *path)
{
	_cleanup_file_ FILE *in = fopen(path, "re");
	_cleanup_free_ char *line = NULL;
	size_t size = 0;
	bool is_host = false, is_open = false;

	assert_non_null(in);
	while (getline(&line, &size, in) >= 0) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "@needs xen", 10) && !HAVE_XEN)
			return false;
		if (!strncmp(line, "@capture ", 9)) {
			char file[256];

			snprintf(file, sizeof(file), "tests/plans/%s", line + 9);
			fake_plan_host_init(h, file);
			is_host = is_open = true;
		} else if (!strncmp(line, "@host", 5)) {
			fake_plan_host_init(h, NULL);
			is_host = is_open = true;
		} else if (!strncmp(line, "@runs ", 6) && is_open) {
			char *save = NULL, *w = strtok_r(line + 6, " ", &save);

			for (; w; w = strtok_r(NULL, " ", &save))
				fake_backend_add_domain(&h->backend, w);
		} else if (*line == '@' && strncmp(line, "@needs", 6) != 0) {
			is_host = false;
		} else if (is_host && *line && *line != '#' && *line != '@') {
			fake_plan_host_add(h, line);
		}
	}
	return is_open;
}

static void every_host_of_a_plan(void **state UNUSED)
{
	size_t n = 0;
	glob_t found;

	assert_int_equal(glob("tests/plans/*.plan", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct fake_plan_host h;
		struct fake_import f;
		_cleanup_free_ char *text = NULL;

		if (!read_plan(&h, found.gl_pathv[i]))
			continue;
		f = import_of(&h, found.gl_pathv[i]);
		text = fake_import(&f, NULL);
		fake_import_holds(&f, text);
		fake_plan_host_done(&h);
		n++;
	}
	globfree(&found);
	assert_true(n > 40);
}

/* A number below @n, the same on each run. */
static unsigned chance(unsigned *seed, unsigned n)
{
	*seed = *seed * 1103515245u + 12345u;
	return (*seed >> 16) % n;
}

static void random_vf(struct fake_plan_host *h, unsigned *seed, unsigned pf, unsigned i)
{
	static const char *const states[] = { "",
					      "",
					      " driver=-",
					      " driver=igbvf",
					      " state=assignable",
					      " domain=web1",
					      " domain=web1",
					      " domain=db1",
					      " state=stale",
					      " state=broken",
					      (" driver=" FAKE_OTHER_DRIVER) };
	static const char *const settings[] = { "",
						"",
						" vlan=100",
						" vlan=100 qos=3",
						" vlan=7 proto=802.1ad",
						" spoofchk=off",
						" trust=on",
						" link=off",
						" max_tx_rate=1000",
						" min_tx_rate=10 max_tx_rate=100",
						" mac=02:00:00:00:77:01",
						" mac=02:00:00:00:77:02",
						" mac=02:00:00:00:00:00" };
	char line[256];
	int n;

	n = snprintf(line, sizeof(line), "vf eth%u/%u%s%s%s", pf, i,
		     states[chance(seed, ARRAY_SIZE(states))],
		     settings[chance(seed, ARRAY_SIZE(settings))],
		     chance(seed, 8) ? "" : " trust=on");
	if (strstr(line, "trust=on trust=on"))
		line[n - 9] = '\0';
	if (strchr(line, '='))
		fake_plan_host_add(h, line);
}

/* A slot of one to three functions, which are together or not; a PF without VFs, which is away. */
static void random_slot(struct fake_plan_host *h, unsigned *seed, unsigned bus)
{
	static const char *const states[] = { "",
					      " domain=web1",
					      " domain=web1",
					      " domain=db1",
					      " state=assignable",
					      " state=stale",
					      " state=broken" };
	static const char *const classes[] = { "0x030000", "0x040300", "0x0c0330", "0x010802",
					       "0x020000", "0x118000", "0x060400" };
	const char *all = states[chance(seed, ARRAY_SIZE(states))];
	unsigned n = 1 + chance(seed, 3);
	char line[128];

	for (unsigned fn = 0; fn < n; fn++) {
		bool is_bridge = false;
		const char *class = classes[chance(seed, ARRAY_SIZE(classes))];

		is_bridge = !strcmp(class, "0x060400");
		snprintf(line, sizeof(line), "function %02x:00.%u %s nouveau%s", bus, fn, class,
			 is_bridge	   ? ""
			 : chance(seed, 4) ? all
					   : states[chance(seed, ARRAY_SIZE(states))]);
		fake_plan_host_add(h, line);
	}
	if (chance(seed, 3))
		return;
	snprintf(line, sizeof(line), "pf - %02x:00.0 igb 0/7%s", bus + 0x10, all);
	fake_plan_host_add(h, line);
}

/* Any mixture of what a host can have. */
static void random_host(struct fake_plan_host *h, unsigned seed)
{
	static const char *const drivers[] = { "igb", "igb", "i40e", "bnxt_en", "-" };
	unsigned n_pfs = 1 + chance(&seed, 3);
	char line[256];

	fake_plan_host_init(h, NULL);
	fake_backend_add_domain(&h->backend, "web1");
	fake_backend_add_domain(&h->backend, "db1");
	for (unsigned p = 0; p < n_pfs; p++) {
		unsigned n = chance(&seed, 8);

		snprintf(line, sizeof(line), "pf eth%u %02x:00.0 %s %u/7 %s%s%s", p, 5 + p,
			 drivers[chance(&seed, ARRAY_SIZE(drivers))], n,
			 chance(&seed, 2) ? "igbvf" : "-", chance(&seed, 3) ? "" : " autoprobe=0",
			 chance(&seed, 4) ? "" : " up=0");
		fake_plan_host_add(h, line);
		for (unsigned i = 0; i < n; i++)
			random_vf(h, &seed, p, i);
	}
	for (unsigned s = chance(&seed, 4); s-- > 0;)
		random_slot(h, &seed, 0x20 + s);
}

static void random_hosts(void **state UNUSED)
{
	unsigned n_devs = 0, n_together = 0;

	for (unsigned seed = 1; seed <= 400; seed++) {
		struct fake_plan_host h;
		_cleanup_free_ char *once = NULL, *twice = NULL;
		char what[32];
		struct fake_import f;

		snprintf(what, sizeof(what), "host %u", seed);
		random_host(&h, seed);
		f = import_of(&h, what);
		once = fake_import(&f, NULL);
		fake_import_holds(&f, once);
		twice = fake_import(&f, NULL);
		assert_string_equal(once, twice);
		n_devs += strstr(once, "dev = [") != NULL;
		n_together += strstr(once, "functions=all") != NULL;
		fake_plan_host_done(&h);
	}
	assert_true(n_devs > 150 && n_together > 30);
}

static char *import_lines(struct fake_plan_host *h, const char *const *lines, size_t *ret_missing)
{
	struct fake_import f;
	char *text;

	fake_plan_host_init(h, NULL);
	fake_backend_add_domain(&h->backend, "web1");
	for (; *lines; lines++)
		fake_plan_host_add(h, *lines);
	f = import_of(h, "lines");
	text = fake_import(&f, ret_missing);
	fake_import_holds(&f, text);
	return text;
}

static void says_only_what_differs(void **state UNUSED)
{
	static const char *const lines[] = { "pf eth1 06:00.0 igb 3/7 igbvf",
					     "pf eth2 07:00.0 igb 0/7", NULL };
	struct fake_plan_host h;
	size_t missing;
	_cleanup_free_ char *text = import_lines(&h, lines, &missing);

	assert_has(text, "# 0000:06:00.0, eth1, igb: 3 of 7 VFs\n");
	assert_has(text, "numvfs=3\",\n");
	assert_has(text, "0 of 7 VFs; to have some write numvfs=\n");
	assert_has_not(text, "numvfs=0");
	assert_has_not(text, "\nvf = [");
	assert_has_not(text, "\ndomain = [");
	assert_int_equal(missing, 0);
	fake_plan_host_done(&h);
}

static void equal_vfs_are_one_line(void **state UNUSED)
{
	static const char *const lines[] = {
		"pf eth1 06:00.0 igb 5/7 igbvf",
		"vf eth1/0 vlan=100 qos=2 mac=02:00:00:00:00:11",
		"vf eth1/1 vlan=100 qos=2 mac=02:00:00:00:00:12",
		"vf eth1/2 vlan=100 qos=2",
		"vf eth1/4 trust=on mac=02:00:00:00:00:14",
		NULL,
	};
	struct fake_plan_host h;
	_cleanup_free_ char *text = import_lines(&h, lines, NULL);

	assert_has(text, "vf = [\n"
			 "\t\"eth1/0-2: vlan=100, qos=2\",\n"
			 "\t\"eth1/0: mac=02:00:00:00:00:11\",\n"
			 "\t\"eth1/1: mac=02:00:00:00:00:12\",\n"
			 "\t\"eth1/4: mac=02:00:00:00:00:14, trust=on\",\n"
			 "]\n");
	fake_plan_host_done(&h);
}

/* An address of two is an error of check; that they have it is said. */
static void address_of_two_is_left_out(void **state UNUSED)
{
	static const char *const lines[] = { "pf eth1 06:00.0 igb 2/7 igbvf",
					     "vf eth1/0 mac=02:00:00:00:00:11",
					     "vf eth1/1 mac=02:00:00:00:00:11", NULL };
	struct fake_plan_host h;
	size_t missing;
	_cleanup_free_ char *text = import_lines(&h, lines, &missing);

	assert_has_not(text, "\": mac=");
	assert_has(text, "# NOT IMPORTED: mac of eth1/0: others have 02:00:00:00:00:11 too\n");
	assert_int_equal(missing, 2);
	fake_plan_host_done(&h);
}

static void domains_and_what_is_for_them(void **state UNUSED)
{
	static const char *const lines[] = { "pf eth1 06:00.0 igb 7/7 igbvf",
					     "vf eth1/0 domain=web1",
					     "vf eth1/1 domain=web1",
					     "vf eth1/3 domain=web1",
					     "vf eth1/4 state=assignable",
					     "vf eth1/5 driver=-",
					     NULL };
	struct fake_plan_host h;
	_cleanup_free_ char *text = import_lines(&h, lines, NULL);

	assert_has(text, "domain = [\n\t[ \"web1\", \"eth1/0-1\", \"eth1/3\" ],\n]\n");
	/* made again beside VFs for guests they would have no driver */
	assert_has(text, "\t\"eth1/2: driver=host\",\n\t\"eth1/4: driver=assign\",\n"
			 "\t\"eth1/6: driver=host\",\n");
	fake_plan_host_done(&h);
}

static void what_is_broken_is_said(void **state UNUSED)
{
	static const char *const lines[] = { "pf eth1 06:00.0 igb 2/7 igbvf",
					     "vf eth1/0 state=broken", "vf eth1/1 state=stale",
					     NULL };
	struct fake_plan_host h;
	size_t missing;
	_cleanup_free_ char *text = import_lines(&h, lines, &missing);

	assert_int_equal(missing, 2);
	assert_has(text, "# NOT IMPORTED: driver of eth1/0: it is broken: the test says so\n");
	assert_has(text, "# NOT IMPORTED: driver of eth1/1: it is stale: the test says so\n");
	fake_plan_host_done(&h);
}

/* All of a slot in one way are one entry, in the place of what its PFs would have been. */
static void functions_as_a_whole(void **state UNUSED)
{
	static const char *const lines[] = {
		"pf eth1 06:00.0 igb 2/7 igbvf",
		"vf eth1/1 domain=web1",
		"pf - 07:00.0 igb 0/7 domain=web1",
		"pf eth3 08:00.0 igb 0/7",
		"function 0b:00.0 0x030000 nouveau domain=web1",
		"function 0b:00.1 0x040300 snd_hda_intel domain=web1",
		"function 0c:00.0 0x0c0330 xhci_hcd domain=web1",
		"function 0c:00.1 0x0c0330 xhci_hcd",
		"function 0d:00.0 0x010802 nvme state=assignable",
		"function 0e:00.0 0x030000 nouveau",
		NULL,
	};
	struct fake_plan_host h;
	size_t missing;
	_cleanup_free_ char *text = import_lines(&h, lines, &missing);

	assert_has(text, "\npf = [\n"
			 "\t# 0000:06:00.0, eth1, igb: 2 of 7 VFs\n");
	assert_has(text, "\t# 0000:08:00.0, eth3, igb: 0 of 7 VFs; to have some write numvfs=\n");
	assert_has(text, "]\n\ndev = [\n"
			 "\t# 0000:07:00.0, " FAKE_DRIVER "\n"
			 "\t\"nic0: path=");
	assert_has(text, "\t# 0000:0b:00.0 and 0000:0b:00.1, " FAKE_DRIVER "\n\t\"gpu0: path=");
	assert_has(text, ", functions=all\",\n"
			 "\t# 0000:0c:00.0, " FAKE_DRIVER "\n\t\"usb0: path=");
	assert_has(text, "; no domain has it: to give it to one, name it there\n\t\"nvme0: path=");
	assert_has(text,
		   "domain = [\n\t[ \"web1\", \"eth1/1\", \"nic0\", \"gpu0\", \"usb0\" ],\n]");
	assert_has_not(text, "07:00.0, no network");
	assert_has_not(text, "0e:00.0");
	assert_int_equal(missing, 0);
	fake_plan_host_done(&h);
}

/* The selector holds when the function has another driver: no address or name that goes with it. */
static void selectors_of_functions(void **state UNUSED)
{
	static const struct {
		const char *select, *want;
	} cases[] = {
		{ "bdf", "\"gpu0: bdf=0000:0b:00.0\"" },
		{ "mac,netdev,bdf", "\"gpu0: bdf=0000:0b:00.0\"" },
		{ "id", "\"gpu0: id=8086:1234, nth=1\"" },
	};
	struct fake_plan_host h;

	fake_plan_host_init(&h, NULL);
	fake_backend_add_domain(&h.backend, "web1");
	fake_plan_host_add(&h, "function 0a:00.0 0x030000 nouveau");
	fake_plan_host_add(&h, "function 0b:00.0 0x030000 nouveau domain=web1");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fake_import f = import_of(&h, "selectors of functions");
		_cleanup_free_ char *text = NULL;

		f.options.select = cases[i].select;
		text = fake_import(&f, NULL);
		assert_has(text, cases[i].want);
		assert_has_not(text, "pf = [");
		fake_import_holds(&f, text);
	}
	fake_plan_host_done(&h);
}

static void broken_function_is_said(void **state UNUSED)
{
	static const char *const lines[] = { "function 0b:00.0 0x030000 nouveau state=broken",
					     NULL };
	struct fake_plan_host h;
	size_t missing;
	_cleanup_free_ char *text = import_lines(&h, lines, &missing);

	assert_has(text, "# NOT IMPORTED: 0000:0b:00.0: it is broken: the test says so\n");
	assert_int_equal(missing, 1);
	fake_plan_host_done(&h);
}

static void selectors_are_chosen(void **state UNUSED)
{
	static const struct {
		const char *select, *want;
	} cases[] = {
		{ NULL, "\"eth1: mac=" },
		{ "bdf", "\"eth1: bdf=0000:06:00.0, numvfs=1\"" },
		{ "netdev", "\"eth1: netdev=eth1, numvfs=1\"" },
		{ "id", "\"eth1: id=8086:10c9, nth=0, numvfs=1\"" },
		/* there is none: the address is left */
		{ "serial", "\"eth1: bdf=0000:06:00.0, numvfs=1\"" },
		{ "serial,netdev", "\"eth1: netdev=eth1, numvfs=1\"" },
		{ "path", "\"eth1: path=" },
	};
	struct fake_plan_host h;

	fake_plan_host_init(&h, NULL);
	fake_plan_host_add(&h, "pf eth1 06:00.0 igb 1/7 igbvf");
	fake_plan_host_add(&h, "pf eth2 07:00.0 igb 1/7 igbvf");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fake_import f = import_of(&h, "selectors");
		_cleanup_free_ char *text = NULL;

		f.options.select = cases[i].select;
		text = fake_import(&f, NULL);
		assert_has(text, cases[i].want);
		fake_import_holds(&f, text);
	}
	fake_plan_host_done(&h);
}

static void bad_selector_is_refused(void **state UNUSED)
{
	static const char *const bad[] = { "", "macs", "mac,", "mac,,path", "ma", ",mac" };
	struct session s = { .lock_fd = -1 };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct imported im;
		struct err e = { 0 };
		const struct import_options o = { .select = bad[i] };

		assert_int_equal(import_make(&s, &o, &im, &e), -EINVAL);
		assert_int_equal(e.status, EXIT_USAGE);
		assert_non_null(strstr(e.cause, "is no way to find a PF"));
	}
}

/* A text of several lines, which stands in one there. */
static void use_topology(struct fake_yard *y, const char *text)
{
	_cleanup_free_ char *line = calloc(2, strlen(text) + 1);
	char *to = line;

	assert_non_null(line);
	for (; *text; text++)
		to = *text == '\n' ? stpcpy(to, "\\n") : stpncpy(to, text, 1);
	fake_yard_topology(y, line);
}

static struct fake_import yard_import(struct fake_yard *y)
{
	return (struct fake_import){ .host = &y->root.host,
				     .ops = &fake_backend_ops,
				     .backend = &y->backend,
				     .what = "yard" };
}

/* What vfyard made is what it finds: also mac=auto, and what its memory is needed for. */
static void after_apply(void **state)
{
	struct fake_yard *y = *state;
	struct fake_import f = yard_import(y);
	_cleanup_free_ char *text = NULL, *again = NULL;

	yard_must(y, YARD_APPLY);
	text = fake_import(&f, NULL);
	fake_import_holds(&f, text);
	assert_has(text, "mac=auto");
	assert_has(text, "\t[ \"web1\", \"net0/0-1\", \"net1/0: permissive=1\" ],\n");
	use_topology(y, text);
	yard_must(y, YARD_APPLY);
	assert_int_equal(y->n_steps, 0);
	again = fake_import(&f, NULL);
	assert_string_equal(text, again);
}

/* Everything at once is taken away and made again by the import alone. */
static void restores_what_is_gone(void **state)
{
	struct fake_yard *y = *state;
	struct fake_import f = yard_import(y);
	_cleanup_free_ char *text = NULL, *again = NULL;

	yard_must(y, YARD_APPLY);
	text = fake_import(&f, NULL);
	yard_must(y, YARD_RELEASE);
	use_topology(y, text);
	yard_must(y, YARD_APPLY);
	again = fake_import(&f, NULL);
	assert_string_equal(text, again);
}

static struct fake_import kvm_import(void)
{
	return (struct fake_import){ .host = &env.root.host, .ops = &kvm_backend, .what = "kvm" };
}

static void kvm_guest_by_its_monitor(void **state UNUSED)
{
	struct fake_import f;
	_cleanup_free_ char *text = NULL;

	env_give(1);
	env_give(2);
	env_reload();
	f = kvm_import();
	text = fake_import(&f, NULL);
	assert_has(text, "/1-2\" ]");
	assert_has(text, "[ \"web1\", \"kvm: qmp=/run/web1.qmp\", \"");
	fake_import_holds(&f, text);
}

/* A guest that has VF @i, whose group is its own. */
static void start(unsigned pid, unsigned i, const char *const *args)
{
	char node[16];

	assert_int_equal(env_assign(i), 0);
	env_process(pid, "qemu-system-x86", args);
	snprintf(node, sizeof(node), "%u", FIRST_GROUP + i);
	env_open(pid, node);
}

static char *kvm_text(size_t *ret_missing)
{
	struct fake_import f = kvm_import();
	char *text;

	env_reload();
	text = fake_import(&f, ret_missing);
	fake_import_holds(&f, text);
	return text;
}

static void kvm_guests_of_each_kind(void **state UNUSED)
{
	static const char *const libvirts[] = { "/usr/bin/qemu-system-x86_64",
						"-name",
						"guest=db 1,debug-threads=on",
						"-object",
						"secret,file=/var/lib/libvirt/qemu/domain-1-db/k",
						"-machine",
						"pc-q35-7.2",
						NULL };
	static const char *const incus[] = {
		"/usr/bin/qemu-system-x86_64", "-name", "c1", "-readconfig",
		"/run/incus/c1/qemu.conf",     NULL
	};
	static const char *const bare[] = { "/usr/bin/qemu-system-x86_64", "-name", "bare", NULL };
	static const char *const nameless[] = { "/usr/bin/qemu-system-x86_64", "-M", "q35", NULL };
	static const char *const by_socket[] = { "/usr/bin/qemu-system-aarch64",
						 "-qmp",
						 "unix:/run/arm.sock,server=on",
						 "-M",
						 "virt",
						 NULL };
	static const char *const blank[] = { "/usr/bin/qemu-system-x86_64", "-name", "a b", "-qmp",
					     "unix:/run/a b.qmp,server=on", NULL };
	_cleanup_free_ char *text = NULL;
	struct fake_virt_domain *db;
	size_t missing;

	start(501, 0, libvirts);
	/* It runs already. */
	fake_virt_init(&env.root.host);
	db = fake_virt_add("db 1", false, 4);
	db->is_active = true;
	fake_virt_put(db, &db->live, env_bdf(0), "hostdev0");
	fake_virt_put(db, &db->config, env_bdf(0), "hostdev0");
	start(502, 1, incus);
	start(503, 2, bare);
	start(504, 3, nameless);
	start(505, 4, by_socket);
	start(506, 5, blank);
	text = kvm_text(&missing);
	assert_has(text,
		   "\t# libvirt runs it: MAC and VLAN of its VFs may be what libvirt set, and "
		   "takes back when it stops\n"
		   "\t[ \"db_1\", \"kvm: libvirt=db 1, machine=q35\", \"");
	assert_has(text, "# NOT IMPORTED: domain c1: Incus gives it its VFs, and sets them up\n");
	assert_has(text,
		   "\t# QEMU has no QMP monitor on a unix socket: while it runs VFs cannot be "
		   "attached or taken out\n\t[ \"bare\", \"");
	assert_has(text, "it has neither a name (-name) nor a monitor (-qmp)");
	assert_has(text, "[ \"arm\", \"kvm: qmp=/run/arm.sock, machine=virt\", \"");
	assert_has(text, "[ \"a_b\", \"kvm: qmp=/run/a b.qmp\", \"");
	/* the two that cannot be said, and which VF each has */
	assert_int_equal(missing, 4);
	fake_virt_done();
}

/* A graphics card with its sound, which are one group, and a controller that is no VF of a PF. */
static void kvm_guest_with_functions(void **state UNUSED)
{
	static const char *const args[] = { "/usr/bin/qemu-system-x86_64",
					    "-name",
					    "gpu1",
					    "-M",
					    "q35",
					    "-device",
					    "vfio-pci,host=0000:0b:00.0,id=a",
					    "-device",
					    "vfio-pci,host=0000:0b:00.1,id=b",
					    NULL };
	_cleanup_free_ char *text = NULL;
	size_t missing;

	fake_root_add_function(
		&env.root, &(struct fake_function){ "0000:0b:00.0", "0x030000", "vfio-pci", 140 });
	fake_root_add_function(
		&env.root, &(struct fake_function){ "0000:0b:00.1", "0x040300", "vfio-pci", 140 });
	fake_root_add_function(
		&env.root, &(struct fake_function){ "0000:0c:00.0", "0x0c0330", "vfio-pci", 141 });
	fake_root_add(&env.root, "dev/vfio/140=");
	fake_root_add(&env.root, "dev/vfio/141=");
	env_process(507, "qemu-system-x86", args);
	env_open(507, "140");
	text = kvm_text(&missing);
	assert_int_equal(missing, 0);
	assert_has(text, "# 0000:0b:00.0 and 0000:0b:00.1, vfio-pci\n\t\"gpu0: path=");
	assert_has(text, "; no domain has it: to give it to one, name it there\n\t\"usb0: path=");
	assert_has(text, "[ \"gpu1\", \"kvm: machine=q35\", \"gpu0\" ],");
}

/* A program that is no guest: what it has stays for guests. */
static void kvm_program_that_is_no_guest(void **state UNUSED)
{
	static const char *const args[] = { "/usr/bin/dpdk-testpmd", "-a", "0000:05:10.0", NULL };
	_cleanup_free_ char *text = NULL;
	size_t missing;

	assert_int_equal(env_assign(0), 0);
	env_process(600, "dpdk-testpmd", args);
	env_open(600, "11");
	text = kvm_text(&missing);
	assert_has(text, "it is not QEMU\n");
	assert_has(text, "/0: driver=assign\"");
	assert_int_equal(missing, 2);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(every_host_of_a_plan),
	cmocka_unit_test(random_hosts),
	cmocka_unit_test(says_only_what_differs),
	cmocka_unit_test(equal_vfs_are_one_line),
	cmocka_unit_test(address_of_two_is_left_out),
	cmocka_unit_test(domains_and_what_is_for_them),
	cmocka_unit_test(what_is_broken_is_said),
	cmocka_unit_test(functions_as_a_whole),
	cmocka_unit_test(selectors_of_functions),
	cmocka_unit_test(broken_function_is_said),
	cmocka_unit_test(selectors_are_chosen),
	cmocka_unit_test(bad_selector_is_refused),
	cmocka_unit_test_setup_teardown(after_apply, fake_yard_setup, fake_yard_teardown),
	cmocka_unit_test_setup_teardown(restores_what_is_gone, fake_yard_setup, fake_yard_teardown),
	cmocka_unit_test_setup_teardown(kvm_guest_by_its_monitor, env_setup, env_teardown),
	cmocka_unit_test_setup_teardown(kvm_guests_of_each_kind, env_setup, env_teardown),
	cmocka_unit_test_setup_teardown(kvm_guest_with_functions, env_setup, env_teardown),
	cmocka_unit_test_setup_teardown(kvm_program_that_is_no_guest, env_setup, env_teardown),
};

TEST_MAIN(tests)
