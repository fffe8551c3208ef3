// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/kvm/qmp.h"

#include <string.h>
#include <sys/socket.h>

#include "backend/kvm/qmp_replay.h"
#include "backend/kvm/qmp_stream.h"

struct qmp {
	struct qmp_stream stream;
	struct qmp_replay *replay; /* replaces the stream on a captured host; otherwise NULL */
	const struct log *log;
	char *path;
	json_t *events; /* array of those that nobody has waited for yet, oldest first */
	json_int_t last_id;
	struct deadline until; /* for the whole conversation; 0: there is none */
	const struct stop *stop;
	struct qmp_refusal refused;
};

/* The only event that anybody here waits for. */
#define AWAITED "DEVICE_DELETED"

/* More events than a machine has devices, and no longer than QEMU makes them. When there are more,
 * the oldest are of no use to anybody here. */
#define EVENTS_MAX	512u
#define EVENT_BYTES_MAX 1024u

/* Connecting takes no time, unless others wait, too. */
#define LISTENER_MS 1000u

static int fail_connect(const char *path, int r, struct err *e)
{
	err_set(e, -r, "connect to QMP socket %s: %s", path, strerror(-r));
	switch (-r) {
	case ENOENT:
	case ECONNREFUSED:
		return err_fix(
			e, r,
			"is the guest running? start QEMU with -qmp unix:%s,server=on,wait=off",
			path);
	case EACCES:
		return err_fix(e, r, "run as root");
	case ETIMEDOUT:
		return err_fix(e, r, "too many clients wait for it: end them, ss -xp shows them");
	default:
		return err_fix(e, r, "is it a unix socket? run: ls -l %s", path);
	}
}

/* Reports a failure of the connection. The session ends here, except after a deadline. */
static int fail_session(struct qmp *q, int r, const char *what, struct err *e)
{
	if (r == -ETIMEDOUT) {
		err_set(e, ETIMEDOUT, "QEMU did not answer %s in time", what);
		return err_fix(e, r,
			       "is it stopped or overloaded? try again, or with --timeout SEC");
	}
	if (r == -EINTR) {
		err_set(e, EINTR, "interrupted while QEMU was asked for %s", what);
		return err_fix(e, r, "run it again");
	}
	qmp_stream_close(&q->stream);
	if (r == -EPIPE)
		err_set(e, EPIPE, "QEMU closed its monitor %s during %s", q->path, what);
	else if (r == -EPROTO)
		err_set(e, EPROTO, "what %s answered to %s is not QMP", q->path, what);
	else if (r == -EMSGSIZE)
		err_set(e, EMSGSIZE, "the answer to %s has no end after %u bytes", what,
			QMP_LINE_MAX);
	else if (r == -E2BIG)
		err_set(e, E2BIG, "%s sends without end: %u bytes came instead of an answer to %s",
			q->path, QMP_BYTES_MAX, what);
	else
		err_set(e, -r, "QMP %s on %s: %s", what, q->path, strerror(-r));
	return err_fix(e, r, "is the guest still running? run: vfyard pci-list");
}

/* What is kept is small, however long the line was. */
static json_t *essence(const json_t *event)
{
	const json_t *data = json_object_get(event, "data");
	const char *device = json_string_value(json_object_get(data, "device"));
	const char *path = json_string_value(json_object_get(data, "path"));

	if ((device && strlen(device) > EVENT_BYTES_MAX) ||
	    (path && strlen(path) > EVENT_BYTES_MAX))
		return NULL;
	return json_pack("{s:s, s:{s:s?, s:s?}}", "event", AWAITED, "data", "device", device,
			 "path", path);
}

static int receive(struct qmp *q, json_t **ret, struct deadline *d)
{
	int r = q->stream.fd < 0 ? -EPIPE : qmp_stream_receive(&q->stream, ret, d);
	const char *event = r < 0 ? NULL : json_string_value(json_object_get(*ret, "event"));
	json_t *kept = event && !strcmp(event, AWAITED) ? essence(*ret) : NULL;

	if (!kept)
		return r;
	if (json_array_size(q->events) >= EVENTS_MAX)
		json_array_remove(q->events, 0);
	return json_array_append_new(q->events, kept) < 0 ? -ENOMEM : 0;
}

/* The deadline of one question: the end of the conversation, when that comes first. */
static struct deadline deadline_of(const struct qmp *q, unsigned timeout_ms)
{
	struct deadline d = deadline_in(timeout_ms);

	if (q->until.end_ms && q->until.end_ms < d.end_ms)
		d.end_ms = q->until.end_ms;
	return d;
}

