// SPDX-License-Identifier: GPL-2.0-or-later
/* What a function as a whole is for the host, beside what a VF can be. */
#include "test.h"

#include <string.h>
#include <unistd.h>

#include "fake_guard.h"

#define GPU	"0000:0b:00.0"
#define USB	"0000:00:14.0"
#define GPU_DIR "sys/devices/pci0000:0b/" GPU

static int setup(void **state)
{
	struct fake_guard *t;
	int r = fake_guard_setup(state);

	t = *state;
	fake_root_add_function(&t->root, &(struct fake_function){ GPU, "0x030000", "nouveau", 0 });
	fake_root_add_function(&t->root, &(struct fake_function){ USB, "0x0c0330", "xhci_hcd", 0 });
	return r;
}

static int ask(struct fake_guard *t, const char *bdf)
{
	struct bdf b;

	t->e = (struct err){ 0 };
	assert_true(bdf_scan(&b, bdf));
	return guard_take_whole(t->host, b, bdf, &t->e);
}

static void refuses(struct fake_guard *t, const char *bdf, const char *cause)
{
	assert_int_equal(ask(t, bdf), -EBUSY);
	assert_string_equal(t->e.cause, cause);
	assert_int_equal(t->e.status, EXIT_REFUSED);
	assert_string_equal(t->e.object, bdf);
	assert_non_null(strstr(t->e.fix, bdf));
}

static void function_that_nobody_needs_is_free(void **state)
{
	assert_int_equal(ask(*state, GPU), 0);
	assert_int_equal(ask(*state, USB), 0);
}

static void display_of_the_firmware_is_kept(void **state)
{
	struct fake_guard *t = *state;

	fake_guard_add(t, GPU_DIR "/boot_vga=0");
	assert_int_equal(ask(t, GPU), 0);
	fake_guard_add(t, GPU_DIR "/boot_vga=1");
	refuses(t, GPU, "the host needs it: it is the display that the firmware boots on");
}

/* On a host without a screen nothing is written there. */
static void display_without_driver_and_frame_buffer_is_free(void **state)
{
	struct fake_guard *t = *state;
	char path[128];

	fake_guard_add(t, GPU_DIR "/boot_vga=1");
	snprintf(path, sizeof(path), "%s/" GPU_DIR "/driver", t->root.dir);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(ask(t, GPU), 0);
	fake_guard_add(t, "sys/class/graphics/fb0/name=EFI VGA");
	refuses(t, GPU, "the host needs it: it is the display that the firmware boots on");
}

static void frame_buffer_with_the_console_is_kept(void **state)
{
	struct fake_guard *t = *state;

	fake_guard_add(t, GPU_DIR "/graphics/fb0/name=nouveaudrmfb");
	refuses(t, GPU, "the host needs it: the host's console is on its frame buffer fb0");
}

#define KEYBOARD(name, path)                                                                       \
	"I: Bus=0003\\nN: Name=\"" name "\"\\nP: Phys=usb\\nS: Sysfs=/devices/" path               \
	"\\nH: Handlers=sysrq kbd leds event3 \\nB: EV=120013\\n\\n"
#define ON_USB "pci0000:00/" USB "/usb1/1-1/input/input5"
#define BUTTON                                                                                     \
	"I: Bus=0019\\nN: Name=\"Power Button\"\\nS: Sysfs=/devices/LNXSYSTM:00/input/input0"      \
	"\\nH: Handlers=kbd event0 \\nB: EV=3\\n\\n"
#define MOUSE                                                                                      \
	"I: Bus=0003\\nN: Name=\"Mouse\"\\nS: Sysfs=/devices/" ON_USB                              \
	"\\nH: Handlers=mouse0 event4 \\nB: EV=17\\n\\n"

static void only_keyboard_is_kept(void **state)
{
	struct fake_guard *t = *state;

	fake_guard_add(t, "proc/bus/input/devices=" BUTTON MOUSE KEYBOARD("Dell KB216", ON_USB));
	refuses(t, USB, "the host needs it: the host's only keyboard, \"Dell KB216\", hangs on it");
	assert_int_equal(ask(t, GPU), 0);
}

static void keyboard_beside_another_is_free(void **state)
{
	struct fake_guard *t = *state;

	fake_guard_add(t, "proc/bus/input/devices=" KEYBOARD("Dell KB216", ON_USB) BUTTON KEYBOARD(
				  "AT keyboard", "platform/i8042/serio0/input/input1"));
	assert_int_equal(ask(t, USB), 0);
}

static void mouse_and_button_are_no_keyboard(void **state)
{
	struct fake_guard *t = *state;

	fake_guard_add(t, "proc/bus/input/devices=" BUTTON MOUSE);
	assert_int_equal(ask(t, USB), 0);
}

static void force_overrides_with_a_note(void **state)
{
	static const char *const forced[] = { GPU };
	struct fake_guard *t = *state;

	fake_guard_add(t, GPU_DIR "/boot_vga=1");
	t->host->forced = forced;
	t->host->n_forced = 1;
	assert_int_equal(ask(t, GPU), 0);
	fflush(t->host->log.to);
	assert_non_null(strstr(t->notes, "the firmware boots on; overridden by --force"));
}

/* What a VF is refused for, a whole function is, too. */
static void disk_behind_it_is_kept(void **state)
{
	struct fake_guard *t = *state;

	fake_guard_add(t, "sys/devices/pci0000:00/" USB "/usb1/1-2/host2/block/sda/size=8");
	fake_guard_add(t, "sys/devices/pci0000:00/" USB "/usb1/1-2/host2/block/sda/subsystem -> "
			  "../../../../../../../../class/block");
	fake_guard_add(t, "sys/class/block/sda -> ../../devices/pci0000:00/" USB
			  "/usb1/1-2/host2/block/sda");
	fake_guard_add(t, "proc/self/mountinfo=22 1 8:0 / / rw - ext4 /dev/sda rw");
	assert_int_equal(ask(t, USB), -EBUSY);
	if (!strstr(t->e.cause, "sda holds the mounted filesystem /"))
		fail_msg("%s", t->e.cause);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, fake_guard_teardown)

static const struct CMUnitTest tests[] = {
	T(function_that_nobody_needs_is_free),
	T(display_of_the_firmware_is_kept),
	T(display_without_driver_and_frame_buffer_is_free),
	T(frame_buffer_with_the_console_is_kept),
	T(only_keyboard_is_kept),
	T(keyboard_beside_another_is_free),
	T(mouse_and_button_are_no_keyboard),
	T(force_overrides_with_a_note),
	T(disk_behind_it_is_kept),
};

TEST_MAIN(tests)
