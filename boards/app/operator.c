/* SPDX-License-Identifier: Apache-2.0 */
#include "operator.h"

#include <string.h>

#include "app.h"
#include "board.h"
#include "console.h"
#include "events.h"
#include "ward/denials.h"

/* The ring, and the digest of the newest event: note it elsewhere, and nobody can shorten the log unseen. */
static void print_ring(void)
{
    static struct ward_audit_event event;
    struct ward_audit_cursor cursor = { 0, 0 };
    uint8_t digest[WARD_AUDIT_DIGEST];
    uint8_t head[WARD_AUDIT_DIGEST] = { 0 };
    if (!ward_ok(ward_gate_audit_flush(&app_gate)))
        console_print("the last refusals could not be written\n");
    events_print();
    while (ward_ok(ward_gate_audit_read(&app_gate, &cursor, &event, digest))) {
        events_print_one("RING ", &event, digest);
        memcpy(head, digest, sizeof head);
    }
    console_print("HEAD ");
    for (size_t i = 0; i < WARD_AUDIT_DIGEST; i += 4)
        console_hex((uint32_t)head[i] << 24 | (uint32_t)head[i + 1] << 16 | (uint32_t)head[i + 2] << 8 | head[i + 3]);
    console_print("\n");
}

static struct ward_status change(struct ward_text subject, bool deny)
{
    bool was_denied;
    const struct ward_caller caller = { { { 0 } }, app_time(), board_uptime() };
    if (deny)
        return ward_deny_subject(&app_gate, subject, WARD_DENY_ALWAYS, &caller, &app_work);
    const struct ward_status status = ward_undeny_subject(&app_gate, subject, &caller, &app_work, &was_denied);
    return ward_ok(status) && !was_denied ? ward_status_of(WARD_NO_RESULT) : status;
}

/* For a device whose gate is closed since it cannot hold what is stored: see ward_deny_reset(). */
static void drop_denials(void)
{
    const struct ward_caller caller = { { { 0 } }, app_time(), board_uptime() };
    const struct ward_status status = ward_deny_reset(&app_gate, &caller);
    events_print();
    console_print(ward_ok(status) ? "done" : ward_status_sentence(status));
    console_print("\n");
}

/* Everybody's tokens issued up to this time are denied from now on, also where it was a later one; 0: nobody's. */
static void deny_until(struct ward_text text)
{
    const struct ward_caller caller = { { { 0 } }, app_time(), board_uptime() };
    uint64_t seconds;
    if (!console_seconds(text, &seconds)) {
        console_print("denyall: seconds since 1970\n");
        return;
    }
    ward_deny_all_until(&app_gate, seconds, &caller);
    events_print();
    console_print("done\n");
}

static void change_denial(struct ward_text subject, bool deny)
{
    const struct ward_status status = change(subject, deny);
    events_print();
    if (status.code == WARD_NO_RESULT)
        console_print("not on the deny list");
    else
        console_print(ward_ok(status) ? "done" : ward_status_sentence(status));
    console_print("\n");
}

/* Whoever stands here need not be trusted for it: it is signed. */
static void take_bundle(char *bundle, size_t length)
{
    struct ward_status status = ward_status_of(WARD_BUNDLE_NOT_CONFIGURED);
    if (app_keyring != NULL)
        status = ward_keyring_bundle(app_keyring, bundle, length, app_clock(), board_uptime(), &app_work);
    ward_gate_note(&app_gate, ward_ok(status) ? ward_status_of(WARD_BUNDLE_TAKEN) : status, app_time(), board_uptime());
    events_print();
    console_print("bundle ");
    console_print(ward_status_name(status));
    console_print("\n");
}

/* What follows a word and a space; empty where the line does not begin so. */
static struct ward_text behind(struct ward_text line, struct ward_text word)
{
    if (line.length <= word.length || memcmp(line.data, word.data, word.length) != 0)
        return ward_text_of(NULL, 0);
    return ward_text_of(line.data + word.length, line.length - word.length);
}

bool operator_command(char *line, size_t length)
{
    static const struct ward_text quit = WARD_TEXT("quit");
    static const struct ward_text audit = WARD_TEXT("audit");
    static const struct ward_text deny = WARD_TEXT("deny ");
    static const struct ward_text undeny = WARD_TEXT("undeny ");
    static const struct ward_text all = WARD_TEXT("denyall ");
    static const struct ward_text drop = WARD_TEXT("drop denials");
    static const struct ward_text bundle = WARD_TEXT("bundle ");
    const struct ward_text text = ward_text_of(line, length);
    if (ward_text_equal(text, quit))
        return false;
    if (ward_text_equal(text, audit))
        print_ring();
    else if (ward_text_equal(text, drop))
        drop_denials();
    else if (behind(text, all).length > 0)
        deny_until(behind(text, all));
    else if (behind(text, bundle).length > 0)
        take_bundle(line + bundle.length, length - bundle.length);
    else if (behind(text, deny).length > 0)
        change_denial(behind(text, deny), true);
    else if (behind(text, undeny).length > 0)
        change_denial(behind(text, undeny), false);
    else
        console_print("commands: !audit, !deny SUBJECT, !undeny SUBJECT, !denyall SECONDS, !drop denials, !bundle "
                      "BUNDLE, !quit\n");
    return true;
}
