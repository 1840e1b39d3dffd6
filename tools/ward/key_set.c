/* SPDX-License-Identifier: Apache-2.0 */
/* Key sets from files. */
#include "tool.h"

/* How far a file was read. */
struct place {
    size_t bytes; /* before the one that is wrong */
    size_t line;
    char wrong;
};

static void step(struct place *place, char c)
{
    place->bytes++;
    if (c == '\n')
        place->line++;
}

/* Byte by byte, so that each key can be looked at when its object ends, and a byte that is wrong has a place. */
static struct ward_status feed(struct ward_jwks_reader *reader, const char *data, size_t length,
                               const struct jwks_wishes *wishes, struct place *place)
{
    static struct ward_workspace work;
    for (size_t i = 0; i < length; i++) {
        const uint16_t before = reader->report.seen;
        const struct ward_status status = ward_jwks_feed(reader, data + i, 1, &work);
        if (wishes->seen != NULL && reader->report.seen != before)
            wishes->seen(wishes->context, &reader->jwk);
        place->wrong = data[i];
        if (!ward_ok(status))
            return status;
        step(place, data[i]);
    }
    return ward_status_of(WARD_OK);
}

/* What is wrong where the file ends has no place. */
static struct ward_status read_stream(FILE *file, struct ward_jwks *set, struct ward_jwks_report *report,
                                      const struct jwks_wishes *wishes, struct place *place, bool *ended)
{
    static struct ward_jwks_reader reader;
    char piece[4096];
    size_t length;
    struct ward_status status = ward_status_of(WARD_OK);
    ward_jwks_begin(&reader, set, NULL, wishes->wanted);
    while (ward_ok(status) && (length = fread(piece, 1, sizeof piece, file)) > 0)
        status = feed(&reader, piece, length, wishes, place);
    *ended = ward_ok(status);
    if (*ended)
        status = ward_jwks_end(&reader);
    *report = reader.report;
    return status;
}

/* The first byte of one, as PowerShell writes it: ward's reader names that of UTF-8 itself. */
static bool is_mark_of_utf16(const struct place *place)
{
    return place->bytes == 0 && (place->wrong == '\xff' || place->wrong == '\xfe');
}

static int refuse(const char *path, struct ward_status status, const struct place *place, bool ended)
{
    fprintf(stderr, "ward: %s: %s: %s", path, ward_status_name(status), ward_status_sentence(status));
    if (!ended)
        fprintf(stderr, ": at byte %zu, in line %zu", place->bytes + 1, place->line);
    else if (place->bytes == 0)
        fputs(": the file is empty", stderr);
    else if (status.code == WARD_JSON_MALFORMED)
        fprintf(stderr, ": it ends after byte %zu, in line %zu", place->bytes, place->line);
    if (!ended && is_mark_of_utf16(place))
        fputs(": a byte order mark of UTF-16: write it as UTF-8 without one", stderr);
    fputs("\n", stderr);
    return EXIT_INPUT;
}

int read_jwks(const char *path, struct ward_jwks *set, struct ward_jwks_report *report,
              const struct jwks_wishes *wishes)
{
    static const struct jwks_wishes none;
    struct place place = { 0, 1, '\0' };
    bool ended;
    FILE *const file = open_input(path);
    if (file == NULL)
        return EXIT_INPUT;
    const struct ward_status status = read_stream(file, set, report, wishes != NULL ? wishes : &none, &place, &ended);
    if (close_input(file, path) != EXIT_ACCEPTED)
        return EXIT_INPUT;
    return ward_ok(status) ? EXIT_ACCEPTED : refuse(path, status, &place, ended);
}

void note_wanted_key(void *context, const struct ward_jwk_reader *key)
{
    struct wanted_key *const wanted = context;
    const struct ward_text kid = ward_text_of(key->key.kid, key->key.kid_length);
    if (kid.length == 0 || !ward_text_equal(kid, wanted->kid))
        return;
    wanted->seen++;
    if (ward_ok(key->refusal))
        wanted->usable++;
    else
        wanted->refusal = key->refusal;
}
