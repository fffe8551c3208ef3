// SPDX-License-Identifier: GPL-2.0-or-later
/* Functions as a whole go the way that VFs go: the same verbs, memory, journal and way back. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "engine/plan/plan_release.h"
#include "engine/run/journal.h"
#include "engine/run/recover.h"
#include "fake_site.h"
#include "fake_verbs.h"
#include "host/pci/bind.h"

#define GPU   "0000:0b:00.0"
#define AUDIO "0000:0b:00.1"
#define PF    "0000:06:00.0" /* has no VFs */

static int setup(void **state)
{
	struct fake_site *s;
	int r = fake_site_setup(state);

	s = *state;
	fake_root_add_function(&s->root, &(struct fake_function){ GPU, "0x030000", "nouveau", 40 });
	fake_root_add_function(&s->root,
			       &(struct fake_function){ AUDIO, "0x040300", "snd_hda_intel", 40 });
	fake_root_add_pf(&s->root, &(struct fake_pf){ .bdf = PF,
						      .driver = "igb",
						      .totalvfs = 7,
						      .offset = 128,
						      .stride = 2,
						      .first_group = -1 });
	fake_site_reload(s);
	return r;
}

static const char *driver_of(struct fake_site *s, const char *bdf, char buf[DRIVER_MAX])
{
	struct bdf b;

	assert_true(bdf_scan(&b, bdf));
	assert_int_equal(bind_driver_of(&s->root.host, b, buf, NULL), 0);
	return buf;
}

static const struct vf_saved *saved_of(struct fake_site *s, const char *bdf)
{
	struct bdf b;

	assert_true(bdf_scan(&b, bdf));
	return state_find(s->saved, b, WHOLE);
}

static void assert_driver(struct fake_site *s, const char *bdf, const char *driver)
{
	char buf[DRIVER_MAX];

	assert_string_equal(driver_of(s, bdf, buf), driver);
}

static void assign(struct fake_site *s, const char *dev, const char *name)
{
	struct devlist devs = fake_site_devs(s, dev);

	if (run_assign(&s->en, &devs, name, &s->e) < 0)
		fail_msg("%s: %s", dev, s->e.cause);
	devlist_done(&devs);
	fake_site_reload(s);
}

static void unassign(struct fake_site *s, const char *dev, bool give_back)
{
	struct devlist devs = fake_site_devs(s, dev);

	if (run_unassign(&s->en, &devs, give_back, &s->e) < 0)
		fail_msg("%s: %s", dev, s->e.cause);
	devlist_done(&devs);
	fake_site_reload(s);
}

static void function_goes_out_and_back_to_its_driver(void **state)
{
	static const struct {
		const char *bdf, *driver;
	} of[] = { { GPU, "nouveau" }, { AUDIO, "snd_hda_intel" }, { PF, "igb" } };
	struct fake_site *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(of); i++) {
		assign(s, of[i].bdf, "");
		assert_driver(s, of[i].bdf, FAKE_DRIVER);
		assert_non_null(saved_of(s, of[i].bdf));
		assert_string_equal(saved_of(s, of[i].bdf)->driver, of[i].driver);
		unassign(s, of[i].bdf, true);
		assert_driver(s, of[i].bdf, of[i].driver);
		assert_null(saved_of(s, of[i].bdf));
	}
}

static void pf_that_is_away_is_not_taken_for_its_first_vf(void **state)
{
	struct fake_site *s = *state;
	struct bdf b;

	assert_true(bdf_scan(&b, PF));
	assign(s, PF, "card");
	assert_null(state_find(s->saved, b, 0));
	assert_string_equal(saved_of(s, PF)->name, "card");
	unassign(s, "card", true);
	assert_driver(s, PF, "igb");
}

