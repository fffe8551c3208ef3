// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/session/trial.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "engine/plan/plan_release.h"
#include "engine/run/trial_take.h"
#include "engine/session/trial_watch.h"
#include "state/state_file.h"

#define KEY	 "trial"
#define LOOK_MS	 1000
#define PAUSE_MS 10000
#define TRIES	 6u

static int64_t boot_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t trial_left_ms(const struct trial_info *t)
{
	int64_t left = t->until_ms - boot_ms();

	return left > 0 ? left : 0;
}

static void copy_text(const json_t *o, const char *key, char *ret, size_t size)
{
	const char *s = json_string_value(json_object_get(o, key));

	snprintf(ret, size, "%s", s ? s : "");
}

static void read_info(const struct host *h, const json_t *o, struct trial_info *ret)
{
	char boot[BOOT_ID_MAX], was[BOOT_ID_MAX];
	time_t when;
	struct tm tm;

	*ret = (struct trial_info){ .is_open = json_is_true(json_object_get(o, "open")),
				    .is_rejected = json_is_true(json_object_get(o, "rejected")) };
	ret->seconds = (unsigned)json_integer_value(json_object_get(o, "seconds"));
	ret->until_ms = json_integer_value(json_object_get(o, "until"));
	copy_text(o, "run", ret->run, sizeof(ret->run));
	copy_text(o, "digest", ret->digest, sizeof(ret->digest));
	copy_text(o, "boot", was, sizeof(was));
	host_boot_id(h, boot);
	ret->is_other_boot = strcmp(boot, was) != 0;
	when = time(NULL) + (ret->until_ms - boot_ms()) / 1000;
	if (localtime_r(&when, &tm))
		strftime(ret->until, sizeof(ret->until), "%H:%M:%S", &tm);
}

int trial_look(const struct host *h, struct trial_info *ret, struct err *e)
{
	struct state *t = NULL;
	int r;

	*ret = (struct trial_info){ 0 };
	if (!root_exists(&h->root, HOST_STATE_DIR "/" TRIAL_FILE))
		return 0;
	r = state_open_at(&t, h, TRIAL_FILE, e);
	if (r < 0)
		return r;
	if (state_member(t, KEY))
		read_info(h, state_member(t, KEY), ret);
	state_close(t);
	return 0;
}

static json_t *boot_json(const struct host *h)
{
	char boot[BOOT_ID_MAX];

	host_boot_id(h, boot);
	return json_string(boot);
}

/* @digest and @memory are taken over. */
static int put_info(struct session *s, struct state *t, unsigned seconds, struct err *e)
{
	char digest[20] = "";
	json_t *o;

	if (s->topo && !s->topo->is_made)
		snprintf(digest, sizeof(digest), "%016" PRIx64, s->topo->digest);
	o = json_pack("{s:b, s:o, s:i, s:I, s:s, s:s, s:o}", "open", 1, "boot", boot_json(&s->host),
		      "seconds", (int)seconds, "until",
		      (json_int_t)(boot_ms() + (int64_t)seconds * 1000), "run",
		      s->command ? s->command : "vfyard", "digest", digest, "memory",
		      state_document(s->saved));
	if (!o)
		return err_set(e, ENOMEM, "out of memory");
	return state_set_member(t, KEY, o, e);
}

static int remove_file(const struct host *h, struct err *e)
{
	if (unlinkat(h->root.fd, HOST_STATE_DIR "/" TRIAL_FILE, 0) < 0 && errno != ENOENT)
		return host_file_failed(h, HOST_STATE_DIR "/" TRIAL_FILE, -errno, e);
	return 0;
}

int trial_begin(struct apply *a, unsigned seconds, struct err *e)
{
	struct session *s = a->s;
	int r = remove_file(&s->host, e);

	if (r == 0)
		r = state_open_at(&s->trial, &s->host, TRIAL_FILE, e);
	if (r == 0)
		r = put_info(s, s->trial, seconds, e);
	a->en.trial = s->trial;
	if (r == 0)
		r = trial_take(&a->en, &a->plan, 0, e);
	if (r == 0)
		r = trial_watch(s, e);
	if (r < 0)
		remove_file(&s->host, NULL);
	return r;
}

