/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/lock.h"

#include <stddef.h>

void ward_lock(const struct ward_hooks *hooks)
{
    if (hooks->lock != NULL)
        hooks->lock(hooks->context);
}

void ward_unlock(const struct ward_hooks *hooks)
{
    if (hooks->unlock != NULL)
        hooks->unlock(hooks->context);
}