static void guest_gets_a_function_and_gives_it_back(void **state)
{
	struct fake_site *s = *state;
	struct devlist devs;
	struct bdf b;

	assign(s, GPU, "");
	devs = fake_site_devs(s, GPU ",permissive=1");
	assert_int_equal(run_attach(&s->en, "web1", &devs, &s->e), 0);
	fake_site_reload(s);
	assert_true(bdf_scan(&b, GPU));
	assert_string_equal(fake_backend_device(&s->backend, b)->domain, "web1");
	devlist_done(&devs);
	devs = fake_site_devs(s, GPU);
	assert_int_equal(run_unassign(&s->en, &devs, true, &s->e), -EBUSY);
	assert_string_equal(s->e.cause, "held by domain web1");
	assert_string_equal(s->e.fix, "run: vfyard pci-detach web1 " GPU);
	assert_int_equal(run_detach(&s->en, "web1", &devs, false, &s->e), 0);
	devlist_done(&devs);
	fake_site_reload(s);
	assert_string_equal(fake_backend_device(&s->backend, b)->domain, "");
	unassign(s, GPU, true);
	assert_driver(s, GPU, "nouveau");
}

static void function_in_a_guest_is_not_taken(void **state)
{
	struct fake_site *s = *state;
	struct devlist devs;

	assign(s, GPU, "");
	devs = fake_site_devs(s, GPU);
	assert_int_equal(run_attach(&s->en, "db1", &devs, &s->e), 0);
	devlist_done(&devs);
	fake_site_reload(s);
	devs = fake_site_devs(s, GPU);
	assert_int_equal(run_attach(&s->en, "web1", &devs, &s->e), -EBUSY);
	assert_string_equal(s->e.cause, "held by domain db1");
	devlist_done(&devs);
}

static void release_brings_back_what_is_in_a_guest(void **state)
{
	struct fake_site *s = *state;
	struct change change = { 0 };
	struct devlist devs;

	assign(s, GPU, "");
	assign(s, PF, "");
	devs = fake_site_devs(s, GPU);
	assert_int_equal(run_attach(&s->en, "web1", &devs, &s->e), 0);
	devlist_done(&devs);
	fake_site_reload(s);
	assert_int_equal(change_release(&s->en, NULL, &change, &s->e), 0);
	assert_int_equal(fake_site_run(s, &change.plan), 0);
	change_done(&change, s->en.ops);
	fake_site_reload(s);
	assert_driver(s, GPU, "nouveau");
	assert_driver(s, PF, "igb");
	assert_null(saved_of(s, GPU));
	assert_null(saved_of(s, PF));
}

static void release_of_one_leaves_the_other(void **state)
{
	struct fake_site *s = *state;
	struct change change = { 0 };
	struct devlist devs;

	assign(s, GPU, "");
	assign(s, AUDIO, "");
	devs = fake_site_devs(s, AUDIO);
	assert_int_equal(change_release(&s->en, &devs, &change, &s->e), 0);
	assert_int_equal(fake_site_run(s, &change.plan), 0);
	change_done(&change, s->en.ops);
	devlist_done(&devs);
	fake_site_reload(s);
	assert_driver(s, GPU, FAKE_DRIVER);
	assert_driver(s, AUDIO, "snd_hda_intel");
}

/* Another card is in the slot: it does not get the driver of the one before. */
static void memory_is_not_used_for_another_device(void **state)
{
	struct fake_site *s = *state;
	struct devlist devs;

	assign(s, GPU, "");
	fake_root_add(&s->root, "sys/devices/pci0000:0b/" GPU "/device=0x4321");
	fake_site_reload(s);
	devs = fake_site_devs(s, GPU);
	assert_int_equal(run_unassign(&s->en, &devs, true, &s->e), 0);
	devlist_done(&devs);
	fake_site_reload(s);
	assert_driver(s, GPU, "");
	assert_non_null(
		strstr(fake_site_notes(s), GPU ": its driver before " FAKE_DRIVER " is not known"));
	assert_non_null(
		strstr(fake_site_notes(s), "run: echo " GPU " > /sys/bus/pci/drivers_probe"));
}

