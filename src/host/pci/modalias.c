// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/pci/modalias.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/root.h"

/* Finds the first PCI driver that a module brought: "drivers/pci:igbvf". */
static bool driver_of_module(const struct host *h, const char *module, char ret[DRIVER_MAX])
{
	_cleanup_dir_ DIR *dir = root_opendir(&h->root, "sys/module/%s/drivers", module);
	struct dirent *d;

	while (dir && (d = readdir(dir)))
		if (!strncmp(d->d_name, "pci:", 4) && strlen(d->d_name + 4) < DRIVER_MAX) {
			snprintf(ret, DRIVER_MAX, "%s", d->d_name + 4);
			return true;
		}
	return false;
}

static FILE *open_table(const struct host *h)
{
	char release[128];

	if (root_read(&h->root, release, sizeof(release), "proc/sys/kernel/osrelease") <= 0)
		return NULL;
	return root_fopen(&h->root, "lib/modules/%s/modules.alias", release);
}

/* A line of the table: "alias pci:v00008086d000010CAsv*sd*bc*sc*i* igbvf" */
void modalias_driver(const struct host *h, struct bdf dev, char ret[DRIVER_MAX])
{
	_cleanup_free_ char *line = NULL;
	_cleanup_file_ FILE *f = NULL;
	char alias[256], buf[BDF_STRLEN];
	size_t size = 0;

	ret[0] = '\0';
	if (root_read(&h->root, alias, sizeof(alias), "sys/bus/pci/devices/%s/modalias",
		      bdf_str(buf, dev)) <= 0)
		return;
	f = open_table(h);
	while (f && getline(&line, &size, f) > 0) {
		char pattern[256], module[DRIVER_MAX];

		if (!strncmp(line, "alias pci:", 10) &&
		    sscanf(line, "alias %255s %63s", pattern, module) == 2 &&
		    fnmatch(pattern, alias, 0) == 0 && driver_of_module(h, module, ret))
			return;
	}
}
