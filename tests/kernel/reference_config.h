/* SPDX-License-Identifier: Apache-2.0 */
/* mbedTLS as the reference: in words of the machine's own width and with its assembly, as ward's own build of it has neither. */
#ifndef WARD_TEST_KERNEL_REFERENCE_CONFIG_H
#define WARD_TEST_KERNEL_REFERENCE_CONFIG_H

#define MBEDTLS_BIGNUM_C
#define MBEDTLS_HAVE_ASM

#endif
