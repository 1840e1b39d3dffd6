/* SPDX-License-Identifier: Apache-2.0 */
/* What a networked image is built with: boards/app/network/configure writes it as C. */
#ifndef APP_NETWORK_CONFIG_H
#define APP_NETWORK_CONFIG_H

#include "port/tls/setup.h"
#include "ward/keyring.h"

extern const struct ward_keyring_config network_keys;
extern const struct ward_tls_setup network_tls;

#endif
