/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens that are refused, each for one reason and all of one length, and the plain one that is accepted: a token is read to its end
 * before it is refused, wherever that can be. */
#ifndef WARD_TEST_REFUSED_TOKENS_H
#define WARD_TEST_REFUSED_TOKENS_H

#include "token.h"

/** What is done to a token when it was made: to its signature, or to what is signed then. */
enum refused_damage {
    DAMAGE_NONE,
    DAMAGE_SIGNATURE,
    DAMAGE_SIGNATURE_END,
    DAMAGE_SIGNATURE_CUT,
    DAMAGE_PAYLOAD_END,
    DAMAGE_CHARACTER
};

/** A payload: `before`, as many of `piece` as have room and at most `most`, `middle`, letters for what is left, `after`. In a piece NNN is
 *  a number. The header likewise where it is none of the usual ones: header_piece stands in it as often as its 512 bytes allow. */
struct refused_shape {
    const char *name;
    uint32_t code;      /* what the token is refused for */
    const char *beside; /* the accepted one that it is measured by; NULL: the plain one */
    const char *before;
    const char *piece;
    const char *middle;
    const char *after;
    const char *header;
    const char *header_piece;
    const char *header_end;
    unsigned most;
    enum refused_damage damage;
    bool one_list;  /* pieces whose names fall into one list of the search for names that an object has twice */
    bool demanding; /* by expectations that ask for all that can be asked for */
};

/** The first is accepted, the second too, with as many words in its scope as have room; of them the gate's own refusals are made. */
extern const struct refused_shape refused_shapes[];
extern const size_t refused_shape_count;

/** Those that ask for clients, claims and ages. */
extern const struct ward_expect demanding_expect;

/** A token of that many bytes, or of one less; its length is 0 where the shape has no room in it. */
void refused_make(struct test_token *token, const struct refused_shape *shape, size_t length);

#endif
