/* SPDX-License-Identifier: Apache-2.0 */
#include "encoding/writer.h"

#include <string.h>

void ward_write_begin(struct ward_writer *writer, char *out, size_t size)
{
    writer->out = out;
    writer->size = size;
    writer->length = 0;
    writer->full = size == 0;
}

void ward_write_text(struct ward_writer *writer, struct ward_text text)
{
    if (writer->full || text.length >= writer->size - writer->length) {
        writer->full = true;
        return;
    }
    if (text.length > 0 && writer->out != NULL)
        memcpy(writer->out + writer->length, text.data, text.length);
    writer->length += text.length;
}

void ward_write(struct ward_writer *writer, const char *string)
{
    ward_write_text(writer, ward_text_of(string, strlen(string)));
}

void ward_write_escaped(struct ward_writer *writer, struct ward_text text)
{
    const size_t left = writer->size - writer->length;
    if (writer->full)
        return;
    const size_t length = ward_text_escape(text, writer->out + writer->length, left);
    if (length >= left)
        writer->full = true;
    else
        writer->length += length;
}

void ward_write_number(struct ward_writer *writer, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + (char)(number % 10u));
        number /= 10u;
    } while (number > 0);
    ward_write_text(writer, ward_text_of(digits + at, sizeof digits - at));
}

void ward_write_hex(struct ward_writer *writer, const uint8_t *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < length; i++) {
        const char pair[2] = { digits[bytes[i] >> 4], digits[bytes[i] & 0xfu] };
        ward_write_text(writer, ward_text_of(pair, sizeof pair));
    }
}

struct ward_status ward_write_end(struct ward_writer *writer, size_t *length)
{
    *length = writer->full ? 0 : writer->length;
    if (writer->size > 0 && writer->out != NULL)
        writer->out[*length] = '\0';
    return ward_status_of(writer->full ? WARD_BUFFER_TOO_SMALL : WARD_OK);
}
