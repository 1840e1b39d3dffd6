/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/bundle.h"
#include "keys/denial.h"

#if WARD_MAX_BUNDLE > 0

#include <string.h>

#include "keys/keyring.h"
#include "state/clock.h"

/* The section of the bundle in force, without which a record must not be used while it denies anybody:
 *
 *     issued(8) expires(8) issued_until(8) floor(8) authority(16) marks(1) { sequence(8) key(16) identity(16) }… { owner(16) issued_until(8) }…
 *
 * The first mark is that of the bundle in force.
 */

/* Where the keys are from, in their section: the URL, or a bundle. To a build that takes no bundles that is another URL's. */
static const struct ward_text bundle_word = WARD_TEXT("bundle");

struct ward_text ward_bundle_source(const struct ward_keyring *keyring)
{
    return keyring->bundle_keys ? bundle_word : keyring->config->url;
}

/* Which of two texts stands there, as bits. */
enum { FIRST = 1, SECOND = 2 };

static unsigned which_text(struct ward_record_reader *reader, struct ward_text first, struct ward_text second)
{
    const size_t length = (size_t)ward_record_get(reader, 2);
    unsigned same = (length == first.length ? FIRST : 0u) | (length == second.length ? SECOND : 0u);
    for (size_t i = 0; i < length && !reader->broken; i++) {
        const char c = (char)ward_record_get(reader, 1);
        if ((same & FIRST) != 0u && c != first.data[i])
            same &= ~(unsigned)FIRST;
        if ((same & SECOND) != 0u && c != second.data[i])
            same &= ~(unsigned)SECOND;
    }
    return reader->broken ? 0u : same;
}

bool ward_bundle_get_source(const struct ward_keyring *keyring, struct ward_record_reader *reader,
                            struct ward_keyring_taken *taken)
{
    const unsigned source = which_text(reader, keyring->config->url, bundle_word);
    taken->bundle_keys = source == SECOND;
    return source != 0u;
}

static uint8_t count_marks(const struct ward_bundle *bundle)
{
    uint8_t count = 0;
    while (count < WARD_BUNDLE_SIGNERS && bundle->mark[count].sequence > 0)
        count++;
    return count;
}

static void put_marks(const struct ward_bundle *bundle, struct ward_record_writer *writer)
{
    const uint8_t count = count_marks(bundle);
    ward_record_put(writer, count, 1);
    for (uint8_t i = 0; i < count; i++) {
        ward_record_put(writer, bundle->mark[i].sequence, 8);
        for (size_t word = 0; word < 4; word++)
            ward_record_put(writer, bundle->mark[i].key[word], 4);
        ward_record_put_bytes(writer, bundle->mark[i].identity, sizeof bundle->mark[i].identity);
    }
}

void ward_bundle_put(const struct ward_keyring *keyring, struct ward_record_writer *writer)
{
    const struct ward_bundle *const bundle = &keyring->bundles[keyring->bundle];
    if (bundle->issued == 0 || !ward_ok(keyring->bundle_held))
        return;
    ward_record_section(writer, WARD_RECORD_BUNDLE, ward_bundle_has_denials(bundle) ? WARD_RECORD_NEEDED : 0);
    ward_record_put(writer, bundle->issued, 8);
    ward_record_put(writer, bundle->expires, 8);
    ward_record_put(writer, bundle->issued_until, 8);
    ward_record_put(writer, bundle->floor, 8);
    ward_record_put_bytes(writer, bundle->authority, sizeof bundle->authority);
    put_marks(bundle, writer);
    ward_denials_put(bundle->denials, writer);
}

/* A later build may know more keys; the last ones are passed over. */
static void get_marks(struct ward_bundle *bundle, struct ward_record_reader *reader)
{
    const size_t count = (size_t)ward_record_get(reader, 1);
    for (size_t i = 0; i < count && !reader->broken; i++) {
        struct ward_bundle_mark mark;
        mark.sequence = ward_record_get(reader, 8);
        for (size_t word = 0; word < 4; word++)
            mark.key[word] = (uint32_t)ward_record_get(reader, 4);
        ward_record_get_bytes(reader, mark.identity, sizeof mark.identity);
        if (i < WARD_BUNDLE_SIGNERS)
            bundle->mark[i] = mark;
    }
}

/* All of them, or none and nobody is granted: whoever could not be held would be let in. */
static struct ward_status get_denials(struct ward_bundle *bundle, struct ward_record_reader *reader)
{
    if (ward_denials_get(bundle->denials, reader) <= WARD_DENY_SLOTS)
        return ward_status_of(WARD_OK);
    memset(bundle->denials, 0, sizeof bundle->denials);
    return ward_status_of(WARD_DENIALS_NOT_HELD);
}

bool ward_bundle_get(struct ward_keyring *keyring, struct ward_record_reader *reader, struct ward_keyring_taken *taken)
{
    struct ward_bundle *const bundle = ward_bundle_next(keyring);
    memset(bundle, 0, sizeof *bundle);
    bundle->issued = ward_record_get(reader, 8);
    bundle->expires = ward_record_get(reader, 8);
    bundle->issued_until = ward_record_get(reader, 8);
    bundle->floor = ward_record_get(reader, 8);
    ward_record_get_bytes(reader, bundle->authority, sizeof bundle->authority);
    get_marks(bundle, reader);
    taken->bundle_held = get_denials(bundle, reader);
    taken->bundle = true;
    return !reader->broken && bundle->issued > 0 && bundle->mark[0].sequence > 0;
}

void ward_bundle_take(struct ward_keyring *keyring, const struct ward_keyring_taken *taken)
{
    if (!taken->bundle)
        return;
    ward_bundle_put_in_force(keyring);
    keyring->bundle_held = taken->bundle_held;
    ward_clock_set_bundled(&keyring->clock,
                           ward_bundle_signer_is_here(keyring) ? ward_bundle_in_force(keyring)->floor : 0);
}

#endif
