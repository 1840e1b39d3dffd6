/* SPDX-License-Identifier: Apache-2.0 */
#include "keyring_fixture.h"

struct ward_keyring ring;
struct ward_keyring_config ring_config;
uint32_t ring_uptime;
struct ward_time ring_time;

const struct ward_fetch_answer ring_good = { .status = { WARD_OK }, .http = 200, .max_age = WARD_NO_MAX_AGE };

void ring_usual(void)
{
    static const struct ward_keyring_config usual = { .issuer = WARD_TEXT(ISSUER),
                                                      .url = WARD_TEXT(URL),
                                                      .build_time = NOW - 86400u };
    ring_config = usual;
    ring_uptime = 5000;
    ring_time = ward_time_set(NOW);
}

void ring_begin(void)
{
    memset(&ring, 0x5a, sizeof ring);
    CHECK_STATUS(ward_keyring_begin(&ring, &ring_config, 7, ring_uptime), WARD_OK);
}

struct ward_keyring_action ring_next(void)
{
    return ward_keyring_next(&ring, ring_time, ring_uptime);
}

void ring_pass(uint32_t milliseconds)
{
    ring_uptime += milliseconds;
    ring_time.seconds += milliseconds / SECOND;
}

void ring_store(uint8_t slot)
{
    static struct ward_record record;
    const struct ward_keyring_action want = ring_next();
    CHECK_NUMBER(want.task, WARD_KEYRING_STORE);
    CHECK_NUMBER(want.slot, slot);
    CHECK_NUMBER(ring_next().task, WARD_KEYRING_STORE);
    ward_keyring_pack(&ring, ring_time, ring_uptime, &record);
    ward_keyring_stored(&ring, ward_status_of(WARD_OK), ring_uptime);
}

void ring_until_fetch(void)
{
    static struct ward_record record;
    for (int i = 0; i < 1000; i++) {
        const struct ward_keyring_action want = ring_next();
        if (want.task == WARD_KEYRING_FETCH)
            return;
        if (want.task == WARD_KEYRING_STORE) {
            ward_keyring_pack(&ring, ring_time, ring_uptime, &record);
            ward_keyring_stored(&ring, ward_status_of(WARD_OK), ring_uptime);
        }
        ring_pass(want.wait);
    }
    check_failed(__FILE__, __LINE__, "a fetch", "is never wanted", "is wanted some time");
}

const char *ring_set(const char *keys)
{
    static char set[512 * (WARD_MAX_KEYS + 14)];
    size_t at = 9;
    memcpy(set, "{\"keys\":[", 9);
    for (const char *key = keys; *key != '\0'; key++) {
        const char members[] = { '"', 'k', 'i', 'd', '"', ':', '"', *key, '"', ',', '\0' };
        if (key != keys)
            set[at++] = ',';
        at += jwk_write(set + at, *key == 'a' ? KEY_A : *key == 'b' ? KEY_B : KEY_C, members);
    }
    memcpy(set + at, "]}", 3);
    return set;
}

struct ward_status ring_fetch(const char *body, const struct ward_fetch_answer *answer)
{
    struct ward_fetch_answer given = *answer;
    ward_keyring_fetch_begin(&ring);
    if (body != NULL) {
        const struct ward_status fed = ward_keyring_fetch_feed(&ring, body, strlen(body), &test_work);
        if (!ward_ok(fed))
            given.status = fed;
    }
    return ward_keyring_fetch_end(&ring, &given, ring_time, ring_uptime);
}

struct ward_fetch_answer ring_failed(enum ward_code code)
{
    struct ward_fetch_answer answer = { .status = ward_status_of(code), .max_age = WARD_NO_MAX_AGE };
    return answer;
}

void ring_fill(const char *keys)
{
    CHECK_STATUS(ring_fetch(ring_set(keys), &ring_good), WARD_OK);
}

bool ring_has(const char *keys)
{
    const struct ward_jwks *const set = ward_keyring_keys(&ring);
    for (const char *key = keys; *key != '\0'; key++)
        if (ward_jwks_find(set, ward_text_of(key, 1)) == NULL)
            return false;
    return set->count == strlen(keys);
}

uint32_t ring_ask(const char *kid, enum ward_code expected)
{
    uint32_t retry_after = 99;
    CHECK_STATUS(ward_keyring_request_refresh(&ring, text(kid), ring_uptime, &retry_after), expected);
    CHECK_NUMBER(retry_after > 0, expected == WARD_KEY_REFRESH_PENDING);
    return retry_after;
}
