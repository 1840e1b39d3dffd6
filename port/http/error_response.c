/* SPDX-License-Identifier: Apache-2.0 */
#include "port/http/error_response.h"

#include <string.h>

#include "ward/text.h"

static const struct {
    uint16_t status;
    struct ward_text line;
} lines[] = { { 400, WARD_TEXT("HTTP/1.1 400 Bad Request") },
              { 408, WARD_TEXT("HTTP/1.1 408 Request Timeout") },
              { 413, WARD_TEXT("HTTP/1.1 413 Content Too Large") },
              { 414, WARD_TEXT("HTTP/1.1 414 URI Too Long") },
              { 417, WARD_TEXT("HTTP/1.1 417 Expectation Failed") },
              { 431, WARD_TEXT("HTTP/1.1 431 Request Header Fields Too Large") },
              { 501, WARD_TEXT("HTTP/1.1 501 Not Implemented") },
              { 505, WARD_TEXT("HTTP/1.1 505 HTTP Version Not Supported") } };

static const struct ward_text rest = WARD_TEXT(
    "\r\nConnection: close\r\nCache-Control: no-store\r\nContent-Type: application/json\r\n"
    "Content-Length: 27\r\n\r\n");
static const struct ward_text body = WARD_TEXT("{\"error\":\"invalid_request\"}");

size_t ward_http_error_response_write(uint16_t status, bool head, char *out, size_t size)
{
    struct ward_text line = lines[0].line;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (lines[i].status == status)
            line = lines[i].line;
    if (line.length + rest.length + body.length > size)
        return 0;
    memcpy(out, line.data, line.length);
    memcpy(out + line.length, rest.data, rest.length);
    memcpy(out + line.length + rest.length, body.data, body.length);
    return line.length + rest.length + (head ? 0 : body.length);
}
