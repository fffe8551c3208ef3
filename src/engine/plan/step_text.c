// SPDX-License-Identifier: GPL-2.0-or-later
/* Steps in words. */
#include <stdlib.h>
#include <string.h>
#include <linux/if_ether.h>

#include "base/text.h"
#include "engine/plan/step.h"

const char *step_object(char buf[VF_LABEL_MAX], const struct step *s)
{
	char name[BDF_STRLEN], bdf[BDF_STRLEN];

	if (!step_is_about_pf(s))
		return vf_label(buf, s->vf);
	if (s->kind == STEP_LOAD) {
		snprintf(buf, VF_LABEL_MAX, "%.60s", s->module);
		return buf;
	}
	snprintf(buf, VF_LABEL_MAX, "%.60s (%s)", pf_label(name, s->vf.pf),
		 bdf_str(bdf, s->vf.pf->bdf));
	return buf;
}

static void print_driver(const char *driver, FILE *out)
{
	if (driver && *driver)
		fprintf(out, "driver %s", driver);
	else
		fputs("no driver", out);
}

/* Returns the value without its name. */
static const char *value_of(char buf[VF_ATTR_TEXT], const struct vf_attrs *a, enum vf_attr bit)
{
	vf_attr_text(buf, a, bit);
	return strchr(buf, '=') + 1;
}

/* What every VF has is not worth mentioning. */
static bool is_plain(const struct step *s, enum vf_attr bit)
{
	return bit == VF_ATTR_PROTO && s->want.proto == ETH_P_8021Q &&
	       (!(s->was.given & bit) || s->was.proto == ETH_P_8021Q);
}

/* Prints "vlan 0 -> 100, qos 0 -> 2"; values that stay are left out, unless all do. */
static void print_setting(const struct step *s, FILE *out)
{
	unsigned bits = vf_setting_bits(s->setting) & s->want.given;
	char was[VF_ATTR_TEXT], want[VF_ATTR_TEXT];
	bool any = false;

	for (unsigned i = 0; i < VF_ATTR_N; i++) {
		enum vf_attr bit = (enum vf_attr)(1u << i);
		bool known = s->was.given & bit;

		if (!(bits & bit) || is_plain(s, bit) ||
		    (known && vf_attrs_agree(&s->was, &s->want, bit)))
			continue;
		fprintf(out, "%s%s %s%s%s", any ? ", " : "", vf_attr_name(bit),
			known ? value_of(was, &s->was, bit) : "", known ? " -> " : "",
			value_of(want, &s->want, bit));
		any = true;
	}
	if (!any)
		fputs(vf_setting_name(s->setting), out);
}

static void print_detail(const struct step *s, FILE *out)
{
	switch (s->kind) {
	case STEP_LOAD:
		fputs("a module of the kernel", out);
		break;
	case STEP_AUTOPROBE:
	case STEP_UP:
	case STEP_NUMVFS:
		fprintf(out, "%u -> %u", s->from, s->to);
		break;
	case STEP_SET:
		print_setting(s, out);
		break;
	case STEP_PROBE:
		fputs("the host's driver", out);
		break;
	case STEP_ASSIGN:
	case STEP_UNBIND:
	case STEP_UNASSIGN:
		print_driver(s->is_new ? NULL : vf_of(s->vf)->driver, out);
		if (s->kind == STEP_ASSIGN && s->options.name[0])
			fprintf(out, ", name %s", s->options.name);
		break;
	case STEP_RESTORE:
		print_driver(s->saved->driver, out);
		if (s->saved->driver_override[0])
			fprintf(out, ", driver_override %s", s->saved->driver_override);
		break;
	case STEP_ATTACH:
		fprintf(out, "domain %s", s->domain->name);
		dev_options_print(&s->options, out);
		break;
	case STEP_DETACH:
		fprintf(out, "domain %s%s", s->domain->name, s->force ? ", by force" : "");
		break;
	case STEP_PERMISSIVE:
		fprintf(out, "domain %s", s->domain->name);
		break;
	case STEP_DEFINE:
	case STEP_UNDEFINE:
		fprintf(out, "definition of domain %s", s->domain->name);
		break;
	}
	if (s->why)
		fprintf(out, " (%s)", s->why);
}

char *step_line(const struct step *s)
{
	char label[VF_LABEL_MAX], *line = NULL;
	size_t size;
	FILE *out = open_memstream(&line, &size);

	if (!out)
		return NULL;
	fprintf(out, "%s %s: ", step_name(s->kind), step_object(label, s));
	print_detail(s, out);
	if (memstream_close(out, &line) < 0)
		return NULL;
	text_clean(line);
	return line;
}

int plan_print(const struct plan *p, FILE *out)
{
	for (size_t i = 0; i < p->n; i++) {
		_cleanup_free_ char *line = step_line(&p->v[i]);

		if (!line)
			return -ENOMEM;
		fprintf(out, "%s\n", line);
	}
	return 0;
}
