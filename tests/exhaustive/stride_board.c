/* SPDX-License-Identifier: Apache-2.0 */
#include "stride.h"

size_t stride(void)
{
    return 64;
}
