/* SPDX-License-Identifier: Apache-2.0 */
/* Peers that a verified token was granted to lately: they have what no stranger can spend. With the gate's lock held. */
#ifndef WARD_ACCESS_PEERS_H
#define WARD_ACCESS_PEERS_H

#include "ward/access.h"

/**
 * The reserve of a peer that a token was granted to lately, NULL: a stranger. One that had given way to others takes a
 * place again, and the place that it takes is of one that has nothing spent, as long as there is such a one.
 *
 * @param rate  of each reserve
 *
 * The result is valid until the next call: places are kept in the order of grants.
 */
struct ward_bucket *ward_peer_known(struct ward_gate *gate, const uint8_t address[16], struct ward_rate rate,
                                    uint32_t uptime);

/**
 * A token was granted to the peer: it comes first among those that are known, and the one whose grant lies furthest
 * back is only remembered. What was spent from a place stays spent, whoever has it next: changing places gives nobody
 * more.
 *
 * @return the peer's reserve
 */
struct ward_bucket *ward_peer_granted(struct ward_gate *gate, const uint8_t address[16], struct ward_rate rate,
                                      uint32_t uptime);

#endif
