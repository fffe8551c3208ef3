// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state/state.h"
#include "fake_root.h"

#define FILE_NAME "var/lib/vfyard/state.json"
#define ENTRY                                                                                      \
	"{\"pf\":\"0000:05:00.0\",\"index\":3,\"bdf\":\"0000:05:10.6\",\"vendor\":\"8086\","       \
	"\"device\":\"10ca\",\"driver\":\"igbvf\",\"driver_override\":null,\"name\":\"db\"}"

struct env {
	struct fake_root root;
	struct host *host;
	struct state *saved;
	struct err e;
};

static int setup(void **state)
{
	struct env *t = calloc(1, sizeof(*t));

	fake_root_init(&t->root, NULL);
	t->host = &t->root.host;
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct env *t = *state;

	state_close(t->saved);
	fake_root_done(&t->root);
	free(t);
	return 0;
}

static struct vf_saved vf(unsigned index, const char *driver, const char *name)
{
	struct vf_saved o = { .pf = { .bus = 5 },
			      .bdf = { .bus = 5, .dev = 16 },
			      .index = index,
			      .vendor = 0x8086,
			      .device = 0x10ca };

	snprintf(o.driver, sizeof(o.driver), "%s", driver);
	snprintf(o.name, sizeof(o.name), "%s", name);
	return o;
}

static void reopen(struct env *t)
{
	state_close(t->saved);
	t->saved = NULL;
	assert_int_equal(state_open(&t->saved, t->host, &t->e), 0);
}

static void write_file(struct env *t, const char *text)
{
	int fd;

	fake_root_add(&t->root, FILE_NAME "=");
	fd = openat(t->host->root.fd, FILE_NAME, O_WRONLY | O_TRUNC | O_CLOEXEC);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static int truncate_file(struct env *t, off_t size)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s", t->root.dir, FILE_NAME);
	return truncate(path, size);
}

static void what_was_found_stays_readable_when_it_is_forgotten(void **state)
{
	struct env *t = *state;
	struct vf_saved o = vf(3, "igbvf", "db"), renamed = vf(3, "igbvf", "other");
	const struct vf_saved *first, *second;

	reopen(t);
	assert_int_equal(state_put(t->saved, &o, &t->e), 0);
	first = state_find(t->saved, o.pf, 3);
	assert_int_equal(state_put(t->saved, &renamed, &t->e), 0);
	second = state_find(t->saved, o.pf, 3);
	state_forget(t->saved, o.pf, 3);
	assert_null(state_find(t->saved, o.pf, 3));
	assert_null(state_find_name(t->saved, "other"));
	assert_string_equal(first->name, "db");
	assert_string_equal(second->name, "other");
}

static void read_file(struct env *t, char *buf, size_t size)
{
	assert_true(root_read(&t->host->root, buf, size, FILE_NAME) >= 0);
}

/* Asserts that the file cannot be used, that the sentence has @cause, and that not a byte of the
 * file changes. */
static void assert_refused(struct env *t, const char *text, const char *cause)
{
	char path[160], after[512];

	write_file(t, text);
	memset(&t->e, 0, sizeof(t->e));
	assert_true(state_open(&t->saved, t->host, &t->e) < 0);
	assert_null(t->saved);
	if (!strstr(t->e.cause, cause))
		fail_msg("'%s' is not in '%s'", cause, t->e.cause);
	snprintf(path, sizeof(path), "%s/%s", t->root.dir, FILE_NAME);
	assert_string_equal(t->e.object, path);
	assert_non_null(strstr(t->e.fix, "mv "));
	assert_int_equal(t->e.status, EXIT_FAILED);
	read_file(t, after, sizeof(after));
	assert_string_equal(after, text);
}

static void host_without_file_has_an_empty_memory(void **state)
{
	struct env *t = *state;

	reopen(t);
	assert_null(state_find(t->saved, (struct bdf){ .bus = 5 }, 0));
	assert_null(state_find_name(t->saved, "db"));
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	assert_false(root_exists(&t->host->root, "var/lib/vfyard"));
}

