// SPDX-License-Identifier: GPL-2.0-or-later
/* The only file that uses libpci, and it uses only the id list, never the scan. libpci makes a
 * table of the whole list first, which takes longer than a list of a hundred VFs; a plain file is
 * searched for the few names that are wanted. */
#include "host/pci/ids.h"

#include <fcntl.h>
#include <limits.h>
#include <pci/pci.h>
#include <setjmp.h>
#include <string.h>

#define IDS "usr/share/misc/pci.ids"

struct names {
	struct pci_access *pci;
	int fd;		   /* the list of a tree, or negative */
	bool has_given_up; /* libpci left off in the middle of its work */
	const struct root *root;
	char *text; /* the list, when it is a plain file */
	bool is_asked;
};

/* Where a lookup of this thread continues when libpci gives up: its error callback gets no argument
 * of ours and must not return, and the default one exits the process (pciutils lib/init.c). */
static _Thread_local jmp_buf *escape; /* set by each lookup */

__attribute__((noreturn)) static void give_up(char *fmt UNUSED, ...)
{
	longjmp(*escape, 1);
}

static void ignore(char *fmt UNUSED, ...)
{
}

/* The path goes through the descriptor, because libpci would follow links out of the tree. free()
 * it. */
static char *path_of(const struct root *root, int fd)
{
	char *path;

	if (asprintf(&path, "/proc/self/fd/%d", fd) < 0)
		return NULL;
	if (access(path, R_OK) == 0)
		return path;
	free(path);
	return asprintf(&path, "%s/" IDS, root->dir) < 0 ? NULL : path;
}

struct names *names_open(const struct root *root)
{
	struct names *n = calloc(1, sizeof(*n));
	char *ids = NULL;

	if (!n)
		return NULL;
	n->root = root;
	n->fd = root_is_captured(root) ? root_openat(root, O_RDONLY, IDS) : -1;
	n->pci = pci_alloc();
	n->pci->error = give_up;
	n->pci->warning = n->pci->debug = ignore;
	n->pci->id_lookup_mode = 0;
	if (n->fd >= 0 && (ids = path_of(root, n->fd)))
		pci_set_name_list_path(n->pci, ids, 1);
	return n;
}

void names_close(struct names *n)
{
	if (!n)
		return;
	pci_cleanup(n->pci);
	cleanup_close(&n->fd);
	free(n->text);
	free(n);
}

/* Writes one kind of name into @buf. Returns false when the list has none. */
static bool lookup(struct names *n, char *buf, size_t size, int kind, uint16_t vendor,
		   uint16_t device)
{
	int flags = kind | PCI_LOOKUP_NO_NUMBERS | PCI_LOOKUP_NO_HWDB;
	jmp_buf here;

	if (n->has_given_up)
		return false;
	escape = &here;
	if (setjmp(here)) {
		n->has_given_up = true;
		return false;
	}
	return pci_lookup_name(n->pci, buf, (int)size, flags, vendor, device) != NULL;
}

/* Returns NULL when there is none, or only one that is compressed, or elsewhere. free() it. */
static char *read_list(const struct root *root)
{
	char *text = root_read_all(root, IDS);
	struct root own;

	if (text || !root_is_captured(root) || root_open(&own, NULL, NULL) < 0)
		return text;
	text = root_read_all(&own, IDS);
	root_close(&own);
	return text;
}

/* Returns the name of the vendor in the list, which ends with its line; NULL when there is none. */
static const char *find_vendor(const char *text, uint16_t vendor)
{
	char head[16];

	snprintf(head, sizeof(head), "\n%04x  ", vendor);
	if (!strncmp(text, head + 1, strlen(head + 1)))
		return text + strlen(head + 1);
	text = strstr(text, head);
	return text ? text + strlen(head) : NULL;
}

/* The same of one of its devices, whose lines follow. Source: pci.ids, "Syntax:". */
static const char *find_device(const char *text, uint16_t device)
{
	char head[16];

	snprintf(head, sizeof(head), "\n\t%04x  ", device);
	for (text = strchr(text, '\n'); text && (text[1] == '\t' || text[1] == '#');
	     text = strchr(text + 1, '\n'))
		if (!strncmp(text, head, strlen(head)))
			return text + strlen(head);
	return NULL;
}

static int line_len(const char *line)
{
	return (int)strcspn(line, "\n");
}

const char *names_device(struct names *n, char *buf, size_t size, uint16_t vendor, uint16_t device)
{
	char maker[128], what[256];
	const char *v, *d;

	if (!n)
		return NULL;
	if (!n->is_asked)
		n->text = read_list(n->root);
	n->is_asked = true;
	if (!n->text) {
		if (!lookup(n, maker, sizeof(maker), PCI_LOOKUP_VENDOR, vendor, 0))
			return NULL;
		if (!lookup(n, what, sizeof(what), PCI_LOOKUP_DEVICE, vendor, device))
			snprintf(what, sizeof(what), "Device");
		snprintf(buf, size, "%s %s", maker, what);
		return buf;
	}
	v = find_vendor(n->text, vendor);
	d = v ? find_device(v, device) : NULL;
	if (v)
		snprintf(buf, size, "%.*s %.*s", line_len(v), v, d ? line_len(d) : 6,
			 d ? d : "Device");
	return v ? buf : NULL;
}
