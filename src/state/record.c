#include "state/record.h"

#include <string.h>

#include "crypto/digest.h"
#include "encoding/number.h"
#include "ward/port/crypto.h"

static const char magic[4] = { 'w', 'a', 'r', 'd' };

enum { FORMAT = 1, HEADER = 16, SECTION_HEADER = 4 };

/* Places of the header. */
enum { FORMAT_AT = 4, SEQUENCE_AT = 8, LENGTH_AT = 12 };

/* ---- Writing. */

void ward_record_begin(struct ward_record_writer *writer, struct ward_record *record, uint32_t sequence)
{
    uint8_t *const at = record->bytes;
    memcpy(at, magic, sizeof magic);
    (void)ward_number_put(at + FORMAT_AT, FORMAT, 4);
    (void)ward_number_put(at + SEQUENCE_AT, sequence, 4);
    record->length = HEADER;
    writer->record = record;
    writer->section = HEADER;
}

static void end_section(struct ward_record_writer *writer)
{
    struct ward_record *const record = writer->record;
    if (record->length > writer->section)
        (void)ward_number_put(record->bytes + writer->section + 2, record->length - writer->section - SECTION_HEADER, 2);
    writer->section = record->length;
}

void ward_record_section(struct ward_record_writer *writer, enum ward_record_tag tag)
{
    end_section(writer);
    ward_record_put(writer, tag, 2);
    ward_record_put(writer, 0, 2);
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

static struct ward_status digest_of(const uint8_t *bytes, size_t length, struct ward_sha256 *sha,
                                    uint8_t digest[WARD_SHA256_SIZE])
{
    const struct ward_text all = { (const char *)bytes, length };
    return ward_digest(sha, &all, 1, digest);
}

struct ward_status ward_record_end(struct ward_record_writer *writer, struct ward_sha256 *sha)
{
    struct ward_record *const record = writer->record;
    end_section(writer);
    (void)ward_number_put(record->bytes + LENGTH_AT, record->length - HEADER, 4);
    const struct ward_status status = digest_of(record->bytes, record->length, sha, record->bytes + record->length);
    record->length = ward_ok(status) ? record->length + WARD_SHA256_SIZE : 0;
    return status;
}

/* ---- Reading. */

/* Whether the sections fill their place exactly. */
static bool sections_are_whole(const uint8_t *sections, size_t length)
{
    size_t at = 0;
    while (length - at >= SECTION_HEADER) {
        const size_t section = SECTION_HEADER + (size_t)ward_number_get(sections + at + 2, 2);
        if (section > length - at)
            return false;
        at += section;
    }
    return at == length;
}

/* A slot that was never written: erased flash, a new file. */
static bool is_blank(const uint8_t *bytes, size_t length)
{
    for (size_t i = 1; i < length; i++)
        if (bytes[i] != bytes[0])
            return false;
    return true;
}

static size_t body_length(const uint8_t *bytes, size_t length)
{
    if (length < HEADER + WARD_SHA256_SIZE || memcmp(bytes, magic, sizeof magic) != 0 ||
        ward_number_get(bytes + FORMAT_AT, 4) != FORMAT)
        return SIZE_MAX;
    const uint64_t body = ward_number_get(bytes + LENGTH_AT, 4);
    return body <= length - HEADER - WARD_SHA256_SIZE ? (size_t)body : SIZE_MAX;
}

struct ward_status ward_record_check(const void *bytes, size_t length, struct ward_workspace *work, uint32_t *sequence)
{
    const uint8_t *const record = bytes;
    uint8_t digest[WARD_SHA256_SIZE];
    *sequence = 0;
    if (is_blank(record, length))
        return ward_status_of(WARD_RECORD_ABSENT);
    const size_t body = body_length(record, length);
    if (body == SIZE_MAX)
        return ward_status_of(WARD_RECORD_INVALID);
    const struct ward_status status = digest_of(record, HEADER + body, &work->part.sha, digest);
    if (!ward_ok(status))
        return status;
    if (memcmp(digest, record + HEADER + body, sizeof digest) != 0 || !sections_are_whole(record + HEADER, body))
        return ward_status_of(WARD_RECORD_INVALID);
    *sequence = (uint32_t)ward_number_get(record + SEQUENCE_AT, 4);
    return ward_status_of(WARD_OK);
}

bool ward_record_find(const void *bytes, enum ward_record_tag tag, struct ward_record_section *section)
{
    const uint8_t *at = (const uint8_t *)bytes + HEADER;
    size_t left = (size_t)ward_number_get((const uint8_t *)bytes + LENGTH_AT, 4);
    memset(section, 0, sizeof *section);
    while (left > 0) {
        const size_t length = (size_t)ward_number_get(at + 2, 2);
        if (ward_number_get(at, 2) == (uint64_t)tag) {
            section->at = at + SECTION_HEADER;
            section->left = length;
            return true;
        }
        at += SECTION_HEADER + length;
        left -= SECTION_HEADER + length;
    }
    return false;
}

uint64_t ward_record_get(struct ward_record_section *section, size_t bytes)
{
    uint8_t number[8];
    ward_record_get_bytes(section, number, bytes);
    return ward_number_get(number, bytes);
}

void ward_record_get_bytes(struct ward_record_section *section, void *bytes, size_t length)
{
    if (section->left < length) {
        section->broken = true;
        memset(bytes, 0, length);
        return;
    }
    memcpy(bytes, section->at, length);
    section->at += length;
    section->left -= length;
}
