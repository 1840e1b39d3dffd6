/* A record of any bytes, as a slot may hold them after a power cut or worse: a keyring and a gate take over what it says, or nothing of it.
 * What they took over comes back after another start from the record that they write themselves; no denial is ever lost.
 *
 * The last byte says how the device is configured, and whether the bytes are a slot's as they are, or the sections of a record whose header
 * and digest are right.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "state/record.h"
#include "token.h"
#include "ward/access.h"

#define URL "https://dev-4fszoklachwdh46m.us.auth0.com/.well-known/jwks.json"

/* Option bits. */
enum { SEALED = 1, COMPILED_KEYS = 2, NEW_FIRMWARE = 4, OTHER_ISSUER = 8, OFFLINE = 16 };
enum { UPTIME = 77, SEED = 5 };

/* A device: keyring and gate, and how it came up. */
struct device {
    struct ward_keyring_config config;
    struct ward_keyring keyring;
    struct ward_gate gate;
    struct ward_status opened;
    struct ward_status begun;
};

static const struct ward_policy policy = { .expect = &usual_expect };
static const struct ward_time clock_now = { NOW, WARD_TIME_SET };
static struct ward_workspace work;
static struct device first;
static struct device second;

static void configure(struct ward_keyring_config *config, uint8_t options)
{
    memset(config, 0, sizeof *config);
    config->issuer = ward_text_of(ISSUER, (options & OTHER_ISSUER) != 0 ? sizeof ISSUER - 3 : sizeof ISSUER - 1);
    if ((options & OFFLINE) == 0)
        config->url = ward_text_of(URL, sizeof URL - 1);
    config->compiled = (options & (COMPILED_KEYS | OFFLINE)) != 0 ? usual_keys() : NULL;
    config->compiled_version = (options & NEW_FIRMWARE) != 0 ? 2 : 1;
    config->build_time = NOW - 86400u;
}

/* A slot's bytes with the header and digest that they lack. */
static void seal(struct ward_record *record, const uint8_t *sections, size_t length)
{
    struct ward_record_writer writer;
    ward_record_begin(&writer, record, 9);
    ward_record_put_bytes(&writer, sections, length);
    writer.section = record->length;
    CHECK_STATUS(ward_record_end(&writer, &work.part.sha), WARD_OK);
}

static bool same_keys(const struct ward_keyring *a, const struct ward_keyring *b)
{
    const struct ward_jwks *const x = ward_keyring_keys(a);
    const struct ward_jwks *const y = ward_keyring_keys(b);
    return x->count == y->count && memcmp(x->key, y->key, x->count * sizeof x->key[0]) == 0;
}

static void begin_keyring(struct device *device, uint8_t options)
{
    configure(&device->config, options);
    memset(&device->keyring, 0xa5, sizeof device->keyring);
    CHECK_STATUS(ward_keyring_begin(&device->keyring, &device->config, SEED, UPTIME), WARD_OK);
}

/* As a service starts a device from the record that it found. */
static void start(struct device *device, const struct ward_record *record, uint8_t options)
{
    const struct ward_gate_setup setup = { .policy = &policy, .keyring = &device->keyring, .record = record };
    begin_keyring(device, options);
    device->opened = ward_keyring_open(&device->keyring, 0, record->bytes, record->length, UPTIME, &work);
    memset(&device->gate, 0xa5, sizeof device->gate);
    device->begun = ward_gate_begin_with(&device->gate, &setup, clock_now, &work);
    fuzz_check_named(device->opened);
    fuzz_check_named(device->begun);
}

static void check_untouched(const struct device *device, uint8_t options)
{
    begin_keyring(&second, options);
    CHECK(same_keys(&second.keyring, &device->keyring));
    CHECK_NUMBER(ward_keyring_boots(&device->keyring), 1);
    CHECK_NUMBER(device->keyring.clock.floor, device->config.build_time);
    CHECK_NUMBER(device->keyring.sequence, 0);
}