static void memory_survives_the_run(void **state)
{
	struct env *t = *state;
	struct vf_saved o = vf(3, "igbvf", "db");
	const struct vf_saved *found;

	snprintf(o.driver_override, sizeof(o.driver_override), "mine");
	reopen(t);
	assert_int_equal(state_put(t->saved, &o, &t->e), 0);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	reopen(t);
	found = state_find(t->saved, o.pf, 3);
	assert_non_null(found);
	assert_ptr_equal(found, state_find_name(t->saved, "db"));
	assert_string_equal(found->driver, "igbvf");
	assert_string_equal(found->driver_override, "mine");
	assert_int_equal(found->vendor, 0x8086);
	assert_int_equal(found->device, 0x10ca);
	assert_int_equal(bdf_cmp(found->bdf, o.bdf), 0);
	assert_false(found->is_name_only);
}

static void had_no_driver_is_not_the_same_as_not_known(void **state)
{
	struct env *t = *state;
	struct vf_saved none = vf(0, "", ""), unknown = vf(1, "", "b");

	unknown.is_name_only = true;
	reopen(t);
	state_put(t->saved, &none, NULL);
	state_put(t->saved, &unknown, NULL);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	reopen(t);
	assert_false(state_find(t->saved, none.pf, 0)->is_name_only);
	assert_true(state_find(t->saved, none.pf, 1)->is_name_only);
}

