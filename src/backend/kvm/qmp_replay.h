/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What QEMU's monitors of a captured host answered: the lines that qmp_call() logs at -vv, without
 * their "vfyard: qmp ", in CAPTURE_DIR/qmp (tests/capture.sh). */
#ifndef VFY_BACKEND_KVM_QMP_REPLAY_H
#define VFY_BACKEND_KVM_QMP_REPLAY_H

#include <jansson.h>
#include "host/host.h"

struct qmp_replay;

/* NULL: the capture has nothing of that monitor. Free with qmp_replay_free(). */
struct qmp_replay *qmp_replay_open(const struct host *h, const char *path);
void qmp_replay_free(struct qmp_replay *r);

/* The whole answer to this command with these arguments (NULL: none), to be released; NULL when it
 * was not asked. */
json_t *qmp_replay_answer(const struct qmp_replay *r, const char *command, const json_t *args);

/* "PATH COMMAND ARGUMENTS ", which stands before the answer in a line; malloc()ed, NULL: out of
 * memory. */
char *qmp_question(const char *path, const char *command, const json_t *args);

#endif
