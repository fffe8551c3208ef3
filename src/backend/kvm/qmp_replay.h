/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What QEMU's monitors on a captured host answered: CAPTURE_DIR/qmp has the lines that qmp_call()
 * logs at -vv, without their "vfyard: qmp " (tests/capture.sh). */
#ifndef VFY_BACKEND_KVM_QMP_REPLAY_H
#define VFY_BACKEND_KVM_QMP_REPLAY_H

#include <jansson.h>
#include "host/host.h"

struct qmp_replay;

/* Returns NULL when the capture has nothing about that monitor. Free it with qmp_replay_free(). */
struct qmp_replay *qmp_replay_open(const struct host *h, const char *path);
void qmp_replay_free(struct qmp_replay *r);

/* Returns the whole answer to this command with these arguments (NULL: none), to be released; NULL
 * when the command was not asked. */
json_t *qmp_replay_answer(const struct qmp_replay *r, const char *command, const json_t *args);

/* Returns "PATH COMMAND ARGUMENTS ", which stands before the answer in a line; malloc()ed; NULL
 * when out of memory. */
char *qmp_question(const char *path, const char *command, const json_t *args);

#endif
