// SPDX-License-Identifier: GPL-2.0-or-later
/* The server: lines in, lines out. What it answers is in fake_qmp_model.c. */
#include "fake_qmp.h"

#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "fake_qmp_model.h"

struct client {
	struct fake_qmp *f;
	int fd;
	char buf[65536];
	size_t len;
};

static void die(const char *what)
{
	perror(what);
	abort();
}

static bool send_text(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = send(fd, text, len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		text += n;
		len -= (size_t)n;
	}
	return true;
}

static bool send_line(int fd, const char *text)
{
	return send_text(fd, text, strlen(text)) && send_text(fd, "\r\n", 2);
}

static bool send_doc(int fd, const json_t *doc)
{
	_cleanup_free_ char *text = json_dumps(doc, JSON_COMPACT);

	return send_line(fd, text);
}

static bool send_pieces(int fd, const json_t *doc)
{
	_cleanup_free_ char *text = json_dumps(doc, JSON_COMPACT);

	for (const char *c = text; *c; c++)
		if (!send_text(fd, c, 1))
			return false;
	return send_line(fd, "");
}

/* Sends until the client has had enough. */
static bool send_endless(int fd)
{
	char block[65536];

	memset(block, ' ', sizeof(block));
	while (send_text(fd, block, sizeof(block)))
		;
	return false;
}

static struct fake_qmp_rule *find_rule(struct fake_qmp *f, const char *command)
{
	for (unsigned i = 0; i < f->n_rules; i++) {
		struct fake_qmp_rule *r = &f->rules[i];

		if (!r->command || strcmp(r->command, command) != 0)
			continue;
		if (!r->skip)
			return r;
		r->skip--;
	}
	return NULL;
}

static bool answer_wrong(struct client *c, struct fake_qmp_rule *rule, json_t *doc)
{
	_cleanup_free_ char *text = json_dumps(doc, JSON_COMPACT);

	switch (rule->act) {
	case FAKE_QMP_SILENT:
		return true;
	case FAKE_QMP_HANGUP:
		return false;
	case FAKE_QMP_HALF:
		send_text(c->fd, text, strlen(text) / 2);
		return false;
	case FAKE_QMP_RAW:
		return send_line(c->fd, rule->text);
	case FAKE_QMP_BEFORE:
		return send_line(c->fd, rule->text) && send_doc(c->fd, doc);
	case FAKE_QMP_PIECES:
		return send_pieces(c->fd, doc);
	case FAKE_QMP_ENDLESS:
		return send_endless(c->fd);
	case FAKE_QMP_FLOOD:
		while (send_line(c->fd, rule->text))
			;
		return false;
	case FAKE_QMP_SLOW:
		poll(NULL, 0, 50);
		break;
	case FAKE_QMP_LATE:
		json_decref(c->f->late);
		c->f->late = json_incref(doc);
		return true;
	case FAKE_QMP_ERROR:
	case FAKE_QMP_LIE:
		break;
	}
	return send_doc(c->fd, doc);
}

/* Answers one document, and sends what comes with it. Returns false to end the connection. */
static bool answer(struct client *c, struct fake_qmp_rule rule, bool has_rule, json_t *doc,
		   const json_t *events)
{
	const json_t *event;
	size_t i;
	bool ok = true;

	if (c->f->late && !(has_rule && rule.act == FAKE_QMP_LATE)) {
		ok = send_doc(c->fd, c->f->late);
		json_decref(c->f->late);
		c->f->late = NULL;
	}
	ok = ok && (has_rule ? answer_wrong(c, &rule, doc) : send_doc(c->fd, doc));
	json_array_foreach(events, i, event) ok = ok && send_doc(c->fd, event);
	return ok;
}

static bool take_rule(struct fake_qmp *f, const char *command, struct fake_qmp_rule *ret)
{
	struct fake_qmp_rule *rule = find_rule(f, command);

	if (!rule)
		return false;
	*ret = *rule;
	if (!rule->forever)
		rule->command = NULL;
	return true;
}

