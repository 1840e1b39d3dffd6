/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles that reach the device, and what they make of it. */
#include <string.h>

#include "carrier.h"
#include "inside.h"
#include "keys/bundle.h"
#include "keys/keyring.h"
#include "ward/access.h"

static struct ward_jwks operator_keys;
static struct ward_text names[NAMES];
static struct ward_expect expect;
static struct ward_bundle_config config;

const struct ward_bundle_config *bundles_configure(const struct firmware *firmware)
{
    static const char operator_name[] = "https://fleet.example/";
    static const char fleet[] = "thermostats";
    const unsigned used[] = { firmware->issuer, ALIAS };
    struct keys keys = { 0 };
    for (unsigned key = 0; key < OPERATOR_KEYS; key++)
        if ((firmware->operators >> key & 1u) != 0u)
            keys.key[keys.count++] = operator_key(key);
    keys_write(&keys, &operator_keys);
    memset(&expect, 0, sizeof expect);
    expect.issuers.item = names;
    expect.issuers.count = firmware->alias ? 2 : 1;
    for (unsigned i = 0; i < 2; i++)
        names[i] = ward_text_of(issuer_name[used[i]], strlen(issuer_name[used[i]]));
    memset(&config, 0, sizeof config);
    config.operator_name = ward_text_of(operator_name, sizeof operator_name - 1);
    config.fleet = ward_text_of(fleet, sizeof fleet - 1);
    config.keys = &operator_keys;
    config.expect = &expect;
    return firmware->operators != 0 ? &config : NULL;
}

/* ---- What must hold. */

static uint16_t count_owners(void)
{
    return (uint16_t)reference.bundles.count;
}

static void judge_info(void)
{
    const struct bundles *const force = &reference.bundles;
    struct call call;
    call_begin(&call, "ward_keyring_bundle_info");
    const struct ward_bundle_info info = ward_keyring_bundle_info(&keyring);
    call_end(&call, 1);
    HOLD(RULE_BUNDLE,
         info.sequence == force->sequence && info.issued == force->issued && info.expires == force->expires &&
             info.issued_until == force->everybody && info.denials == count_owners(),
         "number %llu, of %llu, is in force instead of number %llu, of %llu", (unsigned long long)info.sequence,
         (unsigned long long)info.issued, (unsigned long long)force->sequence, (unsigned long long)force->issued);
    HOLD(RULE_WORD, info.keys == force->keys, "the keys are %s", info.keys ? "said to be a bundle's" : "a bundle's");
    HOLD(RULE_BUNDLE, info.signer == (force->number > 0 && reference_has_operator(force->signer)),
         "the key of its operator is %s", info.signer ? "said to be there" : "there");
}

static uint64_t some_time_of_issue(void)
{
    const struct bundles *const force = &reference.bundles;
    const uint64_t until = force->count > 0 && one_in(2) ? force->denied[below(force->count)].until : force->everybody;
    return one_in(8) ? 0 : until > 0 && until < ALWAYS ? until + below(2) : EPOCH + below(100000000);
}

static void judge_denial(struct denied who, const uint8_t owner[WARD_OWNER_SIZE])
{
    const uint64_t issued = some_time_of_issue();
    const bool denied = reference_denies(who, issued);
    HOLD(RULE_DENIED, ward_bundle_denies(&keyring, owner, issued) == denied,
         "%s %u under name %u, issued at %llu, is %s", who.owner ? "the owner" : "the subject", who.who, who.name,
         (unsigned long long)issued, denied ? "let in" : "denied");
}

static void judge_denials(void)
{
    static struct ward_workspace scratch;
    for (unsigned who = 0; who < SUBJECTS; who++) {
        const char subject[] = { 's', (char)('0' + who) };
        uint8_t id[WARD_OWNER_SIZE];
        owner_write(who, id);
        judge_denial((struct denied){ .owner = true, .who = who }, id);
        for (unsigned name = 0; name < NAMES; name++) {
            const struct ward_text of = ward_text_of(issuer_name[name], strlen(issuer_name[name]));
            const struct ward_status named = ward_owner_id(of, ward_text_of(subject, sizeof subject), &scratch, id);
            HOLD(RULE_DENIED, ward_ok(named), "a subject has no id");
            judge_denial((struct denied){ .name = name, .who = who }, id);
        }
    }
}

void judge_bundles(void)
{
    judge_info();
    judge_denials();
}

/* ---- What is handed in. */

static struct ward_status hand_in(struct delivery *delivery, char *buffer, size_t length)
{
    const uint64_t turns = happened[CONTENTION];
    struct call call;
    delivery->at = now;
    delivery->given = clock_of_platform();
    reference_bundle_begin(now);
    runner_stands_still(true);
    call_begin(&call, "ward_keyring_bundle");
    const struct ward_status status = ward_keyring_bundle(&keyring, buffer, length, delivery->given,
                                                          uptime(delivery->at), &work);
    /* Before it is read, before its keys are, and where it is in force. */
    call_end_within(&call, device.firmware.operators != 0 ? 1 : 0, 3);
    runner_stands_still(false);
    delivery->busy = reference.fetching || !spare_is_free();
    delivery->disturbed = happened[CONTENTION] != turns;
    return status;
}

static void judge(const struct delivery *delivery, struct ward_status status)
{
    struct keys kept;
    const bool by_bundle = keyring.bundle_keys;
    HOLD(RULE_WORD, keys_read(ward_keyring_keys(&keyring), &kept), "keys that nobody ever made");
    reference_bundle_end(delivery, status, &kept, by_bundle, keyring.new_come);
    judge_keys(ward_ok(status) ? RULE_WORD : RULE_KEPT);
    judge_bundles();
    if (!ward_ok(status))
        return;
    /* It may have brought what the issuer has removed, and a time that is wrong. */
    const struct bundle *const bundle = delivery->bundle;
    device.undisturbed = device.undisturbed > now ? device.undisturbed : now;
    device.clock_was_wrong = device.clock_was_wrong || bundle->issued > EPOCH + now / SECOND;
    /* Its keys are as old as it says, and so serve longer by what the operator's clock was ahead. */
    const uint64_t said = (bundle->issued - EPOCH) * SECOND;
    if (bundle->issued > EPOCH && said > bundle->shown + device.operator_ahead)
        device.operator_ahead = said - bundle->shown;
    runner_wake();
}

struct ward_status device_bundle(const struct bundle *bundle, bool well)
{
    static char buffer[sizeof bundle->text.bytes + 8];
    static char before[sizeof buffer];
    struct delivery delivery = { .bundle = bundle };
    size_t length;
    delivery.damaged = !carrier_write(bundle, well, buffer, &length);
    memcpy(before, buffer, length);
    const struct ward_status status = hand_in(&delivery, buffer, length);
    TRACE("bundle %llu is handed in%s: status %x", (unsigned long long)bundle->number,
          delivery.damaged ? ", damaged" : "", status.code);
    HOLD(RULE_BUNDLE,
         (status.code != WARD_BUNDLE_BUSY && status.code != WARD_BUNDLE_SIGNER) || memcmp(before, buffer, length) == 0,
         "it is to be handed in again, and is not what it was");
    judge(&delivery, status);
    return status;
}
