/* SPDX-License-Identifier: Apache-2.0 */
/* Emulator only: random bytes of the host's /dev/urandom, by semihosting. These boards have no source of their own. A device needs one: a
 * board without board_entropy() does not link, and this file does not compile for a board that is not emulated. */
#include "board.h"
#include "semihosting.h"
#include "ward/config.h"

#ifndef WARD_EMULATED
#define WARD_EMULATED 0
#endif
WARD_STATIC_ASSERT(WARD_EMULATED == 1, "no entropy source: a device needs one of its own, and semihosting is none");

const char *const board_is_emulated = "emulator only: entropy of the host, flash in a file, an emulated clock";

bool board_entropy(void *data, size_t length)
{
    static const char source[] = "/dev/urandom";
    const int32_t file = semihosting_open(source, sizeof source - 1);
    if (file < 0)
        return false;
    const bool whole = semihosting_read(file, data, length);
    semihosting_close(file);
    return whole;
}
