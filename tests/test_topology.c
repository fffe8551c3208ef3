// SPDX-License-Identifier: GPL-2.0-or-later
/* The model that is read from a topology: values, precedence, both syntaxes alike, size. */
#include "test.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <linux/if_ether.h>

#include "topology/build/load.h"

/* Reads a text that has no errors; free it with topology_free(). */
static struct topology *parse(const char *text)
{
	struct problems problems = { 0 };
	struct topology *t = NULL;

	if (topology_parse(&t, text, strlen(text), "t", &problems, NULL) < 0) {
		problems_print(&problems, stderr);
		fail();
	}
	assert_int_equal(problems.n, 0);
	problems_done(&problems);
	return t;
}

static struct topology *parse_file(const char *path)
{
	struct problems problems = { 0 };
	struct topology *t = NULL;

	if (topology_load(&t, path, &problems, NULL) < 0) {
		problems_print(&problems, stderr);
		fail();
	}
	problems_done(&problems);
	return t;
}

static void print_range(FILE *out, const struct topology *t, const struct topo_range *r)
{
	fprintf(out, "%s/%d:%u-%u", t->pfs[r->pf].name, r->all, r->first, r->last);
}

static void print_text(FILE *out, const char *key, const char *value)
{
	if (value)
		fprintf(out, " %s=%s", key, value);
}

static void print_pf(FILE *out, const struct topo_pf *pf)
{
	char bdf[BDF_STRLEN];

	fprintf(out, "pf %s", pf->name);
	if (pf->has_bdf)
		print_text(out, "bdf", bdf_str(bdf, pf->bdf));
	print_text(out, "netdev", pf->netdev);
	if (pf->has_mac)
		fprintf(out, " mac=%02x%02x%02x%02x%02x%02x", pf->mac[0], pf->mac[1], pf->mac[2],
			pf->mac[3], pf->mac[4], pf->mac[5]);
	print_text(out, "path", pf->path);
	print_text(out, "serial", pf->serial);
	if (pf->has_id)
		fprintf(out, " id=%04x:%04x", pf->vendor, pf->device);
	if (pf->has_nth)
		fprintf(out, " nth=%u", pf->nth);
	if (pf->has_numvfs)
		fprintf(out, " numvfs=%u", pf->numvfs);
	if (pf->has_autoprobe)
		fprintf(out, " autoprobe=%d", pf->autoprobe);
	fputc('\n', out);
}

static void print_domain(FILE *out, const struct topology *t, const struct topo_domain *d)
{
	fprintf(out, "domain %s xen=%d type=%d", d->name, d->has_xen, d->xen_type);
	print_text(out, "vm", d->xen_vm);
	dev_options_print(&d->defaults, out);
	fprintf(out, " kvm=%d spare=%u", d->has_kvm, d->spare);
	print_text(out, "qmp", d->qmp);
	print_text(out, "libvirt", d->libvirt);
	print_text(out, "uri", d->uri);
	print_text(out, "machine", d->machine);
	print_text(out, "ports", d->ports);
	for (size_t i = 0; i < d->n_devs; i++) {
		fputs(" dev=", out);
		print_range(out, t, &d->devs[i].range);
		dev_options_print(&d->devs[i].options, out);
	}
	fputc('\n', out);
}

/* Prints everything in the model except places, so that equal models have equal texts. */
static char *print_model(const struct topology *t)
{
	char *text = NULL, buf[VF_ATTR_TEXT];
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	fprintf(out, "hypervisor=%d on_error=%d\n", t->hypervisor, t->on_error);
	for (size_t i = 0; i < t->n_pfs; i++)
		print_pf(out, &t->pfs[i]);
	for (size_t i = 0; i < t->n_vfs; i++) {
		fputs("vf ", out);
		print_range(out, t, &t->vfs[i].range);
		for (unsigned bit = 0; bit < VF_ATTR_N; bit++)
			if (t->vfs[i].attrs.given & 1u << bit)
				fprintf(out, " %s", vf_attr_text(buf, &t->vfs[i].attrs, 1u << bit));
		fputc('\n', out);
	}
	for (size_t i = 0; i < t->n_domains; i++)
		print_domain(out, t, &t->domains[i]);
	fclose(out);
	return text;
}

