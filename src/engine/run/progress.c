// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/run/progress.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/deadline.h"
#include "base/text.h"

#define QUIET_MS 1000 /* a run that ends sooner says nothing */

struct progress {
	FILE *to; /* NULL: say is called instead */
	void (*say)(void *arg, size_t step, size_t n, const char *line);
	void *arg;
	bool is_terminal, is_drawn, has_thread, ends;
	int64_t start_ms, last_ms; /* when the run began, and when the last line was written */
	char *line;		   /* "[3/42] assign net0/3 (0000:05:10.6): ..." */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
};

static unsigned width_of(FILE *to)
{
	struct winsize w;

	return ioctl(fileno(to), TIOCGWINSZ, &w) == 0 && w.ws_col > 20 ? w.ws_col : 80;
}

static long seconds(const struct progress *p)
{
	return (long)((monotonic_ms() - p->start_ms) / 1000);
}

/* The line is cut and never wrapped, because a line that wraps cannot be erased. */
static void draw(struct progress *p)
{
	char tail[32];
	unsigned width = width_of(p->to);
	int room;

	if (!p->line || monotonic_ms() - p->start_ms < QUIET_MS)
		return;
	snprintf(tail, sizeof(tail), ", %ld s", seconds(p));
	room = (int)width - 1 - (int)strlen("vfyard: ") - (int)strlen(tail);
	fprintf(p->to, "\r\033[Kvfyard: %.*s%s",
		(int)text_cut(p->line, room > 0 ? (size_t)room : 0), p->line, tail);
	fflush(p->to);
	p->is_drawn = true;
}

static void *redraw(void *arg)
{
	struct progress *p = arg;
	struct timespec until;

	pthread_mutex_lock(&p->lock);
	while (!p->ends) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec++;
		pthread_cond_timedwait(&p->wake, &p->lock, &until);
		if (!p->ends)
			draw(p);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* Signals belong to the run, which waits for them between its steps. */
static bool start_thread(struct progress *p)
{
	sigset_t all, old;
	bool ok;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	ok = pthread_create(&p->thread, NULL, redraw, p) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return ok;
}

struct progress *progress_new(FILE *to, bool is_terminal)
{
	struct progress *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->to = to;
	p->is_terminal = is_terminal;
	p->start_ms = p->last_ms = monotonic_ms();
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->wake, NULL);
	return p;
}

struct progress *progress_new_call(void (*say)(void *arg, size_t step, size_t n, const char *line),
				   void *arg)
{
	struct progress *p = progress_new(NULL, false);

	if (p) {
		p->say = say;
		p->arg = arg;
	}
	return p;
}

static void say(struct progress *p)
{
	int64_t now = monotonic_ms();

	if (p->is_terminal) {
		draw(p);
		if (!p->has_thread)
			p->has_thread = start_thread(p);
	} else if (now - p->last_ms >= QUIET_MS) {
		fprintf(p->to, "vfyard: %s, %ld s\n", p->line, seconds(p));
		p->last_ms = now;
	}
}

void progress_step(struct progress *p, const struct plan *plan, size_t i)
{
	_cleanup_free_ char *text = NULL;
	char *line = NULL;

	if (!p)
		return;
	text = step_line(&plan->v[i]);
	if (text && p->say)
		p->say(p->arg, i + 1, plan->n, text);
	if (!text || p->say || asprintf(&line, "[%zu/%zu] %s", i + 1, plan->n, text) < 0)
		return;
	pthread_mutex_lock(&p->lock);
	free(p->line);
	p->line = line;
	say(p);
	pthread_mutex_unlock(&p->lock);
}

void progress_clear(struct progress *p)
{
	if (!p || p->say)
		return;
	pthread_mutex_lock(&p->lock);
	free(p->line);
	p->line = NULL;
	if (p->is_drawn)
		fputs("\r\033[K", p->to);
	fflush(p->to);
	p->is_drawn = false;
	pthread_mutex_unlock(&p->lock);
}

void progress_free(struct progress *p)
{
	if (!p)
		return;
	progress_clear(p);
	pthread_mutex_lock(&p->lock);
	p->ends = true;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
	if (p->has_thread)
		pthread_join(p->thread, NULL);
	pthread_cond_destroy(&p->wake);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
