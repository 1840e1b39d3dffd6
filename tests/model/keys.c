/* SPDX-License-Identifier: Apache-2.0 */
#include "keys.h"

#include <stdio.h>
#include <string.h>

bool key_same(struct key a, struct key b)
{
    return a.kid == b.kid && a.number == b.number;
}

bool keys_have(const struct keys *keys, struct key key)
{
    for (unsigned i = 0; i < keys->count; i++)
        if (key_same(keys->key[i], key))
            return true;
    return false;
}

bool keys_have_kid(const struct keys *keys, uint16_t kid)
{
    for (unsigned i = 0; i < keys->count; i++)
        if (keys->key[i].kid == kid)
            return true;
    return false;
}

bool keys_same(const struct keys *a, const struct keys *b)
{
    if (a->count != b->count)
        return false;
    for (unsigned i = 0; i < a->count; i++)
        if (!keys_have(b, a->key[i]) || !keys_have(a, b->key[i]))
            return false;
    return true;
}

void kid_write(char *out, uint16_t kid)
{
    out[0] = 'k';
    for (int i = KID_LENGTH - 1; i > 0; i--, kid /= 10)
        out[i] = (char)('0' + kid % 10);
}

/* A modulus of 2048 bits whose word 32 is the number: bytes 126 and 127 of 256, which four characters hold. */
enum { NUMBER_WORD = 32, TOP_WORD = 63, NUMBER_AT = 168 };

static char digit(unsigned six)
{
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[six & 63u];
}

void modulus_write(char *out, uint16_t number)
{
    memset(out, 'A', MODULUS_LENGTH);
    out[0] = 'w';                  /* 0xc0 */
    out[MODULUS_LENGTH - 1] = 'Q'; /* 0x01 */
    out[NUMBER_AT] = digit(number >> 10);
    out[NUMBER_AT + 1] = digit(number >> 4);
    out[NUMBER_AT + 2] = digit((unsigned)number << 2);
}

static void write_key(struct key from, struct ward_key *key)
{
    memset(key, 0, sizeof *key);
    key->bits = 2048;
    key->n[TOP_WORD] = 0xc0000000u;
    key->n[NUMBER_WORD] = from.number;
    key->n[0] = 1;
    key->prepared[0] = 1;
    if (from.kid != 0) {
        key->kid_length = KID_LENGTH;
        kid_write(key->kid, from.kid);
    }
}

void keys_write(const struct keys *keys, struct ward_jwks *set)
{
    memset(set, 0, sizeof *set);
    set->count = (uint8_t)keys->count;
    for (unsigned i = 0; i < keys->count; i++)
        write_key(keys->key[i], &set->key[i]);
}

uint16_t key_number(const struct ward_key *key)
{
    return (uint16_t)key->n[NUMBER_WORD];
}

bool keys_read(const struct ward_jwks *set, struct keys *keys)
{
    keys->count = set->count;
    if (set->count > WARD_MAX_KEYS)
        return false;
    for (unsigned i = 0; i < keys->count; i++) {
        const struct ward_key *const key = &set->key[i];
        struct ward_key again;
        unsigned kid = 0;
        for (unsigned at = 1; at < key->kid_length && at < KID_LENGTH; at++)
            kid = 10 * kid + (unsigned)(key->kid[at] - '0');
        keys->key[i].kid = (uint16_t)kid;
        keys->key[i].number = key_number(key);
        write_key(keys->key[i], &again);
        if (memcmp(&again, key, sizeof again) != 0)
            return false;
    }
    return true;
}

const char *keys_text(const struct keys *keys)
{
    static char texts[4][128];
    static unsigned turn;
    char *const text = texts[turn++ % 4];
    int at = sprintf(text, "{");
    for (unsigned i = 0; i < keys->count; i++)
        at += sprintf(text + at, "%s%u:%u", i > 0 ? " " : "", keys->key[i].kid, keys->key[i].number);
    sprintf(text + at, "}");
    return text;
}
