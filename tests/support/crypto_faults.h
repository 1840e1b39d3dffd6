/* SPDX-License-Identifier: Apache-2.0 */
/* A fault in the crypto seam. The test programs are linked with --wrap, so that each call of the backend passes here. */
#ifndef WARD_TEST_CRYPTO_FAULTS_H
#define WARD_TEST_CRYPTO_FAULTS_H

#include <stdbool.h>
#include <stdint.h>

struct test_case;

/** Lets call `number` from now on, counted from 1, return `code` instead of doing its work; 0: none fails. */
void crypto_fail_at(unsigned number, uint32_t code);

/** The same, but the call does its work before. */
void crypto_fail_late(unsigned number, uint32_t code);

/** Calls since then. */
unsigned crypto_calls(void);

/** Signatures among them that were begun. */
unsigned crypto_rsa_calls(void);

/** Whether a SHA-256 is neither ended nor aborted: an engine in hardware would stay locked. */
bool crypto_is_running(void);

/** Signatures that were begun and have neither come to their last step nor been given up. */
unsigned crypto_signatures(void);

/** Runs a case; one that ends while a SHA-256 is running or a signature is under way has failed. What an earlier case left here does not count. */
void crypto_run_case(const struct test_case *one);

#endif
