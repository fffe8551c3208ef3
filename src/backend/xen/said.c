// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/said.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Reads the two numbers of "TEXT%d MIDDLE%u" behind @at. */
static bool two_numbers(const char *at, const char *middle, long *first, long *second)
{
	char *end;
	const char *next;

	*first = strtol(at, &end, 10);
	if (end == at)
		return false;
	next = strstr(end, middle);
	if (!next)
		return false;
	at = next + strlen(middle);
	*second = strtol(at, &end, 10);
	return end != at;
}

static struct said failure(long code)
{
	return (struct said){ .is_failure = true, .code = (int)labs(code) };
}

/* Returns the text of a record's first line if the kernel itself wrote it: facility 0. */
static const char *kernel_text(const char *line)
{
	const char *text = strchr(line, ';');

	if (line[0] == ' ' || !text || strtoul(line, NULL, 10) > 7)
		return NULL;
	return text + 1;
}

static struct said said_in_line(const char *line, const char *name, uint32_t domid)
{
	static const char map[] = "map irq failed ", enable[] = "error enabling MSI";
	const char *text = kernel_text(line), *at;
	long code, id;

	text = text ? strstr(text, name) : NULL;
	if (!text)
		return (struct said){ 0 };
	at = strstr(text, map);
	if (at && two_numbers(at + strlen(map), "for ", &code, &id) && id == (long)domid)
		return failure(code);
	at = strstr(text, enable);
	at = at ? strstr(at, "for guest ") : NULL;
	if (at && two_numbers(at + strlen("for guest "), "err ", &id, &code) && id == (long)domid)
		return failure(code);
	return (struct said){ 0 };
}

struct said said_by_kernel(const char *record, struct bdf dev, uint32_t domid)
{
	char name[BDF_STRLEN + 1], line[512];
	struct said s = { 0 };

	bdf_str(name, dev);
	strcat(name, ":");
	for (const char *next; *record && !s.is_failure; record = next) {
		size_t len = strcspn(record, "\n");

		next = record + len + (record[len] == '\n');
		snprintf(line, sizeof(line), "%.*s", (int)len, record);
		s = said_in_line(line, name, domid);
	}
	return s;
}

struct said said_by_qemu(const char *line, unsigned devfn)
{
	static const char mapping[] = "Mapping of MSI", err[] = "(err: ";
	char place[16];
	const char *at;

	snprintf(place, sizeof(place), "[00:%02x.%u]", devfn >> 3 & 31, devfn & 7);
	at = strstr(line, place);
	at = at ? strstr(at, mapping) : NULL;
	if (!at)
		return (struct said){ 0 };
	at = strstr(at, err);
	return failure(at ? strtol(at + strlen(err), NULL, 10) : 0);
}

void said_open(struct said_log *ret, const struct host *h, const char *name, bool all)
{
	*ret = (struct said_log){ .is_kernel = !name };
	if (name && strchr(name, '/'))
		ret->fd = -1;
	else if (name)
		ret->fd = root_openat(&h->root, O_RDONLY | O_NONBLOCK, "var/log/xen/qemu-dm-%s.log",
				      name);
	else
		ret->fd = root_openat(&h->root, O_RDONLY | O_NONBLOCK, "dev/kmsg");
	/* A log without a position would report another attach. */
	if (ret->fd >= 0 && lseek(ret->fd, 0, all ? SEEK_SET : SEEK_END) < 0)
		said_close(ret);
}

void said_close(struct said_log *l)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
}

/* Takes the first line out of @rest, which was read before. */
static bool take_line(struct said_log *l, char *buf, size_t size)
{
	char *end = memchr(l->rest, '\n', l->n_rest);
	size_t len, used;

	if (!end && l->n_rest < sizeof(l->rest))
		return false;
	len = end ? (size_t)(end - l->rest) : l->n_rest;
	used = end ? len + 1 : len;
	snprintf(buf, size, "%.*s", (int)len, l->rest);
	l->n_rest -= used;
	memmove(l->rest, l->rest + used, l->n_rest);
	return true;
}

/* A file gives whatever there is; of the kernel's log one read(2) gives one record, with its
 * newline. */
static ssize_t read_more(struct said_log *l)
{
	ssize_t n;

	do
		n = read(l->fd, l->rest + l->n_rest, sizeof(l->rest) - l->n_rest);
	while (n < 0 && errno == EINTR);
	return n;
}

static bool next_line(struct said_log *l, char *buf, size_t size)
{
	while (!take_line(l, buf, size)) {
		ssize_t n = read_more(l);

		if (n <= 0)
			return false;
		l->n_rest += (size_t)n;
	}
	return true;
}

/* EPIPE: the reader was too slow, and now stands at the oldest record. EINVAL: the record was
 * longer than the buffer, and was skipped. */
static bool next_record(struct said_log *l, char *buf, size_t size)
{
	for (;;) {
		ssize_t n = read(l->fd, buf, size - 1);

		if (n > 0) {
			buf[n] = '\0';
			return true;
		}
		if (n == 0 || (errno != EPIPE && errno != EINTR && errno != EINVAL))
			return false;
	}
}

bool said_next(struct said_log *l, char *buf, size_t size)
{
	if (l->fd < 0)
		return false;
	return l->is_kernel ? next_record(l, buf, size) : next_line(l, buf, size);
}
