// SPDX-License-Identifier: GPL-2.0-or-later
/* The QMP session against peers that behave, and peers that do not. */
#include "fake_kvm.h"

#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

#include "backend/kvm/machine.h"
#include "backend/kvm/qmp.h"
#include "backend/kvm/qmp_stream.h"
#include "base/deadline.h"

static struct qmp *q;

static int open_session(unsigned timeout_ms)
{
	return qmp_open(&q, &env.root.host, "/run/web1.qmp", timeout_ms, &env.e);
}

static void must_open(void)
{
	assert_int_equal(open_session(2000), 0);
}

static int call(const char *command, json_t **ret)
{
	return qmp_call(q, command, NULL, 200, ret, &env.e);
}

static void spoil(const char *command, enum fake_qmp_act act, const char *text)
{
	fake_qmp_fail(&env.qmp,
		      (struct fake_qmp_rule){ .command = command, .act = act, .text = text });
}

static int teardown(void **state)
{
	qmp_close(q);
	q = NULL;
	return env_teardown(state);
}

static void a_session_greets_negotiates_and_answers(void **state UNUSED)
{
	json_t *v = NULL;

	must_open();
	assert_int_equal(call("query-name", &v), 0);
	assert_string_equal(json_string_value(json_object_get(v, "name")), "web1");
	json_decref(v);
	assert_string_equal(env.qmp.commands, "qmp_capabilities,query-name,");
	assert_int_equal(qmp_peer(q), getpid());
}

static void a_silent_socket_is_held_by_another_client(void **state UNUSED)
{
	spoil("greeting", FAKE_QMP_SILENT, NULL);
	assert_int_equal(open_session(100), -EBUSY);
	assert_says("another QMP client holds this monitor");
	assert_says("second -qmp unix:PATH,server=on");
}

static void a_second_client_is_told_so_within_its_deadline(void **state UNUSED)
{
	int64_t start;
	struct qmp *second;

	must_open();
	start = monotonic_ms();
	assert_int_equal(qmp_open(&second, &env.root.host, "/run/web1.qmp", 100, &env.e), -EBUSY);
	assert_true(monotonic_ms() - start < 1500);
}

static void nobody_on_the_socket_says_how_to_start(void **state UNUSED)
{
	fake_root_add(&env.root, "run/file=x");
	assert_int_equal(qmp_open(&q, &env.root.host, "/run/none.qmp", 100, &env.e), -ENOENT);
	assert_says("No such file");
	assert_says("-qmp unix:/run/none.qmp");
	assert_int_equal(qmp_open(&q, &env.root.host, "/run/file", 100, &env.e), -ECONNREFUSED);
}

static void a_socket_far_down_is_reached(void **state UNUSED)
{
	static struct fake_qmp deep;
	char path[256] = "/run/", line[300];

	memset(path + 5, 'd', 120);
	strcat(path, "/x.qmp");
	snprintf(line, sizeof(line), "%.*s/", (int)strlen(path) - 7, path + 1);
	fake_root_add(&env.root, line);
	fake_qmp_start(&deep, &env.root, "/run/short");
	snprintf(line, sizeof(line), "%s -> ../short", path + 1);
	fake_root_add(&env.root, line);
	assert_int_equal(qmp_open(&q, &env.root.host, path, 2000, &env.e), 0);
	qmp_close(q);
	q = NULL;
	fake_qmp_stop(&deep);
}

static void a_greeting_of_another_protocol_is_refused(void **state UNUSED)
{
	spoil("greeting", FAKE_QMP_RAW, "220 mail.example.org ESMTP");
	assert_int_equal(open_session(500), -EPROTO);
	assert_says("not QMP");
	spoil("greeting", FAKE_QMP_RAW, "{\"hello\": 1}");
	assert_int_equal(open_session(500), -EPROTO);
}

static void a_greeting_that_breaks_off_is_an_error(void **state UNUSED)
{
	spoil("greeting", FAKE_QMP_HALF, NULL);
	assert_int_equal(open_session(500), -EPIPE);
	assert_says("closed its monitor");
}

