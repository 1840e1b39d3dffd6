/* SPDX-License-Identifier: Apache-2.0 */
/* ward_json_parse() against any bytes: its verdict is the reference's, its table tells the same text again. The last
 * byte says how many values the table has room for.
 */
#include <stdlib.h>

#include "encoding/json.h"
#include "encoding/json_scan.h"
#include "fuzz.h"
#include "reference.h"

/* Text written from a table. */
struct writer {
    const struct ward_json *json;
    char *out;
    size_t length;
};

static struct ward_status scan(const char *bytes, size_t length)
{
    struct ward_json_scan state;
    struct ward_status status = ward_status_of(WARD_OK);
    ward_json_scan_begin(&state);
    for (size_t i = 0; i < length && ward_ok(status); i++)
        status = ward_json_scan_byte(&state, bytes[i]);
    return ward_ok(status) ? ward_json_scan_end(&state) : status;
}

/* What a parse must come to; only how a text is wrong is left to the scanner. */
static enum ward_code verdict(const struct reference *reference, struct ward_status scanned, size_t capacity)
{
    if (!reference->right)
        return (enum ward_code)scanned.code;
    if (reference->values > capacity)
        return WARD_JSON_TOO_MANY_VALUES;
    return reference->duplicate ? WARD_JSON_DUPLICATE_MEMBER : WARD_OK;
}

static void check_strings(const struct ward_json *json, const struct reference *reference)
{
    size_t seen = 0;
    for (size_t i = 0; i < json->count; i++) {
        if (ward_json_type(json, i) != WARD_JSON_TEXT)
            continue;
        CHECK(seen < reference->string_count);
        CHECK(ward_text_equal(ward_json_text(json, i), reference->strings[seen]));
        seen++;
    }
    CHECK_NUMBER(seen, reference->string_count);
}

static void check_inside(const struct ward_json *json, size_t value, const char *begin, size_t length)
{
    const struct ward_text span = ward_json_text(json, value);
    CHECK(span.data >= begin && span.data <= begin + length);
    CHECK(span.length <= (size_t)(begin + length - span.data));
}

static void check_member(const struct ward_json *json, size_t object, size_t name)
{
    CHECK(ward_json_type(json, name) == WARD_JSON_TEXT);
    CHECK_NUMBER(ward_json_member(json, object, ward_json_text(json, name)), name + 1);
}

static bool is(struct ward_text span, const char *word)
{
    return ward_text_equal(span, text(word));
}

static void check_literal(const struct ward_json *json, size_t value)
{
    const struct ward_text span = ward_json_text(json, value);
    switch (ward_json_type(json, value)) {
    case WARD_JSON_BOOLEAN: CHECK(is(span, "true") || is(span, "false")); break;
    case WARD_JSON_NULL: CHECK(is(span, "null")); break;
    case WARD_JSON_NUMBER: CHECK(span.length > 0 && strchr("-0123456789", span.data[0]) != NULL); break;
    default: break;
    }
}

/* Every value in it lies between it and what comes after it, and all of them together fill that. */
static void check_container(const struct ward_json *json, size_t container)
{
    const bool object = ward_json_type(json, container) == WARD_JSON_OBJECT;
    size_t at = container + 1;
    for (size_t i = 0; i < ward_json_size(json, container); i++) {
        CHECK(at < json->count);
        if (object)
            check_member(json, container, at++);
        at = ward_json_after(json, at);
    }
    CHECK_NUMBER(at, ward_json_after(json, container));
}

static void write_bytes(struct writer *writer, const char *data, size_t length)
{
    memcpy(writer->out + writer->length, data, length);
    writer->length += length;
}

static void write_string(struct writer *writer, struct ward_text span)
{
    const size_t length = ward_text_escape(span, NULL, 0);
    char *const escaped = fuzz_block(length + 1);
    CHECK_NUMBER(ward_text_escape(span, escaped, length + 1), length);
    write_bytes(writer, "\"", 1);
    write_bytes(writer, escaped, length);
    write_bytes(writer, "\"", 1);
    free(escaped);
}

static void write_value(struct writer *writer, size_t value);

static void write_container(struct writer *writer, size_t container, const char *brackets)
{
    const bool object = *brackets == '{';
    size_t at = container + 1;
    write_bytes(writer, brackets, 1);
    for (size_t i = 0; i < ward_json_size(writer->json, container); i++) {
        if (i > 0)
            write_bytes(writer, ",", 1);
        if (object) {
            write_string(writer, ward_json_text(writer->json, at++));
            write_bytes(writer, ":", 1);
        }
        write_value(writer, at);
        at = ward_json_after(writer->json, at);
    }
    write_bytes(writer, brackets + 1, 1);
}

