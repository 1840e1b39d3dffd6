/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles at the keyring's URL: whole, unchanged since, over https or http. */
#include "bundle_fixture.h"
#include "keys/keyring.h"

#if WARD_MAX_BUNDLE > 0

static char fetched[8192];

static void begin_fetching(size_t size)
{
    bundle_begin();
    bundle_config.buffer = fetched;
    bundle_config.size = size;
    ring_until_fetch();
    ring_time = ward_time_set(NOW);
    ward_keyring_fetch_begin(&ring);
}

/* The usual bundle with another number. */
static void follow(uint64_t seq)
{
    bundle_usual();
    words.seq = seq;
}

/* The bundle of the words, in pieces. */
static struct ward_status feed_bundle(size_t piece)
{
    const struct test_token *const bundle = bundle_make();
    struct ward_status status = ward_status_of(WARD_OK);
    for (size_t at = 0; at < bundle->length && ward_ok(status); at += piece) {
        const size_t left = bundle->length - at;
        status = ward_keyring_fetch_feed(&ring, bundle->data + at, left < piece ? left : piece, &test_work);
    }
    return status;
}

static struct ward_status end_fetching(const struct ward_fetch_answer *answer)
{
    return ward_keyring_fetch_end_bundle(&ring, answer, ring_time, ring_uptime, &test_work);
}

TEST(a_bundle_at_the_url_comes_in_pieces_and_max_age_says_when_the_next_one_is_asked_for)
{
    struct ward_fetch_answer answer = ring_good;
    answer.max_age = 600;
    for (size_t piece = 1; piece < 4000; piece = piece * 5 + 2) {
        begin_fetching(sizeof fetched);
        CHECK(ward_keyring_fetches_bundles(&ring));
        words.deny = "[{\"sub\":\"auth0|someone\",\"issued_until\":\"always\"}]";
        CHECK_STATUS(feed_bundle(piece), WARD_OK);
        CHECK_STATUS(end_fetching(&answer), WARD_OK);
        CHECK(ring_has("a") && ward_keyring_bundle_info(&ring).keys);
        CHECK_NUMBER(ward_keyring_fetched_at(&ring), NOW);
        CHECK_STATUS(bundle_ask("auth0|someone"), WARD_SUBJECT_DENIED);
        CHECK(ring.refresh.wait > 450u * SECOND && ring.refresh.wait <= 600u * SECOND);
    }
    /* The same once more is a success, an older one is none. */
    ward_keyring_fetch_begin(&ring);
    CHECK_STATUS(feed_bundle(100), WARD_OK);
    CHECK_STATUS(end_fetching(&answer), WARD_OK);
    follow(2);
    CHECK_STATUS(bundle_take(), WARD_OK);
    follow(1);
    ward_keyring_fetch_begin(&ring);
    CHECK_STATUS(feed_bundle(100), WARD_OK);
    CHECK_STATUS(end_fetching(&answer), WARD_BUNDLE_OLDER);
    CHECK(ring.refresh.wait > 600u * SECOND);
}

TEST(what_is_longer_than_its_memory_is_not_taken)
{
    const size_t length = (bundle_begin(), bundle_make()->length);
    begin_fetching(length);
    CHECK_STATUS(feed_bundle(100), WARD_OK);
    CHECK_STATUS(end_fetching(&ring_good), WARD_OK);
    begin_fetching(length - 1);
    CHECK_STATUS(feed_bundle(100), WARD_FETCH_TOO_LONG);
    CHECK_STATUS(ward_keyring_fetch_feed(&ring, "x", 1, &test_work), WARD_FETCH_TOO_LONG);
    CHECK_STATUS(end_fetching(&ring_good), WARD_FETCH_TOO_LONG);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 0);
}

