/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a mistyped word may have meant. Pure. */
#ifndef VFY_BASE_CLOSEST_H
#define VFY_BASE_CLOSEST_H

/* The one of @names (NULL-terminated, in small letters) that @word may have meant, NULL when none
 * is close. Borrowed. */
const char *closest_word(const char *word, const char *const *names);

#endif
