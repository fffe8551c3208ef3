// SPDX-License-Identifier: GPL-2.0-or-later
/* Words for one device: our reading beside that of the real libxlutil,
 * xlu_pci_parse_spec_string(). */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <libxlutil.h>

#include "base/bdf.h"
#include "topology/dev_spec.h"

/* libxlutil forgets the first of two values of name=, in every release; valgrind.supp tells
 * valgrind. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:xlu_pci_parse_spec_string\n";
}

/* How the two differ, and why we want that. */
enum relation {
	SAME,
	STRICTER, /* it accepts the word: as something else than was written, or silently */
	PAGE, /* it refuses the word, but xl-pci-configuration(5) says that an empty value is the
	       * default */
	WILDCARD,  /* it takes every function of the slot, and so VFs of several PFs */
	UNDEFINED, /* it uses an offset that nobody set, so it is not asked */
};

static const struct {
	const char *text;
	enum relation relation;
} words[] = {
	{ "05:10.0", SAME },
	{ "0000:05:10.0", SAME },
	{ "00000000:05:10.0", SAME },
	{ "ABCD:Ef:1F.7", SAME },
	{ "05:10.8", SAME },
	{ "05:20.0", SAME },
	{ "100:10.0", SAME },
	{ "05:10.", SAME },
	{ "05:10.x", SAME },
	{ "05-10.0", SAME },
	{ " 05:10.0", SAME },
	{ "05:10.0 ", SAME },
	{ "05:10.0-2", SAME },
	{ "", SAME },
	{ ",", SAME },
	{ "05:10.0,", SAME },
	{ "05:10.0,permissive=1,", SAME },
	{ "05:10.0,,permissive=1", SAME },
	{ "05:10.0,permissive", SAME },
	{ "05:10.0, permissive=1", SAME },
	{ "05:10.0 ,permissive=1", SAME },
	{ "05:10.0,permissive=0", SAME },
	{ "05:10.0,permissive=1,msitranslate=1,power_mgmt=0,seize=1", SAME },
	{ "05:10.0,permissive=", SAME },
	{ "05:10.0,seize=,msitranslate=,power_mgmt=", SAME },
	{ "05:10.0,rdm_policy=strict", SAME },
	{ "05:10.0,rdm_policy=relaxed", SAME },
	{ "05:10.0,rdm_policy=none", SAME },
	{ "05:10.0,colour=red", SAME },
	{ "05:10.0@6", SAME },
	{ "05:10.0@0", SAME },
	{ "05:10.0@1f", SAME },
	{ "05:10.0@1F", SAME },
	{ "05:10.0@0x6", SAME },
	{ "05:10.0@20", SAME },
	{ "05:10.0@6x", SAME },
	{ "05:10.0@6,msitranslate=1,power_mgmt=1", SAME },
	{ "0000:05:10.0@6,permissive=1", SAME },
	{ "05:10.0@6:7", SAME },
	{ "05:10.0,6", SAME },
	{ "05:10.0,vslot=6", SAME },
	{ "05:10.0,vslot=0x1f", SAME },
	{ "05:10.0,vslot=20", SAME },
	{ "05:10.0,vslot=g", SAME },
	{ "bdf=05:10.0", SAME },
	{ "bdf=05:10.0,vslot=6,seize=1", SAME },
	{ "permissive=1,bdf=05:10.0", SAME },
	{ "bdf=", SAME },
	{ "bdf=05", SAME },
	{ "bdf=05:10.0@6", STRICTER },
	{ "name=fast", SAME },
	{ "name=fast,permissive=1", SAME },
	{ "permissive=1,name=fast", SAME },
	{ "permissive=1", SAME },
	{ "permissive=1,", SAME },
	{ "05:10.0,name=fast", SAME },
	{ "bdf=05:10.0,name=fast", SAME },
	{ "=1", SAME },
	{ "05:10.0@", PAGE },
	{ "05:10.0,vslot=", PAGE },
	{ "05:10.0,rdm_policy=", PAGE },
	{ "05:10.0,name=", PAGE },
	{ "bdf=,name=fast", PAGE },
	{ "name=", STRICTER },
	{ "05:10.00", STRICTER },
	{ "5:10.0", STRICTER },
	{ "05: 10.0", STRICTER },
	{ "05:10.0@ 6", STRICTER },
	{ "05:10.0@006", STRICTER },
	{ "05:10.0,vslot=6x", STRICTER },
	{ "05:10.0,permissive=true", STRICTER },
	{ "05:10.0,permissive=2", STRICTER },
	{ "05:10.0,permissive= 1", STRICTER },
	{ "05:10.0,permissive=0,permissive=1", STRICTER },
	{ "05:10.0@6,vslot=7", STRICTER },
	{ "05:10.0,bdf=05:10.1", STRICTER },
	{ "bdf=05:10.0,bdf=05:10.1", STRICTER },
	{ "name=a,name=b", STRICTER },
	{ "05:10.*", WILDCARD },
	{ "0000:05:10.*@6", WILDCARD },
	{ "bdf=05:10.*", WILDCARD },
	{ "05:10", UNDEFINED },
	{ "05:10@6", UNDEFINED },
	{ "bdf=05:10", UNDEFINED },
};

