/* SPDX-License-Identifier: Apache-2.0 */
#include "encoding/writer.h"
#include "ward/access.h"
#include "ward/audit.h"
#include "ward/method.h"

static const char *kind_of(uint8_t kind)
{
    static const char *const names[] = { "unknown", "boot", "grant", "refusal", "change" };
    return names[kind < sizeof names / sizeof names[0] ? kind : 0];
}

static const char *subject_kind_of(uint8_t kind)
{
    static const char *const names[] = { "none", "user", "machine", "anonymous" };
    return names[kind < sizeof names / sizeof names[0] ? kind : 0];
}

static const char *trust_of(uint32_t trust)
{
    if (trust == WARD_TIME_SET)
        return "set";
    return trust == WARD_TIME_FLOOR ? "floor" : "unknown";
}

static void put_text(struct ward_writer *writer, const char *name, struct ward_text text, bool cut)
{
    ward_write(writer, name);
    ward_write_escaped(writer, text);
    ward_write(writer, cut ? "…\"" : "\"");
}

static void put_number(struct ward_writer *writer, const char *name, uint64_t number)
{
    ward_write(writer, name);
    ward_write_number(writer, number);
}

static void put_hex(struct ward_writer *writer, const char *name, const uint8_t *bytes, size_t length)
{
    ward_write(writer, name);
    ward_write_hex(writer, bytes, length);
    ward_write(writer, "\"");
}

static void put_what(struct ward_writer *writer, const struct ward_audit_event *event)
{
    put_number(writer, "{\"sequence\":", event->sequence);
    put_number(writer, ",\"time\":", event->seconds);
    ward_write(writer, ",\"clock\":\"");
    ward_write(writer, trust_of(event->trust));
    ward_write(writer, "\",\"kind\":\"");
    ward_write(writer, kind_of(event->kind));
    ward_write(writer, "\",\"reason\":\"");
    ward_write(writer, ward_status_name((struct ward_status){ event->reason }));
    put_number(writer, "\",\"status\":", event->http);
    ward_write(writer, ",\"method\":\"");
    ward_write(writer, ward_method_name(event->method));
    ward_write(writer, "\"");
    if (event->route != WARD_AUDIT_NO_ROUTE)
        put_number(writer, ",\"route\":", event->route);
    put_number(writer, ",\"repeats\":", event->repeats);
    if ((event->marks & WARD_AUDIT_MIXED) != 0u)
        ward_write(writer, ",\"mixed\":true");
    if ((event->marks & WARD_AUDIT_EXPOSED) != 0u)
        ward_write(writer, ",\"exposed\":true");
}

static void put_who(struct ward_writer *writer, const struct ward_audit_event *event)
{
    ward_write(writer, ",\"subject_kind\":\"");
    ward_write(writer, subject_kind_of(event->subject_kind));
    put_text(writer, "\",\"subject\":\"", ward_text_of(event->subject, event->subject_length),
             (event->marks & WARD_AUDIT_SUBJECT_CUT) != 0u);
    put_text(writer, ",\"client\":\"", ward_text_of(event->client, event->client_length),
             (event->marks & WARD_AUDIT_CLIENT_CUT) != 0u);
    put_hex(writer, ",\"owner\":\"", event->owner, sizeof event->owner);
    put_hex(writer, ",\"peer\":\"", event->peer, sizeof event->peer);
}

struct ward_status ward_audit_json(const struct ward_audit_event *event, const uint8_t digest[WARD_AUDIT_DIGEST],
                                   char *line, size_t size, size_t *length)
{
    struct ward_writer writer;
    uint8_t packed[WARD_AUDIT_PACKED];
    ward_audit_pack(event, packed);
    ward_write_begin(&writer, line, size);
    put_what(&writer, event);
    put_who(&writer, event);
    put_hex(&writer, ",\"previous\":\"", event->previous, sizeof event->previous);
    put_hex(&writer, ",\"digest\":\"", digest, WARD_AUDIT_DIGEST);
    put_hex(&writer, ",\"packed\":\"", packed, sizeof packed);
    ward_write(&writer, "}");
    return ward_write_end(&writer, length);
}
