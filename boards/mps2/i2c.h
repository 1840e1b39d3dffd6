/* SPDX-License-Identifier: Apache-2.0 */
/* The I2C bus for extensions, driven bit by bit (Arm SBCon). */
#ifndef WARD_MPS2_I2C_H
#define WARD_MPS2_I2C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Reads registers of a device, the first of them `from`. False if nobody answers. */
bool i2c_read(uint8_t device, uint8_t from, uint8_t *data, size_t length);

#endif
