// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/stale_entry.h"

#include <string.h>

#include "backend/xen/frontend.h"

static const char *const keys[] = { "state", "key", "dev", "vdev", "opts", "vdevfn", "name" };

bool remains_begun(struct backend *b, uint32_t path_domid, unsigned n)
{
	unsigned state;

	return xstore_read_uint(b->xs, &state, BACKEND_PATH "/state-%u", path_domid, n) == 0 &&
	       state == XENBUS_CLOSING;
}

bool remains_are(struct backend *b, uint32_t path_domid, unsigned n)
{
	return remains_begun(b, path_domid, n) && frontend_state(b, path_domid) == XENBUS_CONNECTED;
}

/* Moves entry @from to @to within transaction @t; a key that @from lacks is removed from @to. */
static bool move(struct xs_handle *h, xs_transaction_t t, uint32_t path_domid, unsigned from,
		 unsigned to)
{
	char path[128];
	bool ok = true;

	for (size_t i = 0; ok && i < ARRAY_SIZE(keys); i++) {
		_cleanup_free_ char *value = NULL;
		unsigned len;

		snprintf(path, sizeof(path), BACKEND_PATH "/%s-%u", path_domid, keys[i], from);
		value = xs_read(h, t, path, &len);
		if (value)
			xs_rm(h, t, path);
		snprintf(path, sizeof(path), BACKEND_PATH "/%s-%u", path_domid, keys[i], to);
		if (value)
			ok = xs_write(h, t, path, value, len);
		else
			xs_rm(h, t, path);
	}
	return ok;
}

static bool write_entries(struct xs_handle *h, xs_transaction_t t, uint32_t path_domid,
			  unsigned n_devs, unsigned n)
{
	char path[128], text[16];
	bool ok = true;

	for (unsigned i = n; ok && i < n_devs; i++)
		ok = move(h, t, path_domid, i + 1, i);
	snprintf(path, sizeof(path), BACKEND_PATH "/num_devs", path_domid);
	snprintf(text, sizeof(text), "%u", n_devs - 1);
	return ok && xs_write(h, t, path, text, (unsigned)strlen(text));
}

/* Uses one transaction, and repeats it when somebody else wrote there meanwhile. */
static int renumber(struct xs_handle *h, uint32_t path_domid, unsigned n_devs, unsigned n,
		    struct err *e)
{
	for (unsigned tries = 0; tries < 100; tries++) {
		xs_transaction_t t = xs_transaction_start(h);
		bool ok = t && write_entries(h, t, path_domid, n_devs, n);
		int code = errno;

		if (t && xs_transaction_end(h, t, !ok) && ok)
			return 0;
		if (!ok || errno != EAGAIN)
			return err_set(e, ok ? errno : code,
				       "remove entry %u of " BACKEND_PATH ": %s", n, path_domid,
				       strerror(ok ? errno : code));
	}
	return err_set(e, EAGAIN, "entries of " BACKEND_PATH " keep changing", path_domid);
}

int remains_remove(struct backend *b, uint32_t path_domid, unsigned n, struct err *e)
{
	unsigned n_devs;
	int r = xstore_read_uint(b->xs, &n_devs, BACKEND_PATH "/num_devs", path_domid);

	if (r < 0 || n >= n_devs)
		return err_set(e, EPROTO, "no entry %u in " BACKEND_PATH, n, path_domid);
	if (n_devs == 1)
		return frontend_drop(b, path_domid, e);
	r = renumber(b->xs->live, path_domid, n_devs, n, e);
	log_effect(&b->host->log, r, "remove entry %u of xenstore node " BACKEND_PATH, n,
		   path_domid);
	return r;
}
