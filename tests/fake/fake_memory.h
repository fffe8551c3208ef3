/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host with nothing but what vfyard remembers of it on disk. */
#ifndef VFY_FAKE_MEMORY_H
#define VFY_FAKE_MEMORY_H

#include "state/state.h"
#include "fake_root.h"

#define MEMORY_FILE "var/lib/vfyard/state.json"

/* An entry as a run writes it: fake_memory_vf(3, "igbvf", "db"). */
#define MEMORY_ENTRY                                                                               \
	"{\"pf\":\"0000:05:00.0\",\"index\":3,\"bdf\":\"0000:05:10.6\",\"vendor\":\"8086\","       \
	"\"device\":\"10ca\",\"driver\":\"igbvf\",\"driver_override\":null,\"name\":\"db\"}"

struct fake_memory {
	struct fake_root root;
	struct host *host;
	struct state *saved;
	struct err e;
};

/* cmocka setup and teardown; *state is the memory, not yet open. */
int fake_memory_setup(void **state);
int fake_memory_teardown(void **state);

/* What was found of a VF of 0000:05:00.0. */
struct vf_saved fake_memory_vf(unsigned index, const char *driver, const char *name);

/* Opens it as the next run does. */
void fake_memory_reopen(struct fake_memory *t);

void fake_memory_write(struct fake_memory *t, const char *text);
void fake_memory_read(struct fake_memory *t, char *buf, size_t size);

/* Asserts that a file with @text cannot be used, that the sentence has @cause, and that not a byte
 * of the file changes. */
void fake_memory_refused(struct fake_memory *t, const char *text, const char *cause);

#endif
