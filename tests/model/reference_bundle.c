/* SPDX-License-Identifier: Apache-2.0 */
/* The reference: bundles. What include/ward/bundle.h promises: which is taken, what it brings, whom it denies. */
#include "reference.h"

#include <string.h>

enum { TOLERANCE = 300 };

/* ---- Operators. */

bool reference_has_operator(unsigned key)
{
    return (reference.firmware.operators >> key & 1u) != 0u;
}

bool reference_has_operators(const struct keys *keys)
{
    for (unsigned key = 0; key < OPERATOR_KEYS; key++)
        if (reference_has_operator(key) && keys_have(keys, operator_key(key)))
            return true;
    return false;
}

/* ---- Whom it denies: each once, up to the latest time. */

static bool is_same_person(const struct denied *a, const struct denied *b)
{
    return a->owner == b->owner && a->name == b->name && a->who == b->who;
}

static void add_denied(struct bundles *to, struct denied denied)
{
    for (unsigned i = 0; i < to->count; i++) {
        struct denied *const other = &to->denied[i];
        if (!is_same_person(other, &denied))
            continue;
        other->until = other->until > denied.until ? other->until : denied.until;
        return;
    }
    to->denied[to->count++] = denied;
}

static void add_denial(struct bundles *to, const struct denial *denial)
{
    struct denied denied = { .owner = denial->whom == OWNER, .who = denial->who, .until = denial->until };
    if (denial->whom == EVERYBODY) {
        to->everybody = to->everybody > denial->until ? to->everybody : denial->until;
        return;
    }
    denied.name = denied.owner ? 0 : reference.firmware.issuer;
    add_denied(to, denied);
    if (denied.owner || !reference.firmware.alias)
        return;
    denied.name = ALIAS;
    add_denied(to, denied);
}

static bool is_up_to(uint64_t issued, uint64_t until)
{
    return until > 0 && (issued == 0 || issued <= until);
}

bool reference_denies(struct denied who, uint64_t issued)
{
    const struct bundles *const force = &reference.bundles;
    bool denies = is_up_to(issued, force->everybody);
    for (unsigned i = 0; i < force->count; i++)
        if (is_same_person(&force->denied[i], &who))
            denies = denies || is_up_to(issued, force->denied[i].until);
    return denies;
}

/* What it says, in place of what the one in force has. */
static struct bundles said(const struct bundle *bundle)
{
    struct bundles next = { .number = bundle->number,
                            .signer = bundle->signer,
                            .sequence = bundle->sequence,
                            .issued = bundle->issued,
                            .expires = bundle->expires,
                            .keys = reference.bundles.keys };
    memcpy(next.last, reference.bundles.last, sizeof next.last);
    next.last[bundle->signer] = bundle->sequence;
    for (unsigned i = 0; i < bundle->denials; i++)
        add_denial(&next, &bundle->denial[i]);
    return next;
}

/* ---- Why it may be refused. Of several reasons any is a good one, but a signature comes before what it has signed. */

enum { ANY = 0, MOST_REASONS = 8 };

struct reasons {
    unsigned count;
    uint32_t code[MOST_REASONS];
    bool unsure; /* it may also be taken: the time is not known as exactly */
};

static void add(struct reasons *reasons, bool is, uint32_t code)
{
    if (is)
        reasons->code[reasons->count++] = code;
}

static void add_of_signature(struct reasons *reasons, const struct delivery *delivery)
{
    const enum fault fault = delivery->bundle->fault;
    add(reasons, delivery->damaged, ANY);
    add(reasons, fault == TOO_LONG, WARD_BUNDLE_TOO_LONG);
    add(reasons, fault == OF_OTHER_TYPE, WARD_TYPE_REFUSED);
    add(reasons, fault == OF_OTHER_TYPE, WARD_TYPE_MISSING);
    add(reasons, fault == OF_ISSUER || !reference_has_operator(delivery->bundle->signer), WARD_BUNDLE_SIGNER);
    add(reasons, fault == OF_STRANGER, WARD_SIGNATURE_INVALID);
}

static bool is_again(const struct bundle *bundle)
{
    return bundle->number == reference.bundles.number;
}

