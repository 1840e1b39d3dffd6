/* SPDX-License-Identifier: Apache-2.0 */
#define WARD_LIBRARY
#include <string.h>

#include "encoding/number.h"
#include "state/record_format.h"

/* ---- This build's sections, in memory. */

void ward_record_begin(struct ward_record_writer *writer, struct ward_record *record, unsigned kind, uint32_t sequence)
{
    uint8_t *const at = record->bytes;
    memcpy(at, record_magic, sizeof record_magic);
    (void)ward_number_put(at + RECORD_FORMAT_AT, RECORD_FORMAT, 2);
    (void)ward_number_put(at + RECORD_KIND_AT, kind, 2);
    (void)ward_number_put(at + RECORD_SEQUENCE_AT, sequence, 4);
    (void)ward_number_put(at + RECORD_LENGTH_AT, 0, 4);
    record->length = WARD_RECORD_HEADER;
    record->keys = NULL;
    writer->record = record;
    writer->section = WARD_RECORD_HEADER;
}

static size_t key_length(const struct ward_key *key)
{
    return WARD_RECORD_KEY_HEADER + key->kid_length + 4 * ward_key_words(key);
}

static size_t keys_length(const struct ward_record *record)
{
    size_t length = 0;
    for (size_t i = 0; record->keys != NULL && i < record->keys->count; i++)
        length += 2 + key_length(&record->keys->key[i]);
    return length;
}

void ward_record_end(struct ward_record_writer *writer)
{
    struct ward_record *const record = writer->record;
    const size_t length = record->length - writer->section;
    if (length > 0)
        (void)ward_number_put(record->bytes + writer->section + 4,
                              length - WARD_RECORD_SECTION_HEADER + keys_length(record), 4);
    writer->section = record->length;
}

void ward_record_section(struct ward_record_writer *writer, enum ward_record_tag tag, unsigned flags)
{
    ward_record_end(writer);
    ward_record_put(writer, tag, 2);
    ward_record_put(writer, flags, 2);
    ward_record_put(writer, 0, 4);
}

void ward_record_put(struct ward_record_writer *writer, uint64_t number, size_t bytes)
{
    struct ward_record *const record = writer->record;
    (void)ward_number_put(record->bytes + record->length, number, bytes);
    record->length += bytes;
}

void ward_record_put_bytes(struct ward_record_writer *writer, const void *bytes, size_t length)
{
    struct ward_record *const record = writer->record;
    if (length > 0)
        memcpy(record->bytes + record->length, bytes, length);
    record->length += length;
}

void ward_record_put_keys(struct ward_record_writer *writer, const struct ward_jwks *keys, uint32_t used)
{
    writer->record->keys = keys;
    writer->record->used = used;
}

/* Which sections it has. */
static uint8_t sections_of(const struct ward_record *record)
{
    uint8_t sections = 0;
    size_t at = WARD_RECORD_HEADER;
    while (at < record->length) {
        sections |= ward_record_bit((unsigned)ward_number_get(record->bytes + at, 2));
        at += WARD_RECORD_SECTION_HEADER + (size_t)ward_number_get(record->bytes + at + 4, 4);
    }
    return sections;
}

/* ---- The stream to a slot: pieces of one size, hashed as they go. */

struct stream {
    const struct ward_record_slots *slots;
    struct ward_sha256 *sha;
    struct ward_status status;
    size_t written;
    size_t filled;
    unsigned slot;
    uint8_t piece[WARD_RECORD_PIECE];
};

static void send(struct stream *stream)
{
    if (ward_ok(stream->status) && stream->filled > 0)
        stream->status = stream->slots->write(stream->slots->context, stream->slot, stream->written, stream->piece,
                                              stream->filled);
    stream->written += stream->filled;
    stream->filled = 0;
}

static void put(struct stream *stream, const uint8_t *bytes, size_t length)
{
    size_t done = 0;
    while (done < length) {
        const size_t room = sizeof stream->piece - stream->filled;
        const size_t part = length - done < room ? length - done : room;
        memcpy(stream->piece + stream->filled, bytes + done, part);
        stream->filled += part;
        done += part;
        if (stream->filled == sizeof stream->piece)
            send(stream);
    }
}

static void put_hashed(struct stream *stream, const uint8_t *bytes, size_t length)
{
    if (ward_ok(stream->status))
        stream->status = ward_crypto_sha256_update(stream->sha, bytes, length);
    put(stream, bytes, length);
}

/* ---- Keys. */

static void put_number(struct stream *stream, uint64_t number, size_t bytes)
{
    uint8_t out[8];
    (void)ward_number_put(out, number, bytes);
    put_hashed(stream, out, bytes);
}

static void put_key(struct stream *stream, const struct ward_key *key, bool used)
{
    put_number(stream, key_length(key), 2);
    put_number(stream, WARD_RECORD_RS256, 1);
    put_number(stream, used ? WARD_RECORD_USED : 0, 1);
    put_number(stream, key->bits, 2);
    put_number(stream, key->kid_length, 1);
    put_hashed(stream, (const uint8_t *)key->kid, key->kid_length);
    for (size_t i = ward_key_words(key); i > 0; i--)
        put_number(stream, key->n[i - 1], 4);
}

static void put_keys(struct stream *stream, const struct ward_record *record)
{
    for (size_t i = 0; record->keys != NULL && i < record->keys->count; i++)
        put_key(stream, &record->keys->key[i], (record->used >> i & 1u) != 0);
}

