/* SPDX-License-Identifier: Apache-2.0 */
/* Values of a token, printed for a person. */
#include <stdlib.h>
#include <time.h>

#include "examination.h"

/* As much of one text is shown; a token in a claim is then never shown whole. */
enum { MOST_SHOWN = 160, MOST_ITEMS = 8 };

void print_quoted(FILE *file, struct ward_text text)
{
    size_t shown = text.length < MOST_SHOWN ? text.length : MOST_SHOWN;
    while (shown > 0 && shown < text.length && ((uint8_t)text.data[shown] & 0xc0u) == 0x80u)
        shown--;
    fputc('"', file);
    print_text(file, ward_text_of(text.data, shown));
    fputs(shown < text.length ? "…\"" : "\"", file);
}

void print_moment(FILE *file, uint64_t seconds)
{
    char out[32];
    struct tm parts;
    const time_t time = (time_t)seconds;
    fprintf(file, "%llu", (unsigned long long)seconds);
    /* Years of five digits and more are nobody's dates. */
    if (seconds < 253402300800u && gmtime_r(&time, &parts) != NULL &&
        strftime(out, sizeof out, "%Y-%m-%d %H:%M:%S", &parts) > 0)
        fprintf(file, " (%s UTC)", out);
}

static void print_string(FILE *file, struct ward_text value)
{
    char text[MOST_SHOWN * 2];
    const struct ward_text shown = json_string(value, text, sizeof text);
    print_quoted(file, shown);
}

static void print_item(FILE *file, struct ward_text item)
{
    if (item.data[0] == '[')
        fputs("an array", file);
    else
        print_value(file, item);
}

static void print_items(FILE *file, struct ward_text array)
{
    size_t number = 0;
    struct ward_text item = json_item(array, 0);
    if (item.length == 0)
        fputs("an empty array", file);
    for (; item.length > 0 && number < MOST_ITEMS; item = json_item(array, number)) {
        fputs(number++ > 0 ? ", " : "", file);
        print_item(file, item);
    }
    if (item.length > 0)
        fputs(", …", file);
}

void print_value(FILE *file, struct ward_text value)
{
    if (value.length == 0)
        fputs("(none)", file);
    else if (json_is_string(value))
        print_string(file, value);
    else if (value.data[0] == '[')
        print_items(file, value);
    else if (value.data[0] == '{')
        fputs("an object", file);
    else
        print_text(file, ward_text_of(value.data, value.length < MOST_SHOWN ? value.length : MOST_SHOWN));
}
