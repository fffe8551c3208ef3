// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/pci/bind.h"

#include <stdio.h>
#include <string.h>

#include "base/deadline.h"

#define DEVICES "sys/bus/pci/devices/"
#define DRIVERS "sys/bus/pci/drivers/"

static int gone(struct bdf dev, struct err *e)
{
	char buf[BDF_STRLEN];

	return err_fix(e, err_set(e, ENODEV, "function %s is not on this host", bdf_str(buf, dev)),
		       "look at what is there, run: vfyard list");
}

/* Keeps the cause, and adds one line of help for the errors that a driver's bind and unbind really
 * return. */
static int explain(struct err *e, int r, const char *driver)
{
	switch (-r) {
	case ENODEV:
		return err_fix(e, r, "driver '%s' does not take this function, run: dmesg | tail",
			       driver);
	case EBUSY:
		return err_fix(e, r,
			       "something holds the function or its IOMMU group, run: vfyard list");
	case EACCES:
	case EPERM:
		return err_fix(e, r, "run as root");
	case EROFS:
		return err_fix(e, r, "sysfs is mounted read-only, run: mount -o remount,rw /sys");
	case ETIMEDOUT:
		err_status(e, r, EXIT_LEFT);
		return err_fix(
			e, r,
			"the write is still running in the kernel; see dmesg for who holds the "
			"function, then run the same command again");
	default:
		return err_fix(e, r, "see what the kernel says, run: dmesg | tail");
	}
}

int bind_driver_of(const struct host *h, struct bdf dev, char ret[DRIVER_MAX], struct err *e)
{
	char buf[BDF_STRLEN], name[DRIVER_MAX];
	int r;

	bdf_str(buf, dev);
	r = root_link_name(&h->root, name, sizeof(name), DEVICES "%s/driver", buf);
	if (r == -ENOENT) {
		if (!root_exists(&h->root, DEVICES "%s", buf))
			return gone(dev, e);
		name[0] = '\0';
	} else if (r < 0) {
		return err_set(e, -r, "read link /" DEVICES "%s/driver: %s", buf, strerror(-r));
	}
	snprintf(ret, DRIVER_MAX, "%s", name);
	return 0;
}

int bind_override_of(const struct host *h, struct bdf dev, char ret[DRIVER_MAX], struct err *e)
{
	char buf[BDF_STRLEN], text[DRIVER_MAX];
	ssize_t n;

	bdf_str(buf, dev);
	n = root_read(&h->root, text, sizeof(text), DEVICES "%s/driver_override", buf);
	if (n == -ENOENT && !root_exists(&h->root, DEVICES "%s", buf))
		return gone(dev, e);
	if (n < 0)
		return err_set(e, (int)-n, "read /" DEVICES "%s/driver_override: %s", buf,
			       strerror((int)-n));
	/* The kernel prints a NULL pointer with %s, as "(null)". */
	snprintf(ret, DRIVER_MAX, "%s", strcmp(text, "(null)") ? text : "");
	return 0;
}

static int write_override(const struct host *h, struct bdf dev, const char *driver, struct err *e)
{
	char buf[BDF_STRLEN], now[DRIVER_MAX];
	int r;

	/* The write takes the device's lock, so it can hang behind a stuck unbind. A zero-length
	 * write would never reach the kernel. */
	r = root_write(&h->root, *driver ? driver : "\n", h->timeout_ms, e,
		       DEVICES "%s/driver_override", bdf_str(buf, dev));
	if (r < 0)
		return explain(e, r, driver);
	r = bind_override_of(h, dev, now, e);
	if (r == 0 && strcmp(now, driver) != 0)
		r = err_set(e, EIO, "wrote '%s', the kernel kept '%s'", driver, now);
	return r;
}

int bind_set_override(const struct host *h, struct bdf dev, const char *driver, struct err *e)
{
	char now[DRIVER_MAX];
	int r = bind_override_of(h, dev, now, e);

	if (r == 0 && strcmp(now, driver) != 0)
		r = write_override(h, dev, driver, e);
	return err_at(e, r, NULL, "driver_override");
}

int bind_drop_override(const struct host *h, struct bdf dev, const char *driver, struct err *e)
{
	char now[DRIVER_MAX];
	int r = bind_override_of(h, dev, now, e);

	return r < 0 || strcmp(now, driver) != 0 ? r : bind_set_override(h, dev, "", e);
}

/* Waits until the function's driver is @want ("" for none), up to the deadline. */
static int wait_driver(const struct host *h, struct bdf dev, const char *want, char ret[DRIVER_MAX],
		       struct err *e)
{
	struct deadline d = deadline_in(h->timeout_ms);
	int r;

	do {
		r = bind_driver_of(h, dev, ret, e);
	} while (r == 0 && strcmp(ret, want) != 0 && deadline_pause(&d));
	return r;
}

static int unbind_from(const struct host *h, struct bdf dev, const char *driver, struct err *e)
{
	char buf[BDF_STRLEN], now[DRIVER_MAX], step[DRIVER_MAX + 16];
	int r;

	snprintf(step, sizeof(step), "unbind %s", driver);
	r = root_write(&h->root, bdf_str(buf, dev), h->timeout_ms, e, DRIVERS "%s/unbind", driver);
	if (r < 0)
		return err_at(e, explain(e, r, driver), NULL, step);
	r = wait_driver(h, dev, "", now, e);
	if (r == 0 && now[0])
		r = err_fix(
			e, err_set(e, EIO, "the kernel reports success but %s still holds it", now),
			"see what the kernel says, run: dmesg | tail");
	return err_at(e, r, NULL, step);
}