/* ---- What is carried over. */

/* It is read twice: first with the digest of what has it, then while it is written, when the one SHA-256 that runs is that of the new
 * record. This knows it again: a medium that gives another byte the second time makes no whole record. */
struct carried {
    size_t length;
    uint64_t sum;
};

static void carry_bytes(struct carried *carried, struct stream *stream, const uint8_t *bytes, size_t length)
{
    /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        carried->sum = (carried->sum ^ bytes[i]) * 1099511628211u;
    carried->length += length;
    if (stream != NULL)
        put_hashed(stream, bytes, length);
}

static void carry_section(struct ward_record_reader *reader, struct stream *stream, struct carried *carried)
{
    uint8_t bytes[WARD_RECORD_SECTION_HEADER];
    (void)ward_number_put(bytes, reader->tag, 2);
    (void)ward_number_put(bytes + 2, reader->section_flags, 2);
    (void)ward_number_put(bytes + 4, ward_record_left(reader), 4);
    carry_bytes(carried, stream, bytes, sizeof bytes);
    while (ward_record_left(reader) > 0 && ward_ok(reader->status)) {
        const size_t left = ward_record_left(reader);
        const size_t part = left < sizeof bytes ? left : sizeof bytes;
        ward_record_get_bytes(reader, bytes, part);
        carry_bytes(carried, stream, bytes, part);
    }
}

/* Copies the sections that are not among `own`, or, without a stream, only looks at them. Without `sha` the digest is not checked. */
static struct ward_status carry(const struct ward_record_slots *slots, unsigned from, uint8_t own,
                                struct ward_sha256 *sha, struct stream *stream, struct carried *carried)
{
    struct ward_record_reader reader;
    uint8_t digest[WARD_SHA256_SIZE];
    const struct ward_status status = ward_record_open(&reader, slots, from, sha);
    if (!ward_ok(status))
        return status;
    while (ward_record_next(&reader))
        if ((own & ward_record_bit(reader.tag)) == 0)
            carry_section(&reader, stream, carried);
    return sha != NULL ? ward_record_close(&reader, digest) : reader.status;
}

/* ---- The whole. */

/* The digest is written last, and only when all that it covers is right: a record that cannot be finished is never whole. */
static struct ward_status finish(struct stream *stream, struct ward_status carried, uint8_t digest[WARD_SHA256_SIZE])
{
    if (ward_ok(stream->status) && ward_ok(carried))
        stream->status = ward_crypto_sha256_end(stream->sha, digest);
    if (!ward_ok(stream->status) || !ward_ok(carried)) {
        ward_crypto_sha256_abort(stream->sha);
        return ward_ok(carried) ? stream->status : ward_status_of(WARD_RECORD_NOT_STORED);
    }
    put(stream, digest, WARD_SHA256_SIZE);
    send(stream);
    if (!ward_ok(stream->status))
        return stream->status;
    return stream->slots->write(stream->slots->context, stream->slot, stream->written, NULL, 0);
}

static struct ward_status write_all(const struct ward_record_slots *slots, struct ward_record_origin origin,
                                    unsigned slot, struct ward_record *record, struct ward_workspace *work,
                                    uint8_t digest[WARD_SHA256_SIZE])
{
    struct stream stream = { .slots = slots, .sha = &work->part.sha, .slot = slot };
    const uint8_t own = sections_of(record);
    const bool carries = origin.slot < WARD_RECORD_SLOTS && (origin.sections & (uint8_t)~own) != 0;
    struct ward_status carried = ward_status_of(WARD_OK);
    struct carried first = { 0, 0 };
    struct carried again = { 0, 0 };
    if (carries)
        carried = carry(slots, origin.slot, own, &work->part.sha, NULL, &first);
    if (!ward_ok(carried))
        return ward_status_of(carried.code == WARD_CRYPTO_FAILED ? WARD_CRYPTO_FAILED : WARD_RECORD_NOT_STORED);
    (void)ward_number_put(record->bytes + RECORD_LENGTH_AT,
                          record->length + keys_length(record) - WARD_RECORD_HEADER + first.length, 4);
    stream.status = ward_crypto_sha256_start(stream.sha);
    put_hashed(&stream, record->bytes, record->length);
    put_keys(&stream, record);
    if (carries)
        carried = carry(slots, origin.slot, own, NULL, &stream, &again);
    if (again.length != first.length || again.sum != first.sum)
        carried = ward_status_of(WARD_RECORD_NOT_STORED);
    return finish(&stream, carried, digest);
}

/* A slot with a stuck bit says that it took everything: what it holds is compared by its digest. */
struct ward_status ward_record_write(const struct ward_record_slots *slots, struct ward_record_origin origin,
                                     unsigned slot, struct ward_record *record, struct ward_workspace *work)
{
    struct ward_record_info info;
    uint8_t digest[WARD_SHA256_SIZE];
    struct ward_status status = write_all(slots, origin, slot, record, work, digest);
    if (!ward_ok(status))
        return status;
    status = ward_record_check(slots, slot, work, &info);
    if (!ward_ok(status) || memcmp(info.digest, digest, sizeof digest) != 0)
        return ward_status_of(WARD_RECORD_NOT_STORED);
    return ward_status_of(WARD_OK);
}
