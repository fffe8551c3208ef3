// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/inventory/card.h"

#include <string.h>

#include "host/net/netdev.h"
#include "host/inventory/identity.h"

#define SERIAL "serial "
#define MAC    "mac "

static void read_card(struct inventory *inv, const struct host *h, size_t i)
{
	struct pf *pf = &inv->pfs[i];
	struct pf_identity facts;
	char card[CARD_MAX] = "";
	char text[MAC_STRLEN];
	uint8_t m[MAC_LEN];

	if (pf_identity_read(&facts, h, inv, pf, PF_IDENTITY_SERIAL) == 0) {
		if (facts.serial[0])
			snprintf(card, sizeof(card), SERIAL "%s", facts.serial);
		pf_identity_done(&facts);
	}
	/* Never take the present address, because anybody may set it. */
	if (!card[0] && pf->netdev && netdev_permanent_mac(h, pf->netdev, m) == 0)
		snprintf(card, sizeof(card), MAC "%s", mac_str(text, m));
	pf->card = card[0] ? inventory_intern(inv, card) : NULL;
}

void cards_read(struct inventory *inv, const struct host *h)
{
	for (size_t i = 0; i < inv->n_pfs; i++)
		read_card(inv, h, i);
}

bool card_is_other(const char *remembered, const struct pf *pf)
{
	size_t kind = strcspn(remembered, " ");

	return remembered[0] && pf->card && !strncmp(remembered, pf->card, kind + 1) &&
	       strcmp(remembered, pf->card) != 0;
}

void card_copy(char ret[CARD_MAX], const struct pf *pf)
{
	snprintf(ret, CARD_MAX, "%s", pf->card ? pf->card : "");
}