static void directory_is_for_root_only(void **state)
{
	struct env *t = *state;
	struct vf_saved o = vf(0, "igbvf", "");
	struct stat st;

	reopen(t);
	state_put(t->saved, &o, NULL);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	assert_int_equal(fstatat(t->host->root.fd, "var/lib/vfyard", &st, 0), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(fstatat(t->host->root.fd, FILE_NAME, &st, 0), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_false(root_exists(&t->host->root, FILE_NAME ".new"));
}

static void forgotten_is_gone_also_by_name(void **state)
{
	struct env *t = *state;
	struct vf_saved o = vf(3, "igbvf", "db");

	reopen(t);
	state_put(t->saved, &o, NULL);
	state_forget(t->saved, o.pf, 3);
	state_forget(t->saved, o.pf, 3);
	assert_null(state_find(t->saved, o.pf, 3));
	assert_null(state_find_name(t->saved, "db"));
}

static void name_belongs_to_one_vf(void **state)
{
	struct env *t = *state;
	struct vf_saved a = vf(3, "igbvf", "db"), b = vf(4, "igbvf", "db");

	reopen(t);
	assert_int_equal(state_put(t->saved, &a, &t->e), 0);
	assert_int_equal(state_put(t->saved, &a, &t->e), 0);
	assert_int_equal(state_put(t->saved, &b, &t->e), -EEXIST);
	assert_string_equal(t->e.cause, "name 'db' belongs to VF 3 of 0000:05:00.0");
	assert_null(state_find(t->saved, b.pf, 4));
}

static void long_name_finds_nothing_instead_of_its_first_letters(void **state)
{
	struct env *t = *state;
	char name[65], longer[70];
	struct vf_saved o;

	memset(name, 'x', 64);
	name[64] = '\0';
	o = vf(1, "", name);
	snprintf(longer, sizeof(longer), "%sx", name);
	reopen(t);
	state_put(t->saved, &o, NULL);
	assert_non_null(state_find_name(t->saved, name));
	assert_null(state_find_name(t->saved, longer));
}

static void entry_put_from_itself_stays(void **state)
{
	struct env *t = *state;
	struct vf_saved o = vf(3, "igbvf", "db");

	reopen(t);
	state_put(t->saved, &o, NULL);
	assert_int_equal(state_put(t->saved, state_find(t->saved, o.pf, 3), &t->e), 0);
	assert_string_equal(state_find_name(t->saved, "db")->driver, "igbvf");
}

static void remember_order(void *arg, const struct vf_saved *o)
{
	char *text = arg;

	snprintf(text + strlen(text), 32, "%u/%u ", o->pf.bus, o->index);
}

static void entries_come_in_order_of_pf_and_index(void **state)
{
	struct env *t = *state;
	struct vf_saved o = vf(10, "", "");
	char text[128] = "";

	reopen(t);
	state_put(t->saved, &o, NULL);
	o.index = 2;
	state_put(t->saved, &o, NULL);
	o.pf.bus = 3;
	o.index = 7;
	state_put(t->saved, &o, NULL);
	state_each(t->saved, remember_order, text);
	assert_string_equal(text, "3/7 5/2 5/10 ");
}

static void thousands_of_entries_are_kept(void **state)
{
	struct env *t = *state;

	reopen(t);
	for (unsigned i = 0; i < 5000; i++) {
		struct vf_saved o = vf(4999 - i, "igbvf", "");

		assert_int_equal(state_put(t->saved, &o, &t->e), 0);
	}
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	reopen(t);
	for (unsigned i = 0; i < 5000; i++)
		assert_non_null(state_find(t->saved, (struct bdf){ .bus = 5 }, i));
}

static void attributes_are_remembered_as_far_as_they_are_known(void **state)
{
	static const uint8_t mac[6] = { 2, 0x11, 0x22, 0x33, 0x44, 0x55 };
	struct env *t = *state;
	struct vf_saved o = vf(3, "igbvf", "");
	const struct vf_attrs *a;

	memcpy(o.attrs.mac, mac, sizeof(mac));
	o.attrs.vlan = 100;
	o.attrs.link = VF_LINK_OFF;
	o.attrs.spoofchk = true;
	o.attrs.max_tx_rate = 70000;
	o.attrs.given =
		VF_ATTR_MAC | VF_ATTR_VLAN | VF_ATTR_LINK | VF_ATTR_SPOOFCHK | VF_ATTR_MAX_TX_RATE;
	reopen(t);
	assert_int_equal(state_put(t->saved, &o, &t->e), 0);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	reopen(t);
	a = &state_find(t->saved, o.pf, 3)->attrs;
	assert_int_equal(a->given, o.attrs.given);
	assert_true(vf_attrs_agree(a, &o.attrs, o.attrs.given));
}

static void pfs_are_remembered(void **state)
{
	struct env *t = *state;
	struct pf pf = { .bdf = { .bus = 5 }, .vendor = 0x8086, .device = 0x10c9 };
	struct pf_saved o = { pf.bdf, pf.vendor, pf.device, "", 3, 1, "0b00" };

	reopen(t);
	assert_null(state_find_pf(t->saved, &pf));
	assert_int_equal(state_put_pf(t->saved, &o, &t->e), 0);
	o.pf.bus = 4;
	o.autoprobe = UNKNOWN;
	assert_int_equal(state_put_pf(t->saved, &o, &t->e), 0);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	reopen(t);
	assert_int_equal(state_n_pfs(t->saved), 2);
	assert_int_equal(state_nth_pf(t->saved, 0)->autoprobe, UNKNOWN);
	assert_int_equal(state_find_pf(t->saved, &pf)->numvfs, 3);
	assert_int_equal(state_find_pf(t->saved, &pf)->autoprobe, 1);
	pf.device = 0x1234; /* another card in the slot */
	assert_null(state_find_pf(t->saved, &pf));
	state_forget_pf(t->saved, pf.bdf);
	assert_int_equal(state_n_pfs(t->saved), 1);
}

#define PF_ENTRY(more)                                                                             \
	"{\"version\":1,\"vfs\":[],\"pfs\":[{\"pf\":\"0000:05:00.0\",\"vendor\":\"8086\","         \
	"\"device\":\"10c9\"" more "}]}"
#define VF_ENTRY(attributes)                                                                       \
	"{\"version\":1,\"vfs\":[{\"pf\":\"0000:05:00.0\",\"index\":0,\"bdf\":\"0000:05:10.0\","   \
	"\"vendor\":\"8086\",\"device\":\"10ca\",\"driver\":null,\"attributes\":" attributes "}]}"

static void damaged_pfs_and_attributes_are_named(void **state)
{
	struct env *t = *state;

	assert_refused(t, PF_ENTRY(""), "member 'numvfs' of a PF");
	assert_refused(t, PF_ENTRY(",\"numvfs\":1,\"autoprobe\":3"), "member 'autoprobe'");
	assert_refused(t, "{\"version\":1,\"vfs\":[],\"pfs\":3}", "member 'pfs' is not a list");
	assert_refused(t, VF_ENTRY("3"), "member 'attributes'");
	assert_refused(t, VF_ENTRY("{\"mac\":\"02:00\"}"), "member 'mac'");
	assert_refused(t, VF_ENTRY("{\"vlan\":70000}"), "member 'vlan'");
	assert_refused(t, VF_ENTRY("{\"link\":\"up\"}"), "member 'link'");
	assert_refused(t, VF_ENTRY("{\"trust\":1}"), "member 'trust'");
}

static void members_it_does_not_know_are_kept(void **state)
{
	struct env *t = *state;
	struct vf_saved o;
	char text[1024];

	write_file(t, "{\"version\":1,\"later\":[1],\"vfs\":[{\"pf\":\"0000:05:00.0\",\"index\":3,"
		      "\"bdf\":\"0000:05:10.6\",\"vendor\":\"8086\",\"device\":\"10ca\","
		      "\"driver\":\"igbvf\",\"attributes\":{\"mac\":\"02:00:00:00:00:01\"}}]}");
	reopen(t);
	o = *state_find(t->saved, (struct bdf){ .bus = 5 }, 3);
	snprintf(o.name, sizeof(o.name), "db");
	assert_int_equal(state_put(t->saved, &o, &t->e), 0);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	read_file(t, text, sizeof(text));
	assert_non_null(strstr(text, "\"later\""));
	assert_non_null(strstr(text, "02:00:00:00:00:01"));
	assert_non_null(strstr(text, "\"name\": \"db\""));
}

/* This entry is more than a name, although its driver is missing. */
static void an_override_alone_is_kept(void **state)
{
	struct env *t = *state;
	struct vf_saved o;

	write_file(t, "{\"version\":1,\"vfs\":[{\"pf\":\"0000:05:00.0\",\"index\":3,"
		      "\"bdf\":\"0000:05:10.6\",\"vendor\":\"8086\",\"device\":\"10ca\","
		      "\"driver_override\":\"igbvf\"}]}");
	reopen(t);
	o = *state_find(t->saved, (struct bdf){ .bus = 5 }, 3);
	assert_false(o.is_name_only);
	assert_int_equal(state_put(t->saved, &o, &t->e), 0);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	reopen(t);
	assert_string_equal(state_find(t->saved, (struct bdf){ .bus = 5 }, 3)->driver_override,
			    "igbvf");
}

static void attributes_of_another_card_are_not_inherited(void **state)
{
	struct env *t = *state;
	struct vf_saved o = vf(3, "vfdrv", "");
	char text[1024];

	write_file(t, "{\"version\":1,\"vfs\":[{\"pf\":\"0000:05:00.0\",\"index\":3,"
		      "\"bdf\":\"0000:05:10.6\",\"vendor\":\"8086\",\"device\":\"10ca\","
		      "\"driver\":\"igbvf\",\"attributes\":{}}]}");
	reopen(t);
	o.device = 0x1520;
	assert_int_equal(state_put(t->saved, &o, &t->e), 0);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	read_file(t, text, sizeof(text));
	assert_null(strstr(text, "attributes"));
}

static void memory_of_another_card_in_the_slot_is_noticed(void **state UNUSED)
{
	struct pf pf = { .vendor = 0x8086, .vf_device = 0x10ca };
	struct vf_saved o = vf(0, "igbvf", "");

	assert_true(state_is_about(&o, &pf));
	pf.vf_device = 0x1520;
	assert_false(state_is_about(&o, &pf));
}

#define CARD	   "serial 00-25-38-81-21-00-aa-bb"
#define OTHER_CARD "serial 00-25-38-81-21-00-aa-bc"

static void a_card_of_the_same_kind_in_the_slot_is_noticed(void **state)
{
	struct env *t = *state;
	struct pf pf = {
		.bdf = { .bus = 5 }, .vendor = 0x8086, .device = 0x10c9, .vf_device = 0x10ca
	};
	struct vf_saved o = vf(0, "igbvf", "");
	struct pf_saved p = { .pf = pf.bdf, .vendor = 0x8086, .device = 0x10c9 };

	snprintf(o.card, sizeof(o.card), CARD);
	snprintf(p.card, sizeof(p.card), CARD);
	reopen(t);
	assert_int_equal(state_put(t->saved, &o, &t->e), 0);
	assert_int_equal(state_put_pf(t->saved, &p, &t->e), 0);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	reopen(t);
	pf.card = CARD;
	assert_true(state_is_about(state_find(t->saved, pf.bdf, 0), &pf));
	assert_non_null(state_find_pf(t->saved, &pf));
	assert_null(state_other_card(t->saved, &pf));
	pf.card = OTHER_CARD;
	assert_false(state_is_about(state_find(t->saved, pf.bdf, 0), &pf));
	assert_null(state_find_pf(t->saved, &pf));
	assert_string_equal(state_other_card(t->saved, &pf), CARD);
	state_forget_pf(t->saved, pf.bdf);
	assert_string_equal(state_other_card(t->saved, &pf), CARD);
	/* What cannot be compared is not a difference. */
	pf.card = "mac 02:00:00:00:00:01";
	assert_true(state_is_about(state_find(t->saved, pf.bdf, 0), &pf));
	pf.card = NULL;
	assert_true(state_is_about(state_find(t->saved, pf.bdf, 0), &pf));
	assert_null(state_other_card(t->saved, &pf));
}

static void a_memory_without_cards_is_read_and_stays_without(void **state)
{
	struct env *t = *state;
	struct pf pf = { .bdf = { .bus = 5 }, .vendor = 0x8086, .vf_device = 0x10ca, .card = CARD };
	struct vf_saved o = vf(4, "igbvf", "");
	char text[1024];

	write_file(t, "{\"version\":1,\"vfs\":[" ENTRY "],\"pfs\":[{\"pf\":\"0000:05:00.0\","
		      "\"vendor\":\"8086\",\"device\":\"10c9\",\"numvfs\":0}]}");
	reopen(t);
	assert_true(state_is_about(state_find(t->saved, pf.bdf, 3), &pf));
	assert_null(state_other_card(t->saved, &pf));
	assert_int_equal(state_put(t->saved, &o, &t->e), 0);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	read_file(t, text, sizeof(text));
	assert_null(strstr(text, "card"));
	state_close(t->saved);
	t->saved = NULL;
	assert_refused(t,
		       "{\"version\":1,\"vfs\":[],\"pfs\":[{\"pf\":\"0000:05:00.0\","
		       "\"vendor\":\"8086\",\"device\":\"10c9\",\"numvfs\":0,\"card\":7}]}",
		       "'card'");
}

static void damaged_file_is_named_and_left_alone(void **state)
{
	struct env *t = *state;

	assert_refused(t, "", "damaged");
	assert_refused(t, "{\"version\":1,\"vfs\":[" ENTRY, "damaged");
	assert_refused(t, "{\"version\":1,\"vfs\":[]}x", "damaged");
	assert_refused(t, "\x01\x02\xff", "damaged");
	assert_refused(t, "{\"version\":1,\"version\":1,\"vfs\":[]}", "damaged");
}

/* Each would keep the reader waiting, or fill its memory. */
static void what_no_run_wrote_is_not_read(void **state)
{
	struct env *t = *state;
	int root = t->host->root.fd;

	write_file(t, "x");
	assert_int_equal(truncate_file(t, (off_t)1 << 40), 0);
	assert_true(state_open(&t->saved, t->host, &t->e) < 0);
	assert_string_equal(t->e.cause, "it has 1099511627776 bytes, and no vfyard writes so many");
	assert_non_null(strstr(t->e.fix, "mv "));
	assert_int_equal(unlinkat(root, FILE_NAME, 0), 0);
	assert_int_equal(mkfifoat(root, FILE_NAME, 0600), 0);
	assert_true(state_open(&t->saved, t->host, &t->e) < 0);
	assert_int_equal(unlinkat(root, FILE_NAME, 0), 0);
	assert_int_equal(symlinkat("/dev/zero", root, FILE_NAME), 0);
	assert_true(state_open(&t->saved, t->host, &t->e) < 0);
	assert_null(t->saved);
}

static void file_of_someone_else_is_refused(void **state)
{
	struct env *t = *state;

	assert_refused(t, "[]", "not a state file of vfyard");
	assert_refused(t, "{\"vfs\":[]}", "not a state file of vfyard");
	assert_refused(t, "{\"version\":2,\"vfs\":[]}", "version 2 of the format");
	assert_refused(t, "{\"version\":1}", "member 'vfs' is not a list");
}

static void bad_entries_are_refused_with_the_member(void **state)
{
	static const struct {
		const char *entry, *cause;
	} bad[] = {
		{ "7", "member 'index' of an entry is not a VF index" },
		{ "{\"index\":-1}", "'index'" },
		{ "{\"index\":70000}", "'index'" },
		{ "{\"index\":1}", "member 'pf' of an entry is missing" },
		{ "{\"index\":1,\"pf\":5}", "member 'pf' of an entry is not a text" },
		{ "{\"index\":1,\"pf\":\"05\"}", "'05', not an address" },
		{ "{\"index\":1,\"pf\":\"05:00.0\",\"bdf\":\"05:10.0\",\"vendor\":\"80861\"}",
		  "'80861', not an id" },
		{ "{\"index\":1,\"pf\":\"05:00.0\",\"bdf\":\"05:10.0\",\"vendor\":\"8086\","
		  "\"device\":\"10ca\",\"driver\":\"0123456789012345678901234567890123456789"
		  "0123456789012345678901234567890123456789\"}",
		  "member 'driver' of an entry is too long" },
		{ ENTRY "," ENTRY, "entry 1 is there twice" },
		{ ENTRY ",{\"pf\":\"0000:05:00.0\",\"index\":4,\"bdf\":\"0000:05:11.0\","
			"\"vendor\":\"8086\",\"device\":\"10ca\",\"name\":\"db\"}",
		  "name 'db' is there twice" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		char text[512];

		snprintf(text, sizeof(text), "{\"version\":1,\"vfs\":[%s]}", bad[i].entry);
		assert_refused(*state, text, bad[i].cause);
	}
}

/* The device that is always full is in place of the new file. */
static void full_disk_leaves_the_old_file(void **state)
{
	struct env *t = *state;
	struct vf_saved a = vf(1, "igbvf", ""), b = vf(2, "igbvf", "");
	char before[512], after[512], path[160];

	reopen(t);
	state_put(t->saved, &a, NULL);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	read_file(t, before, sizeof(before));
	assert_int_equal(symlinkat("/dev/full", t->host->root.fd, FILE_NAME ".new"), 0);
	state_put(t->saved, &b, NULL);
	assert_int_equal(state_commit(t->saved, &t->e), -ENOSPC);
	snprintf(path, sizeof(path), "%s/%s", t->root.dir, FILE_NAME);
	assert_string_equal(t->e.object, path);
	assert_string_equal(t->e.step, "write");
	assert_string_equal(t->e.cause, "No space left on device");
	assert_string_equal(t->e.fix, "free some space there");
	read_file(t, after, sizeof(after));
	assert_string_equal(before, after);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	reopen(t);
	assert_non_null(state_find(t->saved, b.pf, 2));
}

static void directory_that_cannot_be_made_is_an_error(void **state)
{
	struct env *t = *state;
	struct vf_saved a = vf(1, "igbvf", "");

	fake_root_add(&t->root, "var=a file");
	reopen(t);
	state_put(t->saved, &a, NULL);
	assert_int_equal(state_commit(t->saved, &t->e), -ENOTDIR);
	assert_non_null(strstr(t->e.fix, "/var/lib/vfyard"));
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup_teardown(what_was_found_stays_readable_when_it_is_forgotten, setup,
					teardown),
	T(host_without_file_has_an_empty_memory),
	T(memory_survives_the_run),
	T(had_no_driver_is_not_the_same_as_not_known),
	T(directory_is_for_root_only),
	T(forgotten_is_gone_also_by_name),
	T(name_belongs_to_one_vf),
	T(long_name_finds_nothing_instead_of_its_first_letters),
	T(entry_put_from_itself_stays),
	T(entries_come_in_order_of_pf_and_index),
	T(thousands_of_entries_are_kept),
	T(attributes_are_remembered_as_far_as_they_are_known),
	T(pfs_are_remembered),
	T(damaged_pfs_and_attributes_are_named),
	T(members_it_does_not_know_are_kept),
	T(an_override_alone_is_kept),
	T(attributes_of_another_card_are_not_inherited),
	T(memory_of_another_card_in_the_slot_is_noticed),
	T(a_card_of_the_same_kind_in_the_slot_is_noticed),
	T(a_memory_without_cards_is_read_and_stays_without),
	T(damaged_file_is_named_and_left_alone),
	T(what_no_run_wrote_is_not_read),
	T(file_of_someone_else_is_refused),
	T(bad_entries_are_refused_with_the_member),
	T(full_disk_leaves_the_old_file),
	T(directory_that_cannot_be_made_is_an_error),
};

TEST_MAIN(tests)
