/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a domain's XML says of host devices and ports. Pure. */
#ifndef VFY_BACKEND_KVM_LIBVIRT_DEFINITION_H
#define VFY_BACKEND_KVM_LIBVIRT_DEFINITION_H

#include <jansson.h>

/**
 * definition_of - the devices and ports of a domain
 * @text: as virDomainGetXMLDesc() gives it, of the running machine or of its next start
 *
 * Returns an object to be released with json_decref(), NULL when it is no XML or memory is out:
 *   devices: an array of objects, one for each host device on PCI, also one that a network
 *            interface stands for: host ("0000:05:10.6"), alias, managed, interface (is it one),
 *            and where the definition has them mac, vlan, and the place in the guest: bus, slot,
 *            function; bus is the index of the port's controller
 *   ports:   an array of objects, one for each PCI Express port: bus, free (nothing is in it, and
 *            hot plug is not switched off)
 *   owner:   who writes the definition, as owner.h calls it; not there when nobody is known
 *   express: has the machine ports at all, or slots on its root bus
 * Source: libvirt docs/formatdomain.rst.
 */
json_t *definition_of(const char *text);

#endif
