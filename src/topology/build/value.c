// SPDX-License-Identifier: GPL-2.0-or-later
#include "topology/build/value.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

int value_number(const struct topo_word *key, const struct topo_word *v, unsigned long min,
		 unsigned long max, unsigned long *ret, struct err *e)
{
	size_t n = strlen(v->s);
	unsigned long x;

	errno = 0;
	x = strtoul(v->s, NULL, 10);
	if (!n || strspn(v->s, "0123456789") != n)
		err_usage(e, "%s: '%s' is not a number", key->s, v->s);
	else if (errno || x < min || x > max)
		err_usage(e, "%s: %s is out of range", key->s, v->s);
	else {
		*ret = x;
		return 0;
	}
	return err_fix(e, -EINVAL, "write a number from %lu to %lu", min, max);
}

int value_choice(const struct topo_word *key, const struct topo_word *v, const char *const *choices,
		 unsigned *ret, struct err *e)
{
	char list[256] = "";

	for (unsigned i = 0; choices[i]; i++) {
		if (!strcmp(v->s, choices[i])) {
			*ret = i;
			return 0;
		}
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s",
			 !i		  ? ""
			 : choices[i + 1] ? ", "
					  : " or ",
			 choices[i]);
	}
	err_usage(e, "%s: '%s' is not %s", key->s, v->s, list);
	return err_fix(e, -EINVAL, "write %s", list);
}

/* Words for yes and for no, in pairs: a file says a switch in its own words, and a user in his. */
static bool is_yes_no(const char *word, bool *ret)
{
	static const char *const words[] = { "1", "0", "on", "off", "yes", "no", "true", "false" };

	for (unsigned i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(word, words[i])) {
			*ret = i % 2 == 0;
			return true;
		}
	return false;
}

static int value_either(const struct topo_word *key, const struct topo_word *v,
			const char *const *choices, bool *ret, struct err *e)
{
	unsigned ignored;

	return is_yes_no(v->s, ret) ? 0 : value_choice(key, v, choices, &ignored, e);
}

int value_yes_no(const struct topo_word *key, const struct topo_word *v, bool *ret, struct err *e)
{
	static const char *const choices[] = { "0", "1", NULL };

	return value_either(key, v, choices, ret, e);
}

int value_on_off(const struct topo_word *key, const struct topo_word *v, bool *ret, struct err *e)
{
	static const char *const choices[] = { "on", "off", NULL };

	return value_either(key, v, choices, ret, e);
}

/* Units as tc(8) has them, for rates in Mbit/s. */
static const struct {
	const char *name;
	unsigned long factor;
} units[] = { { "", 1 }, { "mbit", 1 }, { "gbit", 1000 }, { "tbit", 1000000 } };

int value_rate(const struct topo_word *key, const struct topo_word *v, unsigned long *ret,
	       struct err *e)
{
	size_t digits = strspn(v->s, "0123456789"), n = 0;
	const char *rest = v->s + digits;
	unsigned long whole, part = 0, scale = 1;

	errno = 0;
	whole = strtoul(v->s, NULL, 10);
	if (*rest == '.')
		for (rest++; *rest >= '0' && *rest <= '9' && scale < 1000000; rest++, scale *= 10)
			part = part * 10 + (unsigned long)(*rest - '0');
	while (n < ARRAY_SIZE(units) && strcasecmp(units[n].name, rest) != 0)
		n++;
	if (!digits || n == ARRAY_SIZE(units) || part * units[n].factor % scale)
		return err_fix(e, err_usage(e, "%s: '%s' is not a rate", key->s, v->s),
			       "write it as 500, 500Mbit or 2.5Gbit");
	if (errno || whole > UINT32_MAX ||
	    whole * units[n].factor + part * units[n].factor / scale > UINT32_MAX)
		return err_fix(e, err_usage(e, "%s: %s is out of range", key->s, v->s),
			       "write a rate from 0 to %u Mbit", UINT32_MAX);
	*ret = whole * units[n].factor + part * units[n].factor / scale;
	return 0;
}

int value_mac(const struct topo_word *key, const struct topo_word *v, uint8_t ret[MAC_LEN],
	      struct err *e)
{
	uint8_t mac[MAC_LEN];

	if (!mac_scan(mac, v->s))
		return err_fix(e, err_usage(e, "%s: '%s' is not a MAC address", key->s, v->s),
			       "write it as 02:00:00:00:00:03");
	if (mac_is_zero(mac))
		return err_fix(e, err_usage(e, "%s: %s is the zero address", key->s, v->s),
			       "write an address of a device");
	if (mac_is_multicast(mac))
		return err_fix(e, err_usage(e, "%s: %s is a multicast address", key->s, v->s),
			       "write an address whose first byte is even");
	memcpy(ret, mac, MAC_LEN);
	return 0;
}

int value_text(const struct topo_word *key, const struct topo_word *v, size_t max, char **ret,
	       struct err *e)
{
	char *copy;

	if (!v->s[0])
		return err_usage(e, "%s: the value is empty", key->s);
	if (strlen(v->s) > max)
		return err_usage(e, "%s: the value is longer than %zu characters", key->s, max);
	for (const char *c = v->s; *c; c++)
		if ((unsigned char)*c < ' ')
			return err_usage(e, "%s: the value has a control character", key->s);
	copy = strdup(v->s);
	if (!copy)
		return err_usage(e, "out of memory");
	free(*ret);
	*ret = copy;
	return 0;
}

int value_name(const char *what, const char *word, struct err *e)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_-.";
	size_t n = strlen(word);

	if (!n)
		return err_fix(e, err_usage(e, "the name of this %s is missing", what),
			       "begin with a name of letters, digits, '-', '_', '.'");
	if (n > TOPO_NAME_MAX)
		return err_usage(e, "the name of this %s is longer than %d characters", what,
				 TOPO_NAME_MAX);
	if (strspn(word, allowed) != n || word[0] == '-' || word[0] == '.')
		return err_fix(e, err_usage(e, "'%s' is not a name for a %s", word, what),
			       "write letters, digits, '-', '_', '.'");
	return 0;
}
