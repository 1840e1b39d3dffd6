/* SPDX-License-Identifier: Apache-2.0 */
/* Private: which record a new one follows. Here since a struct ward_keyring_action hands it to ward_record_write(). */
#ifndef WARD_PRIVATE_RECORD_ORIGIN_H
#define WARD_PRIVATE_RECORD_ORIGIN_H

#include <stdint.h>

/** The record that a new one follows. From ward_keyring_next(). */
struct ward_record_origin {
    uint8_t slot;
    uint8_t sections;
};

#endif
