/* SPDX-License-Identifier: Apache-2.0 */
#include "ways.h"

#include "crypto_faults.h"
#include "keyring_fixture.h"
#include "platform.h"

struct way ways[WAYS];

static int locked;

static void lock(void *context)
{
    (void)context;
    CHECK_NUMBER(locked++, 0);
}

static void unlock(void *context)
{
    (void)context;
    CHECK_NUMBER(--locked, 0);
}

static const struct ward_hooks hooks = { lock, unlock, NULL };

void ways_start(const struct ward_policy *policy)
{
    crypto_fail_at(0, 0);
    locked = 0;
    gate_start(policy);
    test_gate.hooks = hooks;
}

void ways_start_ring(const char *keys)
{
    struct ward_gate_setup setup = { .policy = &usual_policy, .keyring = &ring, .hooks = hooks };
    crypto_fail_at(0, 0);
    locked = 0;
    ring_usual();
    ring_config.hooks = hooks;
    ring_begin();
    ring_fill(keys);
    CHECK_STATUS(ward_gate_begin_with(&test_gate, &setup, ring_time, &test_work), WARD_OK);
    memset(&test_caller, 0, sizeof test_caller);
    test_caller.now = ring_time;
    test_caller.uptime = ring_uptime;
}

struct ward_status way_begin_for(struct way *way, const char *expression)
{
    memset(&way->check, 0x5a, sizeof way->check);
    memset(&way->work, 0x5a, sizeof way->work);
    memset(&way->decision, 0x5a, sizeof way->decision);
    const struct ward_status status = ward_authorize_begin(&way->check, &test_gate, way->token.data, way->token.length,
                                                           text(expression), &test_caller, &way->work, &way->decision);
    CHECK_NUMBER(locked, 0);
    return status;
}

struct ward_status way_begin(struct way *way, const char *subject)
{
    token_make_of(&way->token, subject);
    return way_begin_for(way, "read:foia");
}

struct ward_status way_step(struct way *way)
{
    const struct ward_status status = ward_authorize_step(&way->check, test_caller.now, test_caller.uptime);
    CHECK_NUMBER(locked, 0);
    return status;
}

void way_give_up(struct way *way)
{
    ward_authorize_abort(&way->check);
    CHECK_NUMBER(locked, 0);
}

void way_take(struct way *way, unsigned steps)
{
    for (unsigned i = 0; i < steps; i++)
        CHECK_STATUS(way_step(way), WARD_UNFINISHED);
}

struct way *way_before_its_end(const char *subject)
{
    CHECK_STATUS(way_begin(&ways[0], subject), WARD_UNFINISHED);
    way_take(&ways[0], platform_steps() - 1);
    return &ways[0];
}

void way_has_left_nothing(struct way *way)
{
    CHECK_ZERO(way->decision.grant);
    CHECK_ZERO(way->work);
    CHECK(way->decision.route == WARD_NO_ROUTE);
    for (size_t i = 0; i < way->token.length; i++)
        CHECK_NUMBER(way->token.data[i], 0);
    CHECK_STATUS(way_step(way), WARD_NOT_UNDER_WAY);
}

void way_ends(struct way *way, uint16_t http, enum ward_code code)
{
    CHECK_STATUS(way_step(way), code);
    CHECK_NUMBER(way->decision.answer.http, http);
    CHECK_NUMBER(last_event()->reason, code);
    way_has_left_nothing(way);
    CHECK_NUMBER(crypto_signatures(), 0);
}

void way_grants(struct way *way)
{
    CHECK_STATUS(way_step(way), WARD_OK);
    CHECK_NUMBER(way->decision.answer.http, 200);
    CHECK(way->decision.grant.claims.subject.length > 0);
    CHECK_STATUS(way_step(way), WARD_NOT_UNDER_WAY);
    CHECK_NUMBER(way->decision.answer.http, 200);
}

unsigned ways_running(void)
{
    return ring.running[0] + ring.running[1];
}
