// SPDX-License-Identifier: GPL-2.0-or-later
/* DEV on the command line: addresses, PF/INDEX, names and their options, on a host with one PF. */
#include <stdlib.h>
#include <string.h>

#include "engine/operands.h"
#include "fuzz.h"
#include "topology/dev_spec.h"

#define VFS 8u

/* Makes the PF at 0000:05:00.0, "net0" with eth5, and its VFs. */
static struct inventory *the_host(struct host *h)
{
	static const char tree[] =
		"sys/bus/pci/devices/0000:05:00.0/vendor=0x8086\n"
		"sys/bus/pci/devices/0000:05:00.0/device=0x1572\n"
		"sys/bus/pci/devices/0000:05:00.0/sriov_totalvfs=8\n"
		"sys/bus/pci/devices/0000:05:00.0/sriov_numvfs=8\n"
		"sys/bus/pci/devices/0000:05:00.0/sriov_offset=128\n"
		"sys/bus/pci/devices/0000:05:00.0/sriov_stride=2\n"
		"sys/class/net/eth5/device -> ../../../bus/pci/devices/0000:05:00.0\n";
	struct inventory *inv = NULL;
	struct err e = { 0 };

	fuzz_tree(tree);
	for (unsigned i = 0; i < VFS; i++) {
		char line[256];

		snprintf(line, sizeof(line),
			 "sys/bus/pci/devices/0000:05:00.0/virtfn%u -> ../0000:05:%02x.%u\n"
			 "sys/bus/pci/devices/0000:05:%02x.%u/vendor=0x8086\n",
			 i, (128 + 2 * i) / 8, (128 + 2 * i) % 8, (128 + 2 * i) / 8,
			 (128 + 2 * i) % 8);
		fuzz_tree(line);
	}
	require(host_open(h, fuzz_dir(), &e) == 0);
	h->log.to = NULL;
	require(inventory_read(&inv, h, 0, &e) == 0 && inv->n_pfs == 1 && inv->pfs[0].n_vfs == VFS);
	inv->pfs[0].name = "net0";
	return inv;
}

static void check_address(const char *text)
{
	char again[BDF_STRLEN];
	struct bdf bdf, same;
	struct err e = { 0 };
	int r = bdf_parse(&bdf, text, &e);

	if (r < 0)
		fuzz_sentence(&e);
	else
		require(bdf_scan(&same, bdf_str(again, bdf)) && bdf_cmp(bdf, same) == 0);
}

static void check_spec(const char *text)
{
	struct dev_spec spec = { 0 };
	struct err e = { 0 };

	if (dev_spec_parse(&spec, text, &e) < 0)
		fuzz_sentence(&e);
	else
		require(spec.word != NULL);
	dev_spec_done(&spec);
}

static void check_list(struct host *h, struct inventory *inv, const char *text)
{
	struct devlist l = { 0 };
	struct err e = { 0 };

	if (devlist_add(&l, h, inv, NULL, text, &e) < 0)
		fuzz_sentence(&e);
	else
		require(l.n > 0);
	for (size_t i = 0; i < l.n; i++)
		require(l.vfs[i].pf == &inv->pfs[0] && l.vfs[i].index < VFS &&
			(i == 0 || l.vfs[i - 1].index < l.vfs[i].index));
	devlist_done(&l);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct inventory *inv;
	static struct host host;
	char *text = fuzz_text(data, size);

	if (!inv)
		inv = the_host(&host);
	check_address(text);
	check_spec(text);
	check_list(&host, inv, text);
	free(text);
	return 0;
}