int bind_unbind(const struct host *h, struct bdf dev, struct err *e)
{
	char driver[DRIVER_MAX];
	int r = bind_driver_of(h, dev, driver, e);

	if (r < 0 || !driver[0])
		return err_at(e, r, NULL, "unbind");
	return unbind_from(h, dev, driver, e);
}

/* Writes once and looks at the result; driver_override is already @driver. */
static int bind_once(const struct host *h, struct bdf dev, const char *driver, struct err *e)
{
	char buf[BDF_STRLEN], now[DRIVER_MAX];
	int r;

	bdf_str(buf, dev);
	/* The driver's own bind file returns the error of its probe; drivers_probe swallows it
	 * (drivers/base/bus.c, bind_store() and drivers_probe_store()). */
	if (root_exists(&h->root, DRIVERS "%s/bind", driver))
		r = root_write(&h->root, buf, h->timeout_ms, e, DRIVERS "%s/bind", driver);
	else
		r = root_write(&h->root, buf, h->timeout_ms, e, "sys/bus/pci/drivers_probe");
	if (r < 0)
		return explain(e, r, driver);
	r = bind_driver_of(h, dev, now, e);
	if (r < 0)
		return r;
	if (!strcmp(now, driver))
		return 0;
	if (now[0])
		err_set(e, EIO, "the kernel bound %s instead", now);
	else
		err_set(e, EIO, "the kernel reports success but no driver is bound");
	return err_fix(e, -EIO, "see what the kernel says, run: dmesg | tail");
}

static int bind_to_driver(const struct host *h, struct bdf dev, const char *driver, struct err *e)
{
	char now[DRIVER_MAX], override[DRIVER_MAX], buf[BDF_STRLEN];
	struct err undo = { 0 };
	int r = bind_driver_of(h, dev, now, e);

	if (r < 0)
		return r;
	if (!strcmp(now, driver))
		return bind_set_override(h, dev, driver, e);
	if (now[0])
		return err_set(e, EBUSY, "driver %s holds it", now);
	if (!root_exists(&h->root, DRIVERS "%s", driver))
		return err_fix(e, err_set(e, ENOENT, "driver '%s' is not loaded", driver),
			       "load it, run: modprobe %s", driver);
	r = bind_override_of(h, dev, override, e);
	if (r < 0)
		return r;
	r = bind_set_override(h, dev, driver, e);
	if (r == 0)
		r = bind_once(h, dev, driver, e);
	/* A write that is stuck holds the device's lock, so another one would only wait for it as
	 * well. */
	if (r == 0 || r == -ETIMEDOUT)
		return r;
	if (bind_set_override(h, dev, override, &undo) < 0) {
		log_note(&h->log, "%s: driver_override is left at '%s': %s", bdf_str(buf, dev),
			 driver, undo.cause);
		err_status(e, r, EXIT_LEFT);
	}
	return r;
}

int bind_to(const struct host *h, struct bdf dev, const char *driver, struct err *e)
{
	char step[DRIVER_MAX + 16];

	snprintf(step, sizeof(step), "bind %s", driver);
	return err_at(e, bind_to_driver(h, dev, driver, e), NULL, step);
}

int bind_over(const struct host *h, struct bdf dev, const char *from, const char *override,
	      const char *driver, struct err *e)
{
	char step[DRIVER_MAX + 16];
	int r = 0;

	snprintf(step, sizeof(step), "bind %s", driver);
	if (strcmp(override, driver) != 0)
		r = err_at(e, write_override(h, dev, driver, e), NULL, "driver_override");
	if (r == 0 && *from)
		r = unbind_from(h, dev, from, e);
	return r < 0 ? r : err_at(e, bind_once(h, dev, driver, e), NULL, step);
}

static int not_probed(const struct host *h, struct bdf dev, struct err *e)
{
	char buf[BDF_STRLEN], override[DRIVER_MAX] = "";
	struct err ignored = { 0 };

	bdf_str(buf, dev);
	if (bind_override_of(h, dev, override, &ignored) == 0 && override[0]) {
		err_set(e, ENODEV, "its driver_override '%s' keeps the host's drivers off",
			override);
		return err_fix(e, -ENODEV,
			       "clear it, run: echo > /sys/bus/pci/devices/%s/driver_override",
			       buf);
	}
	err_set(e, ENODEV, "no driver of the host takes it");
	return err_fix(e, -ENODEV,
		       "load its driver, run: modprobe $(cat /sys/bus/pci/devices/%s/modalias)",
		       buf);
}

int bind_probe(const struct host *h, struct bdf dev, char ret[DRIVER_MAX], struct err *e)
{
	struct deadline d = deadline_in(h->timeout_ms);
	char buf[BDF_STRLEN];
	int r = root_write(&h->root, bdf_str(buf, dev), h->timeout_ms, e,
			   "sys/bus/pci/drivers_probe");

	if (r < 0)
		return err_at(e, explain(e, r, "of the host"), NULL, "probe");
	do {
		r = bind_driver_of(h, dev, ret, e);
	} while (r == 0 && !ret[0] && deadline_pause(&d));
	if (r == 0 && !ret[0])
		r = not_probed(h, dev, e);
	return err_at(e, r, NULL, "probe");
}

int bind_give_back(const struct host *h, struct bdf dev, const char *driver,
		   const char *driver_override, struct err *e)
{
	char now[DRIVER_MAX] = "";
	int r = *driver ? bind_to(h, dev, driver, e) : bind_driver_of(h, dev, now, e);

	if (r == 0 && now[0])
		r = err_set(e, EBUSY, "had no driver before, but now %s holds it", now);
	if (r == 0)
		r = bind_set_override(h, dev, driver_override, e);
	return err_at(e, r, NULL, "restore");
}
