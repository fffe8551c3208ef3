// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/net/routes_captured.h"

#include <string.h>

/* 1: by @netdev, 0: by others, -EOPNOTSUPP: by a nexthop object that is not told. */
static int leaves_by(char *line, const char *netdev)
{
	char *save = NULL, *word = strtok_r(line, " ", &save);
	bool is_dev = false, has_dev = false, found = false;

	/* Others lead nowhere: "unreachable default dev lo". */
	if (!word || strcmp(word, "default") != 0)
		return 0;
	while ((word = strtok_r(NULL, " ", &save))) {
		found |= is_dev && !strcmp(word, netdev);
		has_dev |= is_dev;
		is_dev = !is_dev && !strcmp(word, "dev");
	}
	return found ? 1 : has_dev ? 0 : -EOPNOTSUPP;
}

int netroute_captured(const struct host *h, const char *netdev)
{
	_cleanup_free_ char *text = root_read_all(&h->root, CAPTURE_DIR "/ip-route");
	char *save = NULL;
	int r = 0;

	if (!text)
		return 0;
	for (char *s = strtok_r(text, "\n", &save); s && r == 0; s = strtok_r(NULL, "\n", &save))
		r = leaves_by(s, netdev);
	return r;
}