static void negotiation_that_is_refused_ends_the_session(void **state UNUSED)
{
	fake_qmp_fail(&env.qmp, (struct fake_qmp_rule){ .command = "qmp_capabilities",
							.act = FAKE_QMP_ERROR,
							.class = "CommandNotFound",
							.text = "no such mode" });
	assert_int_equal(open_session(500), -EREMOTEIO);
	assert_says("no such mode");
}

static void an_error_has_its_class_and_text(void **state UNUSED)
{
	must_open();
	assert_int_equal(call("no-such-command", NULL), -EREMOTEIO);
	assert_string_equal(qmp_refused(q)->class, "CommandNotFound");
	assert_says("QEMU: The command has not been found");
	assert_false(qmp_is_broken(q));
	assert_int_equal(call("query-name", NULL), 0);
}

static void events_between_command_and_answer_are_kept(void **state UNUSED)
{
	must_open();
	spoil("query-name", FAKE_QMP_BEFORE,
	      "{\"event\":\"DEVICE_DELETED\",\"data\":{\"device\":\"x\",\"path\":\"/p\"}}\r\n"
	      "{\"event\":\"RTC_CHANGE\"}");
	assert_int_equal(call("query-name", NULL), 0);
	assert_int_equal(call("query-name", NULL), 0);
}

static bool is_device(void *arg, const json_t *data)
{
	const char *id = json_string_value(json_object_get(data, "device"));

	return id && !strcmp(id, arg);
}

static void an_event_that_came_early_is_found_later(void **state UNUSED)
{
	char x[] = "x", y[] = "y";

	must_open();
	spoil("query-name", FAKE_QMP_BEFORE,
	      "{\"event\":\"DEVICE_DELETED\",\"data\":{\"device\":\"y\"}}\r\n"
	      "{\"event\":\"DEVICE_DELETED\",\"data\":{\"device\":\"x\"}}");
	assert_int_equal(call("query-name", NULL), 0);
	assert_int_equal(qmp_wait_event(q, "DEVICE_DELETED", is_device, x, 100, &env.e), 0);
	assert_int_equal(qmp_wait_event(q, "DEVICE_DELETED", is_device, x, 50, &env.e), -ETIMEDOUT);
	assert_int_equal(qmp_wait_event(q, "DEVICE_DELETED", is_device, y, 100, &env.e), 0);
}

static void an_old_event_can_be_forgotten(void **state UNUSED)
{
	char x[] = "x";

	must_open();
	spoil("query-name", FAKE_QMP_BEFORE,
	      "{\"event\":\"DEVICE_DELETED\",\"data\":{\"device\":\"x\"}}");
	assert_int_equal(call("query-name", NULL), 0);
	qmp_drop_events(q, "DEVICE_DELETED", is_device, x);
	assert_int_equal(qmp_wait_event(q, "DEVICE_DELETED", is_device, x, 50, &env.e), -ETIMEDOUT);
}

static void a_flood_of_events_does_not_grow_for_ever(void **state UNUSED)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	char x[] = "last";

	must_open();
	for (unsigned i = 0; i < 6000; i++)
		fprintf(out, "{\"event\":\"BALLOON_CHANGE\"}\r\n");
	fprintf(out, "{\"event\":\"DEVICE_DELETED\",\"data\":{\"device\":\"last\"}}");
	fclose(out);
	spoil("query-name", FAKE_QMP_BEFORE, text);
	assert_int_equal(qmp_call(q, "query-name", NULL, 10000, NULL, &env.e), 0);
	assert_int_equal(qmp_wait_event(q, "DEVICE_DELETED", is_device, x, 100, &env.e), 0);
	free(text);
}

static void the_answer_to_another_id_is_not_ours(void **state UNUSED)
{
	json_t *v = NULL;

	must_open();
	spoil("query-name", FAKE_QMP_BEFORE,
	      "{\"return\":{\"name\":\"wrong\"},\"id\":77}\r\n{\"return\":{},\"id\":\"2\"}\r\n"
	      "{\"return\":{}}");
	assert_int_equal(call("query-name", &v), 0);
	assert_string_equal(json_string_value(json_object_get(v, "name")), "web1");
	json_decref(v);
}

