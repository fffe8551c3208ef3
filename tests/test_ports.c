// SPDX-License-Identifier: GPL-2.0-or-later
#include "test.h"

#include <string.h>

#include "topology/ports.h"

static struct ports_request request(const char *machine, const char *mode, size_t n, size_t spare)
{
	struct ports_request q = { .machine = machine_type_find(machine),
				   .n_devices = n,
				   .n_spare = spare,
				   .reserve = PORTS_RESERVE };

	assert_non_null(q.machine);
	assert_true(ports_mode_find(mode, &q.mode));
	return q;
}

/* Every address of bus 0 occurs once, in a free slot, and function 0 says whether there are
 * others. */
static void assert_root_ports(const struct ports_plan *p)
{
	const struct port *at[32][8] = { 0 };
	unsigned slots = 0;

	for (size_t i = 0; i < p->n_ports; i++) {
		const struct port *port = &p->ports[i];

		if (port->kind != PORT_ROOT)
			continue;
		assert_string_equal(port->bus, "pcie.0");
		assert_in_range(port->slot, p->machine->first_slot, p->machine->last_slot);
		assert_in_range(port->fn, 0, 7);
		assert_null(at[port->slot][port->fn]);
		at[port->slot][port->fn] = port;
		assert_int_equal(port->port_number, port->slot * 8 + port->fn);
	}
	for (unsigned s = 0; s < 32; s++) {
		unsigned n = 0;

		for (unsigned fn = 0; fn < 8; fn++)
			n += at[s][fn] != NULL;
		slots += n > 0;
		for (unsigned fn = 0; fn < 8 && n; fn++)
			assert_int_equal(at[s][fn] && at[s][fn]->multifunction, fn == 0 && n > 1);
	}
	assert_int_equal(slots, p->slots);
}

/* Parents come first and are of the right kind, each chassis occurs once, and no two ports share a
 * place. */
static void assert_tree(const struct ports_plan *p)
{
	bool chassis[256] = { false }, below[256][32] = { { false } };
	unsigned switches = 0;

	for (size_t i = 0; i < p->n_ports; i++) {
		const struct port *port = &p->ports[i], *parent;

		if (port->kind != PORT_UPSTREAM) {
			assert_in_range(port->chassis, 1, 255);
			assert_false(chassis[port->chassis]);
			chassis[port->chassis] = true;
		}
		if (port->kind == PORT_ROOT) {
			assert_true(port->parent == PORT_NO_PARENT);
			continue;
		}
		assert_true(port->parent < i);
		parent = &p->ports[port->parent];
		assert_string_equal(port->bus, parent->id);
		assert_int_equal(parent->kind,
				 port->kind == PORT_UPSTREAM ? PORT_ROOT : PORT_UPSTREAM);
		assert_false(parent->takes_device);
		assert_false(port->multifunction);
		assert_int_equal(port->fn, 0);
		assert_true(port->slot < 32);
		assert_false(below[port->parent][port->slot]);
		below[port->parent][port->slot] = true;
		switches += port->kind == PORT_UPSTREAM;
	}
	assert_int_equal(switches, p->switches);
	assert_int_equal(p->buses, 1 + p->n_ports);
	assert_true(p->buses <= 256);
}

static void assert_one_socket_each(const struct ports_plan *p, size_t n)
{
	bool used[256] = { false };
	size_t sockets = 0;

	assert_int_equal(p->n_devices + p->n_spare, n);
	for (size_t i = 0; i < n; i++) {
		const struct port *port = &p->ports[p->sockets[i]];

		assert_true(p->sockets[i] < p->n_ports);
		assert_true(port->takes_device && port->kind != PORT_UPSTREAM);
		assert_false(used[p->sockets[i]]);
		used[p->sockets[i]] = true;
	}
	for (size_t i = 0; i < p->n_ports; i++)
		sockets += p->ports[i].takes_device;
	assert_int_equal(sockets, n);
}

static void assert_same(const struct ports_plan *a, const struct ports_plan *b)
{
	assert_int_equal(a->n_ports, b->n_ports);
	assert_memory_equal(a->ports, b->ports, a->n_ports * sizeof(*a->ports));
	assert_memory_equal(a->sockets, b->sockets,
			    (a->n_devices + a->n_spare) * sizeof(*a->sockets));
}

static void assert_mode_kept(const struct ports_plan *p, const struct ports_request *q)
{
	for (size_t i = 0; i < p->n_devices + p->n_spare; i++)
		if (q->mode != PORTS_AUTO)
			assert_int_equal(p->ports[p->sockets[i]].kind,
					 q->mode == PORTS_SWITCH ? PORT_DOWNSTREAM : PORT_ROOT);
}

