/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is hidden already, and stays so. */
#ifndef VFY_RENDER_HIDE_KEPT_H
#define VFY_RENDER_HIDE_KEPT_H

#include "render/hide.h"

/**
 * hide_kept_print - entries of in->hidden that are not the topology's to decide
 *
 * The last hide= alone counts for the kernel, so ours has to say what others said before. Left out
 * are VFs that a PF of the topology has or can have: which of them are hidden is what the topology
 * is about. Counts into @n. -EINVAL for a value that the kernel does not understand, -EBUSY for an
 * entry that takes a PF of the topology (EXIT_REFUSED).
 */
int hide_kept_print(const struct render_in *in, FILE *out, size_t *n, struct err *e);

/* Notes on the other places that set hide=. @is_line: beside the command line that render grub
 * makes, else beside the file of render modprobe; what these replace is none. */
void hide_note_places(const struct render_in *in, bool is_line, struct problems *notes);

#endif
