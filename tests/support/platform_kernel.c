/* SPDX-License-Identifier: Apache-2.0 */
#include "platform.h"

void platform_begin(void)
{
}

bool platform_set_arena(size_t size)
{
    (void)size;
    return false;
}

bool platform_is_idle(void)
{
    return true;
}

bool platform_prepares_keys(void)
{
    return true;
}

/* Eighteen multiplications, and what compares. */
unsigned platform_steps(void)
{
    return 19;
}
