// SPDX-License-Identifier: GPL-2.0-or-later
/* VFs that their driver turns into devices for guests: no other driver may have them. */
#include "host/guard/guard_parts.h"

#define DEVICES "sys/bus/pci/devices/"

bool guard_vgpu_type(const struct host *h, struct bdf dev, unsigned *ret)
{
	char bdf[BDF_STRLEN];
	uint64_t type = 0;
	int r = root_read_u64(&h->root, &type, DEVICES "%s/nvidia/current_vgpu_type",
			      bdf_str(bdf, dev));

	*ret = (unsigned)type;
	/* The content may be unreadable; only the existence of the file counts. */
	return r != -ENOENT && r != -ENOTDIR;
}

int guard_vgpu(const struct host *h, const struct function_dir *f, const char *label, struct err *e)
{
	bool has_type = function_dir_has(f, "nvidia") &&
			root_exists(&h->root, "%s/nvidia/current_vgpu_type", f->path);

	if (!has_type && !function_dir_has(f, "mdev_supported_types"))
		return 0;
	err_refuse(e, ENOTSUP, "its driver makes vGPUs of it, and another driver would end that");
	err_at(e, -ENOTSUP, label, "host guard");
	if (!has_type)
		return err_fix(e, -ENOTSUP,
			       "give guests a mediated device (mdev) that is made on it");
	return err_fix(e, -ENOTSUP,
		       "write driver=keep for it in the topology, and make the vGPU: "
		       "echo TYPE > /%s/nvidia/current_vgpu_type",
		       f->path);
}
