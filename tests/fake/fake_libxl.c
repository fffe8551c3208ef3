// SPDX-License-Identifier: GPL-2.0-or-later
/* The fake's world, and the calls of libxl that only look at it. */
#include "fake_libxl.h"

#include <libxl_event.h>
#include <libxl_utils.h>
#include <stdarg.h>
#include <string.h>

struct fake_xen fake_xen;

struct libxl__ctx {
	xentoollog_logger *logger;
};

static const char *const dom0[] = {
	"sys/hypervisor/type=xen",
	"sys/hypervisor/guest_type=PV",
	"proc/xen/capabilities=control_d",
	NULL,
};

/* The guest's frontend answers once its backend was looked at often enough, and it is connected
 * once it was looked at itself. */
static void on_read(void *arg UNUSED, const char *path)
{
	char backend[64], frontend[64];

	for (unsigned i = 0; i < fake_xen.n_domains; i++) {
		struct fake_domain *d = &fake_xen.domains[i];

		snprintf(backend, sizeof(backend), "/local/domain/0/backend/pci/%u/0/state", d->id);
		snprintf(frontend, sizeof(frontend), "/local/domain/%u/device/pci/0/state", d->id);
		if (!strcmp(path, backend) && d->slow && !--d->slow)
			fake_xen_run_backend(d);
		if (!strcmp(path, frontend) && d->slow_drivers && !--d->slow_drivers)
			fake_xs_set("4", "%s", frontend);
	}
}

void fake_xen_init(void)
{
	static const struct fake_pf pf = { .bdf = "0000:05:00.0",
					   .netdev = "eth0",
					   .driver = "igb",
					   .vf_driver = "igbvf",
					   .totalvfs = 7,
					   .numvfs = 7,
					   .offset = 128,
					   .stride = 2,
					   .first_group = -1 };
	char line[128], buf[BDF_STRLEN];

	fake_xen = (struct fake_xen){ .major = 4, .minor = 17, .extra = ".7", .cpus = 8 };
	fake_xs_reset();
	fake_xs.on_read = on_read;
	fake_root_init(&fake_xen.root, dom0);
	fake_root_add_pf(&fake_xen.root, &pf);
	for (unsigned i = 0; i < pf.numvfs; i++) {
		bdf_str(buf, bdf_vf((struct bdf){ .bus = 5 }, pf.offset, pf.stride, i));
		snprintf(line, sizeof(line), "sys/bus/pci/devices/%s/reset=", buf);
		fake_root_add(&fake_xen.root, line);
	}
	fake_kernel_init(&fake_xen.kernel, &fake_xen.root, "igbvf");
	fake_pciback_init(&fake_xen.pciback, &fake_xen.kernel);
	fake_xen.root.host.timeout_ms = 300;
}

void fake_xen_done(void)
{
	fake_root_done(&fake_xen.root);
	fake_xs_reset();
}

struct fake_domain *fake_xen_add_domain(uint32_t id, const char *name, libxl_domain_type type)
{
	struct fake_domain *d = &fake_xen.domains[fake_xen.n_domains++];

	*d = (struct fake_domain){ .id = id, .name = name, .type = type, .next_slot = 4 };
	fake_xs_set(name, "/local/domain/%u/name", id);
	fake_xs_set(libxl_domain_type_to_string(type), "/libxl/%u/type", id);
	return d;
}

struct fake_domain *fake_xen_domain(uint32_t id)
{
	for (unsigned i = 0; i < fake_xen.n_domains; i++)
		if (fake_xen.domains[i].id == id)
			return &fake_xen.domains[i];
	return NULL;
}

void fake_xen_kill_domain(uint32_t id)
{
	struct fake_domain *d = fake_xen_domain(id);

	for (unsigned i = 0; i < fake_xen.n_devices; i++)
		if (fake_xen.devices[i].owner == id)
			fake_xen.devices[i].owner = OWNER_IO;
	*d = fake_xen.domains[--fake_xen.n_domains];
	fake_xs_rm("/local/domain/%u", id);
	fake_xs_rm("/libxl/%u", id);
}

struct fake_device *fake_xen_device(struct bdf dev)
{
	for (unsigned i = 0; i < fake_xen.n_devices; i++)
		if (bdf_cmp(fake_xen.devices[i].bdf, dev) == 0)
			return &fake_xen.devices[i];
	fake_xen.devices[fake_xen.n_devices] = (struct fake_device){ .bdf = dev };
	return &fake_xen.devices[fake_xen.n_devices++];
}