/* What it may follow. */
static void add_of_order(struct reasons *reasons, const struct bundle *bundle)
{
    const struct bundles *const force = &reference.bundles;
    const bool same_key = force->number > 0 && force->signer == bundle->signer;
    if (is_again(bundle))
        return;
    if (same_key && bundle->sequence == force->sequence)
        add(reasons, true, WARD_BUNDLE_CHANGED);
    else
        add(reasons, bundle->sequence <= force->last[bundle->signer], WARD_BUNDLE_OLDER);
    add(reasons,
        force->number > 0 && !same_key && reference_has_operator(force->signer) && bundle->issued < force->issued,
        WARD_BUNDLE_EARLIER);
}

static void add_of_content(struct reasons *reasons, const struct delivery *delivery)
{
    static const uint32_t codes[FAULTS] = {
        [OF_OTHER_OPERATOR] = WARD_BUNDLE_OPERATOR,   [OF_OTHER_FLEET] = WARD_BUNDLE_FLEET,
        [WITHOUT_TIME] = WARD_ISSUED_MISSING,         [WITHOUT_SEQUENCE] = WARD_BUNDLE_SEQUENCE_INVALID,
        [WITHOUT_WHOM] = WARD_BUNDLE_DENIALS_INVALID, [WITH_OPERATORS] = WARD_BUNDLE_OPERATOR_KEY
    };
    const struct bundle *const bundle = delivery->bundle;
    const struct bundles next = said(bundle);
    const uint64_t time = reference_time_without_bundle(delivery->given, delivery->at).seconds;
    const bool is_near = slack > 0 && reference_distance(time, bundle->expires) <= reference_slack();
    /* One of more keys than slots may find none. */
    const bool may_miss = bundle->fault == WITH_OPERATORS && bundle->keys.count > WARD_MAX_KEYS;
    add(reasons, bundle->fault != RIGHT && !may_miss, codes[bundle->fault]);
    add(reasons, bundle->issuer != reference.firmware.issuer, WARD_BUNDLE_ISSUER);
    add(reasons, next.count > WARD_DENY_SLOTS, WARD_BUNDLE_DENIALS_FULL);
    add_of_order(reasons, bundle);
    add(reasons, time >= bundle->expires && !is_near, WARD_BUNDLE_EXPIRED);
    reasons->unsure = reasons->count == 0 && (is_near || may_miss);
    add(reasons, is_near, WARD_BUNDLE_EXPIRED);
    add(reasons, may_miss, WARD_BUNDLE_OPERATOR_KEY);
}

static bool is_reason(const struct reasons *reasons, struct ward_status status)
{
    for (unsigned i = 0; i < reasons->count; i++)
        if (reasons->code[i] == status.code || (reasons->code[i] == ANY && !ward_ok(status)))
            return true;
    return false;
}

static void judge(const struct delivery *delivery, struct ward_status status)
{
    struct reasons reasons = { 0 };
    add_of_signature(&reasons, delivery);
    if (reasons.count == 0)
        add_of_content(&reasons, delivery);
    const bool may_be_taken = reasons.count == 0 || reasons.unsure;
    if (ward_ok(status))
        HOLD(RULE_BUNDLE, may_be_taken, "it is taken, and not refused: %u", reasons.code[0]);
    else
        HOLD(RULE_BUNDLE, is_reason(&reasons, status), "it is refused: %u instead of %u", status.code,
             reasons.count > 0 ? reasons.code[0] : WARD_OK);
}

/* ---- What it brings. */

/* How old the word is of which the keys in use are: those of a bundle, or none, give way to any. */
static uint64_t word(void)
{
    if (reference.bundles.keys || reference.keys.count == 0)
        return 0;
    return reference.fetched_at > 0 ? reference.fetched_at : reference.firmware.build_time;
}

static bool is_later(const struct bundle *bundle, bool by_bundle)
{
    const bool unsure = slack > 0 && reference_distance(word(), bundle->issued) <= reference_slack();
    return unsure ? by_bundle : bundle->issued >= word();
}

static void take_keys(const struct delivery *delivery, bool anew, const struct keys *kept, bool new_come)
{
    const struct bundle *const bundle = delivery->bundle;
    reference.fetching_wanted.more = reference.fetching_wanted.more || delivery->disturbed;
    reference_judge_choice(&bundle->keys, kept, delivery->at);
    HOLD(RULE_WORD, !reference_has_operators(kept), "an operator's key is among them");
    if (anew || !reference.bundles.keys) {
        reference.fetched_at = bundle->issued;
        reference.shown_at = bundle->shown;
    }
    reference.bundles.keys = true;
    reference.left_out = bundle->keys.count - kept->count;
    if (!keys_same(kept, &reference.keys))
        reference_swap(kept, &bundle->keys, delivery->at, new_come);
}

