// SPDX-License-Identifier: GPL-2.0-or-later
#include "backend/xen/ask.h"

#include <ctype.h>
#include <string.h>

/* A line of xl list: "web1   3   512   1   -b----   12.3". */
struct captured_domain {
	uint32_t domid;
	bool is_dying, is_shutdown;
};

struct captured {
	const struct host *host;
	char *info; /* xl info; version points into it */
	libxl_version_info version;
	bool has_version;
	struct captured_domain *domains; /* in ascending order of domid */
	size_t n;
};

/* The states of xl list: running, blocked, paused, shut down, crashed, dying. */
#define STATE_LEN	6
#define STATE_SHUT_DOWN 3
#define STATE_DYING	5

/* Reads the line from its end, where the columns are numbers, because a name may contain
 * anything. */
static bool scan_domain(char *line, struct captured_domain *ret)
{
	char *words[5], *end; /* ID Mem VCPUs State Time(s) */

	for (size_t i = ARRAY_SIZE(words); i-- > 0;) {
		size_t n = strlen(line);

		while (n && line[n - 1] == ' ')
			line[--n] = '\0';
		while (n && line[n - 1] != ' ')
			n--;
		words[i] = line + n;
		if (!n || !*words[i])
			return false;
		line[n - 1] = '\0';
	}
	ret->domid = (uint32_t)strtoul(words[0], &end, 10);
	if (*end || strlen(words[3]) != STATE_LEN)
		return false;
	ret->is_shutdown = words[3][STATE_SHUT_DOWN] != '-';
	ret->is_dying = words[3][STATE_DYING] != '-';
	return true;
}

static int by_domid(const void *a, const void *b)
{
	const struct captured_domain *x = a, *y = b;

	return (x->domid > y->domid) - (x->domid < y->domid);
}

static int scan_domains(struct captured *c, char *text)
{
	size_t lines = 1;
	char *save = NULL;

	for (const char *s = text; *s; s++)
		lines += *s == '\n';
	c->domains = calloc(lines, sizeof(*c->domains));
	if (!c->domains)
		return -ENOMEM;
	for (char *s = strtok_r(text, "\n", &save); s; s = strtok_r(NULL, "\n", &save))
		c->n += scan_domain(s, &c->domains[c->n]);
	qsort(c->domains, c->n, sizeof(*c->domains), by_domid);
	return 0;
}

/* Returns what stands behind the colon in "nr_cpus                : 4", NULL when there is no such
 * line. */
static const char *info_line(const struct captured *c, const char *key, size_t *ret_len)
{
	size_t n = strlen(key);

	for (const char *s = c->info; s && *s; s = *s ? s + 1 : s) {
		size_t len = strcspn(s, "\n");
		const char *colon = memchr(s, ':', len);

		if (colon && !strncmp(s, key, n) && (s[n] == ' ' || s[n] == ':')) {
			*ret_len = len - (size_t)(colon + 1 - s);
			for (colon++; *ret_len && *colon == ' '; colon++)
				--*ret_len;
			return colon;
		}
		s += len;
	}
	return NULL;
}

static char *info_text(const struct captured *c, const char *key)
{
	size_t len;
	const char *s = info_line(c, key, &len);

	return s ? strndup(s, len) : NULL;
}

static int info_number(const struct captured *c, const char *key)
{
	size_t len;
	const char *s = info_line(c, key, &len);

	return s ? (int)strtol(s, NULL, 10) : 0;
}

static void scan_version(struct captured *c)
{
	c->version = (libxl_version_info){
		.xen_version_major = info_number(c, "xen_major"),
		.xen_version_minor = info_number(c, "xen_minor"),
		.xen_version_extra = info_text(c, "xen_extra"),
		.commandline = info_text(c, "xen_commandline"),
	};
	c->has_version = c->version.xen_version_extra && c->version.commandline;
}

void captured_free(struct captured *c)
{
	if (!c)
		return;
	free(c->version.xen_version_extra);
	free(c->version.commandline);
	free(c->info);
	free(c->domains);
	free(c);
}

static int not_captured(struct err *e)
{
	return err_fix(
		e, err_set(e, ENODATA, "Xen's domains and their devices are not in this capture"),
		"capture that host again, as root");
}

