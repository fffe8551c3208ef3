// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/net/routes_captured.h"

#include <string.h>

/* Returns 1 when the route uses @netdev, 0 when it uses others, -EOPNOTSUPP when it uses a nexthop
 * object whose devices are not shown. */
static int leaves_by(char *line, const char *netdev)
{
	char *save = NULL, *word = strtok_r(line, " ", &save);
	bool is_dev = false, has_dev = false, found = false;

	/* Other lines lead nowhere: "unreachable default dev lo". */
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