static bool has_left_something(const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].outcome == OUTCOME_DONE || p->v[i].outcome == OUTCOME_HALF ||
		    p->v[i].outcome == OUTCOME_LEFT)
			return true;
	return false;
}

int trial_end(struct apply *a, int r, struct err *e)
{
	struct session *s = a->s;
	struct trial_info info;
	unsigned seconds;
	struct err why = { 0 };
	json_t *o = (json_t *)state_member(s->trial, KEY);
	int x;

	if (r < 0 && !has_left_something(&a->plan)) {
		remove_file(&s->host, NULL);
		return r;
	}
	seconds = (unsigned)json_integer_value(json_object_get(o, "seconds"));
	x = state_set_member(s->trial, KEY, json_incref(o), &why);
	json_object_set_new(o, "until", json_integer(boot_ms() + (int64_t)seconds * 1000));
	if (x == 0)
		x = state_commit(s->trial, &why);
	if (x < 0)
		return r < 0 ? r : err_copy(e, &why);
	read_info(&s->host, o, &info);
	log_note(&s->host.log,
		 "all of this is undone at %s, in %u s, unless you say that it is well, run: "
		 "vfyard confirm",
		 info.until, seconds);
	return r;
}

/* The memory is what it was before that run; the topology is not applied again by itself. */
static int settle(struct session *s, struct state *t, struct err *e)
{
	json_t *o = (json_t *)state_member(t, KEY);
	json_t *memory = json_object_get(o, "memory");
	int r = memory ? state_file_write(memory, &s->host, STATE_NAME, e) : 0;

	if (r < 0)
		return r;
	json_object_set_new(o, "open", json_false());
	json_object_set_new(o, "rejected", json_true());
	json_object_del(o, "memory");
	r = state_set_member(t, KEY, json_incref(o), e);
	if (r == 0)
		r = state_commit(t, e);
	/* What was read before is no more. */
	state_close(STEAL(s->saved));
	return r;
}

/* Devices started afresh with the reboot. */
static int settle_other_boot(struct session *s, const struct trial_info *info, struct err *e)
{
	struct state *t = NULL;
	int r = state_open_at(&t, &s->host, TRIAL_FILE, e);

	if (r < 0)
		return r;
	log_note(
		&s->host.log,
		"the host has rebooted before '%s' was confirmed: its changes went with the reboot",
		info->run);
	for (size_t i = s->inv ? s->inv->n_pfs : 0; i-- > 0;)
		state_forget_pf(t, s->inv->pfs[i].bdf);
	r = settle(s, t, e);
	state_close(t);
	return r;
}

static int refuse_open(const struct trial_info *info, struct err *e)
{
	if (trial_left_ms(info))
		err_refuse(e, EBUSY, "'%s' awaits confirmation, and is undone at %s without it",
			   info->run, info->until);
	else
		err_refuse(e, EBUSY, "'%s' was not confirmed, and is yet to be undone", info->run);
	return err_fix(e, -EBUSY,
		       "to keep it, run: vfyard confirm; to undo it now, run: vfyard "
		       "confirm --undo");
}

int trial_gate(struct session *s, struct err *e)
{
	struct trial_info info;
	struct err why = { 0 };
	int r = s->ends_trial || s->trial ? 0 : trial_look(&s->host, &info, &why);

	if (s->ends_trial || s->trial || (r == -EACCES && s->dry_run))
		return 0;
	if (r < 0)
		return err_copy(e, &why);
	if (!info.is_open)
		return 0;
	if (info.is_other_boot)
		return s->dry_run ? 0 : settle_other_boot(s, &info, e);
	return err_at(e, refuse_open(&info, e), "host", "change it");
}

