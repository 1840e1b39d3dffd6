/* SPDX-License-Identifier: Apache-2.0 */
/* What record_read.c and record_write.c have in common. */
#ifndef WARD_STATE_RECORD_FORMAT_H
#define WARD_STATE_RECORD_FORMAT_H

#include "state/record.h"

static const char record_magic[4] = { 'w', 'a', 'r', 'd' };

enum { RECORD_FORMAT = 2 };

/* Places of the header. */
enum { RECORD_FORMAT_AT = 4, RECORD_KIND_AT = 6, RECORD_SEQUENCE_AT = 8, RECORD_LENGTH_AT = 12 };

#endif