void qmp_begin(struct qmp *q, unsigned timeout_ms)
{
	q->until = deadline_in(timeout_ms);
}

void qmp_end(struct qmp *q)
{
	q->until = (struct deadline){ 0 };
}

void qmp_heed_signals(struct qmp *q, bool heed)
{
	q->stream.stop = heed ? q->stop : NULL;
}

size_t qmp_kept(const struct qmp *q)
{
	return json_array_size(q->events);
}

static int greet(struct qmp *q, struct deadline *d, struct err *e)
{
	json_t *doc = NULL;
	int r = receive(q, &doc, d);

	if (r == 0 && !json_is_object(json_object_get(doc, "QMP")))
		r = -EPROTO;
	json_decref(doc);
	if (r != -ETIMEDOUT)
		return r < 0 ? fail_session(q, r, "the greeting", e) : 0;
	qmp_stream_close(&q->stream);
	err_set(e, EBUSY, "no greeting from %s: another QMP client holds this monitor", q->path);
	return err_fix(e, -EBUSY,
		       "end that client (ss -xp shows it), or give QEMU a second -qmp "
		       "unix:PATH,server=on,wait=off");
}

/* A socket below --root belongs to somebody who stands in for QEMU; a capture has none. */
static bool is_captured(const struct host *h, const char *path)
{
	return root_is_captured(&h->root) && !root_exists(&h->root, "%s", path + strspn(path, "/"));
}

static int open_replay(struct qmp *q, const struct host *h, const char *path, struct err *e)
{
	q->replay = qmp_replay_open(h, path);
	if (q->replay)
		return 0;
	return err_fix(e,
		       err_set(e, ENODATA, "what the monitor %s says is not in this capture", path),
		       "capture that host again, as root and with vfyard on it");
}

int qmp_open(struct qmp **ret, const struct host *h, const char *path, unsigned timeout_ms,
	     struct err *e)
{
	struct deadline d = deadline_in(timeout_ms);
	struct qmp *q = calloc(1, sizeof(*q));
	int r;

	if (!q)
		return err_set(e, ENOMEM, "out of memory");
	q->stream.fd = -1;
	q->path = strdup(path);
	q->events = json_array();
	q->log = &h->log;
	q->stop = h->stop;
	if (is_captured(h, path)) {
		r = q->path && q->events ? open_replay(q, h, path, e) : -ENOMEM;
		goto out;
	}
	r = q->path && q->events ? qmp_stream_open(&q->stream, h, path, &d) : -ENOMEM;
	if (r < 0)
		r = fail_connect(path, r, e);
	else
		r = greet(q, &d, e);
	if (r == 0)
		r = qmp_call(q, "qmp_capabilities", NULL, deadline_left_ms(&d), NULL, e);
out:
	if (r < 0)
		qmp_close(q);
	else
		*ret = q;
	return r;
}

void qmp_close(struct qmp *q)
{
	if (!q)
		return;
	qmp_stream_close(&q->stream);
	qmp_replay_free(q->replay);
	json_decref(q->events);
	free(q->path);
	free(q);
}

static uint32_t peer_of(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0 || peer.pid <= 0)
		return 0;
	return (uint32_t)peer.pid;
}

uint32_t qmp_peer(const struct qmp *q)
{
	return peer_of(q->stream.fd);
}

uint32_t qmp_peer_uid(const struct qmp *q)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	return getsockopt(q->stream.fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0 ? UINT32_MAX
										  : peer.uid;
}

uint32_t qmp_listener(const struct host *h, const char *path)
{
	struct deadline d = deadline_in(LISTENER_MS);
	struct qmp_stream s;
	uint32_t pid = 0;

	if (qmp_stream_open(&s, h, path, &d) == 0)
		pid = peer_of(s.fd);
	qmp_stream_close(&s);
	return pid;
}

bool qmp_is_broken(const struct qmp *q)
{
	return q->stream.fd < 0 && !q->replay;
}

const struct qmp_refusal *qmp_refused(const struct qmp *q)
{
	return &q->refused;
}

static void copy_text(char *dst, size_t size, const json_t *text)
{
	const char *s = json_string_value(text);

	snprintf(dst, size, "%s", s ? s : "");
}

/* Receives the answer with our id, and skips events and answers that came too late. */
static int receive_answer(struct qmp *q, json_int_t id, json_t **ret, struct deadline *d)
{
	for (;;) {
		json_t *doc = NULL;
		int r = receive(q, &doc, d);

		if (r == 0 && json_is_integer(json_object_get(doc, "id")) &&
		    json_integer_value(json_object_get(doc, "id")) == id) {
			*ret = doc;
			return 0;
		}
		/* An error without an id means that QEMU could not read what we sent. */
		if (r == 0 && json_object_get(doc, "error") && !json_object_get(doc, "id"))
			r = -EPROTO;
		json_decref(doc);
		if (r < 0)
			return r;
	}
}

