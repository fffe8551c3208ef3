// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/session/forced.h"

#include <stdlib.h>
#include <string.h>

#include "base/closest.h"
#include "engine/operand_name.h"
#include "base/text.h"

#define LISTED 200

/* What a run forces: the words as they were given, then the labels of what they name. */
struct forced {
	char **labels;	    /* owned; NULL when the word itself is enough */
	const char **words; /* 2 n: borrowed words, then labels */
	bool *used;	    /* in the same order */
	size_t n;
};

static int no_memory(struct err *e)
{
	return err_set(e, ENOMEM, "out of memory");
}

static bool is_domain(struct session *s, const char *word)
{
	struct domain d = { .id = 0 };

	if (s->topo && topology_find_domain(s->topo, word))
		return true;
	for (size_t i = 0; i < s->inv->n_vfs; i++) {
		const char *has = vf_of(s->inv->by_bdf[i])->domain;

		if (has && !strcmp(has, word))
			return true;
	}
	if (!s->backend || s->ops->domain_find(s->backend, word, &d, NULL) < 0)
		return false;
	if (s->ops->domain_done)
		s->ops->domain_done(&d);
	return true;
}

/* A PF of the topology that this host lacks: check reports the PF, so the word is no error. */
static bool is_pf_elsewhere(const struct session *s, const char *word)
{
	size_t len = strcspn(word, "/");

	for (size_t i = 0; s->topo && i < s->topo->n_pfs; i++)
		if (strlen(s->topo->pfs[i].name) == len &&
		    !strncmp(s->topo->pfs[i].name, word, len) && !(s->bound.pfs && s->bound.pfs[i]))
			return true;
	return false;
}

static char *label_of(const struct pf *pf, bool is_vf, unsigned index)
{
	char name[BDF_STRLEN], number[16] = "", *label;

	if (is_vf && index != WHOLE)
		snprintf(number, sizeof(number), "/%u", index);
	return asprintf(&label, "%s%s", pf_label(name, pf), number) < 0 ? NULL : label;
}

/* Finds "net0/3", even when it is yet to be made. Returns 1 when found, 0 when there is no such
 * thing. */
static int find_index(struct session *s, const char *word, const char *slash, char **ret,
		      struct err *e)
{
	_cleanup_free_ char *name = strndup(word, (size_t)(slash - word));
	struct pf *pf = NULL;
	unsigned n, index;
	char rest;

	if (!name)
		return no_memory(e);
	if (operand_find_pf(&s->host, s->inv, NULL, name, &pf, NULL) < 0)
		return 0;
	n = pf->totalvfs > pf->n_vfs ? pf->totalvfs : pf->n_vfs;
	if (slash[1] < '0' || slash[1] > '9' || sscanf(slash + 1, "%5u%c", &index, &rest) != 1)
		return err_fix(e, err_usage(e, "'%s' is not a single VF", word),
			       "name each VF by itself: --force %s/0 --force %s/1", name, name);
	if (index >= n)
		return err_fix(e, err_usage(e, "'%s': the PF can have %u VF%s", word, n, text_s(n)),
			       "name one of %s/0 to %s/%u", name, name, n ? n - 1 : 0);
	*ret = label_of(pf, true, index);
	return *ret ? 1 : no_memory(e);
}

/* A device of the dev list, "gpu0", or one function of it, "gpu0/1": the word is the label. 1:
 * found; 0: there is no such thing. */
static int find_whole(struct session *s, const char *word, const char *slash, char **ret,
		      struct err *e)
{
	size_t len = slash ? (size_t)(slash - word) : strlen(word);
	_cleanup_free_ char *name = strndup(word, len);
	const struct pf *device = name ? inventory_find_device(s->inv, name) : NULL;
	unsigned index = 0;
	char rest;

	if (!name)
		return no_memory(e);
	if (!device ||
	    (slash && (sscanf(slash + 1, "%5u%c", &index, &rest) != 1 || index >= device->n_vfs)))
		return 0;
	*ret = strdup(word);
	return *ret ? 1 : no_memory(e);
}

static int find_device(struct session *s, const char *word, char **ret, struct err *e)
{
	const char *slash = strrchr(word, '/');
	struct operand_name found = { 0 };
	struct vf_ref vf;
	struct bdf bdf;
	int r = find_whole(s, word, slash, ret, e);

	if (r == 0 && slash)
		r = find_index(s, word, slash, ret, e);
	if (r)
		return r;
	if (bdf_scan(&bdf, word)) {
		found.pf = inventory_find_pf(s->inv, bdf);
		found.is_vf = !found.pf && inventory_find_function(s->inv, bdf, &vf);
		if (found.is_vf)
			found = (struct operand_name){ vf.pf, true, vf.index };
		if (!found.pf)
			return 0;
	} else if (operand_name_find(&s->host, s->inv, s->saved, word, &found, NULL) < 0) {
		return 0;
	}
	*ret = label_of(found.pf, found.is_vf, found.index);
	return *ret ? 1 : no_memory(e);
}

