/* SPDX-License-Identifier: Apache-2.0 */
/* What a payload costs after its signature holds, for tests/cost/cost.py to count: claims are read, scopes are checked.
 *
 *     cost SHAPE COUNT    0: the claims of a payload with COUNT of something were read and its scopes suffice
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/scope.h"
#include "token/claims.h"
#include "ward/ward.h"

static const struct ward_expect expect = { .issuers = WARD_TEXTS("https://issuer.example/"),
                                           .audiences = WARD_TEXTS("api") };

static char payload[65536];
static size_t length;

static void add(const char *piece)
{
    if (length + strlen(piece) >= sizeof payload)
        exit(2);
    memcpy(payload + length, piece, strlen(piece) + 1);
    length += strlen(piece);
}

/* COUNT times, with a number for each. */
static void add_many(const char *format, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        char piece[128];
        snprintf(piece, sizeof piece, format, i);
        add(piece);
    }
}

static const struct {
    const char *name;
    const char *begin;
    const char *piece;
    const char *end;
    const char *expression;
    uint8_t from;
} shapes[] = {
    { "words", ",\"scope\":\"", "%x ", "zz\"", "1 2 3 4|5 6 7 8|zz", WARD_FROM_SCOPE },
    { "words of one letter", ",\"scope\":\"", "a ", "zz\"", "a b c|b c d|a zz", WARD_FROM_SCOPE },
    { "scopes in an array", ",\"scope\":[", "\"s%u\",", "\"zz\"]", "1 2 3 4|5 6 7 8|zz", WARD_FROM_SCOPE },
    { "permissions", ",\"scope\":\"zz\",\"permissions\":[", "\"s%u\",", "\"zz\"]", "1 2 3 4|s5 6 7 8|zz",
      WARD_FROM_BOTH },
    { "members", ",\"scope\":\"zz\"", ",\"%u\":1", "", "zz", WARD_FROM_SCOPE },
    { "members that begin alike", ",\"scope\":\"zz\"", ",\"https://api.example/claims/of/a/person/%03u\":1", "", "zz",
      WARD_FROM_SCOPE },
    { "members of one value each", ",\"scope\":\"zz\"", ",\"m%u\":[[]]", "", "zz", WARD_FROM_SCOPE },
    { "members of an object inside", ",\"scope\":\"zz\",\"o\":{\"x\":1", ",\"%u\":1", "}", "zz", WARD_FROM_SCOPE },
    { "values", ",\"scope\":\"zz\",\"x\":[0", ",1", "]", "zz", WARD_FROM_SCOPE },
    { "arrays", ",\"scope\":\"zz\",\"x\":[0", ",[]", "]", "zz", WARD_FROM_SCOPE },
    { "objects", ",\"scope\":\"zz\",\"x\":[0", ",{}", "]", "zz", WARD_FROM_SCOPE },
    { "audiences", ",\"scope\":\"zz\",\"more\":[\"api\"", ",\"a%u\"", "]", "zz", WARD_FROM_SCOPE },
    { "escapes", ",\"scope\":\"zz\",\"x\":\"", "\\u0061\\n", "\"", "zz", WARD_FROM_SCOPE },
};

/* The claims that are looked for, after what there are many of. */
static void make(size_t shape, unsigned count)
{
    const bool audiences = strcmp(shapes[shape].name, "audiences") == 0;
    add("{\"first\":1");
    add(shapes[shape].begin);
    add_many(shapes[shape].piece, count);
    add(shapes[shape].end);
    add(",\"iss\":\"https://issuer.example/\",\"sub\":\"someone\",\"iat\":1767225600,\"exp\":1767312000");
    if (audiences) {
        add(",\"aud\":[");
        add_many("\"b%u\",", count);
        add("\"api\"]}");
    } else {
        add(",\"aud\":\"api\"}");
    }
}

static int check(size_t shape)
{
    static struct ward_workspace work;
    struct ward_claims claims;
    const struct ward_status status = ward_claims_read(&expect, 1767225601u, payload, length, &work, &claims);
    if (!ward_ok(status)) {
        fprintf(stderr, "%s\n", ward_status_name(status));
        return 1;
    }
    const char *const expression = shapes[shape].expression;
    struct ward_text scope;
    size_t at = 0;
    while (ward_ok(ward_scope_next(&claims, &at, &scope)))
        if (scope.length == 0)
            return 1;
    return ward_ok(ward_scope_check_from(&claims, shapes[shape].from, ward_text_of(expression, strlen(expression))))
               ? 0
               : 1;
}

int main(int argc, char **argv)
{
    if (argc == 1) {
        for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
            printf("%s\n", shapes[i].name);
        return 0;
    }
    for (size_t i = 0; argc == 3 && i < sizeof shapes / sizeof shapes[0]; i++) {
        if (strcmp(shapes[i].name, argv[1]) == 0) {
            make(i, (unsigned)strtoul(argv[2], NULL, 10));
            return check(i);
        }
    }
    return 2;
}