static void an_answer_that_comes_too_late_is_dropped(void **state UNUSED)
{
	json_t *v = NULL;

	must_open();
	spoil("query-pci", FAKE_QMP_LATE, NULL);
	assert_int_equal(call("query-pci", NULL), -ETIMEDOUT);
	assert_says("QEMU did not answer query-pci in time");
	assert_false(qmp_is_broken(q));
	assert_int_equal(call("query-name", &v), 0);
	assert_string_equal(json_string_value(json_object_get(v, "name")), "web1");
	json_decref(v);
}

static void an_answer_in_pieces_is_put_together(void **state UNUSED)
{
	json_t *v = NULL;

	must_open();
	spoil("query-name", FAKE_QMP_PIECES, NULL);
	assert_int_equal(qmp_call(q, "query-name", NULL, 2000, &v, &env.e), 0);
	assert_string_equal(json_string_value(json_object_get(v, "name")), "web1");
	json_decref(v);
}

static void a_peer_that_closes_in_the_middle_is_an_error(void **state UNUSED)
{
	must_open();
	spoil("query-name", FAKE_QMP_HALF, NULL);
	assert_int_equal(call("query-name", NULL), -EPIPE);
	assert_says("QEMU closed its monitor /run/web1.qmp during query-name");
	assert_true(qmp_is_broken(q));
	assert_int_equal(call("query-name", NULL), -EPIPE);
}

static void a_peer_that_hangs_up_is_an_error(void **state UNUSED)
{
	must_open();
	spoil("query-name", FAKE_QMP_HANGUP, NULL);
	assert_int_equal(call("query-name", NULL), -EPIPE);
	assert_true(qmp_is_broken(q));
}

static void garbage_ends_the_session(void **state UNUSED)
{
	static const char *const garbage[] = { "{\"return\": {", "[1,2]", "", "\"text\"",
					       "{\"error\":{\"class\":\"x\",\"desc\":\"y\"}}" };

	for (size_t i = 0; i < ARRAY_SIZE(garbage); i++) {
		must_open();
		spoil("query-name", FAKE_QMP_RAW, garbage[i]);
		assert_int_equal(call("query-name", NULL), -EPROTO);
		assert_says("not QMP");
		assert_true(qmp_is_broken(q));
		qmp_close(q);
		q = NULL;
	}
}

static void an_answer_without_return_is_no_answer(void **state UNUSED)
{
	must_open();
	spoil("query-name", FAKE_QMP_RAW, "{\"id\": 2}");
	assert_int_equal(call("query-name", NULL), -EPROTO);
}

static void a_line_without_end_is_cut_off(void **state UNUSED)
{
	must_open();
	spoil("query-name", FAKE_QMP_ENDLESS, NULL);
	assert_int_equal(qmp_call(q, "query-name", NULL, 20000, NULL, &env.e), -EMSGSIZE);
	assert_says("has no end");
	assert_true(qmp_is_broken(q));
}

static void text_of_the_peer_stays_on_one_line(void **state UNUSED)
{
	must_open();
	fake_qmp_fail(&env.qmp, (struct fake_qmp_rule){ .command = "query-name",
							.act = FAKE_QMP_ERROR,
							.class = "GenericError",
							.text = "a\nb\x1b[31m" });
	assert_int_equal(call("query-name", NULL), -EREMOTEIO);
	assert_null(strchr(env.e.cause, '\n'));
	assert_null(strchr(env.e.cause, '\x1b'));
}

static void waiting_for_an_event_ends_when_the_peer_does(void **state UNUSED)
{
	char x[] = "x";

	must_open();
	spoil("query-name", FAKE_QMP_HANGUP, NULL);
	call("query-name", NULL);
	assert_int_equal(qmp_wait_event(q, "DEVICE_DELETED", is_device, x, 5000, &env.e), -EPIPE);
}

/* It sends faster than it is read, and the deadline is noticed nevertheless. */
static void a_flood_ends_with_the_deadline_or_the_budget(void **state UNUSED)
{
	int r;

	must_open();
	spoil("query-name", FAKE_QMP_FLOOD, "{\"event\":0}");
	r = qmp_call(q, "query-name", NULL, 200, NULL, &env.e);
	assert_true(r == -ETIMEDOUT || r == -E2BIG);
}

