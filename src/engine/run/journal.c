// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the journal. */
#include "engine/run/journal.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/run/journal_text.h"

struct journal {
	const struct host *host;
	int fd;
	off_t size;  /* what is durable */
	char *ended; /* "done 3\n" lines that wait for the next begin */
	size_t n_ended;
	bool *is_undo; /* by step */
	size_t n_steps;
	size_t n_open; /* begun, and not ended yet */
};

/* Makes all of the text durable, or leaves none of it. */
static int append(struct journal *j, const char *text, size_t len)
{
	off_t size = j->size;
	int r = 0;

	while (len && r == 0) {
		ssize_t n = pwrite(j->fd, text, len, size);

		if (n < 0 && errno != EINTR)
			r = -errno;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
			size += n;
		}
	}
	if (r == 0 && fsync(j->fd) < 0)
		r = -errno;
	if (r == 0)
		j->size = size;
	else if (ftruncate(j->fd, j->size) < 0)
		return r; /* the torn line has no end, so the reader skips it */
	return r;
}

static int sync_dir(const struct host *h)
{
	_cleanup_close_ int dir = root_openat(&h->root, O_RDONLY | O_DIRECTORY, HOST_RUN_DIR);

	if (dir < 0)
		return dir;
	return fsync(dir) < 0 ? -errno : 0;
}

static int open_file(const struct host *h)
{
	int fd;

	if (mkdirat(h->root.fd, "run", 0755) < 0 && errno != EEXIST)
		return -errno;
	if (mkdirat(h->root.fd, HOST_RUN_DIR, 0755) < 0 && errno != EEXIST)
		return -errno;
	fd = openat(h->root.fd, JOURNAL_FILE, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	return fd < 0 ? -errno : fd;
}

static int write_head(struct journal *j, const char *command)
{
	_cleanup_free_ char *text = journal_head(j->host, command);
	int r = text ? append(j, text, strlen(text)) : -ENOMEM;

	return r < 0 ? r : sync_dir(j->host);
}

int journal_open(struct journal **ret, const struct host *h, const char *command, struct err *e)
{
	struct journal *j = calloc(1, sizeof(*j));
	int r;

	if (!j)
		return err_set(e, ENOMEM, "out of memory");
	*j = (struct journal){ .host = h, .fd = open_file(h) };
	r = j->fd < 0 ? j->fd : write_head(j, command);
	if (r < 0) {
		journal_close(j);
		return host_file_failed(h, JOURNAL_FILE, r, e);
	}
	*ret = j;
	return 0;
}

void journal_end(struct journal *j, size_t i)
{
	char *ended = realloc(j->ended, j->n_ended + 32);

	j->n_open--;
	/* Without its end the next run examines the step again, which does no harm. */
	if (!ended)
		return;
	j->ended = ended;
	j->n_ended += (size_t)snprintf(ended + j->n_ended, 32, "%s %zu\n",
				       i < j->n_steps && j->is_undo[i] ? "undone" : "done", i);
}

static int begin(struct journal *j, const struct plan *p, const struct before *before, size_t first,
		 size_t last, bool is_undo)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *out;
	int r;

	if (!j->is_undo) {
		j->is_undo = calloc(p->n, sizeof(*j->is_undo));
		j->n_steps = j->is_undo ? p->n : 0;
	}
	out = open_memstream(&text, &size);
	if (!j->is_undo || !out)
		return -ENOMEM;
	if (j->n_ended)
		fwrite(j->ended, 1, j->n_ended, out);
	for (size_t i = first; i < last; i++) {
		journal_print_step(&p->v[i], &before[i], i, is_undo, out);
		j->is_undo[i] = is_undo;
	}
	if (memstream_close(out, &text) < 0)
		return -ENOMEM;
	r = append(j, text, size);
	if (r < 0)
		return r;
	j->n_ended = 0;
	j->n_open += last - first;
	return 0;
}

int journal_begin(struct journal *j, const struct plan *p, const struct before *before,
		  size_t first, size_t last, struct err *e)
{
	int r = begin(j, p, before, first, last, false);

	return r < 0 ? host_file_failed(j->host, JOURNAL_FILE, r, e) : 0;
}

void journal_undo(struct journal *j, const struct plan *p, const struct before *before, size_t i)
{
	int r = begin(j, p, before, i, i + 1, true);

	if (r == 0)
		return;
	j->n_open++;
	log_info(&j->host->log, "journal: %s", strerror(-r));
}

/* Says that nobody killed the run that left these steps. It may fail, because a line more or less
 * does no harm. */
static void end(struct journal *j)
{
	_cleanup_free_ char *text = NULL;

	if (asprintf(&text, "%.*sended\n", (int)j->n_ended, j->n_ended ? j->ended : "") >= 0)
		append(j, text, strlen(text));
}

void journal_close(struct journal *j)
{
	struct err why = { 0 };

	if (!j)
		return;
	if (j->fd >= 0) {
		if (j->n_open)
			end(j);
		close(j->fd);
		if (!j->n_open && journal_remove(j->host, &why) < 0)
			log_note(&j->host->log, "journal: %s", why.cause);
	}
	free(j->ended);
	free(j->is_undo);
	free(j);
}

int journal_remove(const struct host *h, struct err *e)
{
	int r = 0;

	if (unlinkat(h->root.fd, JOURNAL_FILE, 0) < 0 && errno != ENOENT)
		r = -errno;
	if (r == 0)
		r = sync_dir(h);
	return r < 0 && r != -ENOENT ? host_file_failed(h, JOURNAL_FILE, r, e) : 0;
}
