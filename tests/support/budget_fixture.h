/* SPDX-License-Identifier: Apache-2.0 */
/* A gate whose budgets are tried: tokens of numbered subjects, and forged ones. */
#ifndef BUDGET_FIXTURE_H
#define BUDGET_FIXTURE_H

#include "crypto_faults.h"
#include "gate.h"
#include "ward/http.h"

extern struct test_token budget_token;

/** A gate of the usual policy, all of whose budgets are full. */
void budget_begin(void);

/** Makes budget_token one of the subject with this number. */
void budget_make_numbered(unsigned number);

/** What comes of a forged token of this number. */
enum ward_code budget_forged(unsigned number);

/** How many forged tokens come as far as RSA at once. */
unsigned budget_forge_all(void);

#endif
