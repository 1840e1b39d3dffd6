/* SPDX-License-Identifier: Apache-2.0 */
/* What ward wants of PSA, and nothing else. */
#ifndef WARD_TEST_PSA_WANTS_H
#define WARD_TEST_PSA_WANTS_H

#define PSA_WANT_ALG_SHA_256 1
#define PSA_WANT_ALG_RSA_PKCS1V15_SIGN 1
#define PSA_WANT_KEY_TYPE_RSA_PUBLIC_KEY 1

#endif
