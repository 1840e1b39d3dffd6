/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever carries bundles to a device: late, twice, in another order, and not always as they were. */
#ifndef MODEL_CARRIER_H
#define MODEL_CARRIER_H

#include "operator.h"

void carrier_begin(void);

/** Room for one more; what lay there is lost. */
struct bundle *carrier_room(void);

/** Any of those that it has; NULL: it has none. */
const struct bundle *carrier_bring(void);

/** Writes the text of a bundle into a device's buffer, which has room for 8 bytes more, well or as it comes; false: damaged. */
bool carrier_write(const struct bundle *bundle, bool well, char *buffer, size_t *length);

#endif
