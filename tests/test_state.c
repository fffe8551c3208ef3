// SPDX-License-Identifier: GPL-2.0-or-later
/* What vfyard remembers of VFs and PFs. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "fake_memory.h"

static void what_was_found_stays_readable_when_it_is_forgotten(void **state)
{
	struct fake_memory *t = *state;
	struct vf_saved o = fake_memory_vf(3, "igbvf", "db"),
			renamed = fake_memory_vf(3, "igbvf", "other");
	const struct vf_saved *first, *second;

	fake_memory_reopen(t);
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

static void host_without_file_has_an_empty_memory(void **state)
{
	struct fake_memory *t = *state;

	fake_memory_reopen(t);
	assert_null(state_find(t->saved, (struct bdf){ .bus = 5 }, 0));
	assert_null(state_find_name(t->saved, "db"));
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	assert_false(root_exists(&t->host->root, "var/lib/vfyard"));
}

static void memory_survives_the_run(void **state)
{
	struct fake_memory *t = *state;
	struct vf_saved o = fake_memory_vf(3, "igbvf", "db");
	const struct vf_saved *found;

	snprintf(o.driver_override, sizeof(o.driver_override), "mine");
	fake_memory_reopen(t);
	assert_int_equal(state_put(t->saved, &o, &t->e), 0);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	fake_memory_reopen(t);
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
	struct fake_memory *t = *state;
	struct vf_saved none = fake_memory_vf(0, "", ""), unknown = fake_memory_vf(1, "", "b");

	unknown.is_name_only = true;
	fake_memory_reopen(t);
	state_put(t->saved, &none, NULL);
	state_put(t->saved, &unknown, NULL);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	fake_memory_reopen(t);
	assert_false(state_find(t->saved, none.pf, 0)->is_name_only);
	assert_true(state_find(t->saved, none.pf, 1)->is_name_only);
}

static void forgotten_is_gone_also_by_name(void **state)
{
	struct fake_memory *t = *state;
	struct vf_saved o = fake_memory_vf(3, "igbvf", "db");

	fake_memory_reopen(t);
	state_put(t->saved, &o, NULL);
	state_forget(t->saved, o.pf, 3);
	state_forget(t->saved, o.pf, 3);
	assert_null(state_find(t->saved, o.pf, 3));
	assert_null(state_find_name(t->saved, "db"));
}

static void name_belongs_to_one_vf(void **state)
{
	struct fake_memory *t = *state;
	struct vf_saved a = fake_memory_vf(3, "igbvf", "db"), b = fake_memory_vf(4, "igbvf", "db");

	fake_memory_reopen(t);
	assert_int_equal(state_put(t->saved, &a, &t->e), 0);
	assert_int_equal(state_put(t->saved, &a, &t->e), 0);
	assert_int_equal(state_put(t->saved, &b, &t->e), -EEXIST);
	assert_string_equal(t->e.cause, "name 'db' belongs to VF 3 of 0000:05:00.0");
	assert_null(state_find(t->saved, b.pf, 4));
}

static void long_name_finds_nothing_instead_of_its_first_letters(void **state)
{
	struct fake_memory *t = *state;
	char name[65], longer[70];
	struct vf_saved o;

	memset(name, 'x', 64);
	name[64] = '\0';
	o = fake_memory_vf(1, "", name);
	snprintf(longer, sizeof(longer), "%sx", name);
	fake_memory_reopen(t);
	state_put(t->saved, &o, NULL);
	assert_non_null(state_find_name(t->saved, name));
	assert_null(state_find_name(t->saved, longer));
}

static void entry_put_from_itself_stays(void **state)
{
	struct fake_memory *t = *state;
	struct vf_saved o = fake_memory_vf(3, "igbvf", "db");

	fake_memory_reopen(t);
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
	struct fake_memory *t = *state;
	struct vf_saved o = fake_memory_vf(10, "", "");
	char text[128] = "";

	fake_memory_reopen(t);
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
	struct fake_memory *t = *state;

	fake_memory_reopen(t);
	for (unsigned i = 0; i < 5000; i++) {
		struct vf_saved o = fake_memory_vf(4999 - i, "igbvf", "");

		assert_int_equal(state_put(t->saved, &o, &t->e), 0);
	}
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	fake_memory_reopen(t);
	for (unsigned i = 0; i < 5000; i++)
		assert_non_null(state_find(t->saved, (struct bdf){ .bus = 5 }, i));
}

static void attributes_are_remembered_as_far_as_they_are_known(void **state)
{
	static const uint8_t mac[6] = { 2, 0x11, 0x22, 0x33, 0x44, 0x55 };
	struct fake_memory *t = *state;
	struct vf_saved o = fake_memory_vf(3, "igbvf", "");
	const struct vf_attrs *a;

	memcpy(o.attrs.mac, mac, sizeof(mac));
	o.attrs.vlan = 100;
	o.attrs.link = VF_LINK_OFF;
	o.attrs.spoofchk = true;
	o.attrs.max_tx_rate = 70000;
	o.attrs.given =
		VF_ATTR_MAC | VF_ATTR_VLAN | VF_ATTR_LINK | VF_ATTR_SPOOFCHK | VF_ATTR_MAX_TX_RATE;
	fake_memory_reopen(t);
	assert_int_equal(state_put(t->saved, &o, &t->e), 0);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	fake_memory_reopen(t);
	a = &state_find(t->saved, o.pf, 3)->attrs;
	assert_int_equal(a->given, o.attrs.given);
	assert_true(vf_attrs_agree(a, &o.attrs, o.attrs.given));
}

static void pfs_are_remembered(void **state)
{
	struct fake_memory *t = *state;
	struct pf pf = { .bdf = { .bus = 5 }, .vendor = 0x8086, .device = 0x10c9 };
	struct pf_saved o = { pf.bdf, pf.vendor, pf.device, "", 3, 1, "0b00" };

	fake_memory_reopen(t);
	assert_null(state_find_pf(t->saved, &pf));
	assert_int_equal(state_put_pf(t->saved, &o, &t->e), 0);
	o.pf.bus = 4;
	o.autoprobe = UNKNOWN;
	assert_int_equal(state_put_pf(t->saved, &o, &t->e), 0);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	fake_memory_reopen(t);
	assert_int_equal(state_n_pfs(t->saved), 2);
	assert_int_equal(state_nth_pf(t->saved, 0)->autoprobe, UNKNOWN);
	assert_int_equal(state_find_pf(t->saved, &pf)->numvfs, 3);
	assert_int_equal(state_find_pf(t->saved, &pf)->autoprobe, 1);
	pf.device = 0x1234; /* another card in the slot */
	assert_null(state_find_pf(t->saved, &pf));
	state_forget_pf(t->saved, pf.bdf);
	assert_int_equal(state_n_pfs(t->saved), 1);
}

