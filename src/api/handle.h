/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The handle of the public library, and how each call begins and ends. */
#ifndef VFY_API_HANDLE_H
#define VFY_API_HANDLE_H

#include <jansson.h>

#include "vfyard.h"
#include "engine/session/session.h"

struct vfy {
	struct session s;
	struct err e;
	struct err unopened;  /* why there is no host behind it */
	int opened;	      /* 0, or what vfy_open() returned */
	struct vfy_options o; /* its texts are copies */
	pid_t owner;	      /* callbacks are its own: libxl's children log, too */
	char *document;	      /* of the last call; NULL: none */
	struct vfy_failure failure;
	char text[sizeof(struct err)];
};

/* Forgets the last call. Every call of a handle that was not opened fails as its vfy_open() did. */
int handle_begin(struct vfy *v);

/* Of a call that went well its status is left, which may be VFY_PENDING. Returns @r. */
int handle_done(struct vfy *v, int r);

/* Takes @doc (NULL: none was made) as the call's document. Returns @r, or -ENOMEM. */
int handle_end(struct vfy *v, json_t *doc, int r);

/* The same, and a copy of it in @ret, which may be NULL. */
int handle_give(struct vfy *v, json_t *doc, int r, char **ret);

#endif