static void check_keys(const struct device *device)
{
    const struct ward_jwks *const set = ward_keyring_keys(&device->keyring);
    CHECK(set->count <= WARD_MAX_KEYS);
    for (size_t i = 0; i < set->count; i++) {
        const struct ward_key *const key = &set->key[i];
        CHECK(key->bits >= 2048 && key->bits <= WARD_MAX_RSA_BITS && key->kid_length <= WARD_MAX_KID);
        CHECK((key->n[0] & 1u) != 0u && (key->n[(key->bits - 1u) / 32] >> (key->bits - 1u) % 32 & 1u) != 0u);
    }
    CHECK(device->keyring.clock.floor >= device->config.build_time && device->keyring.clock.floor <= device->keyring.clock.latest);
}

static bool denies(const struct ward_gate *gate, const struct ward_denial *denial)
{
    if (gate->issued_until >= denial->issued_until)
        return true;
    for (size_t i = 0; i < WARD_DENY_SLOTS; i++)
        if (memcmp(gate->denials[i].owner, denial->owner, WARD_OWNER_SIZE) == 0 && gate->denials[i].issued_until >= denial->issued_until)
            return true;
    return false;
}

/* Each denial that the record's bytes hold is one of the gate's. */
static void check_denials(const struct device *device, const struct ward_record *record)
{
    struct ward_record_section section;
    if (!ward_record_find(record->bytes, WARD_RECORD_GATE, &section))
        return;
    uint8_t head[WARD_AUDIT_DIGEST];
    ward_record_get_bytes(&section, head, sizeof head);
    CHECK(device->gate.issued_until >= ward_record_get(&section, 8));
    while (section.left > 0 && !section.broken) {
        struct ward_denial denial;
        ward_record_get_bytes(&section, denial.owner, sizeof denial.owner);
        denial.issued_until = ward_record_get(&section, 8);
        CHECK(section.broken || denies(&device->gate, &denial));
    }
    CHECK(!section.broken);
}

/* From the record that the device writes now it starts as it is. */
static void check_again(const struct device *device, uint8_t options)
{
    static struct ward_record record;
    CHECK_STATUS(ward_gate_pack(&first.gate, clock_now, UPTIME, &work, &record), WARD_OK);
    CHECK(record.length <= sizeof record.bytes);
    start(&second, &record, options);
    CHECK_STATUS(second.begun, WARD_OK);
    const bool has_keys = ward_keyring_keys(&device->keyring)->count > 0;
    CHECK_STATUS(second.opened, has_keys ? WARD_OK : WARD_RECORD_OTHER);
    CHECK(same_keys(&second.keyring, &device->keyring));
    CHECK_NUMBER(second.keyring.fetched_at, device->keyring.fetched_at);
    CHECK_NUMBER(second.keyring.used, device->keyring.used);
    CHECK_NUMBER(second.keyring.sequence, device->keyring.sequence + 1);
    CHECK_NUMBER(ward_keyring_boots(&second.keyring), ward_keyring_boots(&device->keyring) + 1);
    CHECK(second.keyring.clock.floor >= device->keyring.clock.floor);
    CHECK(second.gate.issued_until >= device->gate.issued_until);
    for (size_t i = 0; i < WARD_DENY_SLOTS; i++)
        CHECK(device->gate.denials[i].issued_until == 0 || denies(&second.gate, &device->gate.denials[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ward_record record;
    const uint8_t options = fuzz_option(data, &size);
    const size_t most = sizeof record.bytes - ((options & SEALED) != 0 ? 48 : 0);
    uint32_t sequence;
    if (size > most)
        return 0;
    if ((options & SEALED) != 0) {
        seal(&record, data, size);
    } else {
        memcpy(record.bytes, data, size);
        record.length = size;
    }
    char *const copy = fuzz_copy(record.bytes, record.length);
    const struct ward_status whole = ward_record_check(copy, record.length, &work, &sequence);
    free(copy);
    fuzz_check_named(whole);
    CHECK(ward_ok(whole) || sequence == 0);
    start(&first, &record, options);
    check_keys(&first);
    if (!ward_ok(whole)) {
        CHECK(!ward_ok(first.opened));
        check_untouched(&first, options);
        return 0;
    }
    if (!ward_ok(first.begun))
        return 0;
    check_denials(&first, &record);
    check_again(&first, options);
    return 0;
}
