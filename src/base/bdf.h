/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PCI addresses: strict parse, canonical print, order, routing-id arithmetic. */
#ifndef VFY_BASE_BDF_H
#define VFY_BASE_BDF_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"

struct bdf {
	uint32_t domain; /* PCI segment; VMD and Hyper-V have more than four digits */
	uint8_t bus, dev, fn;
};

#define BDF_STRLEN sizeof("ffffffff:ff:1f.7")

/**
 * bdf_parse - read "DDDD:BB:DD.F" or "BB:DD.F" (segment 0), hexadecimal
 *
 * Strict: the segment has four to eight digits, bus and device have two, the function has one, and
 * nothing may stand before or after. Upper case is accepted. Returns 0 or -EINVAL with a sentence
 * that shows the form.
 */
int bdf_parse(struct bdf *ret, const char *s, struct err *e);

/* The same test without a sentence, for names found in sysfs. */
bool bdf_scan(struct bdf *ret, const char *s);

/* Writes the canonical text into @buf and returns it. */
const char *bdf_str(char buf[BDF_STRLEN], struct bdf b);

/* One number for each address, in address order; the low 16 bits are the routing id. */
static inline uint64_t bdf_key(struct bdf b)
{
	return (uint64_t)b.domain << 16 | (uint64_t)b.bus << 8 | (unsigned)b.dev << 3 | b.fn;
}

static inline int bdf_cmp(struct bdf a, struct bdf b)
{
	uint64_t x = bdf_key(a), y = bdf_key(b);

	return (x > y) - (x < y);
}

/* bdf_cmp() for qsort() and bsearch(): compares addresses, or structs that begin with one. */
int bdf_order(const void *a, const void *b);

/**
 * bdf_vf - address of VF @index of the PF at @pf
 *
 * Routing id = PF routing id + First VF Offset + VF Stride * index; crosses buses.
 * Source: Linux drivers/pci/iov.c, pci_iov_virtfn_bus() and pci_iov_virtfn_devfn().
 */
struct bdf bdf_vf(struct bdf pf, unsigned offset, unsigned stride, unsigned index);

#endif
