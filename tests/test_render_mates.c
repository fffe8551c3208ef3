// SPDX-License-Identifier: GPL-2.0-or-later
/* Functions of one slot in what is rendered for QEMU and libvirt: one port, and multifunction. */
#include "test.h"

#include <string.h>

#include "fake_model.h"

#define TEXT_MAX 65536

static void put(char *text, size_t size, const char *fmt, ...) PRINTF_LIKE(3, 4);

static void put(char *text, size_t size, const char *fmt, ...)
{
	size_t n = strlen(text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text + n, size - n, fmt, ap);
	va_end(ap);
}

/* As many slots, from 20:00 on, with functions 0 and @second each. */
static void add_slots(struct fake_model *m, unsigned n, unsigned second)
{
	for (unsigned i = 0; i < n; i++)
		for (unsigned k = 0; k < 2; k++) {
			char bdf[32];

			snprintf(bdf, sizeof(bdf), "0000:%02x:%02x.%u", 0x20 + i / 32, i % 32,
				 k ? second : 0);
			fake_root_add_function(&m->root,
					       &(struct fake_function){ bdf, "0x030000", NULL, 0 });
		}
	fake_model_reread(m);
}

/* A domain that has all of them, each slot as a device of the dev list. */
static void open_slots(struct fake_model *m, unsigned n, unsigned second, const char *kvm)
{
	char *text = calloc(1, TEXT_MAX);

	put(text, TEXT_MAX, "{\"version\":1,\"dev\":[");
	for (unsigned i = 0; i < n; i++)
		put(text, TEXT_MAX,
		    "%s{\"name\":\"d%u\",\"bdf\":\"0000:%02x:%02x.0\",\"functions\":\"all\"}",
		    i ? "," : "", i, 0x20 + i / 32, i % 32);
	put(text, TEXT_MAX, "],\"domain\":[{\"name\":\"big\",\"kvm\":{%s},\"devices\":[", kvm);
	for (unsigned i = 0; i < n; i++)
		put(text, TEXT_MAX, "%s{\"dev\":\"d%u\"}", i ? "," : "", i);
	put(text, TEXT_MAX, "]}]}");
	fake_model_init(m, NULL, 0, text);
	free(text);
	add_slots(m, n, second);
	m->in.reserve = 2;
}

/* One argument of QEMU's, as far as it is of use. */
struct device {
	char driver[24], host[24], bus[24], addr[16];
	bool is_multifunction;
};

static void read_key(const char *line, const char *key, char *to, size_t size)
{
	const char *at = strstr(line, key);

	*to = '\0';
	if (at)
		snprintf(to, size, "%.*s", (int)strcspn(at + strlen(key), ","), at + strlen(key));
}

static size_t read_devices(char *text, struct device *ret, size_t max)
{
	char *save = NULL;
	size_t n = 0;

	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		struct device *d = &ret[n];

		assert_true(n < max);
		read_key(line, "-device ", d->driver, sizeof(d->driver));
		read_key(line, ",host=", d->host, sizeof(d->host));
		read_key(line, ",bus=", d->bus, sizeof(d->bus));
		read_key(line, ",addr=", d->addr, sizeof(d->addr));
		d->is_multifunction = strstr(line, ",multifunction=on") != NULL;
		n += !strcmp(d->driver, "vfio-pci");
	}
	return n;
}

/* Both functions of each slot are behind one port, and no other slot's. */
static void assert_slots(const struct device *v, size_t n, unsigned second)
{
	char addr[16];

	snprintf(addr, sizeof(addr), "0x0.0x%u", second);
	for (size_t i = 0; i < n; i += 2) {
		assert_string_equal(v[i].bus, v[i + 1].bus);
		assert_memory_equal(v[i].host, v[i + 1].host, strlen("0000:20:00"));
		assert_string_equal(v[i].addr, "0x0.0x0");
		assert_string_equal(v[i + 1].addr, addr);
		assert_true(v[i].is_multifunction);
		assert_false(v[i + 1].is_multifunction);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(v[k].bus, v[i].bus);
	}
}

static const char *ledger_of(const struct fake_model *m)
{
	for (size_t i = 0; i < m->notes.n; i++)
		if (strstr(m->notes.v[i].err.cause, "buses, "))
			return m->notes.v[i].err.cause;
	return "";
}

