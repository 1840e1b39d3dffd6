/* SPDX-License-Identifier: Apache-2.0 */
/* The operator of a fleet: its keys, and the bundles that it signs; and who has one of its keys and should not, or none and would like to. */
#ifndef MODEL_OPERATOR_H
#define MODEL_OPERATOR_H

#include "firmware.h"
#include "text.h"

enum { OPERATOR_KEYS = 4, SUBJECTS = 3, MOST_DENIALS = 3 };

/** What is wrong with a bundle. */
enum fault {
    RIGHT,
    OF_OTHER_OPERATOR,
    OF_OTHER_FLEET,
    WITHOUT_TIME,
    WITHOUT_SEQUENCE,
    WITHOUT_KEYS,
    WITHOUT_WHOM,   /* a denial says nobody whom it could deny */
    WITH_OPERATORS, /* an operator's key is among its keys */
    TOO_LONG,
    OF_OTHER_TYPE,
    OF_STRANGER, /* signed with another key than it names */
    OF_ISSUER,   /* signed with a key of the issuer's */
    FAULTS
};

/** Whom an entry denies: a subject under each name, an owner id, everybody. */
enum whom { SUBJECT, OWNER, EVERYBODY, WHOM };

#define ALWAYS UINT64_MAX

struct denial {
    enum whom whom;
    unsigned who;
    uint64_t until; /* seconds, or ALWAYS */
};

/** What a bundle says, and its text. */
struct bundle {
    uint64_t number; /* no other one has it; 0: there is none */
    enum fault fault;
    unsigned signer;
    unsigned issuer;
    uint64_t sequence;
    uint64_t issued;
    uint64_t expires;
    struct keys keys;
    unsigned denials;
    struct denial denial[MOST_DENIALS];
    uint64_t shown; /* true time at which these were the issuer's keys */
    struct text text;
};

void operator_begin(void);

/** A key of the operator's as one of a key set, and whether a number is one's. */
struct key operator_key(unsigned key);
bool operator_has(uint16_t number);

/** Signs a bundle for such a firmware, maybe none for it; with wrong times, if they may be. */
void operator_sign(struct bundle *bundle, const struct firmware *firmware, bool wrong_times);

/** Signs a good one of now, with this key. */
void operator_sign_well(struct bundle *bundle, const struct firmware *firmware, unsigned key);

/** Writes its text. */
void bundle_write(struct bundle *bundle);

/** The owner id of an entry of kind OWNER, of 16 bytes. */
void owner_write(unsigned who, uint8_t owner[16]);

#endif
