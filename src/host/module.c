// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/module.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"

bool module_of_driver(const struct host *h, const char *driver, char ret[MODULE_NAME_MAX])
{
	return root_link_name(&h->root, ret, MODULE_NAME_MAX, "sys/bus/pci/drivers/%s/module",
			      driver) >= 0;
}

int module_is_foreign(const struct host *h, const char *module)
{
	char taint[32];

	if (root_read(&h->root, taint, sizeof(taint), "sys/module/%s/taint", module) < 0)
		return UNKNOWN;
	return strchr(taint, 'O') != NULL;
}

/* "kernel/drivers/vfio/pci/vfio-pci.ko.xz: ..." is the line of vfio-pci, also called vfio_pci. */
static bool is_line_of(const char *line, const char *module)
{
	const char *name = line;

	for (const char *s = line; *s && *s != ':' && *s != '\n'; s++)
		if (*s == '/')
			name = s + 1;
	for (; *module; module++, name++)
		if (*name != *module &&
		    !((*name == '-' || *name == '_') && (*module == '-' || *module == '_')))
			return false;
	return !strncmp(name, ".ko", 3);
}

/* Returns 1 when the module is in this list, 0 when it is not, -errno when there is no list. */
static int is_in(const struct host *h, const char *release, const char *list, const char *module)
{
	_cleanup_file_ FILE *f = root_fopen(&h->root, "lib/modules/%s/%s", release, list);
	_cleanup_free_ char *line = NULL;
	size_t size = 0;

	if (!f)
		return -errno;
	while (getline(&line, &size, f) >= 0)
		if (is_line_of(line, module))
			return 1;
	return 0;
}

int module_can_load(const struct host *h, const char *module, struct err *e)
{
	char release[128] = "";
	int dep, builtin;

	if (root_read(&h->root, release, sizeof(release), "proc/sys/kernel/osrelease") <= 0) {
		err_refuse(e, ENOENT, "this host does not show whether its kernel has module %s",
			   module);
		return err_fix(e, -ENOENT, "on the host itself, run: modprobe %s", module);
	}
	dep = is_in(h, release, "modules.dep", module);
	builtin = is_in(h, release, "modules.builtin", module);
	if (dep == 1)
		return 0;
	if (builtin == 1) {
		err_refuse(e, EEXIST, "%s is part of this kernel but did not start", module);
		return err_fix(e, -EEXIST, "see why, run: dmesg | grep -i %s", module);
	}
	if (dep < 0) {
		err_refuse(e, ENOENT,
			   "there is no /lib/modules/%s/modules.dep, so %s cannot be loaded",
			   release, module);
		return err_fix(e, -ENOENT,
			       "install the modules of the running kernel, or reboot into the "
			       "installed one");
	}
	err_refuse(e, ENOENT, "this kernel (%s) has no module %s", release, module);
	return err_fix(e, -ENOENT, "boot a kernel that has it");
}

struct probing {
	const char *module;
	int said; /* where modprobe's words go */
};

/* modprobe gets an environment of its own, because the caller's must not steer it. */
static _Noreturn void become_modprobe(const struct probing *p, pid_t parent)
{
	char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin", language[] = "LC_ALL=C";
	char name[] = "modprobe", end[] = "--";
	char module[MODULE_NAME_MAX], *const envp[] = { path, language, NULL };
	char *const argv[] = { name, end, module, NULL };

	snprintf(module, sizeof(module), "%s", p->module);
	/* At the deadline the parent is killed, and modprobe must die with it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent && dup2(p->said, STDERR_FILENO) >= 0)
		execve("/sbin/modprobe", argv, envp);
	_exit(127);
}

static int run_modprobe(void *arg)
{
	const struct probing *p = arg;
	pid_t self = getpid(), pid = fork();
	int status;

	if (pid < 0)
		return -errno;
	if (pid == 0)
		become_modprobe(p, self);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return -ENOENT;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EIO;
}

/* Reads modprobe's last words without its name; they become part of a sentence. */
static void read_words(int fd, char *ret, size_t size)
{
	ssize_t n = pread(fd, ret, size - 1, 0);

	ret[n > 0 ? n : 0] = '\0';
	ret[strcspn(ret, "\n")] = '\0';
	if (!strncmp(ret, "modprobe: ", 10))
		memmove(ret, ret + 10, strlen(ret + 10) + 1);
}

static int not_loaded(int r, const char *module, const char *words, struct err *e)
{
	if (r == -ETIMEDOUT) {
		err_set(e, ETIMEDOUT, "loading module %s does not end", module);
		err_status(e, r, EXIT_LEFT);
	} else if (r == -ENOENT) {
		err_set(e, ENOENT, "there is no /sbin/modprobe to load module %s", module);
		return err_fix(e, r, "install kmod");
	} else {
		err_set(e, EIO, "cannot load module %s: %s", module,
			words[0] ? words : "modprobe gives no reason");
		r = -EIO;
	}
	return err_fix(e, r, "see why, run: modprobe %s; dmesg | tail", module);
}

static int load(const struct host *h, const char *module, struct err *e)
{
	_cleanup_close_ int said = -1;
	struct probing p = { .module = module };
	struct child child;
	char words[256] = "";
	int r;

	if (h->load_module) {
		r = h->load_module(h->load_arg, module);
		return r < 0 ? not_loaded(r, module, "told to fail", e) : 0;
	}
	if (root_is_tree(&h->root))
		return err_set(e, EROFS, "modules are loaded on the running host only");
	said = memfd_create("modprobe", MFD_CLOEXEC);
	if (said < 0)
		return err_set(e, errno, "load module %s: %s", module, strerror(errno));
	p.said = said;
	r = child_start(&child, run_modprobe, &p);
	if (r == 0)
		r = child_finish(&child, h->timeout_ms);
	if (r == 0)
		return 0;
	read_words(said, words, sizeof(words));
	return not_loaded(r, module, words, e);
}

int module_load(const struct host *h, const char *module, struct err *e)
{
	int r = load(h, module, e);

	log_effect(&h->log, r, "modprobe %s", module);
	return r;
}
