/* SPDX-License-Identifier: Apache-2.0 */
/* A device of one build: ward with the limits of that build, on the flash and under the clock of world.h. Several builds are in one program,
 * each with its own copy of ward, of which nothing can be seen but this.
 */
#ifndef HISTORY_BUILD_H
#define HISTORY_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ward/status.h"
#include "ward/time.h"

/** Issuers that a firmware may expect, names of an authority that it may give them (0: none), and what denials are stored under. */
enum { ISSUERS = 2, AUTHORITIES = 3, NAMES = ISSUERS + AUTHORITIES - 1 };

extern const char *const issuer_name[ISSUERS];
extern const char *const authority_name[AUTHORITIES];

/** What a firmware is configured with. */
struct setting {
    unsigned issuers; /* a bit for each */
    unsigned authority;
};

/** Who opens the record: a device with a gate, one without, or a tool that writes keys alone. */
enum opener { DEVICE, KEYRING_ONLY, TOOL };

enum { MOST_KEYS = 9, DIGEST = 32 };

/** What can be seen of it. */
struct view {
    struct ward_status closed; /* of the gate; WARD_OK without one */
    struct ward_status ready;
    struct ward_time time;
    uint64_t floor;
    uint64_t fetched_at;
    uint32_t boots;
    size_t denials;
    char keys[MOST_KEYS + 1]; /* a letter for each */
    uint8_t head[DIGEST];     /* of the audit */
    uint8_t previous[DIGEST]; /* what the boot event follows */
};

struct build {
    const char *name;
    unsigned most_keys;
    unsigned most_denials;

    struct ward_status (*boot)(const struct setting *setting, enum opener opener);
    void (*view)(struct view *view);
    void (*run)(void);

    /* A good answer with a key for each letter; its Date, 0: none, and whether it has an Age. */
    struct ward_status (*fetch)(const char *letters, uint64_t date, bool aged);

    /* The operator. A name is an issuer's or an authority's; `person` their subject. */
    struct ward_status (*deny_name)(const char *name, const char *person, uint64_t until);
    bool (*undeny_name)(const char *name, const char *person);
    struct ward_status (*deny_person)(const char *person, uint64_t until);
    struct ward_status (*undeny_person)(const char *person, bool *was_denied);
    void (*deny_all)(uint64_t until);
    void (*deny_all_until)(uint64_t until);
    struct ward_status (*drop)(void);
    void (*set_floor)(uint64_t seconds);

    struct ward_status (*ask)(char *token, size_t length);

    /* A tool: writes the keys that it has (to a device's store, or as `ward provision --record` does, to that slot). */
    struct ward_status (*store_keys)(void);
    struct ward_status (*provision)(unsigned slot);

    /* A record with a section that no build of today knows. */
    struct ward_status (*inherit)(const uint8_t *bytes, size_t length);
};

extern const struct build large_build;
extern const struct build middle_build;
extern const struct build small_build;

#endif
