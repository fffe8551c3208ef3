// SPDX-License-Identifier: GPL-2.0-or-later
/* The operations of this backend, and its connections. */
#include "backend/xen/xen.h"

#include <stdlib.h>
#include <string.h>

#include "backend/xen/ask.h"
#include "backend/xen/diagnose.h"
#include "backend/xen/flight.h"
#include "backend/xen/options.h"

static int open_backend(struct backend **ret, const struct host *h, const struct topology *topo,
			struct err *e)
{
	struct backend *b = calloc(1, sizeof(*b));

	if (!b)
		return err_set(e, ENOMEM, "out of memory");
	b->host = h;
	b->topo = topo;
	xlog_init(&b->xlog, &h->log);
	*ret = b;
	return 0;
}

static void close_backend(struct backend *b)
{
	if (!b)
		return;
	view_done(&b->view);
	xstore_close(b->xs);
	captured_free(b->captured);
	libxl_ctx_free(b->ctx);
	free(b);
}

/* libxl waits only for its own children, because the writes of base/root.h have children, too. */
static const libxl_childproc_hooks childproc_hooks = {
	.chldowner = libxl_sigchld_owner_libxl_always_selective_reap,
};

static int open_ctx(struct backend *b, struct err *e)
{
	int rc;

	if (b->ctx)
		return 0;
	xlog_start(&b->xlog);
	rc = libxl_ctx_alloc(&b->ctx, LIBXL_VERSION, 0, &b->xlog.logger);
	if (rc) {
		b->ctx = NULL;
		return err_fix(e, xen_failed(b, rc, "open libxl", e),
			       "is the toolstack up? run: systemctl status xen");
	}
	libxl_childproc_setmode(b->ctx, &childproc_hooks, NULL);
	return 0;
}

/* libxl knows only one host, the running one. */
static int open_captured(struct backend *b, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	int r = b->captured ? 0 : captured_read(&b->captured, b->host, e);

	if (r < 0 || b->xs)
		return r;
	text = root_read_all(&b->host->root, CAPTURED_STORE);
	if (!text)
		return err_set(e, errno, "read /" CAPTURED_STORE ": %s", strerror(errno));
	return xstore_open_dump(&b->xs, text, e);
}

int xen_connect(struct backend *b, struct err *e)
{
	int r;

	if (root_is_captured(&b->host->root))
		return open_captured(b, e);
	r = b->xs ? 0 : xstore_open(&b->xs, e);
	if (r < 0)
		return r;
	b->xs->log = &b->host->log;
	return open_ctx(b, e);
}

struct xen_version xen_version_of(struct backend *b)
{
	const libxl_version_info *info = ask_version(b);

	return info ? xen_version_make(info->xen_version_major, info->xen_version_minor,
				       info->xen_version_extra)
		    : (struct xen_version){ 0 };
}

/*
 * Since Xen 4.21 a PVH Dom0 can give whole functions to HVM domains, but its virtual PCI does not
 * know SR-IOV, so VFs do not exist for it. Source: Xen SUPPORT.md and CHANGELOG.md of 4.17 to 4.22
 * and of the tree after it; xen/drivers/vpci/ has no SR-IOV capability.
 */
static int check_dom0(const struct host *h, struct err *e)
{
	char type[32];

	if (root_read(&h->root, type, sizeof(type), "sys/hypervisor/guest_type") >= 0 &&
	    strcmp(type, "PV") != 0)
		return err_fix(e,
			       err_refuse(e, ENOTSUP,
					  "Dom0 is %s, where Xen does not support SR-IOV: VFs can "
					  "be given away by a PV Dom0 only",
					  type),
			       "take dom0=pvh off the Xen command line and reboot");
	/* modprobe would fail for the same reason. */
	if (!root_exists(&h->root, PCIBACK_DIR) && xen_hidden_well(h, e) < 0)
		return -EINVAL;
	return 0;
}

int xen_reach(struct backend *b, struct err *e)
{
	int r;

	if (geteuid() != 0 && !root_is_tree(&b->host->root))
		return err_fix(e, err_set(e, EACCES, "needs root"), "run as root");
	r = check_dom0(b->host, e);
	return r < 0 ? r : xen_connect(b, e);
}

int xen_ready(struct backend *b, struct err *e)
{
	int r;

	if (root_is_captured(&b->host->root))
		return host_refuse_capture(e);
	r = xen_reach(b, e);
	if (r < 0 || root_exists(&b->host->root, PCIBACK_DIR))
		return r;
	return err_fix(e, err_refuse(e, ENOENT, "driver pciback is not loaded"),
		       "run: modprobe xen-pciback");
}

void xen_pci_init(libxl_device_pci *ret, struct bdf dev)
{
	libxl_device_pci_init(ret);
	ret->domain = (int)dev.domain;
	ret->bus = dev.bus;
	ret->dev = dev.dev;
	ret->func = dev.fn;
	ret->vfunc_mask = 1;
}

static int errno_of(int rc)
{
	switch (rc) {
	case ERROR_NOMEM:
		return ENOMEM;
	case ERROR_INVAL:
		return EINVAL;
	case ERROR_TIMEDOUT:
	case ERROR_GUEST_TIMEDOUT:
		return ETIMEDOUT;
	case ERROR_DOMAIN_NOTFOUND:
	case ERROR_DOMAIN_DESTROYED:
		return ESRCH;
	case ERROR_NOTFOUND:
		return ENOENT;
	case ERROR_LOCK_FAIL:
		return EBUSY;
	default:
		return EIO;
	}
}

int xen_failed(struct backend *b, int rc, const char *what, struct err *e)
{
	char cause[320];

	xlog_cause(&b->xlog, cause, sizeof(cause));
	if (!cause[0])
		snprintf(cause, sizeof(cause), "libxl gives no reason (%s, %d)",
			 libxl_error_to_string(rc), rc);
	return err_set(e, errno_of(rc), "cannot %s: %s", what, cause);
}

const struct backend_ops xen_backend = {
	.name = "xen",
	.driver = PCIBACK,
	.module = PCIBACK_MODULE,
	.pf_held = xen_pf_held,
	.open = open_backend,
	.close = close_backend,
	.boot = xen_boot,
	.refusals = xen_refusals,
	.survey = xen_survey,
	.glance = xen_glance,
	.domain_find = xen_domain_find,
	.domain_done = xen_domain_done,
	.attach_refusals = xen_attach_refusals,
	.assign = xen_assign,
	.unassign = xen_unassign,
	.assign_start = xen_assign_start,
	.unassign_start = xen_unassign_start,
	.go_on = xen_go_on,
	.look = xen_look,
	.recover_binding = xen_recover_binding,
	.previous_driver = xen_previous_driver,
	.attach = xen_attach,
	.detach = xen_detach,
	.list = xen_list,
	.permissive = xen_permissive,
	.recover = xen_recover,
	.describe = xen_describe,
	.check_options = xen_check_options,
	.diagnose = xen_diagnose,
	.diagnose_domain = xen_diagnose_domain,
	.words = xen_words,
};