TEST(a_fetched_bundle_counts_as_other_answers_do)
{
    struct ward_fetch_answer answer = ring_failed(WARD_FETCH_TIMED_OUT);
    begin_fetching(sizeof fetched);
    CHECK_STATUS(feed_bundle(100), WARD_OK);
    CHECK_STATUS(end_fetching(&answer), WARD_FETCH_TIMED_OUT);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 0);
    begin_fetching(sizeof fetched);
    answer = ring_good;
    answer.valid_from = NOW - 10;
    answer.valid_until = NOW + 10;
    ring_time.trust = WARD_TIME_UNKNOWN;
    CHECK_STATUS(feed_bundle(100), WARD_OK);
    CHECK_STATUS(end_fetching(&answer), WARD_KEYS_UNDATED);
    ward_keyring_fetch_begin(&ring);
    CHECK_STATUS(feed_bundle(100), WARD_OK);
    answer.date = NOW;
    CHECK_STATUS(end_fetching(&answer), WARD_OK);
    CHECK_NUMBER(ward_keyring_time(&ring, ring_time, ring_uptime).seconds, NOW);
    /* One that nobody began. */
    CHECK_STATUS(end_fetching(&answer), WARD_JSON_MALFORMED);
}

TEST(a_runner_that_takes_a_bundle_for_a_key_set_gets_nothing_in)
{
    begin_fetching(sizeof fetched);
    CHECK_STATUS(feed_bundle(100), WARD_OK);
    CHECK_STATUS(ward_keyring_fetch_end(&ring, &ring_good, ring_time, ring_uptime), WARD_NOT_PROVIDED);
    CHECK_NUMBER(ward_keyring_keys(&ring)->count, 0);
    const struct ward_fetch_answer failed = ring_failed(WARD_FETCH_TIMED_OUT);
    ward_keyring_fetch_begin(&ring);
    CHECK_STATUS(ward_keyring_fetch_end(&ring, &failed, ring_time, ring_uptime), WARD_FETCH_TIMED_OUT);
}

TEST(a_fetched_bundle_that_finds_a_check_in_its_way_is_asked_for_again_soon)
{
    begin_fetching(sizeof fetched);
    const struct ward_jwks *const before = ward_keyring_enter(&ring);
    CHECK_STATUS(bundle_take(), WARD_OK);
    follow(2);
    CHECK_STATUS(feed_bundle(sizeof fetched), WARD_OK);
    CHECK_STATUS(end_fetching(&ring_good), WARD_BUNDLE_BUSY);
    CHECK(ward_timer_left(&ring.refresh, ring_uptime) <= 10 * SECOND);
    CHECK_NUMBER(ring.failures, 0);
    ward_keyring_leave(&ring, before);
}

TEST(a_bundle_by_another_way_does_not_wait_for_one_at_the_url)
{
    begin_fetching(sizeof fetched);
    CHECK_STATUS(bundle_take(), WARD_OK);
    follow(2);
    CHECK_STATUS(feed_bundle(100), WARD_OK);
    CHECK_STATUS(end_fetching(&ring_good), WARD_OK);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 2);
}

/* ---- Unchanged since. */

/* An answer with this ETag. */
static struct ward_fetch_answer tagged(uint16_t http, const char *etag)
{
    struct ward_fetch_answer answer = ring_good;
    answer.http = http;
    answer.etag_length = (uint8_t)strlen(etag);
    memcpy(answer.etag, etag, answer.etag_length);
    return answer;
}

/* Begins the next fetch, which sends this. */
static void begin_with(const char *etag)
{
    ring_until_fetch();
    const struct ward_keyring_action want = ward_keyring_next(&ring, ring_time, ring_uptime);
    CHECK_NUMBER(want.task, WARD_KEYRING_FETCH);
    CHECK_TEXT(want.etag, etag);
    ward_keyring_fetch_begin(&ring);
}

/* One that is unchanged, at this time. */
static struct ward_status fetch_unchanged(const char *etag)
{
    const struct ward_fetch_answer answer = tagged(304, "\"other\"");
    const struct ward_time now = ring_time;
    begin_with(etag);
    ring_time = now;
    return end_fetching(&answer);
}

