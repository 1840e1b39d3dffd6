/* SPDX-License-Identifier: Apache-2.0 */
#include "port/http/request_fields.h"

#include "ward/http.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

static struct ward_text trim(struct ward_text text)
{
    while (text.length > 0 && is_space(text.data[0]))
        text = ward_text_of(text.data + 1, text.length - 1);
    while (text.length > 0 && is_space(text.data[text.length - 1]))
        text.length--;
    return text;
}

/* Cuts the first item of a list off, trimmed. False after the last one; an empty list has one item, which is empty. */
static bool next_item(struct ward_text list, size_t *at, struct ward_text *item)
{
    size_t end = *at;
    if (end > list.length)
        return false;
    while (end < list.length && list.data[end] != ',')
        end++;
    *item = trim(ward_text_of(list.data + *at, end - *at));
    *at = end + 1;
    return true;
}

static void take_host(struct ward_http_request_fields *fields, struct ward_text value)
{
    if (fields->host || !ward_host_is_valid(value))
        fields->broken = true;
    fields->host = true;
}

/* Digits and nothing else: a sign, a list and no number at all have each been read in two ways somewhere. */
static void take_length(struct ward_http_request_fields *fields, struct ward_text value)
{
    if (fields->length || value.length == 0)
        fields->broken = true;
    for (size_t i = 0; i < value.length; i++)
        if (value.data[i] < '0' || value.data[i] > '9')
            fields->broken = true;
    fields->length = true;
}

/* Of several fields the lists are one. An item after chunked, which includes chunked again, makes the body's end a
 * matter of opinion. */
static void take_coding(struct ward_http_request_fields *fields, struct ward_text value)
{
    static const struct ward_text chunked = WARD_TEXT("chunked");
    struct ward_text item;
    size_t at = 0;
    fields->coding = true;
    while (next_item(value, &at, &item)) {
        if (item.length == 0 || fields->chunked)
            fields->broken = true;
        fields->chunked = ward_text_equal_ignoring_case(item, chunked);
        if (!fields->chunked)
            fields->unknown = true;
    }
}

static void take_expect(struct ward_http_request_fields *fields, struct ward_text value)
{
    static const struct ward_text continues = WARD_TEXT("100-continue");
    struct ward_text item;
    size_t at = 0;
    while (next_item(value, &at, &item)) {
        const bool wanted = ward_text_equal_ignoring_case(item, continues);
        fields->continues = fields->continues || wanted;
        fields->unmet = fields->unmet || (!wanted && item.length > 0);
    }
}

void ward_http_request_fields_take(struct ward_http_request_fields *fields, uint8_t field, struct ward_text value,
                                   bool too_long)
{
    const struct ward_text said = trim(value);
    switch (field) {
    case WARD_HTTP_REQUEST_FIELD_HOST: take_host(fields, said); break;
    case WARD_HTTP_REQUEST_FIELD_LENGTH: take_length(fields, said); break;
    case WARD_HTTP_REQUEST_FIELD_CODING: take_coding(fields, said); break;
    default:
        take_expect(fields, said);
        fields->unmet = fields->unmet || too_long;
        return;
    }
    fields->broken = fields->broken || too_long;
}

uint16_t ward_http_request_fields_judge(const struct ward_http_request_fields *fields, unsigned minor)
{
    if (fields->broken || (minor > 0 && !fields->host))
        return 400;
    if (fields->coding && (minor == 0 || fields->length))
        return 400;
    if (fields->unknown)
        return 501;
    return minor > 0 && fields->unmet ? 417 : 0;
}