static const char design_model[] =
	"hypervisor=0 on_error=0\n"
	"pf net0 bdf=0000:05:00.0 netdev=enp5s0f0 numvfs=7 autoprobe=0\n"
	"pf net1 mac=b83fd2000010 numvfs=16\n"
	"pf stor id=1b36:0010 nth=0 numvfs=4\n"
	"vf net0/1:0-0 mac=auto spoofchk=on trust=off\n"
	"vf net0/0:0-3 vlan=100 qos=2 max_tx_rate=1000\n"
	"vf net0/0:3-3 mac=02:00:00:00:00:03 trust=on\n"
	"vf net0/0:6-6 driver=host\n"
	"domain web1 xen=1 type=1,permissive=1 kvm=1 spare=4 qmp=/run/qemu/web1.qmp machine=q35 "
	"ports=auto dev=net0/0:0-2 dev=stor/0:0-0,permissive=1\n"
	"domain dpdk1 xen=1 type=2 kvm=1 spare=0 libvirt=dpdk1 dev=net0/0:3-5,rdm_policy=relaxed "
	"dev=net1/1:0-0\n";

static void both_forms_of_the_example_are_the_same_model(void **state UNUSED)
{
	static const char *const files[] = {
		"tests/topologies/good/design.json",
		"tests/topologies/good/design.cfg",
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct topology *t = parse_file(files[i]);
		_cleanup_free_ char *model = print_model(t);

		assert_string_equal(model, design_model);
		topology_free(t);
	}
}

static void every_key_arrives_in_the_model(void **state UNUSED)
{
	struct topology *t = parse_file("tests/topologies/good/every-key.cfg");
	_cleanup_free_ char *model = print_model(t);

	assert_string_equal(
		model,
		"hypervisor=2 on_error=1\n"
		"pf a.b-c_1 bdf=0000:05:00.0 netdev=wan mac=b83fd2000010 "
		"path=0000:00:1c.0/00.0/02.1 serial=00-25-38-81-21-00-aa-bb id=15b3:101d nth=3 "
		"numvfs=65535 autoprobe=1\n"
		"pf adopted netdev=enp6s0\n"
		"vf a.b-c_1/0:0-0 mac=02:00:00:00:00:01 vlan=4094 qos=7 proto=802.1ad spoofchk=off "
		"trust=on link=on min_tx_rate=10 max_tx_rate=4294967295 driver=assign\n"
		"vf a.b-c_1/0:1-2 vlan=5 proto=802.1q link=off driver=none\n"
		"vf a.b-c_1/0:3-3 link=off\n"
		"vf a.b-c_1/0:4-4 link=on\n"
		"vf a.b-c_1/0:5-5 vlan=0 qos=0 link=auto driver=keep\n"
		"domain web-1.example xen=1 type=3 vm=web,permissive=0,msitranslate=1,power_mgmt=1,"
		"seize=0,rdm_policy=strict kvm=1 spare=253 qmp=/run/q.sock machine=virt "
		"ports=root-ports dev=a.b-c_1/0:0-0,permissive=1,msitranslate=0,power_mgmt=0,seize=1,"
		"rdm_policy=relaxed,name=lan,vslot=1f\n"
		"domain nothing xen=0 type=0 kvm=0 spare=0\n"
		"domain blocks xen=1 type=0 kvm=1 spare=0 ports=switch dev=adopted/0:0-0\n");
	topology_free(t);
}

static void places_are_those_of_the_file(void **state UNUSED)
{
	struct topology *t = parse_file("tests/topologies/good/design.cfg");

	assert_int_equal(t->pfs[1].loc.line, 7);
	assert_int_equal(t->pfs[1].loc.col, 4);
	assert_int_equal(t->vfs[1].attr_loc[__builtin_ctz(VF_ATTR_QOS)].line, 12);
	assert_int_equal(t->vfs[1].attr_loc[__builtin_ctz(VF_ATTR_QOS)].col, 24);
	assert_int_equal(t->domains[1].loc.col, 6);
	assert_int_equal(t->domains[0].devs[1].loc.line, 18);
	topology_free(t);
}

#define PF(rest) "{\"version\":1,\"pf\":[{\"name\":\"p\",\"bdf\":\"05:00.0\"" rest "}]"
#define PF8	 PF(",\"numvfs\":8")

