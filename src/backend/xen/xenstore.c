// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/xenstore.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define DEVICES "/libxl/pci"

/* Formats the path of a printf-style function of this file; xenstore's own limit is 3072. */
#define FORMAT_PATH(buf, fmt)                                                                      \
	do {                                                                                       \
		va_list ap_;                                                                       \
		va_start(ap_, fmt);                                                                \
		vsnprintf(buf, sizeof(buf), fmt, ap_);                                             \
		va_end(ap_);                                                                       \
	} while (0)

#define XS_PATH_MAX 512

static int out_of_memory(struct err *e)
{
	return err_set(e, ENOMEM, "out of memory");
}

int xstore_open(struct xstore **ret, struct err *e)
{
	struct xstore *h = calloc(1, sizeof(*h));
	int code;

	if (!h)
		return out_of_memory(e);
	h->live = xs_open(0);
	code = errno;
	if (h->live) {
		*ret = h;
		return 0;
	}
	free(h);
	if (code == EACCES || code == EPERM)
		return err_fix(e, err_set(e, EACCES, "xenstore is readable by root only"),
			       "run as root");
	err_set(e, code ? code : EIO, "cannot connect to xenstored: %s", strerror(code));
	return err_fix(e, -(code ? code : EIO), "start it, run: systemctl start xen");
}

int xstore_open_dump(struct xstore **ret, const char *text, struct err *e)
{
	struct xstore *h = calloc(1, sizeof(*h));

	if (!h)
		return out_of_memory(e);
	h->dump = dump_parse(text);
	if (!h->dump) {
		free(h);
		return out_of_memory(e);
	}
	*ret = h;
	return 0;
}

void xstore_close(struct xstore *h)
{
	if (!h)
		return;
	if (h->live)
		xs_close(h->live);
	dump_free(h->dump);
	free(h);
}

static char *read_node(struct xstore *h, const char *path)
{
	const char *value;
	unsigned len;

	if (h->live)
		return xs_read(h->live, XBT_NULL, path, &len);
	value = dump_read(h->dump, path);
	return value ? strdup(value) : NULL;
}

char *xstore_read(struct xstore *h, const char *fmt, ...)
{
	char path[XS_PATH_MAX];

	FORMAT_PATH(path, fmt);
	return read_node(h, path);
}

static int parse_uint(const char *s, unsigned *ret)
{
	unsigned long v;
	char *end;

	errno = 0;
	v = strtoul(s, &end, 10);
	if (errno || *s < '0' || *s > '9' || *end || v > UINT_MAX)
		return -EPROTO;
	*ret = (unsigned)v;
	return 0;
}

int xstore_read_uint(struct xstore *h, unsigned *ret, const char *fmt, ...)
{
	_cleanup_free_ char *text = NULL;
	char path[XS_PATH_MAX];

	FORMAT_PATH(path, fmt);
	errno = 0;
	text = read_node(h, path);
	if (!text)
		return errno ? -errno : -EIO;
	return parse_uint(text, ret);
}

int xstore_write(struct xstore *h, const char *value, struct err *e, const char *fmt, ...)
{
	char path[XS_PATH_MAX];
	int code = 0;

	FORMAT_PATH(path, fmt);
	if (!h->live || !xs_write(h->live, XBT_NULL, path, value, (unsigned)strlen(value)))
		code = !h->live ? EROFS : errno ? errno : EIO;
	log_effect(h->log, -code, "write '%s' to xenstore node %s", value, path);
	if (!code)
		return 0;
	return err_set(e, code, "write xenstore node %s: %s", path, strerror(code));
}

int xstore_remove(struct xstore *h, struct err *e, const char *fmt, ...)
{
	char path[XS_PATH_MAX];
	int code = 0;

	FORMAT_PATH(path, fmt);
	if (!h->live || (!xs_rm(h->live, XBT_NULL, path) && errno != ENOENT))
		code = !h->live ? EROFS : errno ? errno : EIO;
	log_effect(h->log, -code, "remove xenstore node %s", path);
	if (!code)
		return 0;
	return err_set(e, code, "remove xenstore node %s: %s", path, strerror(code));
}

char **xstore_list(struct xstore *h, unsigned *n, const char *fmt, ...)
{
	char path[XS_PATH_MAX];
	char **names;

	FORMAT_PATH(path, fmt);
	*n = 0;
	names = h->live ? xs_directory(h->live, XBT_NULL, path, n) : dump_list(h->dump, path, n);
	if (!names)
		*n = 0;
	return names;
}

/* Writes "0000-05-10-6" for 0000:05:10.6. */
static const char *key_of(char buf[BDF_STRLEN], struct bdf dev)
{
	snprintf(buf, BDF_STRLEN, "%04x-%02x-%02x-%x", dev.domain, dev.bus, dev.dev & 31,
		 dev.fn & 7);
	return buf;
}

char *xstore_device_read(struct xstore *h, struct bdf dev, const char *node)
{
	char key[BDF_STRLEN];

	return xstore_read(h, DEVICES "/%s/%s", key_of(key, dev), node);
}

int xstore_device_write(struct xstore *h, struct bdf dev, const char *node, const char *value,
			struct err *e)
{
	char key[BDF_STRLEN];

	return xstore_write(h, value, e, DEVICES "/%s/%s", key_of(key, dev), node);
}

int xstore_device_remove(struct xstore *h, struct bdf dev, const char *node, struct err *e)
{
	char key[BDF_STRLEN];

	return xstore_remove(h, e, DEVICES "/%s/%s", key_of(key, dev), node);
}

int xstore_claim_of(struct xstore *h, struct bdf dev, uint32_t *ret, struct err *e)
{
	char key[BDF_STRLEN];
	int r;

	r = xstore_read_uint(h, ret, DEVICES "/%s/" NODE_DOMID, key_of(key, dev));
	if (r == -ENOENT) {
		*ret = NO_CLAIM;
		return 0;
	}
	if (r < 0)
		return err_set(e, -r, "read xenstore node " DEVICES "/%s/" NODE_DOMID ": %s", key,
			       strerror(-r));
	return 0;
}

const char *xenbus_state_name(unsigned state)
{
	static const char *const names[] = {
		[XENBUS_UNKNOWN] = "unknown (0)",
		[XENBUS_INITIALISING] = "initialising (1)",
		[XENBUS_INIT_WAIT] = "waiting for the guest (2)",
		[XENBUS_INITIALISED] = "initialised (3)",
		[XENBUS_CONNECTED] = "connected (4)",
		[XENBUS_CLOSING] = "closing (5)",
		[XENBUS_CLOSED] = "closed (6)",
		[XENBUS_RECONFIGURING] = "reconfiguring (7)",
		[XENBUS_RECONFIGURED] = "reconfigured (8)",
	};

	return state < ARRAY_SIZE(names) ? names[state] : "not a xenbus state";
}
