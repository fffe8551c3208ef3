// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/lock.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/deadline.h"

#define LOCK_FILE HOST_RUN_DIR "/lock"

static int open_lock(const struct host *h)
{
	struct stat st;
	int fd;

	if (mkdirat(h->root.fd, "run", 0755) < 0 && errno != EEXIST)
		return -errno;
	if (mkdirat(h->root.fd, HOST_RUN_DIR, 0755) < 0 && errno != EEXIST)
		return -errno;
	/* Whoever may open the file, even for reading, may lock it and keep every run from
	 * starting. */
	fd = openat(h->root.fd, LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	/* One that an older vfyard left is readable, and its owner may open it always. Who has it
	 * open already keeps what he has. */
	if (geteuid() == 0 && fstat(fd, &st) == 0 && st.st_uid != 0 && fchown(fd, 0, 0) < 0)
		log_note(&h->log, "lock: /" LOCK_FILE " is not root's: %s", strerror(errno));
	if (fstat(fd, &st) == 0 && (st.st_mode & 077) && fchmod(fd, 0600) < 0)
		log_note(&h->log, "lock: /" LOCK_FILE " is open to others: %s", strerror(errno));
	return fd;
}

static int cannot_open(const struct host *h, int code, struct err *e)
{
	err_set(e, code, "open %s/" LOCK_FILE ": %s", h->root.dir, strerror(code));
	if (code == EACCES || code == EPERM)
		return err_fix(e, -code, "run as root");
	return err_fix(e, -code, "make the directory /" HOST_RUN_DIR " writable");
}

/* The holder writes "PID COMMAND" right after it got the lock; somebody who looks in between sees
 * nothing. */
static int refused(const struct host *h, int fd, struct err *e)
{
	char text[512], *command;
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	long pid;

	text[n > 0 ? n : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	pid = strtol(text, &command, 10);
	if (pid <= 0 || *command != ' ')
		err_set(e, EBUSY, "another run holds the lock");
	else if (kill((pid_t)pid, 0) < 0 && errno == ESRCH)
		err_set(e, EBUSY,
			"a write to the kernel that process %ld left behind (%s) has not ended",
			pid, command + 1);
	else
		err_set(e, EBUSY, "held by process %ld (%s)", pid, command + 1);
	err_status(e, 0, EXIT_LOCKED);
	return err_fix(e, -EBUSY, "wait for it, longer than these %u s with --timeout SEC",
		       h->timeout_ms / 1000);
}

static int write_holder(int fd, const char *command)
{
	char text[512];
	int n = snprintf(text, sizeof(text), "%ld %s", (long)getpid(), command ? command : "");

	if (n >= (int)sizeof(text) - 1)
		n = (int)sizeof(text) - 2;
	for (int i = 0; i < n; i++)
		if ((unsigned char)text[i] < ' ')
			text[i] = ' ';
	text[n++] = '\n';
	if (ftruncate(fd, 0) < 0)
		return -errno;
	return pwrite(fd, text, (size_t)n, 0) == n ? 0 : -(errno ? errno : EIO);
}

static int wait_for(const struct host *h, int fd, struct err *e)
{
	struct deadline d = deadline_in(h->timeout_ms);

	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK)
			return err_set(e, errno, "%s", strerror(errno));
		if (!deadline_pause(&d))
			return refused(h, fd, e);
	}
	return 0;
}

int lock_take(const struct host *h, const char *command, struct err *e)
{
	int fd = open_lock(h);
	int r;

	if (fd < 0)
		return err_at(e, cannot_open(h, -fd, e), "host", "lock");
	r = wait_for(h, fd, e);
	/* The lock holds even without a name in the file, because a full /run must not stop a
	 * repair. */
	if (r == 0 && write_holder(fd, command) < 0)
		log_note(&h->log, "lock: cannot write into /" LOCK_FILE);
	if (r < 0) {
		close(fd);
		return err_at(e, r, "host", "lock");
	}
	workers_keep(h->root.workers, fd);
	return fd;
}

void lock_release(int fd)
{
	siginfo_t child = { 0 };

	if (fd < 0)
		return;
	/* A child that is stuck in the kernel has the lock, too, and the next run wants to know
	 * whose child it is, so the name stays then. If clearing it fails, the name of a run that
	 * has ended stays in a file that nobody locks. */
	if (waitid(P_ALL, 0, &child, WEXITED | WNOHANG | WNOWAIT) < 0 || child.si_pid)
		(void)!ftruncate(fd, 0);
	close(fd);
}