int captured_read(struct captured **ret, const struct host *h, struct err *e)
{
	_cleanup_free_ char *list = root_read_all(&h->root, CAPTURE_DIR "/xl-list");
	struct captured *c;

	if (!list || !root_exists(&h->root, CAPTURED_STORE))
		return not_captured(e);
	c = calloc(1, sizeof(*c));
	if (!c || scan_domains(c, list) < 0) {
		free(c);
		return err_set(e, ENOMEM, "out of memory");
	}
	c->host = h;
	c->info = root_read_all(&h->root, CAPTURE_DIR "/xl-info");
	scan_version(c);
	*ret = c;
	return 0;
}

static void fill_dominfo(libxl_dominfo *ret, const struct captured_domain *d)
{
	ret->domid = d->domid;
	ret->dying = d->is_dying;
	ret->shutdown = d->is_shutdown;
}

/* The caller frees them with libxl's function. */
static libxl_dominfo *captured_domains(const struct captured *c, int *ret_n)
{
	libxl_dominfo *v = calloc(c->n + 1, sizeof(*v));

	for (size_t i = 0; v && i < c->n; i++) {
		libxl_dominfo_init(&v[i]);
		fill_dominfo(&v[i], &c->domains[i]);
	}
	*ret_n = v ? (int)c->n : 0;
	return v;
}

libxl_dominfo *ask_domains(struct backend *b, int *ret_n)
{
	return b->captured ? captured_domains(b->captured, ret_n)
			   : libxl_list_domain(b->ctx, ret_n);
}

int ask_domain(struct backend *b, libxl_dominfo *ret, uint32_t domid)
{
	const struct captured_domain key = { .domid = domid }, *d;

	if (!b->captured)
		return libxl_domain_info(b->ctx, ret, domid);
	d = bsearch(&key, b->captured->domains, b->captured->n, sizeof(key), by_domid);
	if (!d)
		return ERROR_DOMAIN_NOTFOUND;
	fill_dominfo(ret, d);
	return 0;
}

char *ask_name(struct backend *b, uint32_t domid)
{
	return b->captured ? xstore_read(b->xs, "/local/domain/%u/name", domid)
			   : libxl_domid_to_name(b->ctx, domid);
}

/* A number comes first, as in libxl. */
static int captured_domid(struct backend *b, const char *name, uint32_t *ret)
{
	char *end;
	unsigned long n = strtoul(name, &end, 10);

	if (isdigit((unsigned char)name[0]) && !*end && n < UINT32_MAX) {
		*ret = (uint32_t)n;
		return 0;
	}
	for (size_t i = 0; i < b->captured->n; i++) {
		_cleanup_free_ char *have = ask_name(b, b->captured->domains[i].domid);

		if (have && !strcmp(have, name)) {
			*ret = b->captured->domains[i].domid;
			return 0;
		}
	}
	return ERROR_INVAL;
}

int ask_domid(struct backend *b, const char *name, uint32_t *ret)
{
	return b->captured ? captured_domid(b, name, ret)
			   : libxl_domain_qualifier_to_domid(b->ctx, name, ret);
}

int ask_configuration(struct backend *b, uint32_t domid, uint8_t **ret, int *ret_len)
{
	char *text;

	if (!b->captured)
		return libxl_userdata_retrieve(b->ctx, domid, "libxl-json", ret, ret_len);
	text = root_read_all(&b->host->root, CAPTURE_DIR "/xen-created/%u", domid);
	if (!text)
		return ERROR_NOTFOUND;
	*ret = (uint8_t *)text;
	*ret_len = (int)strlen(text);
	return 0;
}

const libxl_version_info *ask_version(struct backend *b)
{
	if (!b->captured)
		return libxl_get_version_info(b->ctx);
	return b->captured->has_version ? &b->captured->version : NULL;
}

int ask_physinfo(struct backend *b, libxl_physinfo *ret)
{
	_cleanup_free_ char *caps = NULL;

	if (!b->captured)
		return libxl_get_physinfo(b->ctx, ret);
	caps = info_text(b->captured, "virt_caps");
	/* Source: Xen tools/xl/xl_info.c, output_physinfo(). */
	ret->cap_hvm_directio = caps && strstr(caps, "hvm_directio");
	ret->nr_cpus = (uint32_t)info_number(b->captured, "nr_cpus");
	return caps ? 0 : ERROR_NOTFOUND;
}
