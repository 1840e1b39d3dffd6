/* SPDX-License-Identifier: Apache-2.0 */
/* The reference: what is denied, as a table of names and persons, and which of it each slot has to bring back. It knows no format, no slots
 * of a list but their number, no digest; it is told what each write was meant to keep.
 */
#ifndef HISTORY_REFERENCE_H
#define HISTORY_REFERENCE_H

#include "build.h"
#include "world.h"

enum { PEOPLE = 20 };

extern const char *const person_name[PEOPLE];

/** What a record keeps. */
struct memory {
    bool of_keys; /* from `ward provision`: nothing but keys */
    bool gate;    /* the rest of these lines is there */
    unsigned authority;
    uint64_t until[NAMES][PEOPLE]; /* 0: not denied */
    uint64_t all_until;
    uint8_t head[DIGEST];

    uint64_t floor;
    uint64_t fetched_at;
    uint32_t boots;
    char keys[MOST_KEYS + 1];
};

extern struct reference {
    const struct build *build;
    struct setting setting;
    enum opener opener;
    bool provisions;   /* the tool writes a record of keys */
    struct memory now; /* in force, or meant to be */
    uint32_t closed;   /* WARD_OK: open */

    struct memory slot[SLOTS];
    bool whole[SLOTS];
    uint64_t order[SLOTS];
    uint64_t writes;
    bool by_other; /* the newest was written by a tool, or by a firmware without a gate */
    bool foreign;  /* the records hold another build's section */
} reference;

void reference_begin(void);

/** The slot of the newest whole record of a device, else of keys; -1: none. */
int reference_newest(void);

/** A boot has ended: judges what it found, and takes that over. */
void reference_boot(struct ward_status status);

/** The name that an issuer's subjects are denied under, and how many entries a list needs. */
unsigned reference_name(unsigned issuer);
unsigned reference_count(const struct memory *memory);

bool reference_denied(unsigned name, unsigned person, uint64_t issued);

/** A person is denied under these names (a bit for each): what must come of it; done if it is WARD_OK. */
uint32_t reference_deny(unsigned names, unsigned person, uint64_t until);

/** Whether anything of them was taken off. */
bool reference_undeny(unsigned names, unsigned person);

void reference_drop(void);

/** Whether all that is in force is stored. */
bool reference_is_stored(void);

/** The names that a firmware denies a person under. */
unsigned reference_names(void);

/** Whether each of some letters is among all. */
bool are_letters(const char *some, const char *all);

/** The section that no build of today knows. */
enum { FOREIGN = 80 };
extern const uint8_t foreign_section[FOREIGN];

#endif