static void check(unsigned n, unsigned second, const char *kvm, const char *ledger)
{
	static struct device v[520];
	_cleanup_free_ char *text = NULL;
	struct fake_model m;
	struct err e = { 0 };

	open_slots(&m, n, second, kvm);
	text = fake_model_render(&m, "qemu", &e);
	if (!text)
		fail_msg("%s: %s", e.object, e.cause);
	assert_int_equal(read_devices(text, v, ARRAY_SIZE(v)), 2 * n);
	assert_slots(v, 2 * n, second);
	assert_string_equal(ledger_of(&m), ledger);
	fake_model_done(&m);
}

/* 31 slots of bus 0 are the wall that a device for each function would meet at 16 slots. */
static void a_slot_takes_one_port_at_every_wall(void **state UNUSED)
{
	check(30, 1, "\"spare\":1",
	      "big: 30 devices, 1 spare port: 32 of 256 buses, 4 of 30 slots of pcie.0");
	check(31, 3, "\"spare\":0", "big: 31 devices: 32 of 256 buses, 4 of 30 slots of pcie.0");
	check(32, 7, "\"ports\":\"switch\",\"spare\":1",
	      "big: 32 devices, 1 spare port, 2 switches: 38 of 256 buses, 1 of 30 slots of "
	      "pcie.0");
	check(33, 1, "\"machine\":\"virt\",\"spare\":1",
	      "big: 33 devices, 1 spare port: 35 of 256 buses, 5 of 31 slots of pcie.0");
	check(253, 1, "\"spare\":0",
	      "big: 253 devices, 1 switch: 256 of 256 buses, 28 of 30 slots of pcie.0");
}

static void one_slot_too_many_is_refused(void **state UNUSED)
{
	struct fake_model m;
	struct err e = { 0 };

	open_slots(&m, 254, 1, "\"spare\":0");
	assert_null(fake_model_render(&m, "qemu", &e));
	assert_int_equal(e.status, EXIT_REFUSED);
	assert_non_null(strstr(e.cause, "254 devices and 0 spare ports need 254 ports, but "
					"machine=q35 with ports=auto has room for 253"));
	assert_string_equal(e.fix, "give 1 devices to another domain");
	fake_model_done(&m);
}

static const struct fake_pf net0 = { "0000:05:00.0", "eth0", "igb", "igbvf", 7, 7, 128, 2, -1 };

static const char mixed[] =
	"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\",\"numvfs\":7}],"
	"\"dev\":[{\"name\":\"gpu0\",\"bdf\":\"0000:20:00.0\",\"functions\":\"all\"},"
	"{\"name\":\"a\",\"bdf\":\"0000:20:01.3\"},{\"name\":\"b\",\"bdf\":\"0000:20:02.3\"},"
	"{\"name\":\"c\",\"bdf\":\"0000:20:02.0\"}],"
	"\"domain\":[{\"name\":\"web1\",\"kvm\":{\"spare\":2},\"xen\":{\"type\":\"pv\"},"
	"\"devices\":[{\"pf\":\"net0\",\"index\":\"0-1\"},{\"dev\":\"gpu0\"},{\"dev\":\"a\"},"
	"{\"dev\":\"b\"},{\"dev\":\"c\"}]}]}";

/* VFs, a device with all its functions, one function of a slot, and two that are named apart. */
static void every_format_places_them_alike(void **state UNUSED)
{
	static const char *const formats[] = { "qemu", "readconfig", "libvirt", "xl" };

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		_cleanup_free_ char *text = NULL;
		struct fake_model m;
		struct err e = { 0 };
		char golden[64];

		fake_model_init(&m, &net0, 1, mixed);
		add_slots(&m, 3, 3);
		m.in.reserve = 2;
		text = fake_model_render(&m, formats[i], &e);
		if (!text)
			fail_msg("%s: %s", e.object, e.cause);
		snprintf(golden, sizeof(golden), "render/mates-%s", formats[i]);
		assert_golden(golden, text);
		fake_model_done(&m);
	}
}

/* An element for a domain that exists has no address. */
static void hostdevs_that_libvirt_places_have_a_note(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	struct fake_model m;
	size_t n = 0;

	fake_model_init(&m, &net0, 1, mixed);
	add_slots(&m, 3, 3);
	m.in.hostdev = true;
	text = fake_model_render(&m, "libvirt", NULL);
	assert_non_null(text);
	for (size_t i = 0; i < m.notes.n; i++)
		n += strstr(m.notes.v[i].err.cause, "attach-device gives each a port") != NULL;
	assert_int_equal(n, 2);
	fake_model_done(&m);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_slot_takes_one_port_at_every_wall),
	cmocka_unit_test(one_slot_too_many_is_refused),
	cmocka_unit_test(every_format_places_them_alike),
	cmocka_unit_test(hostdevs_that_libvirt_places_have_a_note),
};

TEST_MAIN(tests)
