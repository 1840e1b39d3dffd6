/* SPDX-License-Identifier: Apache-2.0 */
/* The issuer of the simulation: its key set, of two keys. */
#ifndef FLEET_ISSUER_H
#define FLEET_ISSUER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern struct issuer {
    char set[2048];
    size_t length;
    unsigned key; /* that signs tokens */
    uint32_t max_age;
    bool down;
} issuer;

/** A key of a set as JSON; its length. */
int put_key(char *out, unsigned number);

/** Publishes two keys: the one that signs, and the next. */
void publish(unsigned first);

#endif
