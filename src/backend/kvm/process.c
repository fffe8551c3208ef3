// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/process.h"

#include <endian.h>
#include <fcntl.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#define NODES "dev/vfio"

bool program_is_qemu(const char *path)
{
	const char *name = strrchr(path, '/');

	name = name ? name + 1 : path;
	/* Nix calls the program so that its own script starts. */
	name += *name == '.';
	return !strncmp(name, "qemu-system-", 12) || !strncmp(name, "qemu-kvm", 8) ||
	       !strcmp(name, "kvm");
}

enum program process_program(const struct host *h, uint32_t pid)
{
	char path[32], target[512];
	struct statx st;
	ssize_t n;

	snprintf(path, sizeof(path), "proc/%u/exe", pid);
	n = readlinkat(h->root.fd, path, target, sizeof(target) - 1);
	if (n < 0)
		return errno == ENOENT && !root_is_tree(&h->root) ? PROGRAM_NOTHING
								  : PROGRAM_UNSEEN;
	target[n] = '\0';
	if (program_is_qemu(target))
		return PROGRAM_QEMU;
	/* Of a program that was replaced since it was started, too. What the kernel has of it: a
	 * file system that hangs is not waited for. */
	if (statx(h->root.fd, path, AT_STATX_DONT_SYNC, STATX_MODE, &st) == 0 &&
	    (st.stx_mode & (S_ISUID | S_ISGID)))
		return PROGRAM_SET_ID;
	return PROGRAM_OTHER;
}

static size_t read_numbers(const char *text, const char *key, uint32_t *v, size_t size)
{
	const char *line = strstr(text, key);
	size_t n = 0;
	char *end;

	for (const char *s = line ? line + strlen(key) : ""; n < size; s = end) {
		s += strspn(s, " \t");
		if (*s < '0' || *s > '9')
			break;
		v[n++] = (uint32_t)strtoul(s, &end, 10);
	}
	return n;
}

void process_ids(const struct host *h, uint32_t pid, struct ids *ret)
{
	_cleanup_free_ char *text = root_read_all(&h->root, "proc/%u/status", pid);
	uint32_t uids[4], gids[4];

	*ret = (struct ids){ 0 };
	/* Its own name cannot fake these lines, because the first line has it without line ends. */
	if (!text || read_numbers(text, "\nUid:", uids, 4) < 4 ||
	    read_numbers(text, "\nGid:", gids, 4) < 4)
		return;
	ret->is_known = true;
	ret->real_uid = uids[0];
	ret->uid = uids[1];
	ret->gid = gids[1];
	ret->n_groups = read_numbers(text, "\nGroups:", ret->groups, PROCESS_GROUPS_MAX);
}

bool ids_are_root(const struct ids *i)
{
	return i->is_known && i->uid == 0 && i->real_uid == 0;
}

static bool has_group(const struct ids *i, uint32_t gid)
{
	bool has = i->gid == gid;

	for (size_t k = 0; !has && k < i->n_groups; k++)
		has = i->groups[k] == gid;
	return has;
}

/* Looks at those named in an access list; the mode has the rest. */
static bool list_lets(const struct host *h, const char *path, const struct ids *i)
{
	struct {
		struct posix_acl_xattr_header head;
		struct posix_acl_xattr_entry v[128];
	} acl;
	char full[512];
	unsigned mask = ACL_READ | ACL_WRITE, need = ACL_READ | ACL_WRITE, may = 0;
	ssize_t len;
	size_t n;

	snprintf(full, sizeof(full), "%s/%s", h->root.dir, path);
	len = getxattr(full, "system.posix_acl_access", &acl, sizeof(acl));
	if (len < (ssize_t)sizeof(acl.head))
		return false;
	n = ((size_t)len - sizeof(acl.head)) / sizeof(*acl.v);
	for (size_t k = 0; k < n; k++) {
		unsigned tag = le16toh(acl.v[k].e_tag), perm = le16toh(acl.v[k].e_perm);
		uint32_t id = le32toh(acl.v[k].e_id);

		if (tag == ACL_MASK)
			mask = perm;
		if ((tag == ACL_USER && id == i->uid) || (tag == ACL_GROUP && has_group(i, id)))
			may |= perm;
	}
	return (may & mask & need) == need;
}

static bool node_lets(const struct host *h, const char *dir, const char *name, const struct ids *i)
{
	char path[300];
	mode_t need = S_IROTH | S_IWOTH;
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (fstatat(h->root.fd, path, &st, 0) < 0 || S_ISDIR(st.st_mode))
		return false;
	if (st.st_uid == i->uid)
		return (st.st_mode >> 6 & need) == need;
	return (st.st_mode & need) == need ||
	       (has_group(i, st.st_gid) && (st.st_mode >> 3 & need) == need) ||
	       list_lets(h, path, i);
}

/* /dev/vfio/vfio is open to everybody, and gives no device. */
static bool folder_lets(const struct host *h, const char *dir, const struct ids *i)
{
	_cleanup_dir_ DIR *d = root_opendir(&h->root, "%s", dir);
	struct dirent *ent;
	bool may = false;

	while (!may && d && (ent = readdir(d)))
		may = ent->d_name[0] != '.' && strcmp(ent->d_name, "vfio") != 0 &&
		      node_lets(h, dir, ent->d_name, i);
	return may;
}

bool ids_may_vfio(const struct host *h, const struct ids *i)
{
	if (!i->is_known || ids_are_root(i))
		return true;
	return i->uid == i->real_uid &&
	       (folder_lets(h, NODES, i) || folder_lets(h, NODES "/devices", i));
}

static bool begins(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

/* "0::/machine.slice/machine-qemu\x2d1\x2dweb1.scope/libvirt/emulator", or a line of each
 * controller. The path begins so, right behind the second colon of its line: who may make groups
 * below his own makes any name there, with colons in it, too, but none with a line end. */
bool process_is_in_machine_slice(const struct host *h, uint32_t pid)
{
	char text[4096], *save = NULL;

	if (root_read(&h->root, text, sizeof(text), "proc/%u/cgroup", pid) <= 0)
		return false;
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		const char *path = strchr(line, ':');

		path = path ? strchr(path + 1, ':') : NULL;
		if (path && (begins(path + 1, "/machine.slice/machine-qemu") ||
			     begins(path + 1, "/machine/qemu-")))
			return true;
	}
	return false;
}