static void write_value(struct writer *writer, size_t value)
{
    const struct ward_text span = ward_json_text(writer->json, value);
    switch (ward_json_type(writer->json, value)) {
    case WARD_JSON_OBJECT: write_container(writer, value, "{}"); break;
    case WARD_JSON_ARRAY: write_container(writer, value, "[]"); break;
    case WARD_JSON_TEXT: write_string(writer, span); break;
    default: write_bytes(writer, span.data, span.length); break;
    }
}

/* The table written as text and read again is the same table: nothing of the text was lost or made up. */
static void check_again(const struct ward_json *json, size_t length)
{
    struct writer writer = { json, fuzz_block(6 * length + 4 * json->count), 0 };
    uint32_t *const values = (uint32_t *)(void *)fuzz_block(json->count * WARD_JSON_WORDS * sizeof(uint32_t));
    struct ward_json again;
    write_value(&writer, 0);
    CHECK_STATUS(ward_json_parse(&again, writer.out, writer.length, values, json->count), WARD_OK);
    CHECK_NUMBER(again.count, json->count);
    for (size_t i = 0; i < json->count; i++) {
        CHECK(ward_json_type(&again, i) == ward_json_type(json, i));
        CHECK_NUMBER(ward_json_size(&again, i), ward_json_size(json, i));
        if (ward_json_size(json, i) == 0 && ward_json_type(json, i) < WARD_JSON_OBJECT)
            CHECK(ward_text_equal(ward_json_text(&again, i), ward_json_text(json, i)));
    }
    free(values);
    free(writer.out);
}

/* Any bytes, read again as if they had been parsed: what was parsed answers as it did, and nothing leaves text and table. */
static void check_unseen(const struct ward_json *json, const char *parsed, const uint8_t *data, size_t length,
                         size_t capacity)
{
    char *const copy = fuzz_copy(data, length);
    uint32_t *const values = (uint32_t *)(void *)fuzz_block(capacity * WARD_JSON_WORDS * sizeof(uint32_t));
    struct ward_json again = { NULL, NULL, 0 };
    const struct ward_status status = ward_json_read_again(&again, copy, length, values, capacity);
    CHECK(json->count == 0 || ward_ok(status));
    for (size_t i = 0; i < json->count; i++) {
        CHECK_NUMBER(again.count, json->count);
        CHECK(ward_json_type(&again, i) == ward_json_type(json, i));
        CHECK_NUMBER(ward_json_size(&again, i), ward_json_size(json, i));
        CHECK_NUMBER(ward_json_after(&again, i), ward_json_after(json, i));
        CHECK(ward_json_text(&again, i).data - copy == ward_json_text(json, i).data - parsed);
        CHECK(ward_text_equal(ward_json_text(&again, i), ward_json_text(json, i)));
    }
    free(values);
    free(copy);
}

static void check_table(const struct ward_json *json, const struct reference *reference, const char *begin,
                        size_t length)
{
    CHECK_NUMBER(json->count, reference->values);
    CHECK_NUMBER(ward_json_after(json, 0), json->count);
    for (size_t i = 0; i < json->count; i++) {
        check_inside(json, i, begin, length);
        check_literal(json, i);
        check_container(json, i);
    }
    check_strings(json, reference);
    check_again(json, length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t option = fuzz_option(data, &size);
    const size_t capacity = option < 32 ? option : WARD_MAX_JSON_VALUES;
    char *const copy = fuzz_copy(data, size);
    uint32_t *const values = (uint32_t *)(void *)fuzz_block(capacity * WARD_JSON_WORDS * sizeof(uint32_t));
    struct reference reference;
    struct ward_json json = { NULL, NULL, 0 };
    reference_read(&reference, copy, size, WARD_MAX_JSON_DEPTH);
    const struct ward_status scanned = scan(copy, size);
    CHECK(ward_ok(scanned) == reference.right);
    const struct ward_status status = ward_json_parse(&json, copy, size, values, capacity);
    CHECK_STATUS(status, verdict(&reference, scanned, capacity));
    fuzz_check_named(status);
    if (ward_ok(status))
        check_table(&json, &reference, copy, size);
    else
        CHECK_ZERO(json);
    check_unseen(&json, copy, data, size, capacity);
    reference_free(&reference);
    free(values);
    free(copy);
    return 0;
}