void fake_xen_called(const char *what)
{
	size_t n = strlen(fake_xen.calls);

	fake_xen.n_calls++;
	snprintf(fake_xen.calls + n, sizeof(fake_xen.calls) - n, "%s;", what);
}

void fake_xen_log(libxl_ctx *ctx, xentoollog_level level, int code, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	xtl_log(ctx->logger, level, code ? code : -1, "libxl", "%s", text);
}

/* From here on the names are libxl's own. */

int libxl_ctx_alloc(libxl_ctx **pctx, int version UNUSED, unsigned flags UNUSED,
		    xentoollog_logger *lg)
{
	if (fake_xen.alloc_rc)
		return fake_xen.alloc_rc;
	*pctx = calloc(1, sizeof(**pctx));
	(*pctx)->logger = lg;
	return 0;
}

int libxl_ctx_free(libxl_ctx *ctx)
{
	free(ctx);
	return 0;
}

void libxl_childproc_setmode(libxl_ctx *ctx UNUSED, const libxl_childproc_hooks *hooks UNUSED,
			     void *user UNUSED)
{
}

int libxl_get_physinfo(libxl_ctx *ctx UNUSED, libxl_physinfo *physinfo)
{
	physinfo->cap_hvm_directio = !fake_xen.no_iommu;
	physinfo->nr_cpus = fake_xen.cpus;
	return 0;
}

const libxl_version_info *libxl_get_version_info(libxl_ctx *ctx UNUSED)
{
	static libxl_version_info info;

	info.commandline = fake_xen.commandline;
	info.xen_version_major = fake_xen.major;
	info.xen_version_minor = fake_xen.minor;
	info.xen_version_extra = (char *)(uintptr_t)fake_xen.extra;
	return &info;
}

static void fill_info(libxl_dominfo *info, const struct fake_domain *d)
{
	info->domid = d->id;
	/* xcinfo2xlinfo() knows only two kinds. */
	info->domain_type = d->type == LIBXL_DOMAIN_TYPE_PVH ? LIBXL_DOMAIN_TYPE_HVM : d->type;
	info->dying = d->dying;
	info->shutdown = d->shutdown;
}

int libxl_domain_info(libxl_ctx *ctx UNUSED, libxl_dominfo *info, uint32_t domid)
{
	struct fake_domain *d = fake_xen_domain(domid);

	if (!d)
		return ERROR_DOMAIN_NOTFOUND;
	fill_info(info, d);
	return 0;
}

static int by_id(const void *a, const void *b)
{
	const libxl_dominfo *x = a, *y = b;

	return (x->domid > y->domid) - (x->domid < y->domid);
}

/* Dom0 is in the list, too. */
libxl_dominfo *libxl_list_domain(libxl_ctx *ctx UNUSED, int *nb)
{
	libxl_dominfo *v = calloc(fake_xen.n_domains + 1, sizeof(*v));

	v[0].domain_type = LIBXL_DOMAIN_TYPE_PV;
	for (unsigned i = 0; i < fake_xen.n_domains; i++)
		fill_info(&v[i + 1], &fake_xen.domains[i]);
	*nb = (int)fake_xen.n_domains + 1;
	qsort(v, (size_t)*nb, sizeof(*v), by_id);
	return v;
}

char *libxl_domid_to_name(libxl_ctx *ctx UNUSED, uint32_t domid)
{
	struct fake_domain *d = fake_xen_domain(domid);

	return d ? strdup(d->name) : NULL;
}

int libxl_domain_qualifier_to_domid(libxl_ctx *ctx UNUSED, const char *name, uint32_t *domid)
{
	if (*name && strspn(name, "0123456789") == strlen(name)) {
		*domid = (uint32_t)strtoul(name, NULL, 10);
		return 0;
	}
	for (unsigned i = 0; i < fake_xen.n_domains; i++)
		if (!strcmp(fake_xen.domains[i].name, name)) {
			*domid = fake_xen.domains[i].id;
			return 0;
		}
	return ERROR_INVAL;
}

int libxl_userdata_retrieve(libxl_ctx *ctx UNUSED, uint32_t domid, const char *userid,
			    uint8_t **data_r, int *datalen_r)
{
	struct fake_domain *d = fake_xen_domain(domid);

	*data_r = NULL;
	*datalen_r = 0;
	if (!d)
		return ERROR_FAIL;
	if (d->json && !strcmp(userid, "libxl-json")) {
		*data_r = (uint8_t *)strdup(d->json);
		*datalen_r = (int)strlen(d->json) + 1;
	}
	return 0;
}
