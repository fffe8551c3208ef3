// SPDX-License-Identifier: GPL-2.0-or-later
/* What libvirt's definitions, its captures and doctor say of its domains. */
#include "test.h"

#include <string.h>
#include <unistd.h>

#include "fake_virt_env.h"
#include "backend/kvm/kvm.h"
#include "backend/kvm/libvirt/definition.h"
#include "render/topology_print.h"

static void assert_finding(const struct findings *f, const char *object, const char *text)
{
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->v[i].object, object) && strstr(f->v[i].text, text))
			return;
	fail_msg("nothing says of %s: %s", object, text);
}

/* doctor says what check says, also of one that is off; import has words for it. */
static void doctor_knows_room_and_who_else_sets_a_vf(void **state UNUSED)
{
	struct fake_virt_domain *off = fake_virt_add("db1", false, 4);
	struct findings found = { 0 };
	struct topo_domain said = { 0 };
	struct attachment *v;
	struct domain d;
	size_t n;

	fake_root_add(&env.root, "run/libvirt/libvirt-sock=");
	lv_give(3);
	fake_virt_put(lv1, &lv1->config, VF3, "hostdev0");
	fake_virt_put(off, &off->config, "0000:05:10.4", "hostdev0");
	off->config.devs[0].is_interface = off->config.devs[0].is_managed = true;
	env_reload();
	assert_int_equal(kvm_backend.domain_find(env.backend, "lv1", &d, &env.e), 0);
	kvm_backend.diagnose_domain(env.backend, &d, NULL, 0, &found);
	assert_int_equal(found.n, 1);
	assert_finding(&found, "room", "3 of its 4 PCIe ports are free");
	findings_done(&found);
	assert_int_equal(kvm_backend.list(env.backend, &d, &v, &n, &env.e), 0);
	assert_true(v[0].is_unasked);
	free(v);
	assert_int_equal(kvm_backend.domain_find(env.backend, "db1", &d, &env.e), 0);
	kvm_backend.diagnose_domain(env.backend, &d, NULL, 0, &found);
	assert_int_equal(found.n, 3);
	assert_finding(&found, "room", "3 of its 4 PCIe ports are free");
	assert_finding(&found, "interface", "0000:05:10.4 is a network interface");
	assert_finding(&found, "managed", "managed='yes' of 0000:05:10.4");
	findings_done(&found);
	/* A QEMU that nobody manages has room, too. */
	assert_int_equal(kvm_backend.domain_find(env.backend, "web1", &d, &env.e), 0);
	kvm_backend.diagnose_domain(env.backend, &d, NULL, 0, &found);
	assert_finding(&found, "room", "4 of its 4 PCIe ports are free");
	findings_done(&found);
	lv1->config.devs[0].is_managed = true;
	env_reload();
	assert_int_equal(kvm_backend.describe(env.backend, "lv1", &said, &env.e), 0);
	assert_says("managed='yes': libvirt gives its devices back to the host's drivers");
	assert_string_equal(said.libvirt, "lv1");
	topo_domain_done(&said);
	lv1->metadata = "<ovirt-vm:vm xmlns:ovirt-vm='http://ovirt.org/vm/1.0'/>";
	env_reload();
	assert_int_equal(kvm_backend.describe(env.backend, "lv1", &said, &env.e), -EBUSY);
	assert_says("oVirt gives it its VFs, and sets them up");
}

/* Where it is, is said again. */
static void another_libvirt_is_described_by_its_uri(void **state UNUSED)
{
	static const char topology[] = TOPOLOGY("\"libvirt\":\"lv1\",\"uri\":\"qemu:///session\"");
	_cleanup_free_ char *text = NULL, *json = NULL;
	struct topo_domain said = { 0 };
	json_t *doc;
	size_t size;
	FILE *out;

	lv_host_with(topology);
	assert_int_equal(kvm_backend.describe(env.backend, "shop", &said, &env.e), 0);
	assert_string_equal(said.uri, "qemu:///session");
	topo_domain_done(&said);
	out = open_memstream(&text, &size);
	topology_print_text(env.topo, NULL, out);
	fclose(out);
	assert_non_null(strstr(text, "kvm: libvirt=lv1, uri=qemu:///session"));
	doc = topology_json(env.topo);
	json = json_dumps(doc, JSON_COMPACT);
	json_decref(doc);
	assert_non_null(strstr(json, "\"uri\":\"qemu:///session\""));
}