static void a_single_index_beats_a_range_and_a_range_beats_all(void **state UNUSED)
{
	struct topology *t = parse(
		PF8
		",\"vf\":[{\"pf\":\"p\",\"index\":3,\"vlan\":3},"
		"{\"pf\":\"p\",\"index\":\"*\",\"vlan\":1,\"trust\":true,\"proto\":\"802.1ad\"},"
		"{\"pf\":\"p\",\"index\":\"2-4\",\"vlan\":2,\"qos\":5,\"trust\":false}]}");
	static const unsigned vlans[] = { 1, 1, 2, 3, 2, 1, 1, 1 };

	for (unsigned i = 0; i < 8; i++) {
		struct vf_attrs a = topology_attrs(t, 0, i);
		bool in_range = i >= 2 && i <= 4;

		assert_int_equal(a.vlan, vlans[i]);
		assert_int_equal(a.trust, !in_range);
		assert_int_equal(a.proto, ETH_P_8021AD);
		assert_int_equal(a.given, VF_ATTR_VLAN | VF_ATTR_TRUST | VF_ATTR_PROTO |
						  (in_range ? VF_ATTR_QOS : 0));
	}
	topology_free(t);
}

static void ranges_that_overlap_may_agree(void **state UNUSED)
{
	struct topology *t = parse(PF8 ",\"vf\":[{\"pf\":\"p\",\"index\":\"0-5\",\"vlan\":7},"
				       "{\"pf\":\"p\",\"index\":\"1-2\",\"vlan\":7},"
				       "{\"pf\":\"p\",\"index\":\"4-7\",\"vlan\":7,\"qos\":1}]}");

	for (unsigned i = 0; i < 8; i++) {
		struct vf_attrs a = topology_attrs(t, 0, i);

		assert_int_equal(a.given, VF_ATTR_VLAN | (i >= 4 ? VF_ATTR_QOS : 0));
		assert_int_equal(a.vlan, 7);
	}
	topology_free(t);
}

static void a_model_made_by_hand_has_the_same_precedence(void **state UNUSED)
{
	struct topo_vf vfs[] = {
		{ .range = { .first = 1, .last = 1 },
		  .attrs = { .given = VF_ATTR_VLAN, .vlan = 3 } },
		{ .range = { .all = true }, .attrs = { .given = VF_ATTR_VLAN, .vlan = 1 } },
		{ .range = { .last = 2 }, .attrs = { .given = VF_ATTR_VLAN, .vlan = 2 } },
		{ .range = { .pf = 1, .all = true }, .attrs = { .given = VF_ATTR_QOS, .qos = 2 } },
	};
	struct topology t = { .vfs = vfs, .n_vfs = ARRAY_SIZE(vfs) };

	assert_int_equal(topology_attrs(&t, 0, 0).vlan, 2);
	assert_int_equal(topology_attrs(&t, 0, 1).vlan, 3);
	assert_int_equal(topology_attrs(&t, 0, 3).vlan, 1);
	assert_int_equal(topology_attrs(&t, 1, 3).given, VF_ATTR_QOS);
}

static void nothing_is_given_for_a_vf_that_is_not_mentioned(void **state UNUSED)
{
	struct topology *t = parse(PF8 ",\"vf\":[{\"pf\":\"p\",\"index\":\"2-4\",\"vlan\":7}]}");

	assert_int_equal(topology_attrs(t, 0, 1).given, 0);
	assert_int_equal(topology_attrs(t, 0, 5).given, 0);
	topology_free(t);
}

static void domains_are_found_by_name(void **state UNUSED)
{
	struct topology *t = parse("{\"version\":1,\"domain\":[{\"name\":\"b\"},{\"name\":\"c\"},"
				   "{\"name\":\"a\"},{\"name\":\"B\"}]}");

	assert_ptr_equal(topology_find_domain(t, "a"), &t->domains[2]);
	assert_ptr_equal(topology_find_domain(t, "b"), &t->domains[0]);
	assert_ptr_equal(topology_find_domain(t, "B"), &t->domains[3]);
	assert_null(topology_find_domain(t, "d"));
	assert_null(topology_find_domain(t, ""));
	topology_free(t);
}

static void number_of_vfs_is_the_wanted_one_or_what_the_host_has(void **state UNUSED)
{
	struct topo_pf wants_none = { 0 }, wants = { .has_numvfs = true, .numvfs = 0 };
	struct pf have = { .numvfs = 7 };

	assert_int_equal(topology_numvfs(&wants, &have), 0);
	assert_int_equal(topology_numvfs(&wants_none, &have), 7);
	assert_int_equal(topology_numvfs(&wants_none, NULL), 0);
}

static void an_index_is_free_where_numvfs_is_not_given(void **state UNUSED)
{
	struct topology *t = parse(PF("") ",\"vf\":[{\"pf\":\"p\",\"index\":99999,\"vlan\":7}]}");

	assert_int_equal(topology_attrs(t, 0, 99999).vlan, 7);
	topology_free(t);
}