int trial_check(const struct session *s, struct problems *problems, struct err *e UNUSED)
{
	struct trial_info info;
	struct err why = { 0 }, *p = NULL;
	char digest[20];

	if (s->ends_trial || s->trial || trial_look(&s->host, &info, &why) < 0)
		return 0;
	if (info.is_open && !info.is_other_boot) {
		refuse_open(&info, &why);
		p = problem_error(problems, (struct loc){ 0, 0 }, "%s", why.cause);
		err_fix(p, 0, "%s", why.fix);
		err_status(p, 0, EXIT_REFUSED);
		return 0;
	}
	snprintf(digest, sizeof(digest), "%016" PRIx64, s->topo->digest);
	if ((!info.is_rejected && !info.is_open) || s->topo->is_made || s->tries ||
	    strcmp(digest, info.digest) != 0)
		return 0;
	p = problem_error(problems, (struct loc){ 0, 0 },
			  "this topology was applied with --confirm, and undone because nobody "
			  "confirmed it");
	err_fix(p, 0,
		"try it again, run: vfyard apply --confirm SECONDS; or allow it, run: vfyard "
		"confirm");
	err_status(p, 0, EXIT_REFUSED);
	return 0;
}

int trial_confirm(struct session *s, struct err *e)
{
	struct trial_info info;
	int r;

	s->ends_trial = true;
	r = session_lock(s, e);
	if (r == 0)
		r = trial_look(&s->host, &info, e);
	if (r < 0 || (!info.is_open && !info.is_rejected))
		return r;
	r = s->dry_run ? 0 : remove_file(&s->host, e);
	if (r < 0 || info.is_open)
		return r < 0 ? r : 1;
	err_set(e, ETIME, "it is too late: '%s' was undone", info.run);
	err_fix(e, -ETIME, "its topology may be applied again now, run: vfyard apply");
	return err_at(e, -ETIME, "host", "confirm");
}

/* Everything that was kept, with the same care and words as a release. */
static int undo(struct session *s, struct state *kept, struct err *e)
{
	struct change c = { 0 };
	struct engine en;
	int r = session_engine(s, &en, e);

	if (r < 0)
		return r;
	en.saved = kept;
	r = change_release(&en, NULL, &c, e);
	if (r == 0 && !s->dry_run)
		r = engine_run(&en, &c.plan, e);
	change_done(&c, s->ops);
	return r;
}

int trial_undo(struct session *s, struct err *e)
{
	struct trial_info info;
	struct state *kept = NULL;
	int r;

	s->ends_trial = true;
	r = session_lock(s, e);
	if (r == 0)
		r = trial_look(&s->host, &info, e);
	if (r < 0 || !info.is_open)
		return r;
	r = state_open_at(&kept, &s->host, TRIAL_FILE, e);
	if (r == 0 && !info.is_other_boot)
		r = undo(s, kept, e);
	if (r == 0 && !s->dry_run)
		r = settle(s, kept, e);
	state_close(kept);
	if (r < 0)
		err_fix(e, r, "cure that, and run: vfyard confirm --undo");
	return r < 0 ? r : 1;
}

/* Waits for the end of the time. Returns 1 when it is over, 0 when nothing awaits it any more. */
static int wait_until_due(struct session *s, struct err *e)
{
	struct trial_info info;
	int r;

	for (;;) {
		r = trial_look(&s->host, &info, e);
		if (r < 0 || !info.is_open || info.is_other_boot)
			return r;
		if (!trial_left_ms(&info))
			return 1;
		trial_sleep(trial_left_ms(&info) < LOOK_MS ? trial_left_ms(&info) : LOOK_MS);
	}
}

/* The run itself may still be at work; it sets a new time when it ends. Returns 1 with the lock
 * when it is due, 0 when it is not. */
static int lock_when_due(struct session *s, struct err *e)
{
	struct trial_info info;
	int r = session_lock(s, e);

	if (r < 0)
		return r == -EBUSY ? 0 : r;
	r = trial_look(&s->host, &info, e);
	if (r == 0 && info.is_open && !trial_left_ms(&info))
		return 1;
	session_unlock(s);
	return r;
}

int trial_undo_when_due(struct session *s, struct err *e)
{
	int r = 0;

	for (unsigned tries = 0; tries < TRIES;) {
		*e = (struct err){ 0 };
		r = wait_until_due(s, e);
		if (r <= 0)
			return r;
		r = lock_when_due(s, e);
		if (r < 0)
			return r;
		if (r == 0)
			continue;
		r = trial_undo(s, e);
		if (r >= 0)
			return r;
		/* A guest may answer, or a device come back, a moment later. */
		session_unlock(s);
		tries++;
		trial_sleep(PAUSE_MS);
	}
	return r;
}
