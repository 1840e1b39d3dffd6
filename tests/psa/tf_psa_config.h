/* SPDX-License-Identifier: Apache-2.0 */
/* TF-PSA-Crypto as tests/psa/mbedtls_config.h has mbedTLS 3.6. */
#ifndef WARD_TEST_PSA_TF_PSA_CONFIG_H
#define WARD_TEST_PSA_TF_PSA_CONFIG_H

#include "tests/psa/mbedtls_config.h"
#include "tests/psa/wants.h"

#endif