static void fetch_tagged(const char *etag)
{
    const struct ward_fetch_answer answer = tagged(200, etag);
    CHECK_STATUS(feed_bundle(100), WARD_OK);
    CHECK_STATUS(end_fetching(&answer), WARD_OK);
}

TEST(what_is_unchanged_need_not_come_again)
{
    struct ward_fetch_answer answer = tagged(304, "");
    begin_fetching(sizeof fetched);
    CHECK_TEXT(ward_keyring_next(&ring, ring_time, ring_uptime).etag, "");
    fetch_tagged("\"one\"");
    begin_with("\"one\"");
    answer.max_age = 600;
    ring.change = WARD_CHANGE_NONE;
    CHECK_STATUS(end_fetching(&answer), WARD_OK);
    CHECK(ring_has("a") && ring.change == WARD_CHANGE_NONE && ring.refresh.wait > 450u * SECOND &&
          ring.refresh.wait <= 600u * SECOND);
    /* What was sent stays what is sent: a 304 names no other. */
    CHECK_STATUS(fetch_unchanged("\"one\""), WARD_OK);
    begin_with("\"one\"");
    follow(2);
    fetch_tagged("\"two\"");
    begin_with("\"two\"");
    follow(3);
    fetch_tagged("");
    begin_with("");
}

TEST(unchanged_is_no_answer_to_what_was_not_asked)
{
    begin_fetching(sizeof fetched);
    const struct ward_fetch_answer answer = tagged(304, "\"one\"");
    CHECK_STATUS(end_fetching(&answer), WARD_FETCH_HTTP_STATUS);
    CHECK(ring_has("") && ward_keyring_bundle_info(&ring).sequence == 0);
    begin_with("");
    fetch_tagged("\"one\"");
    /* Another one has come by another way, before the fetch or while it went on. */
    follow(2);
    CHECK_STATUS(bundle_take(), WARD_OK);
    begin_with("");
    follow(3);
    fetch_tagged("\"three\"");
    begin_with("\"three\"");
    follow(4);
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_STATUS(end_fetching(&answer), WARD_FETCH_HTTP_STATUS);
    CHECK_NUMBER(ward_keyring_bundle_info(&ring).sequence, 4);
    /* The same by another way changes nothing. */
    begin_with("");
    fetch_tagged("\"four\"");
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_STATUS(fetch_unchanged("\"four\""), WARD_OK);
    /* Of a set of keys there is no such thing. */
    begin_with("\"four\"");
    CHECK_STATUS(ward_keyring_fetch_end(&ring, &answer, ring_time, ring_uptime), WARD_NOT_PROVIDED);
}

TEST(an_etag_that_is_too_long_is_not_kept)
{
    struct ward_fetch_answer answer = ring_good;
    begin_fetching(sizeof fetched);
    CHECK_STATUS(feed_bundle(100), WARD_OK);
    memset(answer.etag, 'x', sizeof answer.etag);
    answer.etag_length = WARD_MAX_ETAG + 1;
    CHECK_STATUS(end_fetching(&answer), WARD_OK);
    begin_with("");
    CHECK_STATUS(feed_bundle(100), WARD_OK);
    answer.etag_length = WARD_MAX_ETAG;
    CHECK_STATUS(end_fetching(&answer), WARD_OK);
    CHECK_NUMBER(ward_keyring_next(&ring, ring_time, ring_uptime).etag.length, 0);
    ring_until_fetch();
    CHECK_NUMBER(ward_keyring_next(&ring, ring_time, ring_uptime).etag.length, WARD_MAX_ETAG);
}