/* Returns the names that a word may have meant; NULL-terminated, free() it. */
static const char **candidates(const struct session *s, bool only_pfs)
{
	const struct inventory *inv = s->inv;
	size_t n_domains = s->topo ? s->topo->n_domains : 0, n = 0;
	const char **v =
		calloc(inv->n_pfs + inv->n_netdevs + n_domains + inv->n_vfs + 1, sizeof(*v));

	if (!v)
		return NULL;
	for (size_t i = 0; i < inv->n_pfs; i++)
		if (inv->pfs[i].name)
			v[n++] = inv->pfs[i].name;
	for (size_t i = 0; i < inv->n_netdevs; i++)
		v[n++] = inv->netdevs[i].name;
	for (size_t i = 0; !only_pfs && i < n_domains; i++)
		v[n++] = s->topo->domains[i].name;
	for (size_t i = 0; !only_pfs && i < inv->n_vfs; i++)
		if (vf_of(inv->by_bdf[i])->domain)
			v[n++] = vf_of(inv->by_bdf[i])->domain;
	return v;
}

static void mention(char *list, const char *name)
{
	size_t n = strlen(list);

	if (n + strlen(name) + 8 < LISTED)
		snprintf(list + n, LISTED - n, "%s%s", n ? ", " : "", name);
	else if (n > 3 && strcmp(list + n - 3, "...") != 0)
		snprintf(list + n, LISTED - n, ", ...");
}

static int unknown(const struct session *s, const char *word, struct err *e)
{
	size_t len = strcspn(word, "/");
	_cleanup_free_ char *name = strndup(word, len);
	_cleanup_free_ const char **near = candidates(s, word[len]);
	const char *close = near && name ? closest_word(name, near) : NULL;
	char pfs[LISTED] = "", domains[LISTED] = "", buf[BDF_STRLEN];

	err_usage(e, "no PF, VF or domain '%s'", word);
	if (close)
		return err_fix(e, -EINVAL, "write: --force %s%s", close, word + len);
	for (size_t i = 0; i < s->inv->n_pfs; i++)
		mention(pfs, pf_label(buf, &s->inv->pfs[i]));
	for (size_t i = 0; s->topo && i < s->topo->n_domains; i++)
		mention(domains, s->topo->domains[i].name);
	return err_fix(e, -EINVAL, "there are %s%s%s%s", pfs[0] ? "the PFs " : "no PFs", pfs,
		       domains[0] ? " and the domains " : "", domains);
}

/* "net0/3 (0000:05:10.6)", as messages have it, means "net0/3". */
static char *first_word(const char *given)
{
	const char *bracket = strstr(given, " (");

	return strndup(given, bracket ? (size_t)(bracket - given) : strlen(given));
}

static int resolve(struct session *s, const char *given, char **ret, struct err *e)
{
	_cleanup_free_ char *word = first_word(given);
	int r;

	if (!word)
		return no_memory(e);
	r = find_device(s, word, ret, e);
	if (r)
		return r < 0 ? r : 0;
	if (is_domain(s, word) || is_pf_elsewhere(s, word))
		return 0;
	return unknown(s, word, e);
}

static struct forced *forced_new(size_t n)
{
	struct forced *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	*f = (struct forced){ calloc(n, sizeof(*f->labels)), calloc(2 * n, sizeof(*f->words)),
			      calloc(2 * n, sizeof(*f->used)), n };
	return f;
}

static void forced_free(struct forced *f)
{
	if (!f)
		return;
	for (size_t i = 0; f->labels && i < f->n; i++)
		free(f->labels[i]);
	free(f->labels);
	free(f->words);
	free(f->used);
	free(f);
}

int forced_check(struct session *s, struct err *e)
{
	struct forced *f;
	struct err ignored = { 0 };
	int r = 0;

	if (!s->host.n_forced || s->forced)
		return 0;
	/* Only root can read the memory; without it, names that it has count as unknown. */
	session_state(s, &ignored);
	f = forced_new(s->host.n_forced);
	if (!f || !f->labels || !f->words || !f->used)
		r = no_memory(e);
	for (size_t i = 0; r == 0 && i < f->n; i++) {
		r = resolve(s, s->host.forced[i], &f->labels[i], e);
		f->words[i] = s->host.forced[i];
		f->words[f->n + i] = f->labels[i] ? f->labels[i] : s->host.forced[i];
	}
	if (r < 0) {
		forced_free(f);
		return err_at(e, r, "--force", "find what it names");
	}
	s->forced = f;
	s->host.forced = f->words;
	s->host.n_forced = 2 * f->n;
	s->host.forced_used = f->used;
	return 0;
}

void forced_note_unused(const struct session *s)
{
	const struct forced *f = s->forced;

	for (size_t i = 0; f && i < f->n; i++)
		if (!f->used[i] && !f->used[f->n + i])
			log_note(&s->host.log,
				 "--force %s was not needed: nothing about it was refused",
				 f->words[i]);
}

void forced_done(struct session *s)
{
	forced_free(s->forced);
	s->forced = NULL;
}
