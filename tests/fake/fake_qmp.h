/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A QEMU on a unix socket, with ports and devices that behave, and answers that can be told to go
 * wrong. A thread serves one client at a time, as a monitor does. */
#ifndef VFY_TESTS_FAKE_QMP_H
#define VFY_TESTS_FAKE_QMP_H

#include <jansson.h>
#include <pthread.h>

#include "fake_root.h"

#define FAKE_QMP_DEVICES 300
#define FAKE_QMP_RULES	 40

struct fake_qmp_device {
	char id[64]; /* "" for one without */
	char type[32], bus[64];
	char host[64]; /* for a host device */
	char sysfsdev[128];
	unsigned slot; /* for a port */
	bool no_hotplug;
	bool is_numbered; /* the guest has seen it */
	unsigned n;	  /* in /machine/peripheral-anon */
	unsigned addr;	  /* slot on pci.0, on a machine that has it */
	unsigned blinks;  /* how many requests to let go find the guest busy with the slot */
	unsigned fn;	  /* function of its slot */
	bool is_multifunction;
};

enum fake_qmp_act {
	FAKE_QMP_ERROR,	  /* an error: @class, @text */
	FAKE_QMP_SILENT,  /* no answer */
	FAKE_QMP_HANGUP,  /* closes */
	FAKE_QMP_HALF,	  /* half of the answer, then closes */
	FAKE_QMP_RAW,	  /* @text instead of the answer */
	FAKE_QMP_BEFORE,  /* @text, then the answer */
	FAKE_QMP_PIECES,  /* the answer, byte by byte */
	FAKE_QMP_ENDLESS, /* never a newline */
	FAKE_QMP_LATE,	  /* the answer with the next one */
	FAKE_QMP_LIE,	  /* says that it is done, and does nothing */
	FAKE_QMP_FLOOD,	  /* @text again and again, as long as somebody reads */
	FAKE_QMP_SLOW,	  /* the answer after 50 ms */
};

/* What the next call of @command ("greeting" is one) does, after @skip calls that work. */
struct fake_qmp_rule {
	const char *command;
	enum fake_qmp_act act;
	const char *class, *text;
	unsigned skip;
	bool forever;
};

enum fake_qmp_guest {
	FAKE_GUEST_OBEYS,   /* lets go at once, with the event before or after the answer */
	FAKE_GUEST_IGNORES, /* for good */
	FAKE_GUEST_SECOND,  /* at the second request */
	FAKE_GUEST_QUIET,   /* lets go, and the event is lost */
};

struct fake_qmp {
	struct fake_root *root;
	char path[64]; /* "/run/web1.qmp" */
	char name[64];
	struct fake_qmp_device devs[FAKE_QMP_DEVICES];
	unsigned n_devs, n_anon;
	struct fake_qmp_rule rules[FAKE_QMP_RULES];
	unsigned n_rules;
	char machine[64];  /* "pc-i440fx-10.0-machine" has pci.0; "" says nothing about itself */
	bool no_root_plug; /* acpi-root-pci-hotplug=off */
	enum fake_qmp_guest guest;
	unsigned blinks;      /* for each device that is plugged in */
	unsigned requests;    /* number of device_del for the device that is leaving */
	bool event_by_path;   /* DEVICE_DELETED without device */
	bool event_of_others; /* another device's DEVICE_DELETED comes first */
	unsigned connections, calls;
	char commands[16384]; /* "qom-list,qom-get,...": all calls in order */
	/* Called by the thread when a device was plugged in or unplugged. */
	void (*changed)(void *arg, const struct fake_qmp_device *dev, bool is_in);
	void *arg;
	/* private */
	pthread_t thread;
	pthread_mutex_t lock;
	int listen_fd, stop_fd;
	json_t *late;
	bool is_running;
};

/* Listens below @root and serves until fake_qmp_stop(). */
void fake_qmp_start(struct fake_qmp *f, struct fake_root *root, const char *path);
void fake_qmp_stop(struct fake_qmp *f);

/* These may be called while it serves, too. */
void fake_qmp_add(struct fake_qmp *f, const struct fake_qmp_device *dev);
void fake_qmp_fail(struct fake_qmp *f, struct fake_qmp_rule rule);
unsigned fake_qmp_count(struct fake_qmp *f, const char *command);
bool fake_qmp_has(struct fake_qmp *f, const char *id);

#endif