TEST(unchanged_prolongs_max_stale_and_never_exp)
{
    begin_fetching(sizeof fetched);
    ring_config.max_stale = 7200;
    words.exp = NOW + 10000;
    fetch_tagged("\"one\"");
    ring_time.seconds = NOW + 7200;
    CHECK_STATUS(fetch_unchanged("\"one\""), WARD_OK);
    CHECK_NUMBER(ward_keyring_fetched_at(&ring), ring_time.seconds);
    ring_time.seconds = NOW + 9999;
    CHECK_STATUS(ward_keyring_ready(&ring, ring_time), WARD_OK);
    CHECK_STATUS(fetch_unchanged("\"one\""), WARD_OK);
    ring_time.seconds = NOW + 10000;
    CHECK_STATUS(ward_keyring_ready(&ring, ring_time), WARD_KEYS_STALE);
    CHECK_STATUS(fetch_unchanged("\"one\""), WARD_BUNDLE_EXPIRED);
    CHECK_STATUS(ward_keyring_ready(&ring, ring_time), WARD_KEYS_STALE);
    /* A clock that is not set prolongs nothing; keys of the firmware, which are a later word, are not the mirror's to prolong. */
    begin_fetching(sizeof fetched);
    fetch_tagged("\"one\"");
    ring_time.trust = WARD_TIME_UNKNOWN;
    ring_pass(1000 * SECOND);
    CHECK_STATUS(fetch_unchanged("\"one\""), WARD_OK);
    CHECK_NUMBER(ward_keyring_fetched_at(&ring), NOW);
    begin_fetching(sizeof fetched);
    ring.fetched_at = NOW - 5;
    ring.bundle_keys = false;
    ring.set = usual_keys();
    words.iat = NOW - 10;
    fetch_tagged("\"one\"");
    CHECK_STATUS(fetch_unchanged("\"one\""), WARD_OK);
    CHECK_NUMBER(ward_keyring_fetched_at(&ring), NOW - 5);
}

TEST(whom_a_bundle_denied_and_an_operator_dropped_comes_again)
{
    begin_fetching(sizeof fetched);
    words.deny = "[{\"everybody\":true,\"issued_until\":\"always\"}]";
    fetch_tagged("\"one\"");
    ring.bundle_held = ward_status_of(WARD_DENIALS_NOT_HELD);
    CHECK_STATUS(ward_deny_reset(&test_gate, &test_caller), WARD_OK);
    CHECK_STATUS(bundle_ask("auth0|someone"), WARD_OK);
    begin_with("");
    fetch_tagged("\"one\"");
    CHECK_STATUS(bundle_ask("auth0|someone"), WARD_SUBJECT_DENIED);
}

TEST(of_a_bundle_with_more_keys_than_slots_all_comes_each_time)
{
    begin_fetching(sizeof fetched);
    fetch_tagged("\"one\"");
    ring.left_out = 1;
    begin_with("");
    fetch_tagged("\"one\"");
    begin_with("\"one\"");
}

TEST(the_same_once_more_makes_no_keys_older)
{
    begin_fetching(sizeof fetched);
    fetch_tagged("\"one\"");
    ring_time.seconds = NOW + 500;
    CHECK_STATUS(fetch_unchanged("\"one\""), WARD_OK);
    CHECK_STATUS(bundle_take(), WARD_OK);
    CHECK_NUMBER(ward_keyring_fetched_at(&ring), NOW + 500);
}

/* ---- Over http. */

static void begin_plainly(void)
{
    begin_fetching(sizeof fetched);
    bundle_config.cleartext = true;
    ring_config.url = text("http://mirror.example/bundle");
    CHECK_STATUS(ward_keyring_check(&ring_config), WARD_OK);
}

TEST(over_http_no_date_tells_the_time_and_nothing_prolongs_max_stale)
{
    struct ward_fetch_answer answer = tagged(200, "\"one\"");
    begin_plainly();
    ring_config.max_stale = 7200;
    ring_time.trust = WARD_TIME_UNKNOWN;
    answer.date = NOW + 86400;
    answer.valid_until = NOW - 1;
    CHECK_STATUS(feed_bundle(100), WARD_OK);
    CHECK_STATUS(end_fetching(&answer), WARD_OK);
    CHECK(ward_keyring_time(&ring, ring_time, ring_uptime).trust != WARD_TIME_SET);
    ring_time = ward_time_set(NOW + 7200);
    CHECK_STATUS(fetch_unchanged("\"one\""), WARD_OK);
    CHECK_NUMBER(ward_keyring_fetched_at(&ring), NOW);
    ring_time.seconds = NOW + 7201;
    CHECK_STATUS(ward_keyring_ready(&ring, ring_time), WARD_KEYS_STALE);
    /* The next bundle does. */
    follow(2);
    words.iat = NOW + 7000;
    begin_with("\"one\"");
    fetch_tagged("\"two\"");
    CHECK_STATUS(ward_keyring_ready(&ring, ring_time), WARD_OK);
}

