// SPDX-License-Identifier: GPL-2.0-or-later
/* Looks for a network device of this host from another network namespace. */
#include "test.h"

#include <string.h>
#include <sched.h>
#include <sys/wait.h>

#include "host/net/netns.h"
#include "fake_root.h"

/* Finds a network device that has a parent, as cards and virtio have. */
static bool find_any(const struct host *h, char netdev[16], char parent[64])
{
	_cleanup_dir_ DIR *d = root_opendir(&h->root, "sys/class/net");
	struct dirent *ent;

	while (d && (ent = readdir(d)))
		if (strlen(ent->d_name) < 16 &&
		    root_link_name(&h->root, parent, 64, "sys/class/net/%s/device", ent->d_name) ==
			    0) {
			strcpy(netdev, ent->d_name);
			return true;
		}
	return false;
}

enum { FOUND, NO_NAMESPACE, WRONG };

static int look_from_elsewhere(const struct host *h, const char *netdev, const char *parent)
{
	struct netns_found f = { .pid = 0 };

	if (unshare(CLONE_NEWNET) < 0)
		return NO_NAMESPACE;
	if (netns_find(h, "no-such-parent", &f) != 0 || f.netdev[0])
		return WRONG;
	return netns_find(h, parent, &f) == 1 && !strcmp(f.netdev, netdev) && f.pid ? FOUND : WRONG;
}

static void a_device_is_found_with_a_process_that_lives_beside_it(void **state UNUSED)
{
	char netdev[16], parent[64];
	struct netns_found f = { .pid = 0 };
	struct host h;
	int status;
	pid_t pid;

	assert_int_equal(host_open(&h, NULL, NULL), 0);
	if (!find_any(&h, netdev, parent)) {
		print_message("no network device with a parent here, skipped\n");
		host_close(&h);
		skip();
	}
	/* What is here is in no other namespace. */
	assert_int_equal(netns_find(&h, parent, &f), 0);
	pid = fork();
	if (pid == 0)
		_exit(look_from_elsewhere(&h, netdev, parent));
	host_close(&h);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_NAMESPACE) {
		print_message("no network namespace here, skipped\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), FOUND);
}

static void a_tree_has_no_namespaces(void **state UNUSED)
{
	struct netns_found f = { .pid = 0 };
	struct fake_root t;

	fake_root_init(&t, NULL);
	assert_int_equal(netns_find(&t.host, "0000:05:10.0", &f), 0);
	fake_root_done(&t);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_device_is_found_with_a_process_that_lives_beside_it),
	cmocka_unit_test(a_tree_has_no_namespaces),
};

TEST_MAIN(tests)