static int send_command(struct qmp *q, const char *command, json_t *args, struct deadline *d)
{
	json_t *doc = json_pack("{s:s, s:I}", "execute", command, "id", ++q->last_id);
	int r = doc ? 0 : -ENOMEM;

	if (r == 0 && args && json_object_set(doc, "arguments", args) < 0)
		r = -ENOMEM;
	if (r == 0)
		r = q->stream.fd < 0 ? -EPIPE : qmp_stream_send(&q->stream, doc, d);
	json_decref(doc);
	return r;
}

/* With an answer, logs a line that qmp_replay.h can read; without one, a line that it does not take
 * for an answer. */
static void log_answer(const struct qmp *q, const char *command, const json_t *args, int r,
		       const json_t *answer)
{
	_cleanup_free_ char *question = NULL, *text = NULL;

	if (!log_shows(q->log, LOG_DEBUG))
		return;
	question = qmp_question(q->path, command, args);
	if (question && r < 0)
		log_debug(q->log, "no answer to qmp %.*s: %s", (int)strlen(question) - 1, question,
			  strerror(-r));
	text = r < 0 ? NULL : json_dumps(answer, JSON_COMPACT);
	if (question && text)
		log_debug(q->log, "qmp %s%s", question, text);
}

static int ask(struct qmp *q, const char *command, json_t *args, unsigned timeout_ms, json_t **ret,
	       struct err *e)
{
	struct deadline d = deadline_of(q, timeout_ms);
	int r;

	if (q->replay) {
		*ret = qmp_replay_answer(q->replay, command, args);
		if (*ret)
			return 0;
		return err_set(e, ENODATA, "the answer to %s on %s is not in this capture", command,
			       q->path);
	}
	q->stream.received = 0;
	r = send_command(q, command, args, &d);
	/* Half a command may have been sent, and what follows would be read as its end. */
	if (r == -ETIMEDOUT || r == -EINTR)
		qmp_stream_close(&q->stream);
	if (r == 0)
		r = receive_answer(q, q->last_id, ret, &d);
	return r < 0 ? fail_session(q, r, command, e) : 0;
}

int qmp_call(struct qmp *q, const char *command, json_t *args, unsigned timeout_ms, json_t **ret,
	     struct err *e)
{
	json_t *answer = NULL, *error, *value;
	int r = ask(q, command, args, timeout_ms, &answer, e);

	log_answer(q, command, args, r, answer);
	json_decref(args);
	if (r < 0)
		return r;
	error = json_object_get(answer, "error");
	value = json_object_get(answer, "return");
	if (error) {
		copy_text(q->refused.class, sizeof(q->refused.class),
			  json_object_get(error, "class"));
		copy_text(q->refused.desc, sizeof(q->refused.desc), json_object_get(error, "desc"));
		r = err_set(e, EREMOTEIO, "QEMU: %s", q->refused.desc);
	} else if (!value) {
		r = fail_session(q, -EPROTO, command, e);
	} else if (ret) {
		*ret = json_incref(value);
	}
	json_decref(answer);
	return r;
}

/* Takes the event out of those that are kept, looking from @from on. */
static bool take_event(struct qmp *q, size_t from, const char *name,
		       bool (*match)(void *arg, const json_t *data), void *arg)
{
	for (size_t i = from; i < json_array_size(q->events); i++) {
		const json_t *event = json_array_get(q->events, i);
		const char *is = json_string_value(json_object_get(event, "event"));

		if (is && !strcmp(is, name) && match(arg, json_object_get(event, "data"))) {
			json_array_remove(q->events, i);
			return true;
		}
	}
	return false;
}

int qmp_wait_event(struct qmp *q, const char *name, bool (*match)(void *arg, const json_t *data),
		   void *arg, unsigned timeout_ms, struct err *e)
{
	struct deadline d = deadline_of(q, timeout_ms);
	size_t looked = 0;

	q->stream.received = 0;
	while (!take_event(q, looked, name, match, arg)) {
		json_t *doc = NULL;
		int r;

		looked = json_array_size(q->events);
		looked -= looked >= EVENTS_MAX;
		r = receive(q, &doc, &d);
		json_decref(doc);
		if (r < 0)
			return fail_session(q, r, name, e);
	}
	return 0;
}

void qmp_drop_events(struct qmp *q, const char *name, bool (*match)(void *arg, const json_t *data),
		     void *arg)
{
	while (take_event(q, 0, name, match, arg))
		;
}
