/* SPDX-License-Identifier: Apache-2.0 */
/* A text that grows: what an issuer or an operator writes. */
#ifndef MODEL_TEXT_H
#define MODEL_TEXT_H

#include "keys.h"

struct text {
    size_t length;
    char bytes[8192];
};

void text_put(struct text *text, const char *string);
void text_put_number(struct text *text, uint64_t number);
void text_put_base64url(struct text *text, const void *data, size_t length);

/** A key in JSON, and a key set: `unusable` keys stand between its own. */
void text_put_key(struct text *text, struct key key);
void text_put_set(struct text *text, const struct keys *keys, unsigned unusable);

#endif