/* This entry is more than a name, although its driver is missing. */
static void an_override_alone_is_kept(void **state)
{
	struct fake_memory *t = *state;
	struct vf_saved o;

	fake_memory_write(t, "{\"version\":1,\"vfs\":[{\"pf\":\"0000:05:00.0\",\"index\":3,"
			     "\"bdf\":\"0000:05:10.6\",\"vendor\":\"8086\",\"device\":\"10ca\","
			     "\"driver_override\":\"igbvf\"}]}");
	fake_memory_reopen(t);
	o = *state_find(t->saved, (struct bdf){ .bus = 5 }, 3);
	assert_false(o.is_name_only);
	assert_int_equal(state_put(t->saved, &o, &t->e), 0);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	fake_memory_reopen(t);
	assert_string_equal(state_find(t->saved, (struct bdf){ .bus = 5 }, 3)->driver_override,
			    "igbvf");
}

static void attributes_of_another_card_are_not_inherited(void **state)
{
	struct fake_memory *t = *state;
	struct vf_saved o = fake_memory_vf(3, "vfdrv", "");
	char text[1024];

	fake_memory_write(t, "{\"version\":1,\"vfs\":[{\"pf\":\"0000:05:00.0\",\"index\":3,"
			     "\"bdf\":\"0000:05:10.6\",\"vendor\":\"8086\",\"device\":\"10ca\","
			     "\"driver\":\"igbvf\",\"attributes\":{}}]}");
	fake_memory_reopen(t);
	o.device = 0x1520;
	assert_int_equal(state_put(t->saved, &o, &t->e), 0);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	fake_memory_read(t, text, sizeof(text));
	assert_null(strstr(text, "attributes"));
}

