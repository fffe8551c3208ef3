/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directory of a function in sysfs, read once for all who want to know what is in it. */
#ifndef VFY_HOST_FUNCTION_DIR_H
#define VFY_HOST_FUNCTION_DIR_H

#include "base/bdf.h"
#include "host/host.h"

struct function_dir {
	char path[64]; /* relative to the root */
	char **v;      /* the directories in it that may have devices, in no order */
	size_t n;
	bool has_driver; /* a driver made all that is in it but the kernel's own directories */
};

/* One that is not there, or cannot be read, is empty. Returns 0 or -ENOMEM. */
int function_dir_read(struct function_dir *ret, const struct host *h, struct bdf dev);

bool function_dir_has(const struct function_dir *f, const char *name);

void function_dir_done(struct function_dir *f);

#endif
