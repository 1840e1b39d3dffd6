/* SPDX-License-Identifier: Apache-2.0 */
/* Private: the state of the JSON scanner. Here since a reader contains it; see src/encoding/json_scan.h. */
#ifndef WARD_PRIVATE_JSON_SCAN_H
#define WARD_PRIVATE_JSON_SCAN_H

#include <stdint.h>

/** Incremental RFC 8259 scanner. */
struct ward_json_scan {
    uint8_t state;
    uint8_t event;
    uint8_t depth;
    uint8_t name;
    uint8_t left;
    uint8_t low;
    uint8_t high;
    uint8_t text_length;
    char text[4];
    uint16_t nesting;
    uint16_t unit;
    uint16_t surrogate;
    const char *literal;
};

#endif
