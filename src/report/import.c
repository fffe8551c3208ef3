// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/import.h"

#include "render/topology_print.h"
#include "report/import_parts.h"

static int no_memory(struct err *e)
{
	return err_set(e, ENOMEM, "out of memory");
}

/* Autoprobe is as remembered where the topology has no word of it; who may not read that memory
 * does without. */
static int read_state(struct importing *im)
{
	struct err why = { 0 };

	if (session_state(im->s, &why) == 0) {
		session_cards(im->s);
		return 0;
	}
	return why.code == ENOMEM ? -ENOMEM
				  : topo_note_missing(im->notes, NOTE_END, 0,
						      "what PFs were before vfyard: %s", why.cause);
}

/* Where to go on from a host that gives nothing away yet. */
static int say_next(struct importing *im)
{
	const struct topology *t = im->topo;

	if (!im->inv->n_pfs && !im->n_wholes)
		return topo_note(im->notes, NOTE_END, 0,
				 "This host has no SR-IOV physical function.");
	if (t->n_domains || im->inv->domains_unseen || !t->n_pfs || t->pfs[0].is_dev)
		return 0;
	return topo_note(im->notes, NOTE_END, 0,
			 "No domain has VFs. To give one some, write: domain = [ [ \"NAME\", "
			 "\"%s/0\" ] ]",
			 t->pfs[0].name);
}

static int make(struct importing *im, struct err *e)
{
	int r = topo_note(im->notes, NOTE_HEAD, 0,
			  "%s, written by vfyard import. See vfyard-topology(5).",
			  im->o->only_files ? "Guests of files, on the PFs of this host"
					    : "The running state of this host");

	if (r == 0)
		r = read_state(im);
	if (r < 0)
		return no_memory(e);
	r = import_pfs(im, e);
	if (r == 0)
		r = import_domains(im, e);
	im->n_running = im->topo->n_domains;
	if (r == 0)
		r = import_files(im, e);
	if (r == 0)
		r = import_vfs(im, e);
	if (r == 0 && import_whole_rest(im) < 0)
		r = no_memory(e);
	if (r == 0)
		r = import_devs(im, e);
	return r == 0 && say_next(im) < 0 ? no_memory(e) : r;
}

unsigned import_n_vfs(const struct importing *im, size_t p)
{
	const struct topo_pf *to = &im->topo->pfs[p];
	unsigned now = im->inv->pfs[p].numvfs;

	return to->has_numvfs && to->numvfs > now ? to->numvfs : now;
}

static void done(struct importing *im)
{
	for (size_t i = 0; im->holders && i < im->inv->n_pfs; i++)
		free(im->holders[i]);
	free(im->holders);
	free(im->wholes);
	import_choice_done(&im->pfs);
}

int import_make(struct session *s, const struct import_options *o, struct imported *ret,
		struct err *e)
{
	struct importing im = { .s = s, .o = o, .notes = &ret->notes };
	int r = import_select_check(o->select, e);

	*ret = (struct imported){ 0 };
	if (r == 0)
		r = session_inventory(s, INVENTORY_ALL | INVENTORY_FUNCTIONS, e);
	if (r < 0)
		return r;
	im.inv = s->inv;
	im.topo = ret->topo = calloc(1, sizeof(*ret->topo));
	r = im.topo ? make(&im, e) : no_memory(e);
	done(&im);
	if (r == 0)
		r = import_verify(s, o, ret, e);
	if (r < 0)
		imported_done(ret);
	return r < 0 ? r : err_status(e, 0, ret->notes.n_missing ? EXIT_PENDING : EXIT_DONE);
}

void imported_done(struct imported *i)
{
	topology_free(i->topo);
	topo_notes_done(&i->notes);
	*i = (struct imported){ 0 };
}

int import_text(const struct imported *i, char **ret, struct err *e)
{
	size_t size;
	FILE *out = open_memstream(ret, &size);

	if (!out)
		return no_memory(e);
	topology_print_text(i->topo, &i->notes, out);
	return memstream_close(out, ret) < 0 ? no_memory(e) : 0;
}

/* The head says what the text is. */
void import_say_notes(const struct imported *i, const struct log *log)
{
	for (size_t k = 0; k < i->notes.n; k++)
		if (i->notes.v[k].place != NOTE_HEAD)
			log_line(log, i->notes.v[k].is_missing ? LOG_NOTE : LOG_INFO, "%s",
				 i->notes.v[k].text);
}
