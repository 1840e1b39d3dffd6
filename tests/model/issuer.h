/* SPDX-License-Identifier: Apache-2.0 */
/* The issuer: what it publishes, how it answers, and when it removed which key. */
#ifndef MODEL_ISSUER_H
#define MODEL_ISSUER_H

#include "keys.h"
#include "text.h"
#include "ward/keyring.h"

/** Seconds since 1970 at the true time 0. */
#define EPOCH 1767225600u

/** How it answers. Only UP does nothing wrong. */
enum issuer_mode { UP, UNREACHABLE, HTTP_ERROR, HOSTILE, MODES };

/** What a cache does with the Date of what it keeps: leaves it and tells its Age, renews it and tells the Age, leaves it and tells none,
 * renews it and tells none, or any of these each time. */
enum cache_kind { KEEPS, RENEWS, KEEPS_SILENTLY, RENEWS_SILENTLY, CHANGES, CACHE_KINDS };

extern struct issuer {
    enum issuer_mode mode;
    struct keys keys;  /* usable, in their order */
    unsigned unusable; /* others between them */
    uint32_t max_age;
    uint32_t retry_after; /* with HTTP_ERROR */
    bool dated;
    int64_t date_error; /* seconds */
    uint32_t cache;     /* milliseconds for which a cache before it keeps an answer; 0: there is none */
    enum cache_kind cache_kind;
    uint32_t longest_cache; /* in this schedule */
    bool
        validity_known; /* from its certificate, which is good from 90 days before to 90 days after the device's first day */
    bool slow;
    struct key foreign; /* an operator's key that the device has in its firmware; its number is 0: it has none */
} issuer;

void issuer_begin(void);

/** A change of its keys, announced or not. */
void issuer_rotate(void);

/** What was kept is gone: the next answer is the issuer's own. */
void issuer_forget_cached(void);

/** Another way to answer, another max-age, another Date. `wrong_dates`: whether its Date may be wrong at all. */
void issuer_change(bool wrong_dates);

/** When it stopped publishing a key; UINT64_MAX: it has not; 0: it never did. */
uint64_t issuer_removed_at(struct key key);

/** An answer on its way: the body, in pieces, and what is known of it besides. */
struct answer {
    struct ward_fetch_answer known;
    uint64_t served;     /* when the issuer looked at its keys */
    bool misdated;       /* its Date is wrong */
    bool whole;          /* whether the body is a key set that must be taken over */
    struct keys offered; /* then: its usable keys, in their order */
    size_t fed;
    uint64_t next; /* when the next piece, or the end, comes */
    struct text body;
};

/** Its answer to a request that it gets now. */
void issuer_answer(struct answer *answer);

/** How many bytes the next piece has; 0: the end has come. Plans the time of the one after it. */
size_t answer_piece(struct answer *answer);

#endif
