/* SPDX-License-Identifier: Apache-2.0 */
#include "console.h"

#include <string.h>

#include "board.h"

void console_print(const char *string)
{
    board_write(string, strlen(string));
}

void console_text(struct ward_text text)
{
    /* One character at a time, so that the buffer stays small: its bytes, or one escape. */
    char escaped[8];
    size_t at = 0;
    while (at < text.length) {
        size_t length = 1;
        while (at + length < text.length && ((uint8_t)text.data[at + length] & 0xc0u) == 0x80u && length < 4)
            length++;
        ward_text_escape(ward_text_of(text.data + at, length), escaped, sizeof escaped);
        console_print(escaped);
        at += length;
    }
}

void console_number(uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10u);
        number /= 10u;
    } while (number > 0);
    board_write(digits + at, sizeof digits - at);
}

void console_hex(uint32_t number)
{
    static const char digits[] = "0123456789abcdef";
    char text[8];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = digits[(number >> (28 - 4 * i)) & 0xfu];
    board_write(text, sizeof text);
}

bool console_seconds(struct ward_text text, uint64_t *seconds)
{
    *seconds = 0;
    if (text.length == 0 || text.length > 12)
        return false;
    for (size_t i = 0; i < text.length; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    for (size_t i = 0; i < text.length; i++)
        *seconds = *seconds * 10u + (uint64_t)(text.data[i] - '0');
    return true;
}

size_t console_line(char *line, size_t size)
{
    size_t length = 0;
    for (char c = board_read(); c != '\n'; c = board_read()) {
        if (length < size)
            line[length] = c;
        if (length <= size)
            length++;
    }
    return length;
}