static void what_comes_for_one_question_has_a_budget(void **state UNUSED)
{
	static char text[100001]; /* the peer goes on for a while */
	char x[] = "x";

	memset(text, ' ', 100000);
	memcpy(text, "{\"event\":\"E\"", 12);
	strcpy(text + 99999, "}");
	must_open();
	spoil("query-name", FAKE_QMP_FLOOD, text);
	assert_int_equal(qmp_call(q, "query-name", NULL, 120000, NULL, &env.e), -E2BIG);
	assert_says("sends without end: 16777216 bytes came instead of an answer to query-name");
	assert_true(qmp_is_broken(q));
	assert_int_equal(qmp_wait_event(q, "DEVICE_DELETED", is_device, x, 50, &env.e), -EPIPE);
}

static void only_events_that_somebody_waits_for_are_kept(void **state UNUSED)
{
	char *text = NULL, x[] = "x599";
	size_t size;
	FILE *out = open_memstream(&text, &size);

	must_open();
	for (unsigned i = 0; i < 600; i++)
		fprintf(out,
			"{\"event\":\"BALLOON_CHANGE\"}\r\n{\"event\":\"DEVICE_DELETED\",\"data\":"
			"{\"device\":\"x%u\",\"more\":[0,0,0]}}\r\n",
			i);
	fprintf(out, "{\"event\":\"DEVICE_DELETED\",\"data\":{\"path\":\"%02000d\"}}", 0);
	fclose(out);
	spoil("query-name", FAKE_QMP_BEFORE, text);
	assert_int_equal(qmp_call(q, "query-name", NULL, 10000, NULL, &env.e), 0);
	free(text);
	assert_int_equal(qmp_kept(q), 512);
	assert_int_equal(qmp_wait_event(q, "DEVICE_DELETED", is_device, x, 100, &env.e), 0);
}

/* Lines that are there are not read when the time is over, and nothing is lost. */
static void the_deadline_is_looked_at_for_each_line(void **state UNUSED)
{
	struct qmp_stream s = { .fd = -1 };
	struct deadline over = deadline_in(0), later = deadline_in(60000);
	json_t *doc = NULL;
	char lines[8000];
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	s.fd = fds[0];
	for (unsigned i = 0; i < 1000; i++)
		memcpy(lines + 8 * i, "{\"n\":1}\n", 8);
	assert_int_equal(write(fds[1], lines, sizeof(lines)), sizeof(lines));
	assert_int_equal(qmp_stream_receive(&s, &doc, &later), 0);
	json_decref(doc);
	/* What was taken is skipped, and the rest of the lines is not moved for it. */
	assert_int_equal(s.start, 8);
	assert_int_equal(s.len, 7992);
	assert_int_equal(qmp_stream_receive(&s, &doc, &over), -ETIMEDOUT);
	for (unsigned i = 1; i < 1000; i++) {
		assert_int_equal(qmp_stream_receive(&s, &doc, &later), 0);
		json_decref(doc);
		assert_int_equal(s.start, 8 * (i + 1));
	}
	assert_int_equal(s.len, 0);
	qmp_stream_close(&s);
	close(fds[1]);
}

/* Makes @n ports, the answer to the second question after the greeting. */
static char *ports_answer(unsigned n)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fprintf(out, "{\"id\":3,\"return\":[");
	for (unsigned i = 0; i < n; i++)
		fprintf(out, "%s{\"name\":\"p%u\",\"type\":\"child<pcie-root-port>\"}",
			i ? "," : "", i);
	fprintf(out, "]}");
	fclose(out);
	return text;
}

static void more_ports_than_a_machine_has_are_not_asked_about(void **state UNUSED)
{
	_cleanup_free_ char *text = ports_answer(5000);
	struct machine m;

	must_open();
	spoil("qom-list", FAKE_QMP_RAW, text);
	assert_int_equal(machine_read(&m, q, 10000, &env.e), -E2BIG);
	assert_says("QEMU lists 5000 ports and 0 host devices");
	assert_int_equal(fake_qmp_count(&env.qmp, "qom-list"), 1);
	assert_int_equal(fake_qmp_count(&env.qmp, "qom-get"), 1);
}

