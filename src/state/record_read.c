/* SPDX-License-Identifier: Apache-2.0 */
#define WARD_LIBRARY
#include <string.h>

#include "encoding/number.h"
#include "state/record_format.h"

/* No record is longer, whatever its header says; and no slot is looked at beyond it for whether it is blank. */
enum { LONGEST = 1048576 };

static void fail(struct ward_record_reader *reader, enum ward_code code)
{
    reader->status = ward_status_of(code);
}

/* ---- The medium. */

/* All of `length` bytes; fewer are the end of the slot, and no record ends before its digest. */
static void read_all(struct ward_record_reader *reader, size_t offset, void *data, size_t length)
{
    const size_t came = reader->slots->read(reader->slots->context, reader->slot, offset, data, length);
    if (came != length)
        fail(reader, came > length ? WARD_RECORD_UNREADABLE : WARD_RECORD_INVALID);
}

/* The next piece, read and hashed. */
static void fill(struct ward_record_reader *reader)
{
    const size_t left = reader->end - reader->filled;
    const size_t length = left < sizeof reader->piece ? left : sizeof reader->piece;
    read_all(reader, reader->filled, reader->piece, length);
    if (ward_ok(reader->status) && reader->sha != NULL)
        reader->status = ward_crypto_sha256_update(reader->sha, reader->piece, length);
    reader->filled += length;
}

/* Bytes within the sections; NULL: they are passed over. A piece starts where a multiple of its size does, after the header. */
static void take(struct ward_record_reader *reader, uint8_t *out, size_t length)
{
    size_t done = 0;
    while (done < length && ward_ok(reader->status)) {
        if (reader->at == reader->filled)
            fill(reader);
        const size_t ready = reader->filled - reader->at;
        const size_t part = ready < length - done ? ready : length - done;
        const size_t from = (reader->at - WARD_RECORD_HEADER) % sizeof reader->piece;
        if (out != NULL && ward_ok(reader->status))
            memcpy(out + done, reader->piece + from, part);
        reader->at += part;
        done += part;
    }
    if (out != NULL && !ward_ok(reader->status))
        memset(out, 0, length);
}

/* ---- The header. */

/* A slot that was never written: erased flash, a new file. */
static struct ward_status judge_blank(const struct ward_record_slots *slots, unsigned slot, uint8_t first)
{
    uint8_t bytes[64];
    size_t came = sizeof bytes;
    for (size_t at = 0; came == sizeof bytes && at < LONGEST; at += sizeof bytes) {
        came = slots->read(slots->context, slot, at, bytes, sizeof bytes);
        if (came > sizeof bytes)
            return ward_status_of(WARD_RECORD_UNREADABLE);
        for (size_t i = 0; i < came; i++)
            if (bytes[i] != first)
                return ward_status_of(WARD_RECORD_INVALID);
    }
    return ward_status_of(WARD_RECORD_ABSENT);
}

static void take_header(struct ward_record_reader *reader, const uint8_t header[WARD_RECORD_HEADER])
{
    const uint64_t length = ward_number_get(header + RECORD_LENGTH_AT, 4);
    reader->format = (uint16_t)ward_number_get(header + RECORD_FORMAT_AT, 2);
    reader->kind = (uint16_t)ward_number_get(header + RECORD_KIND_AT, 2);
    reader->sequence = (uint32_t)ward_number_get(header + RECORD_SEQUENCE_AT, 4);
    if (memcmp(header, record_magic, sizeof record_magic) != 0 || reader->format < RECORD_FORMAT || length > LONGEST)
        fail(reader, WARD_RECORD_INVALID);
    else
        reader->end = WARD_RECORD_HEADER + (size_t)length;
}

static void start(struct ward_record_reader *reader, const uint8_t header[WARD_RECORD_HEADER])
{
    reader->status = ward_crypto_sha256_start(reader->sha);
    if (ward_ok(reader->status))
        reader->status = ward_crypto_sha256_update(reader->sha, header, WARD_RECORD_HEADER);
    /* A reader that was not opened is not closed. */
    if (!ward_ok(reader->status))
        ward_crypto_sha256_abort(reader->sha);
}

struct ward_status ward_record_open(struct ward_record_reader *reader, const struct ward_record_slots *slots,
                                    unsigned slot, struct ward_sha256 *sha)
{
    uint8_t header[WARD_RECORD_HEADER] = { 0 };
    memset(reader, 0, sizeof *reader);
    reader->slots = slots;
    reader->slot = (uint8_t)slot;
    reader->sha = sha;
    reader->status = ward_status_of(WARD_OK);
    read_all(reader, 0, header, sizeof header);
    if (ward_ok(reader->status))
        take_header(reader, header);
    if (reader->status.code == WARD_RECORD_INVALID)
        reader->status = judge_blank(slots, slot, header[0]);
    if (ward_ok(reader->status) && sha != NULL)
        start(reader, header);
    reader->at = reader->filled = reader->section_end = WARD_RECORD_HEADER;
    return reader->status;
}

