// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/run/interrupt.h"

#include <stddef.h>
#include <time.h>

#include "base/mem.h"

static const struct {
	int number;
	const char *name;
} signals[] = { { SIGINT, "SIGINT" }, { SIGTERM, "SIGTERM" }, { SIGHUP, "SIGHUP" } };

/* A blocked signal stays pending even if it is ignored (Linux kernel/signal.c, sig_ignored()), and
 * nohup must keep its meaning. */
static bool is_wanted(const struct interrupt *i, int number)
{
	struct sigaction now;

	return !sigismember(&i->old, number) && sigaction(number, NULL, &now) == 0 &&
	       ((now.sa_flags & SA_SIGINFO) || now.sa_handler != SIG_IGN);
}

void interrupt_hold(struct interrupt *i)
{
	sigemptyset(&i->held);
	pthread_sigmask(SIG_BLOCK, NULL, &i->old);
	for (size_t k = 0; k < ARRAY_SIZE(signals); k++)
		if (is_wanted(i, signals[k].number))
			sigaddset(&i->held, signals[k].number);
	pthread_sigmask(SIG_BLOCK, &i->held, NULL);
}

const char *interrupt_take(const struct interrupt *i)
{
	int number = sigtimedwait(&i->held, NULL, &(struct timespec){ 0 });

	for (size_t k = 0; k < ARRAY_SIZE(signals); k++)
		if (signals[k].number == number)
			return signals[k].name;
	return NULL;
}

void interrupt_done(const struct interrupt *i)
{
	pthread_sigmask(SIG_SETMASK, &i->old, NULL);
}
