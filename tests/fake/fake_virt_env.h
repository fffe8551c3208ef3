/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The KVM backend beside a libvirt: fake_kvm's environment with the domain lv1, which runs and has
 * four ports. */
#ifndef VFY_FAKE_VIRT_ENV_H
#define VFY_FAKE_VIRT_ENV_H

#include "fake_kvm.h"
#include "fake_refusals.h"
#include "fake_virt.h"

#define VF3 "0000:05:10.6"

#define TOPOLOGY(kvm)                                                                              \
	"{\"version\":1,\"pf\":[{\"name\":\"net0\",\"bdf\":\"0000:05:00.0\"}],\"domain\":[{"       \
	"\"name\":\"shop\",\"kvm\":{" kvm "},\"devices\":[{\"pf\":\"net0\",\"index\":\"3\"}]}]}"

#define DEFINE                                                                                     \
	"define net0/3 (" VF3 "): definition of domain shop (the topology gives it to this "       \
	"domain)\n"

/* Nothing waits so long but on a machine that is busy; what ends by itself has a shorter one. */
#define PATIENT_MS 20000
#define SHORT_MS   400

extern struct fake_virt_domain *lv1;

/* cmocka setup and teardown. */
int lv_setup(void **state);
int lv_teardown(void **state);

/* Returns the device that lv1 has while it runs, or the next time it starts; NULL: it has not. */
const struct fake_virt_device *lv_live(const char *host);
const struct fake_virt_device *lv_config(const char *host);

/* Makes VF @i assignable and attaches it to lv1. */
void lv_give(unsigned i);

/* backend_ops.defined and .define of a domain that is there. */
unsigned lv_defined(const char *domain, unsigned i);
int lv_define(const char *domain, unsigned i, bool on);

/* The host with this topology, whose domain "shop" is to get VF 3; TOPOLOGY() is one. */
struct refused_host lv_host_with(const char *text);
/* Asserts that these are the steps of its plan. */
void assert_lv_steps(const char *text, const char *want);

#endif
