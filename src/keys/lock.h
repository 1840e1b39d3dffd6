/* The lock of a gate and its keyring. */
#ifndef WARD_KEYS_LOCK_H
#define WARD_KEYS_LOCK_H

#include <stddef.h>

#include "ward/hooks.h"

static inline void ward_lock(const struct ward_hooks *hooks)
{
    if (hooks->lock != NULL)
        hooks->lock(hooks->context);
}

static inline void ward_unlock(const struct ward_hooks *hooks)
{
    if (hooks->unlock != NULL)
        hooks->unlock(hooks->context);
}

#endif
