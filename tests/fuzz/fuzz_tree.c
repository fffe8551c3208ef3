// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A captured host: the lines of the input change a small KVM host or Dom0, and every command that
 * only looks is run. Each JSON document must be valid, each failure must have a sentence, and
 * nothing may be written.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "vfyard.h"

#define D "sys/bus/pci/devices/"

static const char common[] = D
	"0000:05:00.0/vendor=0x8086\n" D "0000:05:00.0/device=0x10c9\n" D
	"0000:05:00.0/class=0x020000\n" D "0000:05:00.0/sriov_totalvfs=7\n" D
	"0000:05:00.0/sriov_numvfs=2\n" D "0000:05:00.0/sriov_offset=128\n" D
	"0000:05:00.0/sriov_stride=2\n" D "0000:05:00.0/sriov_drivers_autoprobe=1\n" D
	"0000:05:00.0/driver -> ../../../../bus/pci/drivers/igb\n" D
	"0000:05:00.0/virtfn0 -> ../0000:05:10.0\n" D "0000:05:00.0/virtfn1 -> ../0000:05:10.2\n" D
	"0000:05:10.0/physfn -> ../0000:05:00.0\n" D
	"0000:05:10.0/iommu_group -> ../../../../kernel/iommu_groups/16\n" D
	"0000:05:10.0/driver_override=(null)\n" D "0000:05:10.2/physfn -> ../0000:05:00.0\n" D
	"0000:05:10.2/driver -> ../../../../bus/pci/drivers/igbvf\n" D
	"0000:05:10.2/driver_override=(null)\n"
	"sys/kernel/iommu_groups/16/devices/0000:05:10.0 -> ../../../../bus/pci/devices/0000:05:10.0\n"
	"sys/class/net/eth5/device -> ../../../bus/pci/devices/0000:05:00.0\n"
	"sys/class/net/eth5/flags=0x1003\nsys/class/net/eth5/address=02:00:00:00:00:05\n"
	"sys/bus/pci/drivers/igbvf/\n"
	"etc/vfyard/topology.cfg=version = 1\\npf = [ \"net0: bdf=0000:05:00.0, numvfs=2\" ]\\n"
	"domain = [ [ \"web1\", \"net0/0\" ] ]\n"
	"proc/cmdline=quiet\n";

static const char kvm[] =
	"dev/kvm=\ndev/vfio/vfio=\ndev/vfio/16=\nsys/bus/pci/drivers/vfio-pci/\n" D
	"0000:05:10.0/driver -> ../../../../bus/pci/drivers/vfio-pci\n"
	"proc/42/cmdline=qemu-system-x86_64\\0-name\\0web1\\0-qmp\\0unix:/run/web1.qmp,server\\0\n"
	"proc/42/comm=qemu-system-x86\nproc/42/exe -> /usr/bin/qemu-system-x86_64\n"
	"proc/42/fd/7 -> /dev/vfio/16\n";

static const char xen[] =
	"proc/xen/capabilities=control_d\nsys/hypervisor/type=xen\nsys/bus/pci/drivers/pciback/\n" D
	"0000:05:10.0/driver -> ../../../../bus/pci/drivers/pciback\n"
	"vfyard/xenstore=/libxl/pci = \"\"\\n/libxl/pci/0000-05-10-0 = \"\"\\n"
	"/libxl/pci/0000-05-10-0/domid = \"3\"\\n"
	"vfyard/xl-list=Name ID Mem VCPUs State Time(s)\\nDomain-0 0 1 1 r----- 1.0\\n"
	"web1 3 1 1 -b---- 1.0\n"
	"vfyard/xl-info=xen_major : 4\\nxen_minor : 17\\nxen_extra : .5\\n";

static void check_document(char *text)
{
	json_t *doc = text ? json_loads(text, 0, NULL) : NULL;

	require(!text || doc);
	json_decref(doc);
	free(text);
}

static int (*const asks[])(struct vfy *v, char **ret_json) = {
	vfy_list, vfy_check, vfy_plan, vfy_status, vfy_assignable,
};

static const char *const formats[] = { "xl",	  "grub",	"modprobe", "qemu",
				       "libvirt", "readconfig", "dot" };

static void ask_all(struct vfy *v)
{
	char *text = NULL;

	for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
		int r = asks[i](v, &text);

		require(r >= 0 || *vfy_error(v));
		check_document(text);
		text = NULL;
	}
	if (vfy_attached(v, NULL, &text) < 0)
		require(*vfy_error(v) != '\0');
	check_document(text);
	text = NULL;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (vfy_render(v, formats[i], NULL, &text) < 0)
			require(*vfy_error(v) != '\0');
		free(text);
		text = NULL;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vfy_options o = { .size = sizeof(o), .root = fuzz_dir(), .timeout_ms = 200 };
	struct vfy *v;
	char *text;

	/* Files are slow, so these are small changes of a small host. */
	if (size < 1 || size > 4000)
		return 0;
	text = fuzz_text(data + 1, size - 1);
	fuzz_clear();
	fuzz_tree(common);
	fuzz_tree(data[0] & 1 ? xen : kvm);
	fuzz_tree(text);
	free(text);
	require(vfy_open(&v, &o) == 0);
	ask_all(v);
	vfy_close(v);
	return 0;
}
