#include "ring.h"

#include "keys/keyring.h"

static void begin(const char *keys)
{
    ring_usual();
    ring_begin();
    ring_fill(keys);
}

static void use(const char *kid)
{
    ward_keyring_used(&ring, ward_jwks_find(ward_keyring_keys(&ring), text(kid)));
}

TEST(the_current_and_the_next_key_survive_one_change)
{
    begin("ab");
    CHECK_NUMBER(ward_keyring_runway(&ring), 1);
    use("a");
    CHECK_NUMBER(ward_keyring_runway(&ring), 1);
    use("a");
    CHECK_NUMBER(ward_keyring_runway(&ring), 1);
    use("b");
    CHECK_NUMBER(ward_keyring_runway(&ring), 0);
}

TEST(no_keys_and_one_key_survive_none)
{
    ring_usual();
    ring_begin();
    CHECK_NUMBER(ward_keyring_runway(&ring), 0);
    begin("a");
    CHECK_NUMBER(ward_keyring_runway(&ring), 0);
    use("a");
    CHECK_NUMBER(ward_keyring_runway(&ring), 0);
}

TEST(a_key_that_stays_in_the_set_stays_marked)
{
    begin("ab");
    use("b");
    ring_fill("bc");
    CHECK_NUMBER(ward_keyring_runway(&ring), 1);
    ring_fill("ac");
    CHECK_NUMBER(ward_keyring_runway(&ring), 1);
    CHECK_NUMBER(ring.used, 0);
}

TEST(a_key_of_another_set_marks_nothing)
{
    begin("ab");
    ward_keyring_used(&ring, &usual_keys()->key[0]);
    CHECK_NUMBER(ring.used, 0);
}

TEST(a_device_that_is_never_online_is_warned_once)
{
    ring_usual();
    ring_config.url.length = 0;
    ring_config.compiled = usual_keys();
    ring_begin();
    CHECK_STATUS(ward_keyring_news(&ring), WARD_NO_RESULT);
    use("a");
    CHECK_STATUS(ward_keyring_news(&ring), WARD_NO_RESULT);
    use("b");
    CHECK_STATUS(ward_keyring_news(&ring), WARD_KEYS_LAST);
    CHECK_STATUS(ward_keyring_news(&ring), WARD_NO_RESULT);
}

TEST(a_device_that_fetches_is_not_warned)
{
    begin("a");
    use("a");
    CHECK_STATUS(ward_keyring_news(&ring), WARD_KEYS_CHANGED);
    CHECK_STATUS(ward_keyring_news(&ring), WARD_NO_RESULT);
}

TEST(other_keys_are_told_once_and_the_same_ones_not)
{
    begin("ab");
    CHECK_STATUS(ward_keyring_news(&ring), WARD_KEYS_CHANGED);
    CHECK_STATUS(ward_keyring_news(&ring), WARD_NO_RESULT);
    ring_fill("ba");
    CHECK_STATUS(ward_keyring_news(&ring), WARD_NO_RESULT);
    ring_fill("bc");
    ring_fill("ab");
    CHECK_STATUS(ward_keyring_news(&ring), WARD_KEYS_CHANGED);
    CHECK_STATUS(ward_keyring_news(&ring), WARD_NO_RESULT);
}

SUITE(runway, CASE(the_current_and_the_next_key_survive_one_change), CASE(no_keys_and_one_key_survive_none),
      CASE(a_key_that_stays_in_the_set_stays_marked), CASE(a_key_of_another_set_marks_nothing),
      CASE(a_device_that_is_never_online_is_warned_once), CASE(a_device_that_fetches_is_not_warned),
      CASE(other_keys_are_told_once_and_the_same_ones_not));