/* Each question is in time, but all together are not. */
static void a_conversation_has_one_deadline(void **state UNUSED)
{
	static const char *const questions[] = { "qom-list", "qom-get" };
	struct machine m;

	for (size_t i = 0; i < 2; i++)
		fake_qmp_fail(&env.qmp, (struct fake_qmp_rule){ .command = questions[i],
								.act = FAKE_QMP_SLOW,
								.forever = true });
	must_open();
	qmp_begin(q, 240);
	assert_int_equal(machine_read(&m, q, 1000, &env.e), -ETIMEDOUT);
	qmp_end(q);
	/* 4 ports take 15 questions. */
	assert_in_range(fake_qmp_count(&env.qmp, "qom-list") + fake_qmp_count(&env.qmp, "qom-get"),
			1, 6);
	assert_int_equal(call("query-name", NULL), 0);
}

static void a_signal_ends_a_wait_for_a_peer(void **state UNUSED)
{
	struct stop *stop = env.root.host.stop;
	sigset_t old;
	int number;

	sigemptyset(&stop->held);
	sigaddset(&stop->held, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &stop->held, &old);
	stop->is_on = true;
	must_open();
	assert_int_equal(call("query-name", NULL), 0);
	spoil("query-name", FAKE_QMP_SILENT, NULL);
	raise(SIGTERM);
	/* The deadline is an hour away. */
	assert_int_equal(qmp_call(q, "query-name", NULL, 3600000, NULL, &env.e), -EINTR);
	assert_says("interrupted while QEMU was asked for query-name");
	assert_true(stop_is_asked(stop));
	/* While undoing it does not. */
	qmp_heed_signals(q, false);
	spoil("query-pci", FAKE_QMP_SILENT, NULL);
	assert_int_equal(call("query-pci", NULL), -ETIMEDOUT);
	assert_int_equal(sigwait(&stop->held, &number), 0);
	assert_int_equal(number, SIGTERM);
	stop->is_on = false;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, env_setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(a_session_greets_negotiates_and_answers),
	TEST(a_silent_socket_is_held_by_another_client),
	TEST(a_second_client_is_told_so_within_its_deadline),
	TEST(nobody_on_the_socket_says_how_to_start),
	TEST(a_socket_far_down_is_reached),
	TEST(a_greeting_of_another_protocol_is_refused),
	TEST(a_greeting_that_breaks_off_is_an_error),
	TEST(negotiation_that_is_refused_ends_the_session),
	TEST(an_error_has_its_class_and_text),
	TEST(events_between_command_and_answer_are_kept),
	TEST(an_event_that_came_early_is_found_later),
	TEST(an_old_event_can_be_forgotten),
	TEST(a_flood_of_events_does_not_grow_for_ever),
	TEST(the_answer_to_another_id_is_not_ours),
	TEST(an_answer_that_comes_too_late_is_dropped),
	TEST(an_answer_in_pieces_is_put_together),
	TEST(a_peer_that_closes_in_the_middle_is_an_error),
	TEST(a_peer_that_hangs_up_is_an_error),
	TEST(garbage_ends_the_session),
	TEST(an_answer_without_return_is_no_answer),
	TEST(a_line_without_end_is_cut_off),
	TEST(text_of_the_peer_stays_on_one_line),
	TEST(waiting_for_an_event_ends_when_the_peer_does),
	TEST(a_flood_ends_with_the_deadline_or_the_budget),
	TEST(what_comes_for_one_question_has_a_budget),
	TEST(only_events_that_somebody_waits_for_are_kept),
	TEST(the_deadline_is_looked_at_for_each_line),
	TEST(more_ports_than_a_machine_has_are_not_asked_about),
	TEST(a_conversation_has_one_deadline),
	TEST(a_signal_ends_a_wait_for_a_peer),
};

TEST_MAIN(tests)
