/* SPDX-License-Identifier: Apache-2.0 */
/* A platform in memory, the service that runs on it, and a gate whose audit it tells. */
#ifndef WARD_TEST_FAKE_PLATFORM_H
#define WARD_TEST_FAKE_PLATFORM_H

#include "gate.h"
#include "memory_slots.h"
#include "keyring_fixture.h"
#include "ward/port/service.h"

/** What the platform does next, and what it was asked. */
extern struct fake {
    struct memory_slot slot[WARD_RECORD_SLOTS];
    size_t extra; /* bytes that a slot reads as beyond its record */
    bool write_fails;
    bool bit_is_stuck;
    bool write_does_nothing;
    struct ward_status begin;
    struct ward_fetch_answer answer;
    const char *body;
    size_t read;
    int32_t end;
    bool waits;
    unsigned reads;      /* of slots, so far */
    unsigned spoil_read; /* the read of a slot that gives another byte */
    unsigned fault_read; /* the read of a slot that the medium does not answer */
    unsigned fetches;
    unsigned ends;
    unsigned writes; /* records that were begun */
    uint64_t judged_at;
#if WARD_MAX_BUNDLE > 0
    char etag[WARD_MAX_ETAG + 1]; /* that the last fetch sent */
#endif
} fake;

/** The platform, of which a test may take functions away before fake_boot(); the service; its memory for a record. */
extern struct ward_platform fake_platform;
extern struct ward_service fake_service;
extern struct ward_record fake_record;

/** A whole platform with blank slots, an issuer that publishes "ab", and the usual configuration of the ring. */
void fake_begin(void);

/** Starts the service, as after each power cut. */
void fake_boot(void);

/** The same where the record's state is grave: with this status. */
void fake_boot_with(enum ward_code status);

/** Attaches test_gate, or declares that there is none. */
void fake_attach_gate(void);
void fake_without_gate(void);

/** Runs for so long; no step asks for the next one later than it should. */
void fake_run_for(uint32_t milliseconds);

/** How many changes with this reason the gate's audit holds. */
size_t fake_events(enum ward_code reason);

#endif
