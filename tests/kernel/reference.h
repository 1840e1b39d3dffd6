/* SPDX-License-Identifier: Apache-2.0 */
/* What mbedTLS's arithmetic says. */
#ifndef WARD_TEST_KERNEL_REFERENCE_H
#define WARD_TEST_KERNEL_REFERENCE_H

#include <stdbool.h>

#include "ward/key.h"

/** Whether prepared is R^2 mod n and below n: multiplied by 1 twice it is 1. */
bool reference_is_prepared(const struct ward_key *key);

/** x = signature^65537 mod n, in WARD_RSA_WORDS words. False where the signature is not below n. */
bool reference_power(uint32_t *x, const struct ward_key *key, const uint8_t *signature);

#endif
