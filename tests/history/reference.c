/* SPDX-License-Identifier: Apache-2.0 */
#include "reference.h"

#include <string.h>

#include "rules.h"

struct reference reference;

const char *const issuer_name[ISSUERS] = { "https://a.example/", "https://b.example/" };
const char *const authority_name[AUTHORITIES] = { "", "one", "two" };
const char *const person_name[PEOPLE] = { "p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9",
                                          "q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9" };
const uint8_t foreign_section[FOREIGN] =
    "a section that a build of another time has written, and that stays where it is";

void reference_begin(void)
{
    memset(&reference, 0, sizeof reference);
}

/* ---- The slots. */

int reference_newest(void)
{
    int newest = -1;
    for (int slot = 0; slot < SLOTS; slot++) {
        if (!reference.whole[slot])
            continue;
        const bool better = newest < 0 || (reference.slot[newest].of_keys && !reference.slot[slot].of_keys) ||
                            (reference.slot[newest].of_keys == reference.slot[slot].of_keys &&
                             reference.order[slot] > reference.order[newest]);
        newest = better ? slot : newest;
    }
    return newest;
}

static struct memory newest_memory(void)
{
    static const struct memory nothing;
    const int newest = reference_newest();
    return newest < 0 ? nothing : reference.slot[newest];
}

/* What the record that begins now is to keep. */
static struct memory meant(void)
{
    static const struct memory nothing;
    struct view view;
    reference.build->view(&view);
    struct memory memory = reference.provisions ? nothing : newest_memory();
    if (reference.opener == DEVICE) {
        memory = reference.now;
        memory.gate = true;
        memory.authority = reference.setting.authority;
        memcpy(memory.head, view.head, DIGEST);
    }
    if (reference.opener != TOOL) {
        memory.floor = view.floor;
        memory.boots = view.boots;
    }
    memory.of_keys = reference.provisions;
    memory.fetched_at = view.fetched_at;
    memcpy(memory.keys, view.keys, sizeof memory.keys);
    return memory;
}

void record_begins(unsigned slot)
{
    /* Keys go into the slot of the older record, which the operator has been told. */
    HOLD(RULE_SLOT, (int)slot != reference_newest() || reference.slot[slot].of_keys, "slot %u holds the newest record",
         slot);
    HOLD(RULE_CLOSED, reference.opener != DEVICE || reference.closed == WARD_OK,
         "a closed gate's device writes a record");
    reference.slot[slot] = meant();
    reference.whole[slot] = false;
}

void record_is_whole(unsigned slot)
{
    reference.whole[slot] = true;
    reference.order[slot] = ++reference.writes;
    reference.by_other = reference.by_other && reference.opener == DEVICE ? false : reference.opener != DEVICE;
    TRACE("    slot %u holds %u denials, keys %s", slot, reference_count(&reference.slot[slot]),
          reference.slot[slot].keys);
}

/* ---- Denials. */

unsigned reference_count(const struct memory *memory)
{
    unsigned count = 0;
    for (unsigned name = 0; name < NAMES; name++)
        for (unsigned person = 0; person < PEOPLE; person++)
            count += memory->until[name][person] > 0;
    return count;
}

unsigned reference_name(unsigned issuer)
{
    return reference.setting.authority == 0 ? issuer : ISSUERS + reference.setting.authority - 1;
}

unsigned reference_names(void)
{
    return reference.setting.authority == 0 ? reference.setting.issuers : 1u << reference_name(0);
}

bool reference_denied(unsigned name, unsigned person, uint64_t issued)
{
    return issued <= reference.now.all_until || issued <= reference.now.until[name][person];
}

uint32_t reference_deny(unsigned names, unsigned person, uint64_t until)
{
    unsigned count = reference_count(&reference.now);
    if (reference.closed != WARD_OK)
        return reference.closed;
    for (unsigned name = 0; name < NAMES; name++)
        count += (names >> name & 1u) != 0 && reference.now.until[name][person] == 0;
    if (count > reference.build->most_denials)
        return WARD_DENY_LIST_FULL;
    for (unsigned name = 0; name < NAMES; name++)
        if ((names >> name & 1u) != 0 && until > reference.now.until[name][person])
            reference.now.until[name][person] = until;
    return WARD_OK;
}

bool reference_undeny(unsigned names, unsigned person)
{
    bool was_denied = false;
    for (unsigned name = 0; name < NAMES; name++) {
        if ((names >> name & 1u) == 0)
            continue;
        was_denied = was_denied || reference.now.until[name][person] > 0;
        reference.now.until[name][person] = 0;
    }
    return was_denied;
}

