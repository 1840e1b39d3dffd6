/* SPDX-License-Identifier: Apache-2.0 */
/* llhttp and other libraries call abort() where they think they cannot come; the C library's would need an operating system. */
#include <stdlib.h>

#include "board.h"
#include "console.h"

void abort(void)
{
    console_print("\nABORT\n");
    board_exit(71);
}
