/* SPDX-License-Identifier: Apache-2.0 */
#include "port/provisioned/platform.h"
#include "port/template/platform.h"
#include "crypto_faults.h"
#include "platform.h"
#include "token.h"
#include "ward/port/service.h"

static struct ward_platform platform;
static uint32_t uptime_step;
static struct ward_time wall;
static uint8_t entropy_step;
static enum ward_code entropy_says;
static unsigned entropy_fails_at;
static unsigned record_slot;
static size_t record_length;

static uint32_t uptime(void *context)
{
    static uint32_t now;
    (void)context;
    return now += uptime_step;
}

static struct ward_time clock_now(void *context)
{
    (void)context;
    return wall;
}

static struct ward_status entropy(void *context, void *data, size_t length)
{
    static uint8_t next;
    (void)context;
    for (size_t i = 0; i < length; i++)
        ((uint8_t *)data)[i] = next = (uint8_t)(next + entropy_step);
    return ward_status_of(entropy_fails_at > 0 && --entropy_fails_at == 0 ? WARD_ENTROPY_MISSING : entropy_says);
}

static size_t record_read(void *context, unsigned slot, size_t offset, void *data, size_t size)
{
    (void)context;
    CHECK_NUMBER(offset, 0);
    memset(data, 0, size);
    return slot == record_slot ? record_length : 0;
}

static struct ward_status record_write(void *context, unsigned slot, size_t offset, const void *data, size_t size)
{
    (void)context;
    (void)slot;
    (void)offset;
    (void)data;
    (void)size;
    check_failed(__FILE__, __LINE__, "a self-test", "wrote", "nothing");
}

static struct ward_status run(void)
{
    return ward_selftest(&platform, NOW, &test_work);
}

static void begin(void)
{
    memset(&platform, 0, sizeof platform);
    platform.uptime = uptime;
    platform.clock = clock_now;
    platform.entropy = entropy;
    platform.record_read = record_read;
    platform.record_write = record_write;
    uptime_step = 1;
    entropy_step = 1;
    entropy_says = WARD_OK;
    record_length = 16;
    wall = ward_time_set(NOW);
    CHECK_STATUS(run(), WARD_OK);
    CHECK_ZERO(test_work);
}

TEST(crypto_alone_can_be_tested)
{
    CHECK_STATUS(ward_selftest(NULL, 0, &test_work), WARD_OK);
}

TEST(a_fault_of_the_backend_is_named)
{
    crypto_fail_at(0, 0);
    CHECK_STATUS(ward_selftest(NULL, 0, &test_work), WARD_OK);
    const unsigned calls = crypto_calls();
    /* The digest takes four, the key one, and each of two signatures one to begin and its steps. */
    CHECK_NUMBER(calls, 7 + 2 * platform_steps());
    for (unsigned call = 1; call <= calls; call++) {
        crypto_fail_at(call, WARD_CRYPTO_FAILED);
        CHECK_STATUS(ward_selftest(NULL, 0, &test_work), call <= 4 ? WARD_SELFTEST_DIGEST : WARD_SELFTEST_SIGNATURE);
        CHECK_ZERO(test_work);
    }
    crypto_fail_at(calls, WARD_OK);
    CHECK_STATUS(ward_selftest(NULL, 0, &test_work), WARD_SELFTEST_SIGNATURE);
    crypto_fail_at(3, WARD_OK);
    CHECK_STATUS(ward_selftest(NULL, 0, &test_work), WARD_SELFTEST_DIGEST);
    crypto_fail_at(0, 0);
}

TEST(a_backend_that_does_its_work_and_says_no_is_named)
{
    for (unsigned call = 1; call <= 7 + 2 * platform_steps(); call++) {
        crypto_fail_late(call, WARD_CRYPTO_FAILED);
        CHECK_STATUS(ward_selftest(NULL, 0, &test_work), call <= 4 ? WARD_SELFTEST_DIGEST : WARD_SELFTEST_SIGNATURE);
    }
    crypto_fail_at(0, 0);
}

