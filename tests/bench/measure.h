/* SPDX-License-Identifier: Apache-2.0 */
/* One operation at a time: its instructions under QEMU's `-icount shift=0`, and the stack that it uses. */
#ifndef WARD_BENCH_MEASURE_H
#define WARD_BENCH_MEASURE_H

#include <stddef.h>
#include <stdint.h>

#include "ward/status.h"

/** A key, its set as JSON, and a signature over a digest. */
struct bench_key {
    unsigned bits;
    const char *set;
    uint8_t modulus[512];
    uint8_t digest[32];
    uint8_t signature[512];
};

/** A token, and what is to come of it. */
struct bench_token {
    const char *name;
    uint32_t code;
    const char *token; /* NULL: there is none */
};

/** What is signed of a token, its digest, and the first key's signature. */
struct bench_message {
    const char *text;
    size_t length;
    uint8_t digest[32];
    uint8_t signature[256];
};

/** What a measured call does; its result has to be the expected one. */
typedef struct ward_status bench_operation(void);

/**
 * Runs it and prints a line: `BENCH NAME MORE: INSTRUCTIONS STACK`. It ends the image where something else comes of it
 * than the code.
 */
void bench_measure(const char *name, const char *more, bench_operation *run, uint32_t code);

/** The same, with a number in place of MORE. */
void bench_measure_of(const char *name, unsigned number, bench_operation *run, uint32_t code);

/** Ends the image where a preparation failed. */
void bench_need(struct ward_status status, uint32_t code);

#endif
