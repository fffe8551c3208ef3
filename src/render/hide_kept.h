/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is hidden already, and stays hidden. */
#ifndef VFY_RENDER_HIDE_KEPT_H
#define VFY_RENDER_HIDE_KEPT_H

#include "render/hide.h"

/**
 * hide_kept_print - print the entries of in->hidden that the topology does not decide about
 *
 * Only the last hide= counts for the kernel, so ours must repeat what others said before. It leaves
 * out VFs that a PF of the topology has or can have, because the topology decides which of these
 * are hidden. Counts into @n. Returns -EINVAL for a value that the kernel does not understand,
 * -EBUSY (EXIT_REFUSED) for an entry that takes a PF of the topology.
 */
int hide_kept_print(const struct render_in *in, FILE *out, size_t *n, struct err *e);

/* Notes the other places that set hide=. @is_line: those beside the command line that render grub
 * makes, otherwise those beside the file of render modprobe. Places that these replace do not
 * count. */
void hide_note_places(const struct render_in *in, bool is_line, struct problems *notes);

#endif
