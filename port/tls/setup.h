/* SPDX-License-Identifier: Apache-2.0 */
/* Whom this device trusts, and who it is: certificates and a key that the firmware has in flash. */
#ifndef WARD_PORT_TLS_SETUP_H
#define WARD_PORT_TLS_SETUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Bytes in flash. */
struct ward_tls_der {
    const uint8_t *data;
    size_t length;
};

/** Everything in DER. Stays. */
struct ward_tls_setup {
    const struct ward_tls_der *authorities; /**< the issuer's server must have a certificate from one of them */
    size_t authority_count;
    const struct ward_tls_der
        *certificates; /**< the device's own, then those between it and its clients' authority. 2 KB together */
    size_t certificate_count;
    struct ward_tls_der key; /**< its private key: ECDSA on P-256. An RSA key would stall the main loop for seconds */
};

/**
 * Prepares TLS, for port/http's fetch and server. Once, after the random numbers (ward_lwip_begin(), or
 * ward_tls_random_begin() itself).
 *
 * @param uptime  milliseconds, monotonic except for wrapping
 *
 * @return false if a certificate or the key cannot be read, or WARD_ARENA_SIZE has no room for them beside the shares
 */
bool ward_tls_begin(const struct ward_tls_setup *setup, uint32_t (*uptime)(void));

#endif