/* Makes as many single entries as a host can have VFs, in the worst order for whoever inserts
 * them. */
static char *big_topology(unsigned n_pfs, unsigned n_vfs)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	fputs("{\"version\":1,\"pf\":[", f);
	for (unsigned p = 0; p < n_pfs; p++)
		fprintf(f, "%s{\"name\":\"p%u\",\"bdf\":\"%04x:00:00.0\",\"numvfs\":%u}",
			p ? "," : "", p, p, n_vfs);
	fputs("],\"vf\":[", f);
	for (unsigned i = 0; i < n_pfs * n_vfs; i++)
		fprintf(f, "%s{\"pf\":\"p%u\",\"index\":%u,\"vlan\":%u}", i ? "," : "", i % n_pfs,
			n_vfs - 1 - i / n_pfs, i % 4094 + 1);
	fputs("],\"domain\":[", f);
	for (unsigned i = 0; i < n_pfs * n_vfs; i++)
		fprintf(f, "%s{\"name\":\"d%u\",\"devices\":[{\"pf\":\"p%u\",\"index\":%u}]}",
			i ? "," : "", i, i % n_pfs, n_vfs - 1 - i / n_pfs);
	fputs("]}", f);
	fclose(f);
	return text;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double time_to_parse(unsigned n_pfs, unsigned n_vfs)
{
	_cleanup_free_ char *text = big_topology(n_pfs, n_vfs);
	double start = seconds(), end;
	struct topology *t = parse(text);

	for (unsigned i = 0; i < n_pfs * n_vfs; i++)
		assert_int_equal(topology_attrs(t, i % n_pfs, n_vfs - 1 - i / n_pfs).vlan,
				 i % 4094 + 1);
	end = seconds();
	assert_int_equal(t->n_vfs, n_pfs * n_vfs);
	assert_int_equal(t->n_domains, n_pfs * n_vfs);
	topology_free(t);
	return end - start;
}

/* Sixteen times the entries may take sixteen times as long, and some more for sorting and caches; a
 * check of each pair would take 256 times as long. */
static void time_grows_with_the_number_of_vfs_and_not_with_its_square(void **state UNUSED)
{
	double few = time_to_parse(16, 256), many = time_to_parse(64, 1024);

	if (many > few * 16 * 4)
		fail_msg("4096 VFs: %.3f s, 65536 VFs: %.3f s", few, many);
}

static void every_vf_of_one_pf_in_ranges_is_read(void **state UNUSED)
{
	_cleanup_free_ char *text = NULL;
	struct topology *t;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	fputs(PF(",\"numvfs\":65535") ",\"vf\":[{\"pf\":\"p\",\"index\":\"*\",\"mac\":\"auto\"}",
	      f);
	for (unsigned i = 0; i < 65535; i += 2)
		fprintf(f, ",{\"pf\":\"p\",\"index\":\"%u-%u\",\"vlan\":%u}", i,
			i + 1 < 65535 ? i + 1 : i, i % 4000 + 1);
	fputs("]}", f);
	fclose(f);
	t = parse(text);
	for (unsigned i = 0; i < 65535; i++) {
		struct vf_attrs a = topology_attrs(t, 0, i);

		assert_true(a.mac_auto);
		assert_int_equal(a.vlan, (i & ~1u) % 4000 + 1);
	}
	topology_free(t);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(both_forms_of_the_example_are_the_same_model),
	cmocka_unit_test(every_key_arrives_in_the_model),
	cmocka_unit_test(places_are_those_of_the_file),
	cmocka_unit_test(a_single_index_beats_a_range_and_a_range_beats_all),
	cmocka_unit_test(ranges_that_overlap_may_agree),
	cmocka_unit_test(a_model_made_by_hand_has_the_same_precedence),
	cmocka_unit_test(nothing_is_given_for_a_vf_that_is_not_mentioned),
	cmocka_unit_test(domains_are_found_by_name),
	cmocka_unit_test(number_of_vfs_is_the_wanted_one_or_what_the_host_has),
	cmocka_unit_test(an_index_is_free_where_numvfs_is_not_given),
	cmocka_unit_test(time_grows_with_the_number_of_vfs_and_not_with_its_square),
	cmocka_unit_test(every_vf_of_one_pf_in_ranges_is_read),
};

TEST_MAIN(tests)
