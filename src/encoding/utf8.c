/* SPDX-License-Identifier: Apache-2.0 */
#include "encoding/utf8.h"

bool ward_utf8_first(uint8_t byte, struct ward_utf8_rest *rest)
{
    if (byte < 0xc2u || byte > 0xf4u)
        return false;
    rest->left = (uint8_t)(byte < 0xe0u ? 1 : byte < 0xf0u ? 2 : 3);
    rest->low = (uint8_t)(byte == 0xe0u ? 0xa0 : byte == 0xf0u ? 0x90 : 0x80);
    rest->high = (uint8_t)(byte == 0xedu ? 0x9f : byte == 0xf4u ? 0x8f : 0xbf);
    return true;
}

static char continuation(uint32_t bits)
{
    return (char)(0x80u | (bits & 0x3fu));
}

size_t ward_utf8_write(uint32_t code_point, char out[4])
{
    if (code_point < 0x80u) {
        out[0] = (char)code_point;
        return 1;
    }
    if (code_point < 0x800u) {
        out[0] = (char)(0xc0u | (code_point >> 6));
        out[1] = continuation(code_point);
        return 2;
    }
    if (code_point < 0x10000u) {
        out[0] = (char)(0xe0u | (code_point >> 12));
        out[1] = continuation(code_point >> 6);
        out[2] = continuation(code_point);
        return 3;
    }
    out[0] = (char)(0xf0u | (code_point >> 18));
    out[1] = continuation(code_point >> 12);
    out[2] = continuation(code_point >> 6);
    out[3] = continuation(code_point);
    return 4;
}