static char *as_read(const char *xml)
{
	json_t *o = definition_of(xml);
	char *text = o ? json_dumps(o, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	json_decref(o);
	return text;
}

static void assert_reads(const char *xml, const char *want)
{
	_cleanup_free_ char *text = as_read(xml);

	assert_non_null(text);
	assert_string_equal(text, want);
}

#define DOMAIN(devices)                                                                            \
	"<domain type='kvm' id='2'><name>a</name><metadata><x><devices><hostdev/></devices></x>"   \
	"</metadata><devices>" devices "</devices></domain>"

static void definitions_are_read_as_libvirt_prints_them(void **state UNUSED)
{
	_cleanup_free_ char *none = NULL;

	assert_reads(
		DOMAIN("<controller type='pci' index='0' model='pcie-root'><alias "
		       "name='pcie.0'/></controller>"
		       "<controller type='pci' index='1' model='pcie-root-port'><target "
		       "chassis='1' port='0x8'/><address type='pci' domain='0x0000' bus='0x00' "
		       "slot='0x01' function='0x0' multifunction='on'/></controller>"
		       "<controller type='pci' index='2' model='pcie-root-port'><target "
		       "chassis='2' port='0x9' hotplug='off'/></controller>"
		       "<controller type='pci' index='3' model='pcie-switch-upstream-port'>"
		       "<address type='pci' domain='0x0000' bus='0x01' slot='0x00' "
		       "function='0x0'/></controller>"
		       "<controller type='pci' index='4' model='pcie-switch-downstream-port'/>"),
		"{\"devices\":[],\"express\":true,\"ports\":[{\"bus\":1,\"free\":false},"
		"{\"bus\":4,\"free\":true}]}");
	/* A trunk's first VLAN; USB devices and those of mediated drivers are none of ours. */
	assert_reads(
		DOMAIN("<controller type='pci' index='0' model='pci-root'/>"
		       "<interface type='hostdev' managed='yes'><mac "
		       "address='52:54:00:aa:bb:cc'/><source><address type='pci' "
		       "domain='0x0001' bus='0xaf' slot='0x1f' function='0x7'/></source><vlan "
		       "trunk='yes'><tag id='42'/><tag id='47'/></vlan></interface>"
		       "<hostdev mode='subsystem' type='usb'><source><vendor id='0x1'/>"
		       "<address bus='1' device='2'/></source></hostdev>"
		       "<hostdev mode='subsystem' type='mdev' model='vfio-pci'><source><address "
		       "uuid='c2177883-f1bb-47f0-914d-32a22e3a8804'/></source></hostdev>"
		       "<hostdev mode='subsystem' type='pci'><source><address domain='0x0000' "
		       "bus='0x100' slot='0x00' function='0x0'/></source></hostdev>"),
		"{\"devices\":[{\"alias\":\"\",\"host\":\"0001:af:1f.7\",\"interface\":true,"
		"\"mac\":\"52:54:00:aa:bb:cc\",\"managed\":true,\"vlan\":42}],\"express\":false,"
		"\"ports\":[]}");
	/* What a pool gave, as it stands in libvirt's own files. */
	assert_reads(DOMAIN("<interface type='network'><source network='pool'/><actual "
			    "type='hostdev' managed='yes'><source><address type='pci' "
			    "domain='0x0000' bus='0x05' slot='0x10' function='0x6'/></source>"
			    "</actual><address type='pci' domain='0x0000' bus='0x01' slot='0x00' "
			    "function='0x0'/></interface>"),
		     "{\"devices\":[{\"alias\":\"\",\"bus\":1,\"function\":0,\"host\":"
		     "\"0000:05:10.6\",\"interface\":true,\"managed\":true,\"slot\":0}],"
		     "\"express\":false,\"ports\":[]}");
	none = as_read("<domain><devices><hostdev></devices></domain>");
	assert_null(none);
	none = as_read("");
	assert_null(none);
}

/* What is asked of the host, and of its capture. */
static void says_what_there_is(const struct fake_virt_domain *off)
{
	static const char topology[] = TOPOLOGY("\"libvirt\":\"lv1\"");
	struct attachment *v;
	struct domain d;
	size_t n;

	/* The running machine has it, its next start has it not. */
	assert_lv_steps(topology, DEFINE);
	assert_int_equal(env_survey(), 0);
	assert_string_equal(vf_of(env_vf(3))->domain, "shop");
	assert_int_equal(kvm_backend.domain_find(env.backend, "lv1", &d, &env.e), 0);
	assert_int_equal(kvm_backend.list(env.backend, &d, &v, &n, &env.e), 0);
	assert_int_equal(n, 1);
	assert_string_equal(v[0].guest_addr, "pci.1");
	assert_string_equal(v[0].uuid, lv1->uuid);
	assert_false(v[0].is_broken);
	free(v);
	assert_int_equal(kvm_backend.domain_find(env.backend, "off one", &d, &env.e), 0);
	assert_int_equal(d.id, 0);
	assert_int_equal(kvm_backend.list_defined(env.backend, &v, &n, &env.e), 0);
	assert_int_equal(n, 1);
	assert_string_equal(v[0].domain, "off one");
	assert_string_equal(v[0].uuid, off->uuid);
	free(v);
	assert_int_equal(env_limits("lv1", 3, 4), -ENOSPC);
	assert_says("domain lv1 has 2 free PCIe ports of 3, 3 are needed");
	assert_int_equal(env_limits("lv1", 2, 1), -EBUSY);
	assert_says("domain off one of libvirt, which is off, has 0000:05:10.4 in its definition");
}

static void a_capture_says_what_the_host_said(void **state UNUSED)
{
	struct fake_virt_domain *off = fake_virt_add("off one", false, 4);
	unsigned n_opens;

	fake_root_add(&env.root, "run/libvirt/libvirt-sock=");
	fake_virt_put(off, &off->config, "0000:05:10.4", "ua-vfyard-net0-2");
	lv1->n_ports = 3;
	lv_give(3);
	says_what_there_is(off);
	n_opens = fake_virt->n_opens;
	assert_true(n_opens > 0);
	fake_virt_capture(&env.root);
	env.root.host.root.write = NULL;
	env.root.host.symbol = NULL;
	env_reload();
	says_what_there_is(off);
	assert_int_equal(fake_virt->n_opens, n_opens);
}

static void what_a_capture_lacks_is_not_known(void **state UNUSED)
{
	struct attachment *v;
	struct domain d;
	size_t n;

	lv_give(3);
	env.root.host.root.write = NULL;
	env_reload();
	assert_int_equal(kvm_backend.domain_find(env.backend, "lv1", &d, &env.e), 0);
	assert_int_equal(env_limits("lv1", 4, 1), -ENODATA);
	assert_says("what libvirt at qemu:///system says is not in this capture");
	/* What its process has open is. */
	assert_int_equal(kvm_backend.list(env.backend, &d, &v, &n, &env.e), 0);
	assert_int_equal(n, 1);
	free(v);
	/* A file that leads elsewhere names no domain. */
	fake_root_add(&env.root,
		      "vfyard/libvirt/domains="
		      "../../../../../../../../etc/passwd-00000000 running persistent a");
	env_reload();
	assert_int_equal(env_limits("lv1", 4, 1), -ESRCH);
	assert_says("another libvirt than that at qemu:///system runs domain lv1");
}

#define T(f) cmocka_unit_test_setup_teardown(f, lv_setup, lv_teardown)

static const struct CMUnitTest tests[] = {
	T(doctor_knows_room_and_who_else_sets_a_vf),	T(another_libvirt_is_described_by_its_uri),
	T(definitions_are_read_as_libvirt_prints_them), T(a_capture_says_what_the_host_said),
	T(what_a_capture_lacks_is_not_known),
};

TEST_MAIN(tests)
