// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/closest.h"

#include <ctype.h>
#include <string.h>

#define WORD_MAX 32

/* Computes the Levenshtein distance; words here are short, and @b is in lower case. */
static size_t distance(const char *a, const char *b)
{
	size_t row[WORD_MAX + 1], n = strlen(b);

	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t best = diagonal + (tolower((unsigned char)a[i - 1]) != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[n];
}

const char *closest_word(const char *word, const char *const *names)
{
	size_t len = strlen(word), best = len <= 3 ? 2 : len <= 7 ? 3 : 4;
	const char *found = NULL;

	if (len > WORD_MAX)
		return NULL;
	for (; *names; names++) {
		size_t d = strlen(*names) > WORD_MAX ? best : distance(word, *names);

		if (d < best) {
			best = d;
			found = *names;
		}
	}
	return found;
}
