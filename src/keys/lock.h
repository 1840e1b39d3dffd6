/* SPDX-License-Identifier: Apache-2.0 */
/* The lock of a gate and its keyring. */
#ifndef WARD_KEYS_LOCK_H
#define WARD_KEYS_LOCK_H

#include "ward/hooks.h"

/** Calls the hook, if there is one. */
void ward_lock(const struct ward_hooks *hooks);
void ward_unlock(const struct ward_hooks *hooks);

#endif
