/* SPDX-License-Identifier: Apache-2.0 */
/* A fault in PSA. The unit tests of the flavour `psa` are linked with --wrap, so that each call that ward makes of it passes here. */
#ifndef WARD_TEST_PSA_FAULTS_H
#define WARD_TEST_PSA_FAULTS_H

#include <stdbool.h>

#include "psa/crypto.h"

/** Lets call `number` from now on, counted from 1, return `answer` instead of doing its work; 0: none fails. */
void psa_fail_at(unsigned number, psa_status_t answer);

/** The same, but the call does its work before. */
void psa_fail_late(unsigned number, psa_status_t answer);

/** Calls since then. */
unsigned psa_calls(void);

/** Keys that were imported and are not destroyed, by the answers that PSA itself gave. */
int psa_keys(void);

/** Hash operations that are active. */
int psa_operations(void);

#endif