void reference_drop(void)
{
    memset(reference.now.until, 0, sizeof reference.now.until);
    reference.closed = WARD_OK;
}

bool reference_is_stored(void)
{
    const struct memory stored = newest_memory();
    if (!stored.gate)
        return reference_count(&reference.now) == 0 && reference.now.all_until == 0;
    return memcmp(stored.until, reference.now.until, sizeof stored.until) == 0 &&
           stored.all_until == reference.now.all_until;
}

/* ---- A boot. */

static uint32_t closed_by(const struct memory *stored)
{
    const unsigned count = reference_count(stored);
    if (!stored->gate || count == 0)
        return WARD_OK;
    if (count > reference.build->most_denials)
        return WARD_DENIALS_NOT_HELD;
    return stored->authority == reference.setting.authority ? WARD_OK : WARD_DENIALS_OF_OTHER;
}

bool are_letters(const char *some, const char *all)
{
    for (; *some != '\0'; some++)
        if (strchr(all, *some) == NULL)
            return false;
    return true;
}

/* Keys of `ward provision` beside the record come in where they are later. */
static void judge_keys(const struct view *view, struct memory *stored, int newest)
{
    const int other = newest < 0 ? -1 : 1 - newest;
    const size_t most = reference.build->most_keys;
    if (other >= 0 && !stored->of_keys && reference.whole[other] && reference.slot[other].of_keys &&
        reference.slot[other].fetched_at > stored->fetched_at) {
        memcpy(stored->keys, reference.slot[other].keys, sizeof stored->keys);
        happened[PROVISIONED]++;
    }
    const size_t expected = strlen(stored->keys) < most ? strlen(stored->keys) : most;
    HOLD(RULE_KEYS, strlen(view->keys) == expected && are_letters(view->keys, stored->keys),
         "keys %s where %s were stored", view->keys, stored->keys);
}

static void judge_gate(const struct view *view, const struct memory *stored, enum rule rule)
{
    static const uint8_t none[DIGEST];
    reference.closed = closed_by(stored);
    happened[NOT_HELD] += reference.closed == WARD_DENIALS_NOT_HELD;
    happened[OF_OTHER] += reference.closed == WARD_DENIALS_OF_OTHER;
    HOLD(RULE_CLOSED, view->closed.code == reference.closed, "the gate's state is %u instead of %u", view->closed.code,
         reference.closed);
    const unsigned expected = reference.closed == WARD_OK ? reference_count(stored) : 0;
    HOLD(rule, view->denials == expected, "%zu denials instead of %u", view->denials, expected);
    HOLD(rule, memcmp(view->previous, stored->gate ? stored->head : none, DIGEST) == 0,
         "the audit does not go on where it ended");
}

static bool has_foreign(const uint8_t *bytes)
{
    for (size_t at = 0; at + FOREIGN <= BLOCK; at++)
        if (memcmp(bytes + at, foreign_section, FOREIGN) == 0)
            return true;
    return false;
}

static bool is_no_loss(struct ward_status status)
{
    static const uint32_t usual[] = { WARD_OK,
                                      WARD_RECORD_ABSENT,
                                      WARD_RECORD_UNFINISHED,
                                      WARD_RECORD_FALLBACK,
                                      WARD_RECORD_MISMATCH,
                                      WARD_RECORD_KEYS_LEFT_OUT };
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (status.code == usual[i])
            return true;
    return false;
}

void reference_boot(struct ward_status status)
{
    const int newest = reference_newest();
    struct memory stored = newest_memory();
    const enum rule rule = reference.by_other ? RULE_TOOL : RULE_KEPT;
    struct view view;
    reference.build->view(&view);
    HOLD(rule, is_no_loss(status), "a boot says %s", ward_status_name(status));
    HOLD(rule, reference.opener == TOOL || view.boots == stored.boots + 1, "boot %u instead of %u", view.boots,
         stored.boots + 1);
    HOLD(RULE_FLOOR, view.floor == (stored.floor > BUILT ? stored.floor : BUILT), "the floor is %llu instead of %llu",
         (unsigned long long)view.floor, (unsigned long long)stored.floor);
    judge_keys(&view, &stored, newest);
    reference.closed = WARD_OK;
    if (reference.opener == DEVICE)
        judge_gate(&view, &stored, rule);
    if (reference.foreign && newest >= 0) {
        happened[FOREIGN_SECTION]++;
        HOLD(RULE_TOOL, has_foreign(world.flash[newest]), "another build's section is gone");
    }
    reference.now = stored;
    if (reference.closed != WARD_OK)
        memset(reference.now.until, 0, sizeof reference.now.until);
}
