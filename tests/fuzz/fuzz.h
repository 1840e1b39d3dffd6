/* SPDX-License-Identifier: Apache-2.0 */
/* What the fuzz targets share. A broken invariant is a failed CHECK (tests/support/check.h), which aborts. */
#ifndef WARD_FUZZ_H
#define WARD_FUZZ_H

#include "check.h"

/** What libFuzzer calls. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** A block of exactly `length` bytes, so that the sanitizer sees one too far. The caller frees it. */
char *fuzz_block(size_t length);

/** The same with these bytes in it. */
char *fuzz_copy(const void *data, size_t length);

/** Takes the last byte off an input, 0 where there is none: options at the end leave a plain file a useful seed. */
uint8_t fuzz_option(const uint8_t *data, size_t *size);

/**
 * Checks what ward_crypto_key_prepare() has made of a key: by arithmetic (crypto_real.c), or for the mark of the backend
 * that believes everything (crypto_accept_all.c). The one that is linked belongs to the backend that is.
 */
void fuzz_check_prepared(const struct ward_key *key);

/** Whether there are only zeros; faster than CHECK_ZERO, which a fuzzer would wait for. */
bool fuzz_is_zero(const void *data, size_t length);

/** Checks that a call ended in a result that has a name. */
void fuzz_check_named(struct ward_status status);

#endif
