// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/operand_pasted.h"

#include <string.h>

bool operand_nodedev(const char *word, struct bdf *ret)
{
	char text[32];
	size_t n = strlen(word);

	if (strncmp(word, "pci_", 4) != 0 || n - 4 >= sizeof(text))
		return false;
	memcpy(text, word + 4, n - 3);
	n -= 4;
	/* The last separator is the point of an address, and the others are its colons. */
	for (size_t i = 0, left = 3; i < n && left; i++)
		if (text[i] == '_')
			text[i] = --left ? ':' : '.';
	return bdf_scan(ret, text) && strchr(text, ':') != strrchr(text, ':');
}

static bool is_pf(struct inventory *inv, const char *word)
{
	struct bdf bdf;

	if (bdf_scan(&bdf, word))
		return inventory_find_pf(inv, bdf);
	for (size_t i = 0; i < inv->n_pfs; i++)
		if (inv->pfs[i].name && !strcmp(inv->pfs[i].name, word))
			return true;
	return inventory_find_pf_netdev(inv, word);
}

void operand_pasted(struct inventory *inv, char *word, char **index)
{
	char *colon = strrchr(word, ':');
	struct bdf bdf;

	if (operand_nodedev(word, &bdf)) {
		bdf_str(word, bdf);
		return;
	}
	if (*index || !colon || !colon[1] || colon[1 + strspn(colon + 1, "0123456789-*")] ||
	    bdf_scan(&bdf, word))
		return;
	*colon = '\0';
	if (is_pf(inv, word))
		*index = colon + 1;
	else
		*colon = ':';
}
