// SPDX-License-Identifier: GPL-2.0-or-later
/* An XDP program on a device of a network namespace of our own. */
#include "test.h"

#include <string.h>
#include <net/if.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include "host/net/xdp.h"
#include "fake_root.h"

/* Loads a program that lets every packet pass. */
static int load_program(void)
{
	static const struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	static const char license[] = "GPL";
	union bpf_attr a;

	memset(&a, 0, sizeof(a));
	a.prog_type = BPF_PROG_TYPE_XDP;
	a.insns = (uintptr_t)code;
	a.insn_cnt = ARRAY_SIZE(code);
	a.license = (uintptr_t)license;
	return (int)syscall(SYS_bpf, BPF_PROG_LOAD, &a, sizeof(a));
}

/* With @fd -1 takes it off again. */
static int put_on_lo(int fd)
{
	struct ifinfomsg ifi = { .ifi_index = 1 };
	struct nl_sock *s = nl_socket_alloc();
	struct nl_msg *m = nlmsg_alloc_simple(RTM_SETLINK, 0);
	struct nlattr *nest;
	int r;

	assert_int_equal(nlmsg_append(m, &ifi, sizeof(ifi), NLMSG_ALIGNTO), 0);
	nest = nla_nest_start(m, IFLA_XDP | NLA_F_NESTED);
	assert_int_equal(nla_put_s32(m, IFLA_XDP_FD, fd), 0);
	assert_int_equal(nla_put_u32(m, IFLA_XDP_FLAGS, XDP_FLAGS_SKB_MODE), 0);
	nla_nest_end(m, nest);
	assert_int_equal(nl_connect(s, NETLINK_ROUTE), 0);
	r = nl_send_sync(s, m);
	nl_socket_free(s);
	return r;
}

enum { RIGHT, NOT_HERE, WRONG };

static int look(const struct host *h)
{
	uint32_t id = 0;
	int fd;

	if (unshare(CLONE_NEWNET) < 0 || (fd = load_program()) < 0)
		return NOT_HERE;
	if (netxdp_program(h, "lo", &id) != 0 || netxdp_program(h, "none", &id) != 0)
		return WRONG;
	if (put_on_lo(fd) < 0)
		return NOT_HERE;
	if (netxdp_program(h, "lo", &id) != 1 || !id)
		return WRONG;
	if (put_on_lo(-1) < 0 || netxdp_program(h, "lo", &id) != 0)
		return WRONG;
	return RIGHT;
}

static void a_program_is_found_while_it_is_there(void **state UNUSED)
{
	struct host h;
	int status;
	pid_t pid;

	assert_int_equal(host_open(&h, NULL, NULL), 0);
	pid = fork();
	if (pid == 0)
		_exit(look(&h));
	host_close(&h);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NOT_HERE) {
		print_message("no namespace or no program of XDP here, skipped\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), RIGHT);
}

static void a_tree_has_none(void **state UNUSED)
{
	struct fake_root t;
	uint32_t id = 0;

	fake_root_init(&t, NULL);
	assert_int_equal(netxdp_program(&t.host, "lo", &id), 0);
	fake_root_done(&t);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_program_is_found_while_it_is_there),
	cmocka_unit_test(a_tree_has_none),
};

TEST_MAIN(tests)
