/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fuzz targets share. Each target is one file, fuzz_NAME.c, with LLVMFuzzerTestOneInput();
 * tests/fuzz.sh runs them on tests/fuzz/seeds/NAME. Beyond "no crash, no leak, no byte too far"
 * each asserts with require() what must hold for every input. */
#ifndef VFY_TESTS_FUZZ_H
#define VFY_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

void require(bool ok);

/* Returns a copy with a NUL behind it, in memory of exactly that size; free() it. */
char *fuzz_text(const uint8_t *data, size_t size);

/* Asserts that the sentence of a failure is one line that is safe for a terminal. */
struct err;
void fuzz_sentence(const struct err *e);

/* Returns an empty directory in memory, made once for the process and removed with it. */
const char *fuzz_dir(void);
/* Writes a file below it, with its parents. */
void fuzz_write(const char *path, const void *data, size_t size);
/* Removes everything below it. */
void fuzz_clear(void);

/**
 * fuzz_tree - make files below fuzz_dir() from the lines of a capture (tests/capture.sh)
 *
 * It skips lines that would lead out of the directory, or that are not of that form, and takes at
 * most 200.
 */
void fuzz_tree(const char *text);

#endif
