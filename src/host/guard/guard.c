// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/guard/guard.h"

#include <string.h>

#include "host/guard/guard_parts.h"
#include "host/net/netdev_kind.h"

/* A representor stands for a VF; --force with its name does not mean its PF. */
static bool netdev_is_of(const struct host *h, const char *name, struct bdf *ret)
{
	struct netdev_port port = { 0 };

	if (strlen(name) >= sizeof(port.name) || !netdev_function(h, name, ret))
		return false;
	memcpy(port.name, name, strlen(name));
	return netdev_ports_read(h, &port, 1) == 0 && port.kind != NETDEV_REPRESENTOR;
}

/* Finds the function that a word of the user means by itself. The word is an address or the name of
 * a network device, or one of these with a slash and the index of a VF. */
static bool function_called(const struct host *h, const char *word, struct bdf *ret)
{
	char pf[IFNAMSIZ + BDF_STRLEN], link[BDF_STRLEN + 1], bdf[BDF_STRLEN];
	const char *slash = strrchr(word, '/');

	if (!slash)
		return bdf_scan(ret, word) || netdev_is_of(h, word, ret);
	if ((size_t)(slash - word) >= sizeof(pf) || strspn(slash + 1, "0123456789") > 5 ||
	    slash[1 + strspn(slash + 1, "0123456789")])
		return false;
	snprintf(pf, sizeof(pf), "%.*s", (int)(slash - word), word);
	if (!bdf_scan(ret, pf) && !netdev_is_of(h, pf, ret))
		return false;
	return root_link_name(&h->root, link, sizeof(link), "sys/bus/pci/devices/%s/virtfn%s",
			      bdf_str(bdf, *ret), slash + 1) >= 0 &&
	       bdf_scan(ret, link);
}

/* To force "net0/3 (0000:05:10.6)", the user writes "net0/3", the whole label, or any other name of
 * that function. */
bool guard_is_forced(const struct host *h, struct bdf dev, const char *label)
{
	size_t name_len = strcspn(label, " ");
	struct bdf b;

	for (size_t i = 0; i < h->n_forced; i++) {
		const char *f = h->forced[i];

		if (!strcmp(f, label) || (strlen(f) == name_len && !strncmp(f, label, name_len)) ||
		    (function_called(h, f, &b) && bdf_cmp(b, dev) == 0)) {
			host_used_force(h, i);
			return true;
		}
	}
	return false;
}

struct verdict {
	int code; /* 1: refused, 0, or -errno: could not look */
	bool is_use;
	char why[GUARD_WHY_MAX];
};

static void judge(const struct host *h, const struct function_dir *f, bool keeps_driver,
		  struct verdict *ret)
{
	*ret = (struct verdict){ .code = 0 };
	ret->code = guard_net(h, f, ret->why);
	if (ret->code == 0)
		ret->code = guard_block(h, f, ret->why);
	if (ret->code)
		return;
	ret->code = guard_use(h, f, keeps_driver, ret->why);
	ret->is_use = true;
}

static int answer(const struct host *h, struct bdf dev, const char *label, const struct verdict *v,
		  struct err *e)
{
	int word = (int)strcspn(label, " ");

	if (v->code == 0)
		return 0;
	if (guard_is_forced(h, dev, label)) {
		log_note(&h->log, "%s: %s; overridden by --force", label,
			 v->code < 0 ? strerror(-v->code) : v->why);
		return 0;
	}
	if (v->code < 0)
		err_refuse(e, -v->code, "cannot tell whether %s: %s",
			   v->is_use ? "it is in use" : "the host needs it", strerror(-v->code));
	else
		err_refuse(e, EBUSY, "%s: %s", v->is_use ? "in use" : "the host needs it", v->why);
	err_at(e, -EBUSY, label, "host guard");
	if (v->is_use)
		return err_fix(e, v->code < 0 ? v->code : -EBUSY,
			       "end that first, or add --force %.*s", word, label);
	return err_fix(e, v->code < 0 ? v->code : -EBUSY,
		       "move that off it first, or add --force %.*s", word, label);
}

static int guard_in(const struct host *h, struct bdf dev, const struct function_dir *f,
		    bool keeps_driver, const char *label, struct err *e)
{
	struct verdict v;

	judge(h, f, keeps_driver, &v);
	return answer(h, dev, label, &v, e);
}

static int read_dir(struct function_dir *ret, const struct host *h, struct bdf dev,
		    const char *label, struct err *e)
{
	const struct verdict v = { .code = function_dir_read(ret, h, dev) };

	return answer(h, dev, label, &v, e);
}

static int guard_with(const struct host *h, struct bdf dev, bool keeps_driver, const char *label,
		      struct err *e)
{
	_cleanup_(function_dir_done) struct function_dir f = { .n = 0 };
	int r = read_dir(&f, h, dev, label, e);

	return r < 0 ? r : guard_in(h, dev, &f, keeps_driver, label, e);
}

int guard_function(const struct host *h, struct bdf dev, const char *label, struct err *e)
{
	return guard_with(h, dev, false, label, e);
}

int guard_pf(const struct host *h, struct bdf dev, const char *label, struct err *e)
{
	return guard_with(h, dev, true, label, e);
}

int guard_take(const struct host *h, struct bdf dev, const char *label, struct err *e)
{
	_cleanup_(function_dir_done) struct function_dir f = { .n = 0 };
	int r = read_dir(&f, h, dev, label, e);

	if (r == 0)
		r = guard_vgpu(h, &f, label, e);
	return r < 0 ? r : guard_in(h, dev, &f, false, label, e);
}

int guard_take_whole(const struct host *h, struct bdf dev, const char *label, struct err *e)
{
	struct verdict v = { .code = 0 };
	int r = guard_take(h, dev, label, e);

	if (r < 0)
		return r;
	v.code = guard_whole(h, dev, v.why);
	return answer(h, dev, label, &v, e);
}
