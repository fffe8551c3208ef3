/* SPDX-License-Identifier: GPL-2.0-or-later */
/* set: from words to a plan, by way of a topology of these words. */
#ifndef VFY_ENGINE_SESSION_SET_H
#define VFY_ENGINE_SESSION_SET_H

#include "engine/session/apply.h"

/**
 * set_open - plan single settings, ready to run
 * @words: a PF or VFs ("net0", "net0/3", "0000:05:10.0"), then what is set on it ("vlan=100"); then
 *         the next one
 *
 * Everything behind this is that of apply: check, plan, refusals, run, memory and the look after
 * it, for a topology of these words, which takes the place of the file's. Objects are resolved
 * under the host lock with the names of the file's topology, which is not needed otherwise. Words
 * that are wrong are in s->faults, as a file's errors are. Where the file says something else of
 * what is set, a note says so.
 *
 * Returns as apply_open() does; end it with apply_do() and apply_done().
 */
int set_open(struct apply *a, struct session *s, size_t n, const char *const *words, struct err *e);

/* Puts the file's topology back, after apply_done(), for a session that goes on. */
void set_close(struct session *s);

#endif