/* What is said of this URL. */
static enum ward_code judged_url(const char *url)
{
    ring_config.url = text(url);
    return (enum ward_code)ward_keyring_check(&ring_config).code;
}

TEST(a_url_is_http_only_where_the_firmware_says_so_and_it_names_a_bundle)
{
    static char long_url[300];
    begin_plainly();
    memset(long_url, 'a', sizeof long_url - 1);
    memcpy(long_url, "http://", 7);
    CHECK_NUMBER(judged_url("https://m/b"), WARD_OK);
    CHECK_NUMBER(judged_url("http://m"), WARD_OK);
    CHECK_NUMBER(judged_url("http://"), WARD_KEYRING_URL);
    CHECK_NUMBER(judged_url("HTTP://m"), WARD_KEYRING_URL);
    CHECK_NUMBER(judged_url("http:/m/b/c/d"), WARD_KEYRING_URL);
    CHECK_NUMBER(judged_url("http://m b"), WARD_KEYRING_URL);
    CHECK_NUMBER(judged_url("http://m\x7f"), WARD_KEYRING_URL);
    CHECK_NUMBER(judged_url(long_url), WARD_KEYRING_URL);
    long_url[255] = '\0';
    CHECK_NUMBER(judged_url(long_url), WARD_OK);
    bundle_config.cleartext = false;
    CHECK_NUMBER(judged_url("http://m"), WARD_KEYRING_URL);
    CHECK_NUMBER(judged_url("https://m"), WARD_OK);
    bundle_config.cleartext = true;
    bundle_config.buffer = NULL;
    CHECK_NUMBER(judged_url("http://m"), WARD_KEYRING_URL);
    ring_config.bundles = NULL;
    CHECK_NUMBER(judged_url("http://m"), WARD_KEYRING_URL);
}

SUITE(bundle_fetch, CASE(a_bundle_at_the_url_comes_in_pieces_and_max_age_says_when_the_next_one_is_asked_for),
      CASE(what_is_longer_than_its_memory_is_not_taken), CASE(a_fetched_bundle_counts_as_other_answers_do),
      CASE(a_runner_that_takes_a_bundle_for_a_key_set_gets_nothing_in),
      CASE(a_fetched_bundle_that_finds_a_check_in_its_way_is_asked_for_again_soon),
      CASE(a_bundle_by_another_way_does_not_wait_for_one_at_the_url), CASE(what_is_unchanged_need_not_come_again),
      CASE(unchanged_is_no_answer_to_what_was_not_asked), CASE(an_etag_that_is_too_long_is_not_kept),
      CASE(unchanged_prolongs_max_stale_and_never_exp), CASE(whom_a_bundle_denied_and_an_operator_dropped_comes_again),
      CASE(of_a_bundle_with_more_keys_than_slots_all_comes_each_time), CASE(the_same_once_more_makes_no_keys_older),
      CASE(over_http_no_date_tells_the_time_and_nothing_prolongs_max_stale),
      CASE(a_url_is_http_only_where_the_firmware_says_so_and_it_names_a_bundle));

#else

TEST(without_bundles_a_url_names_a_key_set_over_https)
{
    ring_usual();
    ring_config.url = text("http://m");
    CHECK_STATUS(ward_keyring_check(&ring_config), WARD_KEYRING_URL);
    ring_usual();
    ring_begin();
    CHECK(!ward_keyring_fetches_bundles(&ring));
}

SUITE(bundle_fetch, CASE(without_bundles_a_url_names_a_key_set_over_https));

#endif
