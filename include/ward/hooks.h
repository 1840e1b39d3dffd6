/* SPDX-License-Identifier: Apache-2.0 */
/* ward: how several tasks share a gate and its keyring. */
#ifndef WARD_HOOKS_H
#define WARD_HOOKS_H

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Called around each look at what several tasks share: a gate and its keyring are one lock domain and get the same hooks; a gate refuses others.
 * Never held during an RSA operation, and never twice by one task. NULL: one task, or the caller serialises. What they
 * take of the stack comes on top of ward's.
 */
struct ward_hooks {
    void (*lock)(void *context);
    void (*unlock)(void *context);
    void *context;
};

#ifdef __cplusplus
}
#endif

#endif
