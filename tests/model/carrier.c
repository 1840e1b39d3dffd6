/* SPDX-License-Identifier: Apache-2.0 */
#include "carrier.h"

#include <string.h>

#include "rules.h"

enum { MOST_CARRIED = 6 };

static struct bundle carried[MOST_CARRIED];
static unsigned count;
static unsigned newest;

void carrier_begin(void)
{
    count = 0;
}

struct bundle *carrier_room(void)
{
    newest = count < MOST_CARRIED ? count++ : below(MOST_CARRIED);
    return &carried[newest];
}

/* The newest one more often than the others. */
const struct bundle *carrier_bring(void)
{
    if (count == 0)
        return NULL;
    return one_in(2) ? &carried[below(count)] : &carried[newest];
}

static void cut(char *buffer, size_t *length)
{
    (void)buffer;
    *length = below((uint32_t)*length);
}

static void change(char *buffer, size_t *length)
{
    char *const at = &buffer[below((uint32_t)*length)];
    *at = *at == 'A' ? 'B' : 'A';
}

static void lengthen(char *buffer, size_t *length)
{
    static const char *const ends[] = { "A", " ", ".", "\n\n", "\r", "=" };
    const char *const end = ONE_OF(ends);
    memcpy(buffer + *length, end, strlen(end));
    *length += strlen(end);
}

/* A line as a file has it is whole. */
static void end_line(char *buffer, size_t *length)
{
    if (one_in(2))
        buffer[(*length)++] = '\r';
    buffer[(*length)++] = '\n';
}

bool carrier_write(const struct bundle *bundle, bool well, char *buffer, size_t *length)
{
    static void (*const damages[])(char *buffer, size_t *length) = { cut, change, change, lengthen };
    *length = bundle->text.length;
    memcpy(buffer, bundle->text.bytes, *length);
    if (one_in(8)) {
        end_line(buffer, length);
        return true;
    }
    if (well || !one_in(8))
        return true;
    ONE_OF(damages)(buffer, length);
    return false;
}