static void memory_of_another_card_in_the_slot_is_noticed(void **state UNUSED)
{
	struct pf pf = { .vendor = 0x8086, .vf_device = 0x10ca };
	struct vf_saved o = fake_memory_vf(0, "igbvf", "");

	assert_true(state_is_about(&o, &pf));
	pf.vf_device = 0x1520;
	assert_false(state_is_about(&o, &pf));
}

#define CARD	   "serial 00-25-38-81-21-00-aa-bb"
#define OTHER_CARD "serial 00-25-38-81-21-00-aa-bc"

static void a_card_of_the_same_kind_in_the_slot_is_noticed(void **state)
{
	struct fake_memory *t = *state;
	struct pf pf = {
		.bdf = { .bus = 5 }, .vendor = 0x8086, .device = 0x10c9, .vf_device = 0x10ca
	};
	struct vf_saved o = fake_memory_vf(0, "igbvf", "");
	struct pf_saved p = { .pf = pf.bdf, .vendor = 0x8086, .device = 0x10c9 };

	snprintf(o.card, sizeof(o.card), CARD);
	snprintf(p.card, sizeof(p.card), CARD);
	fake_memory_reopen(t);
	assert_int_equal(state_put(t->saved, &o, &t->e), 0);
	assert_int_equal(state_put_pf(t->saved, &p, &t->e), 0);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	fake_memory_reopen(t);
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
	struct fake_memory *t = *state;
	struct pf pf = { .bdf = { .bus = 5 }, .vendor = 0x8086, .vf_device = 0x10ca, .card = CARD };
	struct vf_saved o = fake_memory_vf(4, "igbvf", "");
	char text[1024];

	fake_memory_write(t, "{\"version\":1,\"vfs\":[" MEMORY_ENTRY
			     "],\"pfs\":[{\"pf\":\"0000:05:00.0\","
			     "\"vendor\":\"8086\",\"device\":\"10c9\",\"numvfs\":0}]}");
	fake_memory_reopen(t);
	assert_true(state_is_about(state_find(t->saved, pf.bdf, 3), &pf));
	assert_null(state_other_card(t->saved, &pf));
	assert_int_equal(state_put(t->saved, &o, &t->e), 0);
	assert_int_equal(state_commit(t->saved, &t->e), 0);
	fake_memory_read(t, text, sizeof(text));
	assert_null(strstr(text, "card"));
	state_close(t->saved);
	t->saved = NULL;
	fake_memory_refused(t,
			    "{\"version\":1,\"vfs\":[],\"pfs\":[{\"pf\":\"0000:05:00.0\","
			    "\"vendor\":\"8086\",\"device\":\"10c9\",\"numvfs\":0,\"card\":7}]}",
			    "'card'");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, fake_memory_setup, fake_memory_teardown)

static const struct CMUnitTest tests[] = {
	T(what_was_found_stays_readable_when_it_is_forgotten),
	T(host_without_file_has_an_empty_memory),
	T(memory_survives_the_run),
	T(had_no_driver_is_not_the_same_as_not_known),
	T(forgotten_is_gone_also_by_name),
	T(name_belongs_to_one_vf),
	T(long_name_finds_nothing_instead_of_its_first_letters),
	T(entry_put_from_itself_stays),
	T(entries_come_in_order_of_pf_and_index),
	T(thousands_of_entries_are_kept),
	T(attributes_are_remembered_as_far_as_they_are_known),
	T(pfs_are_remembered),
	T(an_override_alone_is_kept),
	T(attributes_of_another_card_are_not_inherited),
	T(memory_of_another_card_in_the_slot_is_noticed),
	T(a_card_of_the_same_kind_in_the_slot_is_noticed),
	T(a_memory_without_cards_is_read_and_stays_without),
};

TEST_MAIN(tests)