/* Checks one plan, or a refusal when the numbers say that there is none. */
static void check_request(const struct ports_request *q, size_t most)
{
	struct ports_plan p, again;
	struct err e = { 0 };
	size_t n = q->n_devices + q->n_spare;

	if (n > most) {
		assert_int_equal(ports_plan(q, &p, &e), -E2BIG);
		assert_int_equal(e.status, EXIT_REFUSED);
		assert_true(e.fix[0]);
		return;
	}
	assert_int_equal(ports_plan(q, &p, &e), 0);
	assert_int_equal(ports_plan(q, &again, &e), 0);
	assert_root_ports(&p);
	assert_tree(&p);
	assert_one_socket_each(&p, n);
	assert_mode_kept(&p, q);
	assert_same(&p, &again);
	ports_plan_done(&p);
	ports_plan_done(&again);
}

static const struct {
	const char *machine, *mode;
	size_t most;
} kinds[] = {
	{ "q35", "auto", 253 },	 { "q35", "root-ports", 240 },	{ "q35", "switch", 239 },
	{ "virt", "auto", 253 }, { "virt", "root-ports", 248 }, { "virt", "switch", 239 },
};

static void every_number_of_vfs_has_a_plan_that_keeps_every_rule(void **state UNUSED)
{
	static const size_t spares[] = { 0, 7 };

	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++)
		for (size_t n = 0; n <= 256; n++)
			for (size_t s = 0; s < ARRAY_SIZE(spares); s++) {
				struct ports_request q =
					request(kinds[k].machine, kinds[k].mode, n, spares[s]);

				check_request(&q, kinds[k].most);
				q.reserve = 0;
				check_request(&q, kinds[k].most);
			}
}

static void full_machines_have_no_two_ports_of_one_name(void **state UNUSED)
{
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		struct ports_request q = request(kinds[k].machine, kinds[k].mode, kinds[k].most, 0);
		struct ports_plan p;

		assert_int_equal(ports_plan(&q, &p, NULL), 0);
		for (size_t i = 0; i < p.n_ports; i++)
			for (size_t j = 0; j < i; j++)
				assert_string_not_equal(p.ports[j].id, p.ports[i].id);
		ports_plan_done(&p);
	}
}

static void most_is_what_the_numbers_of_the_machine_allow(void **state UNUSED)
{
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		struct ports_request q = request(kinds[k].machine, kinds[k].mode, 0, 0);

		assert_int_equal(ports_most(&q), kinds[k].most);
	}
}

static unsigned switches_of(size_t n, unsigned reserve, unsigned *ret_slots)
{
	struct ports_request q = request("q35", "auto", n, 0);
	struct ports_plan p;
	unsigned switches;

	q.reserve = reserve;
	assert_int_equal(ports_plan(&q, &p, NULL), 0);
	switches = p.switches;
	if (ret_slots)
		*ret_slots = p.slots;
	ports_plan_done(&p);
	return switches;
}

static void auto_is_flat_while_slots_last(void **state UNUSED)
{
	assert_int_equal(switches_of(240, 0, NULL), 0);
	assert_int_equal(switches_of(241, 0, NULL), 1);
	assert_int_equal(switches_of(253, 0, NULL), 1);
}

static void reserved_slots_stay_free_while_the_rest_suffices(void **state UNUSED)
{
	unsigned slots;

	assert_int_equal(switches_of(224, 2, NULL), 0);
	assert_int_equal(switches_of(225, 2, &slots), 1);
	assert_int_equal(slots, 28);
	assert_int_equal(switches_of(253, 2, &slots), 1);
	assert_int_equal(slots, 28);
	/* With five slots left there are 8 * 25 root ports; 253 need 28 slots nevertheless. */
	assert_int_equal(switches_of(253, 5, &slots), 1);
	assert_int_equal(slots, 28);
}

static void root_ports_take_the_last_slots(void **state UNUSED)
{
	struct ports_request q = request("virt", "auto", 9, 0);
	struct ports_plan p;

	assert_int_equal(ports_plan(&q, &p, NULL), 0);
	assert_int_equal(p.ports[0].slot, 0x1e);
	assert_int_equal(p.ports[8].slot, 0x1f);
	assert_int_equal(p.ports[8].fn, 0);
	assert_false(p.ports[8].multifunction);
	ports_plan_done(&p);
}

static void ports_of_a_device_keep_their_number_when_more_are_added(void **state UNUSED)
{
	static const char *const modes[] = { "root-ports", "switch" };

	for (size_t m = 0; m < ARRAY_SIZE(modes); m++) {
		struct ports_request few = request("q35", modes[m], 40, 0);
		struct ports_request many = request("q35", modes[m], 50, 20);
		struct ports_plan a, b;

		assert_int_equal(ports_plan(&few, &a, NULL), 0);
		assert_int_equal(ports_plan(&many, &b, NULL), 0);
		for (size_t i = 0; i < 40; i++) {
			assert_int_equal(a.ports[a.sockets[i]].chassis,
					 b.ports[b.sockets[i]].chassis);
			assert_string_equal(a.ports[a.sockets[i]].id, b.ports[b.sockets[i]].id);
		}
		ports_plan_done(&a);
		ports_plan_done(&b);
	}
}

