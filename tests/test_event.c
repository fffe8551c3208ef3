// SPDX-License-Identifier: GPL-2.0-or-later
/* What the host's log is told: a message for each change and each refusal, with fields. */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "fake_yard_check.h"
#include "host/event.h"

struct log_end {
	int fd;
	char path[100];
};

static struct log_end listen_for(struct fake_yard *y)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct log_end l = { .fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0) };

	snprintf(l.path, sizeof(l.path), "%s/log", y->root.dir);
	assert_true(strlen(l.path) < sizeof(at.sun_path));
	strcpy(at.sun_path, l.path);
	assert_int_equal(bind(l.fd, (struct sockaddr *)&at, sizeof(at)), 0);
	return l;
}

/* The next message. Returns false when there is none. */
static bool next(const struct log_end *l, char text[4096])
{
	ssize_t n = recv(l->fd, text, 4095, 0);

	text[n < 0 ? 0 : n] = '\0';
	return n >= 0;
}

static bool has_field(const char *text, const char *key, const char *value)
{
	char want[512];

	snprintf(want, sizeof(want), "\n%s=%s\n", key, value);
	return strstr(text, want);
}

static unsigned count(const struct log_end *l, enum event_kind kind)
{
	char text[4096];
	unsigned n = 0;

	while (next(l, text))
		n += has_field(text, "MESSAGE_ID", event_id(kind));
	return n;
}

static void each_change_is_a_message_with_fields(void **state)
{
	struct fake_yard *y = *state;
	struct log_end l = listen_for(y);
	char text[4096];

	y->root.host.event_socket = l.path;
	y->words[0] = "eth1/1";
	y->words[1] = "vlan=100";
	y->words[2] = "trust=on";
	yard_must(y, YARD_SET);
	assert_true(next(&l, text));
	assert_string_equal(
		text,
		"MESSAGE=set net1/1 (0000:06:10.2): vlan 0 -> 100 (as asked)\n"
		"PRIORITY=5\nSYSLOG_IDENTIFIER=vfyard\nMESSAGE_ID="
		"629ec2a294a6410687c8573d88cba924\nOBJECT=net1/1 (0000:06:10.2)\nSTEP=set\nCODE=0\n");
	assert_true(next(&l, text));
	assert_true(has_field(text, "OBJECT", "net1/1 (0000:06:10.2)"));
	assert_false(next(&l, text));
	yard_must(y, YARD_SET);
	assert_false(next(&l, text));
	close(l.fd);
}

static void an_apply_sends_as_many_as_it_has_steps(void **state)
{
	struct fake_yard *y = *state;
	struct log_end l = listen_for(y);
	size_t n;

	y->root.host.event_socket = l.path;
	/* A socket holds some ten datagrams; who does not read loses, and nobody waits. */
	yard_topology(y, "2", "");
	yard_must(y, YARD_APPLY);
	n = y->n_steps;
	assert_int_equal(count(&l, EVENT_DONE), n);
	yard_must(y, YARD_PLAN);
	yard_must(y, YARD_STATUS);
	assert_int_equal(count(&l, EVENT_DONE), 0);
	close(l.fd);
}

static void a_refusal_and_a_failure_are_told_with_their_code(void **state)
{
	struct fake_yard *y = *state;
	struct log_end l = listen_for(y);
	char text[4096];

	y->root.host.event_socket = l.path;
	y->words[0] = "eth1/1";
	y->words[1] = "vlan=100";
	y->words[2] = "trust=on";
	y->fail_at = 2;
	y->fail_code = EIO;
	assert_true(fake_yard_run(y, YARD_SET) < 0);
	assert_true(next(&l, text) && has_field(text, "MESSAGE_ID", event_id(EVENT_DONE)));
	assert_true(next(&l, text) && has_field(text, "MESSAGE_ID", event_id(EVENT_UNDONE)));
	assert_non_null(strstr(text, "MESSAGE=undone: set net1/1"));
	assert_true(next(&l, text) && has_field(text, "MESSAGE_ID", event_id(EVENT_FAILED)));
	assert_true(has_field(text, "CODE", "5"));
	assert_true(has_field(text, "PRIORITY", "3"));
	assert_true(has_field(text, "OBJECT", "net1/1 (0000:06:10.2)"));
	assert_false(next(&l, text));
	fake_yard_calm(y);
	y->words[1] = "vlan=9999";
	assert_true(fake_yard_run(y, YARD_SET) < 0);
	assert_false(next(&l, text));
	y->words[0] = "eth1";
	y->words[1] = "numvfs=2";
	y->words[2] = NULL;
	y->confirm_s = 60;
	yard_must(y, YARD_TRY);
	assert_true(count(&l, EVENT_DONE) > 0);
	assert_true(fake_yard_run(y, YARD_SET) < 0);
	assert_true(next(&l, text) && has_field(text, "MESSAGE_ID", event_id(EVENT_REFUSED)));
	assert_true(has_field(text, "OBJECT", "host"));
	assert_true(has_field(text, "CODE", "16"));
	close(l.fd);
}

/* A cut in a message would begin a field of somebody's choice. */
static void a_message_is_one_field_whatever_is_in_it(void **state)
{
	struct fake_yard *y = *state;
	struct log_end l = listen_for(y);
	char text[4096];

	y->root.host.event_socket = l.path;
	event_send(&y->root.host, &(struct event){ .kind = EVENT_REFUSED,
						   .object = "a\nPRIORITY=0",
						   .step = "",
						   .message = "b\nCODE=0\n",
						   .code = 1 });
	assert_true(next(&l, text));
	assert_non_null(strstr(text, "MESSAGE=b CODE=0 \nPRIORITY=4\n"));
	assert_non_null(strstr(text, "\nOBJECT=a PRIORITY=0\nSTEP=\nCODE=1\n"));
	close(l.fd);
	event_send(&y->root.host, &(struct event){ .kind = EVENT_DONE,
						   .object = "",
						   .step = "",
						   .message = "nobody listens" });
}

#define T(f) cmocka_unit_test_setup_teardown(f, fake_yard_setup, fake_yard_teardown)

static const struct CMUnitTest tests[] = {
	T(each_change_is_a_message_with_fields),
	T(an_apply_sends_as_many_as_it_has_steps),
	T(a_refusal_and_a_failure_are_told_with_their_code),
	T(a_message_is_one_field_whatever_is_in_it),
};

TEST_MAIN(tests)
