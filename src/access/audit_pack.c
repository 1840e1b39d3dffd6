/* SPDX-License-Identifier: Apache-2.0 */
#define WARD_LIBRARY
#include "access/audit_pack.h"

#include <string.h>

#include "crypto/digest.h"
#include "encoding/number.h"
#include "ward/port/crypto.h"

/* Codes take two bytes; WARD_OK, which does not fit, is written as this one, which is not a code. */
enum { PACKED_OK = 0xffff };

/* Trust takes one byte: as it is, except for this one. */
enum { PACKED_SET = 2 };

static uint8_t *put_bytes(uint8_t *at, const void *bytes, size_t length)
{
    memcpy(at, bytes, length);
    return at + length;
}

void ward_audit_pack(const struct ward_audit_event *event, uint8_t packed[WARD_AUDIT_PACKED])
{
    uint8_t *at = ward_number_put(packed, event->sequence, 4);
    at = ward_number_put(at, event->seconds, 6);
    at = ward_number_put(at, event->trust == WARD_TIME_SET ? PACKED_SET : event->trust, 1);
    at = ward_number_put(at, event->reason == WARD_OK ? PACKED_OK : event->reason, 2);
    at = ward_number_put(at, event->repeats, 4);
    at = ward_number_put(at, event->http, 2);
    at = ward_number_put(at, event->route, 2);
    at = ward_number_put(at, event->method, 1);
    at = ward_number_put(at, event->kind, 1);
    at = ward_number_put(at, event->marks, 1);
    at = ward_number_put(at, event->subject_kind, 1);
    at = ward_number_put(at, event->subject_length, 1);
    at = ward_number_put(at, event->client_length, 1);
    at = put_bytes(at, event->owner, sizeof event->owner);
    at = put_bytes(at, event->peer, sizeof event->peer);
    at = put_bytes(at, event->subject, sizeof event->subject);
    (void)put_bytes(at, event->client, sizeof event->client);
}

static uint64_t get(const uint8_t **at, size_t bytes)
{
    const uint64_t number = ward_number_get(*at, bytes);
    *at += bytes;
    return number;
}

static void get_bytes(const uint8_t **at, void *bytes, size_t length)
{
    memcpy(bytes, *at, length);
    *at += length;
}

void ward_audit_unpack(const uint8_t packed[WARD_AUDIT_PACKED], struct ward_audit_event *event)
{
    const uint8_t *at = packed;
    memset(event, 0, sizeof *event);
    event->sequence = (uint32_t)get(&at, 4);
    event->seconds = get(&at, 6);
    event->trust = (uint32_t)get(&at, 1);
    if (event->trust == PACKED_SET)
        event->trust = WARD_TIME_SET;
    event->reason = (uint32_t)get(&at, 2);
    if (event->reason == PACKED_OK)
        event->reason = WARD_OK;
    event->repeats = (uint32_t)get(&at, 4);
    event->http = (uint16_t)get(&at, 2);
    event->route = (uint16_t)get(&at, 2);
    event->method = (uint8_t)get(&at, 1);
    event->kind = (uint8_t)get(&at, 1);
    event->marks = (uint8_t)get(&at, 1);
    event->subject_kind = (uint8_t)get(&at, 1);
    event->subject_length = (uint8_t)get(&at, 1);
    event->client_length = (uint8_t)get(&at, 1);
    get_bytes(&at, event->owner, sizeof event->owner);
    get_bytes(&at, event->peer, sizeof event->peer);
    get_bytes(&at, event->subject, sizeof event->subject);
    get_bytes(&at, event->client, sizeof event->client);
    /* The bytes may be anybody's. */
    event->subject_length = event->subject_length < WARD_AUDIT_NAME ? event->subject_length : WARD_AUDIT_NAME;
    event->client_length = event->client_length < WARD_AUDIT_NAME ? event->client_length : WARD_AUDIT_NAME;
}

struct ward_status ward_audit_hash(const struct ward_audit_event *event, struct ward_sha256 *sha,
                                   uint8_t packed[WARD_AUDIT_PACKED], uint8_t digest[WARD_AUDIT_DIGEST])
{
    ward_audit_pack(event, packed);
    const struct ward_text pieces[] = { { (const char *)event->previous, sizeof event->previous },
                                        { (const char *)packed, WARD_AUDIT_PACKED } };
    return ward_digest(sha, pieces, sizeof pieces / sizeof pieces[0], digest);
}

struct ward_status ward_audit_digest(const struct ward_audit_event *event, struct ward_sha256 *sha,
                                     uint8_t digest[WARD_AUDIT_DIGEST])
{
    uint8_t packed[WARD_AUDIT_PACKED];
    return ward_audit_hash(event, sha, packed, digest);
}