static bool denies_the_same(const struct bundles *a, const struct bundles *b)
{
    bool same = a->count == b->count;
    for (unsigned i = 0; i < a->count && same; i++)
        same = is_same_person(&a->denied[i], &b->denied[i]);
    return same;
}

/* The one in force again is read anew where the firmware knows issuers by other names. What it says of the time is not. */
static bool put_in_force(const struct bundle *bundle, uint64_t at)
{
    const bool again = is_again(bundle);
    const bool set_back = again && reference.bundles.set_back;
    const uint64_t floor = !set_back && bundle->issued > TOLERANCE ? bundle->issued - TOLERANCE : 0;
    const struct bundles next = said(bundle);
    if (again && denies_the_same(&reference.bundles, &next))
        return false;
    happened[FLOOR_LOWERED] += floor < reference.bundle_floor;
    happened[DENIAL_BACK] += reference.bundles.count > next.count;
    reference.bundles = next;
    reference.bundles.set_back = set_back;
    reference.bundle_taken = true;
    reference.urgent = true;
    reference_set_bundle_floor(floor, at);
    return true;
}

static void take(const struct delivery *delivery, const struct keys *kept, bool by_bundle, bool new_come)
{
    const struct bundle *const bundle = delivery->bundle;
    const bool later = is_later(bundle, by_bundle);
    happened[is_again(bundle) ? BUNDLE_AGAIN : BUNDLE_TAKEN]++;
    happened[BUNDLE_ASIDE] += !later;
    const bool anew = put_in_force(bundle, delivery->at);
    if (later)
        take_keys(delivery, anew, kept, new_come);
}

static void count(const struct delivery *delivery, struct ward_status status)
{
    static const struct {
        uint32_t code;
        enum happening happening;
    } outcomes[] = { { WARD_BUNDLE_OLDER, BUNDLE_OLDER },         { WARD_BUNDLE_CHANGED, BUNDLE_CHANGED },
                     { WARD_BUNDLE_EARLIER, BUNDLE_EARLIER },     { WARD_BUNDLE_EXPIRED, BUNDLE_EXPIRED },
                     { WARD_BUNDLE_SIGNER, BUNDLE_OF_OTHER_KEY }, { WARD_BUNDLE_FLEET, BUNDLE_OF_OTHER },
                     { WARD_BUNDLE_ISSUER, BUNDLE_OF_OTHER },     { WARD_BUNDLE_OPERATOR, BUNDLE_OF_OTHER },
                     { WARD_BUNDLE_DENIALS_FULL, BUNDLE_FULL },   { WARD_SIGNATURE_INVALID, BUNDLE_FORGED },
                     { WARD_BUNDLE_OPERATOR_KEY, OPERATORS_KEY } };
    for (unsigned i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++)
        happened[outcomes[i].happening] += outcomes[i].code == status.code && !delivery->damaged;
    happened[BUNDLE_DAMAGED] += delivery->damaged;
}

void reference_bundle_begin(uint64_t at)
{
    if (reference.fetching)
        return;
    reference.fetching_wanted = reference.wanted;
    reference.fetch_began = at;
}

void reference_bundle_end(const struct delivery *delivery, struct ward_status status, const struct keys *kept,
                          bool by_bundle, bool new_come)
{
    const uint32_t first = reference.firmware.operators == 0 ? WARD_BUNDLE_NOT_CONFIGURED
                           : delivery->busy                  ? WARD_BUNDLE_BUSY
                                                             : WARD_OK;
    if (first != WARD_OK) {
        happened[BUNDLE_BUSY] += first == WARD_BUNDLE_BUSY;
        HOLD(RULE_BUNDLE, status.code == first, "it is looked at: %u instead of %u", status.code, first);
        return;
    }
    judge(delivery, status);
    count(delivery, status);
    if (ward_ok(status))
        take(delivery, kept, by_bundle, new_come);
}

/* ---- After a boot. */

/* Who is not in the firmware has lost its say, but on whom it denies. */
void reference_bundle_open(const struct bundles *stored, bool keys, uint64_t at)
{
    const bool counts = stored->number > 0 && reference_has_operator(stored->signer) && !stored->set_back;
    happened[OPERATOR_GONE] += stored->keys && !reference_has_operator(stored->signer);
    reference.bundles = *stored;
    reference.bundles.keys = stored->keys && keys;
    reference_set_bundle_floor(counts && stored->issued > TOLERANCE ? stored->issued - TOLERANCE : 0, at);
}
