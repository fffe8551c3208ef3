// SPDX-License-Identifier: GPL-2.0-or-later
#include "topology/read/text.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <linux/magic.h>

#include "base/text.h"

static int cannot_open(int code, struct err *e)
{
	err_set(e, code, "%s", strerror(code));
	if (code == ENOENT)
		return err_fix(e, -code, "write it, or name another file with -C FILE");
	if (code == EACCES)
		return err_fix(e, -code, "run as root, or make the file readable");
	return -code;
}

/* Tells whether it is a pipe of this process, such as a shell gives as /dev/fd/63, and not a FIFO
 * with a name, whose writer may never come. */
static bool is_pipe(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type == PIPEFS_MAGIC;
}

static int check_kind(int fd, const struct stat *st, struct err *e)
{
	if (S_ISREG(st->st_mode) || S_ISSOCK(st->st_mode) || (S_ISFIFO(st->st_mode) && is_pipe(fd)))
		return 0;
	if (S_ISDIR(st->st_mode))
		return err_fix(e, err_set(e, EISDIR, "is a directory, not a topology file"),
			       "name a file in it");
	if (S_ISFIFO(st->st_mode))
		return err_fix(e, err_set(e, EINVAL, "is a FIFO, not a topology file"),
			       "name a file or a pipe");
	return err_fix(e, err_set(e, EINVAL, "is a device, not a topology file"),
		       "name a file or a pipe");
}

/* Opening a FIFO or a device must not block; reading a pipe may. */
int topo_text_open(const struct root *below, const char *path, struct stat *ret, struct err *e)
{
	int flags = O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
	bool is_stdin = !below && !strcmp(path, "-");
	int fd, r;

	if (below)
		fd = root_openat(below, flags, "%s", path);
	else
		fd = is_stdin ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : open(path, flags);
	if (fd < 0)
		return cannot_open(below ? -fd : errno, e);
	if (is_stdin)
		return fstat(fd, ret) < 0 ? err_set(e, errno, "%s", strerror(errno)) : fd;
	if (fstat(fd, ret) < 0 || fcntl(fd, F_SETFL, O_RDONLY) < 0)
		r = err_set(e, errno, "%s", strerror(errno));
	else
		r = check_kind(fd, ret, e);
	if (r == 0)
		return fd;
	close(fd);
	return r;
}

int topo_text_read(char **ret, size_t *ret_len, int fd, struct err *e)
{
	_cleanup_free_ char *buf = malloc(TOPO_TEXT_MAX + 1);
	size_t len = 0;
	ssize_t n;

	*ret_len = 0;
	if (!buf)
		return err_set(e, ENOMEM, "out of memory");
	while (len <= TOPO_TEXT_MAX && (n = read(fd, buf + len, TOPO_TEXT_MAX + 1 - len)) != 0) {
		if (n < 0 && errno != EINTR)
			return err_set(e, errno, "%s", strerror(errno));
		len += n > 0 ? (size_t)n : 0;
	}
	if (len > TOPO_TEXT_MAX)
		return err_fix(e, err_set(e, EFBIG, "is larger than %u MiB", TOPO_TEXT_MAX >> 20),
			       "describe VFs by ranges such as net0/0-63");
	*ret = STEAL(buf);
	*ret_len = len;
	return 0;
}

static int not_text(struct topo_ctx *c, struct loc at, unsigned char byte)
{
	struct err *e = topo_error(c, at, "byte 0x%02x is not text", byte);

	err_fix(e, 0, "save the topology as UTF-8 text");
	return -EINVAL;
}

/* Copies @raw without carriage returns before newlines, and checks that every byte is text. */
static int copy_text(char *to, struct topo_ctx *c, const unsigned char *raw, size_t len)
{
	struct loc at = { 1, 1 };
	size_t n;

	for (size_t i = 0; i < len; i += n) {
		n = text_char((const char *)raw + i, len - i);
		if (raw[i] == '\r' && i + 1 < len && raw[i + 1] == '\n')
			continue;
		if (n == 0 || raw[i] == 0x7f || (raw[i] < ' ' && raw[i] != '\n' && raw[i] != '\t'))
			return not_text(c, at, raw[i]);
		memcpy(to, raw + i, n);
		to += n;
		at = raw[i] == '\n' ? (struct loc){ at.line + 1, 1 }
				    : (struct loc){ at.line, at.col + 1 };
	}
	if (to[-1] != '\n')
		*to++ = '\n';
	*to = '\0';
	return 0;
}

int topo_text_clean(char **ret, struct topo_ctx *c, const char *raw, size_t len)
{
	_cleanup_free_ char *text = NULL;
	struct err *e;
	int r;

	if (len >= 3 && !memcmp(raw, "\xef\xbb\xbf", 3)) {
		raw += 3;
		len -= 3;
	}
	/* There is one byte in front, so that the end of an empty copy can be examined. */
	text = malloc(len + 3);
	if (!text)
		return -ENOMEM;
	text[0] = '\n';
	r = copy_text(text + 1, c, (const unsigned char *)raw, len);
	if (r < 0)
		return r;
	memmove(text, text + 1, strlen(text + 1) + 1);
	if (!text[strspn(text, " \t\n")]) {
		e = topo_error(c, (struct loc){ 0 }, "the file is empty");
		err_fix(e, 0, "begin it with: version = 1");
		return -EINVAL;
	}
	*ret = STEAL(text);
	return 0;
}
