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
	pid_t owner;	      /* callbacks are only called there, because libxl's children log,
			       * too */
	char *document;	      /* the last call's; NULL: none */
	struct vfy_failure failure;
	char text[sizeof(struct err)];
};

/* Forgets the last call. When a handle was not opened, every call fails as its vfy_open() did. */
int handle_begin(struct vfy *v);

/* After a call that went well its status stays, and it may be VFY_PENDING. Returns @r. */
int handle_done(struct vfy *v, int r);

/* Takes over @doc (NULL: none was made; then a failure gets one) as the call's document. Returns
 * @r, or -ENOMEM. */
int handle_end(struct vfy *v, json_t *doc, int r);

/* Does the same, and puts a copy into @ret, which may be NULL; a failure that only vfy_failure()
 * tells, too, is none. */
int handle_give(struct vfy *v, json_t *doc, int r, char **ret);

#endif