static bool serve_line(struct client *c, const char *line, size_t len)
{
	struct fake_qmp *f = c->f;
	json_t *in = json_loadb(line, len, 0, NULL), *doc, *events = json_array();
	const char *command = json_string_value(json_object_get(in, "execute"));
	struct fake_qmp_rule rule = { 0 };
	bool has_rule, ok;

	if (!command)
		die("fake qmp: not a command");
	pthread_mutex_lock(&f->lock);
	f->calls++;
	if (strlen(f->commands) + strlen(command) + 2 < sizeof(f->commands))
		strcat(strcat(f->commands, command), ",");
	has_rule = take_rule(f, command, &rule);
	if (has_rule && rule.act == FAKE_QMP_ERROR)
		doc = fake_qmp_error(rule.class, rule.text);
	else if (has_rule && rule.act == FAKE_QMP_LIE)
		doc = json_pack("{s:{}}", "return");
	else
		doc = fake_qmp_execute(f, command, json_object_get(in, "arguments"), events);
	pthread_mutex_unlock(&f->lock);
	json_object_set(doc, "id", json_object_get(in, "id"));
	ok = answer(c, rule, has_rule, doc, events);
	json_decref(doc);
	json_decref(events);
	json_decref(in);
	return ok;
}

static bool serve_input(struct client *c)
{
	ssize_t n = recv(c->fd, c->buf + c->len, sizeof(c->buf) - c->len, 0);
	char *end;

	if (n <= 0)
		return false;
	c->len += (size_t)n;
	while ((end = memchr(c->buf, '\n', c->len))) {
		size_t line = (size_t)(end - c->buf);

		if (!serve_line(c, c->buf, line))
			return false;
		c->len -= line + 1;
		memmove(c->buf, end + 1, c->len);
	}
	return true;
}

/* Returns true when there is something on @fd, false when it is time to stop. */
static bool wait_input(struct fake_qmp *f, int fd)
{
	struct pollfd p[2] = { { .fd = f->stop_fd, .events = POLLIN },
			       { .fd = fd, .events = POLLIN } };

	while (poll(p, 2, -1) < 0)
		;
	return !p[0].revents;
}

static void serve_client(struct fake_qmp *f, int fd)
{
	struct client *c = calloc(1, sizeof(*c));
	json_t *greeting = json_pack("{s:{s:{s:{s:i, s:i, s:i}}, s:[]}}", "QMP", "version", "qemu",
				     "major", 10, "minor", 0, "micro", 2, "capabilities");
	struct fake_qmp_rule rule = { 0 };
	bool has_rule;

	if (!c || !greeting)
		die("fake qmp");
	c->f = f;
	c->fd = fd;
	pthread_mutex_lock(&f->lock);
	f->connections++;
	has_rule = take_rule(f, "greeting", &rule);
	pthread_mutex_unlock(&f->lock);
	if (answer(c, rule, has_rule, greeting, NULL))
		while (wait_input(f, fd) && serve_input(c))
			;
	json_decref(greeting);
	free(c);
}

static void *serve(void *arg)
{
	struct fake_qmp *f = arg;

	while (wait_input(f, f->listen_fd)) {
		int fd = accept(f->listen_fd, NULL, NULL);

		if (fd >= 0) {
			serve_client(f, fd);
			close(fd);
		}
	}
	return NULL;
}

void fake_qmp_start(struct fake_qmp *f, struct fake_root *root, const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	f->root = root;
	snprintf(f->path, sizeof(f->path), "%s", path);
	snprintf(at.sun_path, sizeof(at.sun_path), "%.40s%s", root->dir, f->path);
	f->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	f->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (f->listen_fd < 0 || f->stop_fd < 0 ||
	    bind(f->listen_fd, (struct sockaddr *)&at, sizeof(at)) < 0 ||
	    listen(f->listen_fd, 4) < 0 || pthread_mutex_init(&f->lock, NULL) ||
	    pthread_create(&f->thread, NULL, serve, f))
		die("fake qmp");
	f->is_running = true;
}

void fake_qmp_stop(struct fake_qmp *f)
{
	if (!f->is_running)
		return;
	if (eventfd_write(f->stop_fd, 1) < 0)
		die("fake qmp");
	pthread_join(f->thread, NULL);
	close(f->listen_fd);
	close(f->stop_fd);
	json_decref(f->late);
	f->late = NULL;
	pthread_mutex_destroy(&f->lock);
	f->is_running = false;
}

void fake_qmp_fail(struct fake_qmp *f, struct fake_qmp_rule rule)
{
	pthread_mutex_lock(&f->lock);
	if (f->n_rules == FAKE_QMP_RULES)
		die("fake qmp: too many rules");
	f->rules[f->n_rules++] = rule;
	pthread_mutex_unlock(&f->lock);
}

unsigned fake_qmp_count(struct fake_qmp *f, const char *command)
{
	char word[64];
	unsigned n = 0;

	snprintf(word, sizeof(word), "%s,", command);
	pthread_mutex_lock(&f->lock);
	for (const char *p = f->commands; (p = strstr(p, word)); p += strlen(word))
		n++;
	pthread_mutex_unlock(&f->lock);
	return n;
}