/* ---- Sections. */

size_t ward_record_left(const struct ward_record_reader *reader)
{
    return reader->section_end - reader->at;
}

/* After a fault nothing goes on: who reads until a section ends must come to an end too. */
static void take_or_break(struct ward_record_reader *reader, uint8_t *out, size_t length)
{
    if (ward_record_left(reader) >= length)
        take(reader, out, length);
    else
        reader->broken = true;
    if (!ward_ok(reader->status))
        reader->broken = true;
}

void ward_record_skip(struct ward_record_reader *reader, size_t length)
{
    take_or_break(reader, NULL, length);
}

void ward_record_get_bytes(struct ward_record_reader *reader, void *bytes, size_t length)
{
    memset(bytes, 0, length);
    take_or_break(reader, bytes, length);
}

uint64_t ward_record_get(struct ward_record_reader *reader, size_t bytes)
{
    uint8_t number[8];
    ward_record_get_bytes(reader, number, bytes);
    return ward_number_get(number, bytes);
}

bool ward_record_next(struct ward_record_reader *reader)
{
    uint8_t header[WARD_RECORD_SECTION_HEADER];
    take(reader, NULL, ward_record_left(reader));
    if (!ward_ok(reader->status) || reader->at == reader->end)
        return false;
    if (reader->end - reader->at < sizeof header) {
        fail(reader, WARD_RECORD_INVALID);
        return false;
    }
    take(reader, header, sizeof header);
    const uint64_t length = ward_number_get(header + 4, 4);
    reader->tag = (uint16_t)ward_number_get(header, 2);
    reader->section_flags = (uint32_t)ward_number_get(header + 2, 2);
    if (length > reader->end - reader->at)
        fail(reader, WARD_RECORD_INVALID);
    reader->section_end = ward_ok(reader->status) ? reader->at + (size_t)length : reader->at;
    return ward_ok(reader->status);
}

struct ward_status ward_record_close(struct ward_record_reader *reader, uint8_t digest[WARD_SHA256_SIZE])
{
    uint8_t stored[WARD_SHA256_SIZE] = { 0 };
    if (ward_ok(reader->status))
        take(reader, NULL, reader->end - reader->at);
    if (ward_ok(reader->status))
        read_all(reader, reader->end, stored, sizeof stored);
    if (ward_ok(reader->status))
        reader->status = ward_crypto_sha256_end(reader->sha, digest);
    if (!ward_ok(reader->status)) {
        ward_crypto_sha256_abort(reader->sha);
        return reader->status;
    }
    if (memcmp(stored, digest, sizeof stored) != 0)
        fail(reader, WARD_RECORD_INVALID);
    return reader->status;
}

/* ---- A whole record, seen from outside. */

/* Whether a build that does not know a section has to stop at it. One that it knows stands there once, or which of them counts would be open. */
static bool look_at_sections(struct ward_record_reader *reader, struct ward_record_info *info)
{
    bool newer = reader->format > RECORD_FORMAT || reader->kind > WARD_RECORD_OF_KEYS;
    while (!newer && ward_record_next(reader)) {
        const uint8_t bit = ward_record_bit(reader->tag);
        const bool known = bit != ward_record_bit(0);
        if (known && (info->sections & bit) != 0)
            fail(reader, WARD_RECORD_INVALID);
        info->sections |= bit;
        newer = !known && (reader->section_flags & WARD_RECORD_NEEDED) != 0;
    }
    return newer;
}

struct ward_status ward_record_check(const struct ward_record_slots *slots, unsigned slot, struct ward_workspace *work,
                                     struct ward_record_info *info)
{
    struct ward_record_reader reader;
    bool newer = false;
    memset(info, 0, sizeof *info);
    struct ward_status status = ward_record_open(&reader, slots, slot, &work->part.sha);
    if (ward_ok(status)) {
        newer = look_at_sections(&reader, info);
        status = ward_record_close(&reader, info->digest);
    }
    if (!ward_ok(status)) {
        memset(info, 0, sizeof *info);
        return status;
    }
    info->sequence = reader.sequence;
    info->length = (uint32_t)(reader.end + WARD_SHA256_SIZE);
    info->keys_only = reader.kind == WARD_RECORD_OF_KEYS;
    return ward_status_of(newer ? WARD_RECORD_NEWER : WARD_OK);
}
