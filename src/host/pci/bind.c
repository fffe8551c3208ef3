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

static struct bind_flight flight_of(const struct host *h, struct bdf dev, const char *driver)
{
	struct bind_flight f = { .host = h, .dev = dev };

	snprintf(f.driver, sizeof(f.driver), "%s", driver);
	return f;
}

static void start_unbind(struct bind_flight *f)
{
	const struct host *h = f->host;
	char buf[BDF_STRLEN];

	root_write_start(&h->root, bdf_str(buf, f->dev), h->timeout_ms, &f->writing,
			 DRIVERS "%s/unbind", f->driver);
}

int bind_unbind_start(const struct host *h, struct bdf dev, struct bind_flight *ret, struct err *e)
{
	int r;

	*ret = flight_of(h, dev, "");
	r = bind_driver_of(h, dev, ret->driver, e);
	if (r == 0 && ret->driver[0])
		start_unbind(ret);
	return err_at(e, r, NULL, "unbind");
}

int bind_unbind_finish(struct bind_flight *f, struct err *e)
{
	char now[DRIVER_MAX], step[DRIVER_MAX + 16];
	int r;

	if (!f->driver[0])
		return 0;
	snprintf(step, sizeof(step), "unbind %s", f->driver);
	r = root_write_finish(&f->writing, e);
	if (r < 0)
		return err_at(e, explain(e, r, f->driver), NULL, step);
	r = wait_driver(f->host, f->dev, "", now, e);
	if (r == 0 && now[0])
		r = err_fix(
			e, err_set(e, EIO, "the kernel reports success but %s still holds it", now),
			"see what the kernel says, run: dmesg | tail");
	return err_at(e, r, NULL, step);
}

int bind_unbind(const struct host *h, struct bdf dev, struct err *e)
{
	struct bind_flight f;
	int r = bind_unbind_start(h, dev, &f, e);

	return r < 0 ? r : bind_unbind_finish(&f, e);
}

/* The driver's own bind file returns the error of its probe; drivers_probe swallows it
 * (drivers/base/bus.c, bind_store() and drivers_probe_store()). driver_override is already
 * @driver. */
static void start_bind(struct bind_flight *f)
{
	const struct host *h = f->host;
	char buf[BDF_STRLEN];

	bdf_str(buf, f->dev);
	if (root_exists(&h->root, DRIVERS "%s/bind", f->driver))
		root_write_start(&h->root, buf, h->timeout_ms, &f->writing, DRIVERS "%s/bind",
				 f->driver);
	else
		root_write_start(&h->root, buf, h->timeout_ms, &f->writing,
				 "sys/bus/pci/drivers_probe");
}

/* Looks at what became of the one write. */
static int finish_bind(struct bind_flight *f, struct err *e)
{
	char now[DRIVER_MAX];
	int r = root_write_finish(&f->writing, e);

	if (r < 0)
		return explain(e, r, f->driver);
	r = bind_driver_of(f->host, f->dev, now, e);
	if (r < 0)
		return r;
	if (!strcmp(now, f->driver))
		return 0;
	if (now[0])
		err_set(e, EIO, "the kernel bound %s instead", now);
	else
		err_set(e, EIO, "the kernel reports success but no driver is bound");
	return err_fix(e, -EIO, "see what the kernel says, run: dmesg | tail");
}

static int take_override_back(const struct bind_flight *f, int r, struct err *e)
{
	struct err undo = { 0 };
	char buf[BDF_STRLEN];

	/* A write that is stuck holds the device's lock, so another one would only wait for it as
	 * well. */
	if (r == 0 || r == -ETIMEDOUT)
		return r;
	if (bind_set_override(f->host, f->dev, f->override, &undo) < 0) {
		log_note(&f->host->log, "%s: driver_override is left at '%s': %s",
			 bdf_str(buf, f->dev), f->driver, undo.cause);
		err_status(e, r, EXIT_LEFT);
	}
	return r;
}