static void failed_run_leaves_no_trace(void **state)
{
	struct fake_site *s = *state;
	struct devlist devs = fake_site_devs(s, GPU);
	struct devlist more = fake_site_devs(s, AUDIO);

	fake_backend_fail(&s->backend,
			  (struct fake_op_fault){ .op = "assign", .skip = 1, .code = EIO });
	devlist_done(&more);
	assert_int_equal(devlist_add(&devs, &s->root.host, s->inv, s->saved, AUDIO, &s->e), 0);
	assert_int_equal(run_assign(&s->en, &devs, "", &s->e), -EIO);
	devlist_done(&devs);
	fake_site_reload(s);
	assert_driver(s, GPU, "nouveau");
	assert_driver(s, AUDIO, "snd_hda_intel");
	assert_null(saved_of(s, GPU));
}

/* The journal of a run that was killed within the step is understood, and settled. */
static void killed_run_is_recovered(void **state)
{
	struct fake_site *s = *state;
	const struct host *h = &s->root.host;
	struct journal *j = NULL;
	struct before before = { .driver = "nouveau" };
	struct plan p = { 0 };
	struct vf_ref gpu;
	struct bdf b;

	assert_true(bdf_scan(&b, GPU));
	assert_true(inventory_find_function(s->inv, b, &gpu));
	assert_int_equal(plan_add(&p, &(struct step){ .kind = STEP_ASSIGN, .vf = gpu }, NULL), 0);
	assert_int_equal(journal_open(&j, h, "test", &s->e), 0);
	assert_int_equal(journal_begin(j, &p, &before, 0, 1, &s->e), 0);
	assert_int_equal(bind_unbind(h, b, &s->e), 0);
	journal_close(j);
	plan_done(&p);
	assert_int_equal(recover(&s->en, &s->e), 1);
	assert_driver(s, GPU, "nouveau");
	assert_non_null(strstr(fake_site_notes(s), GPU ": an earlier run"));
}

/* The name of a device means all of its functions, and one with its index. */
static void device_is_named_as_a_whole_and_by_function(void **state)
{
	struct fake_site *s = *state;
	struct pf *functions[2], *device = NULL;
	struct vf_ref f;
	struct devlist l;
	struct bdf b;

	for (unsigned i = 0; i < 2; i++) {
		assert_true(bdf_scan(&b, i ? AUDIO : GPU));
		assert_true(inventory_find_function(s->inv, b, &f));
		functions[i] = f.pf;
	}
	assert_int_equal(inventory_add_device(s->inv, "gpu0", functions, 2, &device), 0);
	l = fake_site_devs(s, "gpu0");
	assert_int_equal(l.n, 2);
	devlist_done(&l);
	l = fake_site_devs(s, "gpu0/1");
	assert_int_equal(l.n, 1);
	assert_string_equal(bdf_str((char[BDF_STRLEN]){ "" }, vf_of(l.vfs[0])->bdf), AUDIO);
	devlist_done(&l);
	/* by address it is the same one */
	l = fake_site_devs(s, AUDIO);
	assert_ptr_equal(l.vfs[0].pf, device);
	devlist_done(&l);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, fake_site_teardown)

static const struct CMUnitTest tests[] = {
	T(function_goes_out_and_back_to_its_driver),
	T(pf_that_is_away_is_not_taken_for_its_first_vf),
	T(guest_gets_a_function_and_gives_it_back),
	T(function_in_a_guest_is_not_taken),
	T(release_brings_back_what_is_in_a_guest),
	T(release_of_one_leaves_the_other),
	T(memory_is_not_used_for_another_device),
	T(failed_run_leaves_no_trace),
	T(killed_run_is_recovered),
	T(device_is_named_as_a_whole_and_by_function),
};

TEST_MAIN(tests)
