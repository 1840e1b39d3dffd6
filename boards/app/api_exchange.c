/* SPDX-License-Identifier: Apache-2.0 */
#include "api_exchange.h"

#include <string.h>

void api_put_json(struct api_response *response, struct ward_text json)
{
    if (response->full || json.length > response->size - response->length) {
        response->full = true;
        return;
    }
    memcpy(response->body + response->length, json.data, json.length);
    response->length += json.length;
}

void api_put(struct api_response *response, const char *string)
{
    api_put_json(response, ward_text_of(string, strlen(string)));
}

void api_put_text(struct api_response *response, struct ward_text text)
{
    const size_t left = response->size - response->length;
    const size_t length = ward_text_escape(text, response->body + response->length, left);
    if (response->full || length >= left)
        response->full = true;
    else
        response->length += length;
}

void api_put_number(struct api_response *response, uint32_t number)
{
    char digits[11];
    char *at = digits + sizeof digits - 1;
    *at = '\0';
    do {
        *--at = (char)('0' + (char)(number % 10u));
        number /= 10u;
    } while (number > 0);
    api_put(response, at);
}