/* @is_return: the override gets its former value when the driver is there. If it has never been
 * off, nothing is written, so that what failed before it was taken leaves it as it was. */
static int prepare_bind(struct bind_flight *f, bool is_return, struct err *e)
{
	const struct host *h = f->host;
	char now[DRIVER_MAX];
	int r = bind_driver_of(h, f->dev, now, e);

	if (r < 0)
		return r;
	f->is_bound = !strcmp(now, f->driver);
	if (f->is_bound)
		return is_return ? 0 : bind_set_override(h, f->dev, f->driver, e);
	if (now[0])
		return err_set(e, EBUSY, "driver %s holds it", now);
	if (!root_exists(&h->root, DRIVERS "%s", f->driver))
		return err_fix(e, err_set(e, ENOENT, "driver '%s' is not loaded", f->driver),
			       "load it, run: modprobe %s", f->driver);
	r = bind_override_of(h, f->dev, f->override, e);
	if (r < 0)
		return r;
	return take_override_back(f, bind_set_override(h, f->dev, f->driver, e), e);
}

static int at_bind(const struct bind_flight *f, int r, struct err *e)
{
	char step[DRIVER_MAX + 16];

	snprintf(step, sizeof(step), "bind %s", f->driver);
	return err_at(e, r, NULL, step);
}

static int start_to(struct bind_flight *f, bool is_return, struct err *e)
{
	int r = prepare_bind(f, is_return, e);

	if (r == 0 && !f->is_bound)
		start_bind(f);
	return at_bind(f, r, e);
}

int bind_to_start(const struct host *h, struct bdf dev, const char *driver, struct bind_flight *ret,
		  struct err *e)
{
	*ret = flight_of(h, dev, driver);
	return start_to(ret, false, e);
}

int bind_to_finish(struct bind_flight *f, struct err *e)
{
	return f->is_bound ? 0 : at_bind(f, take_override_back(f, finish_bind(f, e), e), e);
}

int bind_to(const struct host *h, struct bdf dev, const char *driver, struct err *e)
{
	struct bind_flight f;
	int r = bind_to_start(h, dev, driver, &f, e);

	return r < 0 ? r : bind_to_finish(&f, e);
}

int bind_over(const struct host *h, struct bdf dev, const char *from, const char *override,
	      const char *driver, struct err *e)
{
	struct bind_flight off = flight_of(h, dev, from), on = flight_of(h, dev, driver);
	int r = 0;

	if (strcmp(override, driver) != 0)
		r = err_at(e, write_override(h, dev, driver, e), NULL, "driver_override");
	if (r == 0 && *from) {
		start_unbind(&off);
		r = bind_unbind_finish(&off, e);
	}
	if (r < 0)
		return r;
	start_bind(&on);
	return at_bind(&on, finish_bind(&on, e), e);
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

int bind_give_back_start(const struct host *h, struct bdf dev, const char *driver,
			 struct bind_flight *ret, struct err *e)
{
	char now[DRIVER_MAX] = "";
	int r;

	*ret = flight_of(h, dev, driver);
	r = *driver ? start_to(ret, true, e) : bind_driver_of(h, dev, now, e);
	if (r == 0 && now[0])
		r = err_set(e, EBUSY, "had no driver before, but now %s holds it", now);
	return err_at(e, r, NULL, "restore");
}

int bind_give_back_finish(struct bind_flight *f, const char *driver_override, struct err *e)
{
	int r = f->driver[0] ? bind_to_finish(f, e) : 0;

	if (r == 0)
		r = bind_set_override(f->host, f->dev, driver_override, e);
	return err_at(e, r, NULL, "restore");
}

int bind_give_back(const struct host *h, struct bdf dev, const char *driver,
		   const char *driver_override, struct err *e)
{
	struct bind_flight f;
	int r = bind_give_back_start(h, dev, driver, &f, e);

	return r < 0 ? r : bind_give_back_finish(&f, driver_override, e);
}