TEST(functions_that_are_not_whole_are_named)
{
    begin();
    platform.record_write = NULL;
    CHECK_STATUS(run(), WARD_SELFTEST_RECORD);
    begin();
    platform.record_read = NULL;
    CHECK_STATUS(run(), WARD_SELFTEST_RECORD);
    begin();
    platform.fetch_begin = ward_template_platform.fetch_begin;
    CHECK_STATUS(run(), WARD_SELFTEST_FETCH);
    platform.fetch_read = ward_template_platform.fetch_read;
    CHECK_STATUS(run(), WARD_SELFTEST_FETCH);
    platform.fetch_end = ward_template_platform.fetch_end;
    CHECK_STATUS(run(), WARD_OK);
    platform.uptime = NULL;
    CHECK_STATUS(run(), WARD_SELFTEST_UPTIME);
}

TEST(clocks_that_cannot_be_right_are_named)
{
    begin();
    wall = ward_time_set(NOW - 1);
    CHECK_STATUS(run(), WARD_SELFTEST_CLOCK);
    wall.trust = WARD_TIME_UNKNOWN;
    CHECK_STATUS(run(), WARD_OK);
    platform.clock = NULL;
    CHECK_STATUS(run(), WARD_OK);
    uptime_step = 59999;
    CHECK_STATUS(run(), WARD_OK);
    uptime_step = 60000;
    CHECK_STATUS(run(), WARD_SELFTEST_UPTIME);
    uptime_step = UINT32_MAX;
    CHECK_STATUS(run(), WARD_SELFTEST_UPTIME);
}

TEST(entropy_that_fails_or_repeats_is_named)
{
    begin();
    entropy_step = 0;
    CHECK_STATUS(run(), WARD_SELFTEST_ENTROPY);
    entropy_step = 1;
    entropy_fails_at = 2;
    CHECK_STATUS(run(), WARD_SELFTEST_ENTROPY);
    entropy_says = WARD_ENTROPY_MISSING;
    CHECK_STATUS(run(), WARD_SELFTEST_ENTROPY);
    platform.entropy = NULL;
    platform.record_read = NULL;
    platform.record_write = NULL;
    CHECK_STATUS(run(), WARD_OK);
}

TEST(a_slot_that_reads_too_much_is_named)
{
    begin();
    record_length = 17;
    for (record_slot = 0; record_slot < WARD_RECORD_SLOTS; record_slot++)
        CHECK_STATUS(run(), WARD_SELFTEST_RECORD);
    record_slot = 0;
}

TEST(the_template_provides_nothing)
{
    static const struct ward_audit_event event;
    struct ward_fetch_answer answer;
    char byte;
    const struct ward_platform *const given = &ward_template_platform;
    CHECK_NUMBER(given->clock(NULL).trust, WARD_TIME_UNKNOWN);
    CHECK_NUMBER(given->uptime(NULL), 0);
    CHECK_STATUS(given->fetch_begin(NULL, text("https://a/"), 0), WARD_NOT_PROVIDED);
    CHECK_NUMBER(given->fetch_read(NULL, &byte, 1) == WARD_FETCH_BROKEN, 1);
    given->fetch_end(NULL, &answer);
    CHECK_STATUS(answer.status, WARD_NOT_PROVIDED);
    CHECK_NUMBER(given->record_read(NULL, 0, 0, &byte, 1), 0);
    CHECK_STATUS(given->record_write(NULL, 0, 0, "x", 1), WARD_RECORD_NOT_STORED);
    given->audit(NULL, &event);
    CHECK_STATUS(given->entropy(NULL, &byte, 1), WARD_ENTROPY_MISSING);
    CHECK_STATUS(ward_selftest(given, NOW, &test_work), WARD_SELFTEST_ENTROPY);
}

TEST(a_provisioned_device_has_what_its_board_has)
{
    const struct ward_provisioned_board board = {
        .uptime = uptime, .record_read = record_read, .record_write = record_write, .context = &wall
    };
    ward_provisioned_platform(&platform, &board);
    CHECK(platform.context == &wall);
    CHECK(platform.uptime == uptime && platform.clock == NULL && platform.fetch_begin == NULL);
    CHECK(platform.record_read == record_read && platform.record_write == record_write);
}

SUITE(selftest, CASE(crypto_alone_can_be_tested), CASE(a_fault_of_the_backend_is_named),
      CASE(a_backend_that_does_its_work_and_says_no_is_named), CASE(functions_that_are_not_whole_are_named),
      CASE(clocks_that_cannot_be_right_are_named), CASE(entropy_that_fails_or_repeats_is_named),
      CASE(a_slot_that_reads_too_much_is_named), CASE(the_template_provides_nothing),
      CASE(a_provisioned_device_has_what_its_board_has));
