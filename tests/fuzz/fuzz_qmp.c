// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A conversation with a monitor. The lines of the input are what the peer says: it says everything
 * before it is asked, and then closes. A line that begins with 'r' is the value of the next answer,
 * one with 'e' is its error, and one with 'n' says that there is no such device; any other line is
 * sent as it is. The test reads the machine, and takes a device out of it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "backend/kvm/machine.h"
#include "fuzz.h"

#define SOCKET "run/q"

static const char *script; /* for this run */
static int listener = -1, last_peer = -1;

int __real_connect(int fd, const struct sockaddr *addr, socklen_t len);
int __wrap_connect(int fd, const struct sockaddr *addr, socklen_t len);

/* What does not fit into the socket is dropped, because nobody waits here. */
static void send_text(int fd, const char *text, size_t len)
{
	(void)!send(fd, text, len, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void say(int fd, const char *line, size_t len, unsigned *id)
{
	char *text = NULL;
	int n;

	if (len && *line == 'r')
		n = asprintf(&text, "{\"id\": %u, \"return\": %.*s}\n", ++*id, (int)len - 1,
			     line + 1);
	else if (len && (*line == 'e' || *line == 'n'))
		n = asprintf(&text,
			     "{\"id\": %u, \"error\": {\"class\": \"%s\", \"desc\": \"%.*s\"}}\n",
			     ++*id, *line == 'n' ? "DeviceNotFound" : "GenericError", (int)len - 1,
			     line + 1);
	else
		n = asprintf(&text, "%.*s\n", (int)len, line);
	require(n >= 0);
	send_text(fd, text, (size_t)n);
	free(text);
}

/* The peer says its part in between. */
int __wrap_connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	int r = __real_connect(fd, addr, len), saved = errno, peer;
	unsigned id = 0;

	if (r < 0 || addr->sa_family != AF_UNIX) {
		errno = saved;
		return r;
	}
	peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	require(peer >= 0);
	for (const char *s = script; *s;) {
		size_t n = strcspn(s, "\n");

		say(peer, s, n, &id);
		s += n + (s[n] == '\n');
	}
	/* The peer does not read what it is asked; it stays until the next one, so that this can be
	 * sent. */
	shutdown(peer, SHUT_WR);
	if (last_peer >= 0)
		close(last_peer);
	last_peer = peer;
	return 0;
}

static void start(struct host *h)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct err e = { 0 };

	fuzz_write("run/x", "", 0);
	require(host_open(h, fuzz_dir(), &e) == 0);
	h->log.to = NULL;
	h->timeout_ms = 300;
	snprintf(at.sun_path, sizeof(at.sun_path), "%s/" SOCKET, fuzz_dir());
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	require(listener >= 0);
	require(bind(listener, (struct sockaddr *)&at, sizeof(at)) == 0);
	require(listen(listener, 4) == 0);
}

static void converse(struct qmp *q)
{
	struct machine m = { 0 };
	struct err e = { 0 };
	json_t *v = NULL;
	bool is_there;

	qmp_begin(q, 300);
	if (machine_read(&m, q, 300, &e) < 0) {
		fuzz_sentence(&e);
	} else {
		require(m.n_ports <= MACHINE_PORTS_MAX + 64 && m.n_devs <= MACHINE_DEVS_MAX);
		machine_free_ports(&m);
		machine_pick(&m, 0);
		for (size_t i = 0; i < m.n_devs; i++)
			require(machine_find(&m, m.devs[i].host) != NULL);
		if (m.n_devs)
			machine_has(q, m.devs[0].path, &is_there, 300, &e);
		machine_done(&m);
	}
	e = (struct err){ 0 };
	if (qmp_call(q, "query-pci", NULL, 300, &v, &e) < 0)
		fuzz_sentence(&e);
	json_decref(v);
	require(qmp_kept(q) < 10000);
	qmp_end(q);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct host host;
	struct qmp *q = NULL;
	struct err e = { 0 };
	char *text = fuzz_text(data, size);

	if (listener < 0)
		start(&host);
	script = text;
	if (qmp_open(&q, &host, "/" SOCKET, 300, &e) < 0) {
		fuzz_sentence(&e);
	} else {
		converse(q);
		qmp_close(q);
	}
	free(text);
	return 0;
}
