/* SPDX-License-Identifier: Apache-2.0 */
#include "port/http/closing.h"

#include <string.h>

size_t ward_http_closing_tell(char *response, size_t length, size_t size)
{
    static const char field[] = "Connection: close\r\n";
    const size_t more = sizeof field - 1;
    const char *const end = length > 0 ? memchr(response, '\n', length) : NULL;
    if (end == NULL || more > size - length)
        return length;
    const size_t line = (size_t)(end - response) + 1u;
    (void)memmove(response + line + more, response + line, length - line);
    memcpy(response + line, field, more);
    return length + more;
}
