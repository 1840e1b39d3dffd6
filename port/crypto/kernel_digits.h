/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARD_PORT_CRYPTO_KERNEL_DIGITS_H
#define WARD_PORT_CRYPTO_KERNEL_DIGITS_H

#define KERNEL_DIGITS 0

#endif