/* What both say about one word, in one form. */
struct meaning {
	bool taken;
	struct bdf bdf;
	unsigned slot;
	bool permissive, msitranslate, power_mgmt, seize;
	int rdm_policy;
	char name[80];
};

static struct meaning theirs(const char *text)
{
	struct meaning m = { .rdm_policy = -1 };
	FILE *null = fopen("/dev/null", "we");
	XLU_Config *cfg = xlu_cfg_init(null, "word");
	libxl_device_pci pci;

	libxl_device_pci_init(&pci);
	m.taken = xlu_pci_parse_spec_string(cfg, &pci, text) == 0;
	if (m.taken) {
		m.bdf = (struct bdf){ (uint32_t)pci.domain, pci.bus, pci.dev, pci.func };
		m.slot = pci.vdevfn >> 3;
		m.permissive = pci.permissive;
		m.msitranslate = pci.msitranslate;
		m.power_mgmt = pci.power_mgmt;
		m.seize = pci.seize;
		m.rdm_policy = (int)pci.rdm_policy;
		snprintf(m.name, sizeof(m.name), "%s", pci.name ? pci.name : "");
	}
	libxl_device_pci_dispose(&pci);
	xlu_cfg_destroy(cfg);
	fclose(null);
	return m;
}

/* To libxl an option that is not given is off. */
static struct meaning ours(const char *text)
{
	static const int policies[] = {
		[RDM_DEFAULT] = LIBXL_RDM_RESERVE_POLICY_INVALID,
		[RDM_STRICT] = LIBXL_RDM_RESERVE_POLICY_STRICT,
		[RDM_RELAXED] = LIBXL_RDM_RESERVE_POLICY_RELAXED,
	};
	struct meaning m = { .rdm_policy = -1 };
	struct err e = { 0 };
	struct dev_spec s;

	if (dev_spec_parse(&s, text, &e) == 0 && (s.is_name || bdf_scan(&m.bdf, s.word))) {
		m.taken = true;
		m.slot = s.options.vslot < 0 ? 0 : (unsigned)s.options.vslot;
		m.permissive = s.options.permissive == 1;
		m.msitranslate = s.options.msitranslate == 1;
		m.power_mgmt = s.options.power_mgmt == 1;
		m.seize = s.options.seize == 1;
		m.rdm_policy = policies[s.options.rdm_policy];
		snprintf(m.name, sizeof(m.name), "%s", s.is_name ? s.word : "");
	} else if (!s.word || e.cause[0]) {
		assert_int_equal(e.status, EXIT_USAGE);
		assert_string_not_equal(e.cause, "");
	}
	dev_spec_done(&s);
	return m;
}

static bool is_same(const struct meaning *a, const struct meaning *b)
{
	if (!a->taken || !b->taken)
		return a->taken == b->taken;
	return !bdf_cmp(a->bdf, b->bdf) && a->slot == b->slot && a->permissive == b->permissive &&
	       a->msitranslate == b->msitranslate && a->power_mgmt == b->power_mgmt &&
	       a->seize == b->seize && a->rdm_policy == b->rdm_policy && !strcmp(a->name, b->name);
}

static void every_word_means_the_same_or_differs_as_named(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct meaning we = ours(words[i].text), they = { 0 };
		bool good;

		if (words[i].relation != UNDEFINED)
			they = theirs(words[i].text);
		switch (words[i].relation) {
		case SAME:
			good = is_same(&we, &they);
			break;
		case PAGE:
			good = we.taken && !they.taken;
			break;
		default:
			good = !we.taken && (they.taken || words[i].relation == UNDEFINED);
			break;
		}
		if (!good)
			fail_msg("'%s': we %s it, libxlutil %s it", words[i].text,
				 we.taken ? "take" : "refuse", they.taken ? "takes" : "refuses");
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(every_word_means_the_same_or_differs_as_named),
};

TEST_MAIN(tests)
