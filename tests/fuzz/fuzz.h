/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fuzz targets share. Each is one file, fuzz_NAME.c, with LLVMFuzzerTestOneInput();
 * tests/fuzz.sh runs them on tests/fuzz/seeds/NAME. Beyond "no crash, no leak, no byte too far"
 * each asserts with require() what must hold of every input. */
#ifndef VFY_TESTS_FUZZ_H
#define VFY_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

void require(bool ok);

/* A copy with a NUL behind it, in memory of just that size; free() it. */
char *fuzz_text(const uint8_t *data, size_t size);

/* The sentence of a failure is one line that a terminal may be sent. */
struct err;
void fuzz_sentence(const struct err *e);

/* An empty directory in memory, made once for the process and removed with it. */
const char *fuzz_dir(void);
/* Writes a file below it, with its parents. */
void fuzz_write(const char *path, const void *data, size_t size);
/* Removes all that is below it. */
void fuzz_clear(void);

/**
 * fuzz_tree - lines of a capture (tests/capture.sh) as files below fuzz_dir()
 *
 * Lines that would lead out of it, or are none, are left out. At most 200 are taken.
 */
void fuzz_tree(const char *text);

#endif