static void assert_refused(struct ports_request q, const char *cause, const char *fix)
{
	struct ports_plan p;
	struct err e = { 0 };

	assert_int_equal(ports_plan(&q, &p, &e), -E2BIG);
	assert_string_equal(e.step, "plan its ports");
	if (!strstr(e.cause, cause))
		fail_msg("'%s' lacks '%s'", e.cause, cause);
	assert_string_equal(e.fix, fix);
}

static void refusal_has_the_numbers_and_what_to_do(void **state UNUSED)
{
	assert_refused(request("q35", "auto", 260, 4),
		       "260 VFs and 4 spare ports need 264 ports, but machine=q35 with ports=auto "
		       "has room for 253: it has 30 slots of pcie.0 and 256 bus numbers",
		       "give 7 VFs to another domain");
	assert_refused(request("virt", "root-ports", 250, 0), "has room for 248: it has 31 slots",
		       "write ports=auto");
	assert_refused(request("q35", "auto", 250, 4), "room for 253", "write spare=3 or less");
	assert_refused(request("q35", "switch", 100000, 0), "room for 239",
		       "give 99761 VFs to another domain");
}

static void chassis_numbers_start_where_asked_and_end_at_255(void **state UNUSED)
{
	struct ports_request q = request("q35", "root-ports", 6, 0);
	struct ports_plan p;

	q.chassis = 250;
	assert_int_equal(ports_plan(&q, &p, NULL), 0);
	assert_int_equal(p.ports[0].chassis, 250);
	assert_int_equal(p.ports[5].chassis, 255);
	ports_plan_done(&p);
	q.n_devices = 7;
	assert_int_equal(ports_most(&q), 6);
	assert_refused(q, "room for 6", "give 1 VFs to another domain");
}

static void names_of_machines_and_modes_are_found_or_not(void **state UNUSED)
{
	enum ports_mode m = PORTS_SWITCH;

	assert_string_equal(machine_type_find(NULL)->name, "q35");
	assert_null(machine_type_find("pc"));
	assert_false(ports_mode_find("flat", &m));
	assert_int_equal(m, PORTS_SWITCH);
	assert_true(ports_mode_find(NULL, &m));
	assert_int_equal(m, PORTS_AUTO);
	assert_true(ports_mode_find("root-ports", &m));
	assert_int_equal(m, PORTS_ROOT_PORTS);
}

static void device_ids_have_no_colon(void **state UNUSED)
{
	char id[PORTS_DEVICE_ID_MAX];

	assert_string_equal(ports_device_id(id, (struct bdf){ 0, 5, 0x10, 6 }), "vf-0000-05-10.6");
	assert_string_equal(ports_device_id(id, (struct bdf){ 0xffffffff, 0xff, 0x1f, 7 }),
			    "vf-ffffffff-ff-1f.7");
}

static void aliases_are_of_what_libvirt_takes(void **state UNUSED)
{
	char alias[PORTS_ALIAS_MAX];

	assert_string_equal(ports_alias(alias, "net0", 3), "ua-vfyard-net0-3");
	assert_string_equal(ports_alias(alias, "0000:05:00.0", 12), "ua-vfyard-0000_05_00_0-12");
	assert_string_equal(ports_alias(alias, "a/>b", 0), "ua-vfyard-a__b-0");
}

static void ledger_is_one_sentence(void **state UNUSED)
{
	struct ports_request q = request("q35", "switch", 40, 4);
	char text[PORTS_LEDGER_MAX];
	struct ports_plan p;

	assert_int_equal(ports_plan(&q, &p, NULL), 0);
	assert_string_equal(ports_ledger(text, &p), "40 VFs, 4 spare ports, 2 switches: 49 of 256 "
						    "buses, 1 of 30 slots of pcie.0");
	ports_plan_done(&p);
	q = request("virt", "auto", 1, 1);
	assert_int_equal(ports_plan(&q, &p, NULL), 0);
	assert_string_equal(ports_ledger(text, &p),
			    "1 VF, 1 spare port: 3 of 256 buses, 1 of 31 slots of pcie.0");
	ports_plan_done(&p);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(every_number_of_vfs_has_a_plan_that_keeps_every_rule),
	cmocka_unit_test(full_machines_have_no_two_ports_of_one_name),
	cmocka_unit_test(most_is_what_the_numbers_of_the_machine_allow),
	cmocka_unit_test(auto_is_flat_while_slots_last),
	cmocka_unit_test(reserved_slots_stay_free_while_the_rest_suffices),
	cmocka_unit_test(root_ports_take_the_last_slots),
	cmocka_unit_test(ports_of_a_device_keep_their_number_when_more_are_added),
	cmocka_unit_test(refusal_has_the_numbers_and_what_to_do),
	cmocka_unit_test(chassis_numbers_start_where_asked_and_end_at_255),
	cmocka_unit_test(names_of_machines_and_modes_are_found_or_not),
	cmocka_unit_test(device_ids_have_no_colon),
	cmocka_unit_test(aliases_are_of_what_libvirt_takes),
	cmocka_unit_test(ledger_is_one_sentence),
};

TEST_MAIN(tests)
