// SPDX-License-Identifier: GPL-2.0-or-later
/* Loads a backend. */
#include "backend/module.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>

/* Finds the file that contains this code: the program, or libvfyard.so. Source: dladdr(3); the
 * dynamic linker has no name for the program. */
static int own_file(char ret[PATH_MAX])
{
	static const char here;
	struct link_map *map;
	Dl_info info;

	if (!dladdr1(&here, &info, (void **)&map, RTLD_DL_LINKMAP))
		return -ENOENT;
	return realpath(map->l_name[0] ? map->l_name : "/proc/self/exe", ret) ? 0 : -errno;
}

/* @own is NULL when not known, without /proc. */
static int module_path(char ret[PATH_MAX], const char *own, const char *name)
{
	const char *dir = MODULES[0] ? MODULES : own;
	int n;

	if (!dir)
		return -ENOENT;
	n = snprintf(ret, PATH_MAX, "%.*s/backend-%s.so",
		     (int)(MODULES[0] ? strlen(dir) : (size_t)(strrchr(dir, '/') - dir)), dir,
		     name);
	return n < PATH_MAX ? 0 : -ENAMETOOLONG;
}

/* Whoever runs this program trusts root and the program's owner already. */
static int check_writers(const char *path, uid_t owner, struct err *e)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return err_set(e, errno, "%s: %s", path, strerror(errno));
	if (st.st_uid != 0 && st.st_uid != owner)
		return err_fix(e,
			       err_refuse(e, EPERM, "%s belongs to user %u and is not loaded", path,
					  (unsigned)st.st_uid),
			       "install it again, or run: chown root %s", path);
	if (st.st_mode & S_IWOTH)
		return err_fix(
			e,
			err_refuse(e, EPERM, "everybody can write %s, so it is not loaded", path),
			"install it again, or run: chmod o-w %s", path);
	return 0;
}

static int not_installed(const struct hypervisor *hv, const char *path, struct err *e)
{
	return err_fix(
		e,
		err_set(e, ENOENT, "this host has %s, but vfyard's module for it, %s, is missing",
			hv->title, path),
		"install the package that has it (vfyard-%s), or run make install in a build "
		"of vfyard that has it",
		hv->name);
}

static int check_file(const struct hypervisor *hv, const char *own, const char *path, struct err *e)
{
	char dir[PATH_MAX];
	struct stat st;
	uid_t owner;
	int r;

	if (stat(path, &st) < 0 && (errno == ENOENT || errno == ENOTDIR))
		return not_installed(hv, path, e);
	owner = own && stat(own, &st) == 0 ? st.st_uid : 0;
	snprintf(dir, sizeof(dir), "%.*s", (int)(strrchr(path, '/') - path), path);
	r = check_writers(dir, owner, e);
	return r < 0 ? r : check_writers(path, owner, e);
}

static int take(const struct backend_ops **ret, const struct hypervisor *hv, const char *path,
		struct err *e)
{
	const struct backend_module *module;
	char symbol[32];
	void *so = dlopen(path, RTLD_NOW | RTLD_LOCAL);

	if (!so)
		return err_fix(e,
			       err_set(e, ELIBACC, "vfyard's module for %s cannot be loaded: %s",
				       hv->title, dlerror()),
			       "install the library that it needs; to see all of them, run: ldd %s",
			       path);
	snprintf(symbol, sizeof(symbol), "vfyard_backend_%s", hv->name);
	module = dlsym(so, symbol);
	if (!module || strcmp(module->build, BUILD) != 0)
		return err_fix(e,
			       err_set(e, ELIBBAD, "%s is of vfyard %s, and this program is of %s",
				       path, module ? module->build : "none", BUILD),
			       "install both from one build");
	*ret = module->ops;
	return 0;
}

int backend_load(const struct backend_ops **ret, const struct hypervisor *hv, struct err *e)
{
	char buf[PATH_MAX], path[PATH_MAX];
	const char *own = own_file(buf) == 0 ? buf : NULL;
	int r = module_path(path, own, hv->name);

	if (r < 0)
		return err_set(e, -r, "vfyard cannot tell where its module for %s is", hv->title);
	r = check_file(hv, own, path, e);
	return r < 0 ? r : take(ret, hv, path, e);
}
