/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "tool.h"

static struct ward_texts texts(const struct command *command, const struct arguments *arguments, const char *name,
                               struct ward_text *storage)
{
    const size_t place = option_place(command->options, name);
    const struct ward_texts result = { storage, arguments->count[place] };
    for (size_t i = 0; i < result.count; i++)
        storage[i] = text_from(arguments->value[place][i]);
    return result;
}

struct ward_text option_text(const struct command *command, const struct arguments *arguments, const char *name)
{
    const char *const value = option_value(command, arguments, name);
    return value != NULL ? text_from(value) : ward_text_of(NULL, 0);
}

/* Reads an option that is a number; keeps the default where it was not given. */
bool option_number(const struct command *command, const struct arguments *arguments, const char *name, uint64_t most,
                   uint64_t *result)
{
    const char *const value = option_value(command, arguments, name);
    if (value == NULL || read_number(value, most, result))
        return true;
    char what[64];
    (void)snprintf(what, sizeof what, "needs a whole number from 0 to %llu", (unsigned long long)most);
    wrong_usage(command, what, name);
    return false;
}

static bool read_claims(const struct command *command, const struct arguments *arguments, struct ward_expect *expect,
                        struct expect_storage *storage)
{
    const size_t place = option_place(command->options, "--claim");
    expect->claims = storage->claims;
    expect->claim_count = arguments->count[place];
    for (size_t i = 0; i < expect->claim_count; i++) {
        const char *const rule = arguments->value[place][i];
        const char *const sign = strchr(rule, '=');
        if (sign == NULL) {
            wrong_usage(command, "needs NAME=VALUE", "--claim");
            return false;
        }
        storage->claims[i].name = ward_text_of(rule, (size_t)(sign - rule));
        storage->claims[i].value = text_from(sign + 1);
    }
    return true;
}

static bool read_times(const struct command *command, const struct arguments *arguments, struct ward_expect *expect)
{
    uint64_t leeway = WARD_DEFAULT_LEEWAY;
    uint64_t lifetime = 0;
    uint64_t age = 0;
    if (!option_number(command, arguments, "--leeway", 300, &leeway) ||
        !option_number(command, arguments, "--max-lifetime", UINT32_MAX, &lifetime) ||
        !option_number(command, arguments, "--max-age", UINT32_MAX, &age))
        return false;
    expect->leeway = leeway > 0 ? (uint32_t)leeway : WARD_NO_LEEWAY;
    expect->max_lifetime = (uint32_t)lifetime;
    expect->max_age = (uint32_t)age;
    return true;
}

bool read_expect(const struct command *command, const struct arguments *arguments, struct ward_expect *expect,
                 struct expect_storage *storage)
{
    memset(expect, 0, sizeof *expect);
    expect->issuers = texts(command, arguments, "--issuer", storage->issuers);
    expect->authority = option_text(command, arguments, "--authority");
    expect->audiences = texts(command, arguments, "--audience", storage->audiences);
    expect->clients = texts(command, arguments, "--client", storage->clients);
    expect->type = option_text(command, arguments, "--type");
    expect->scope_claim = option_text(command, arguments, "--scope-claim");
    expect->audience_absent = option_count(command, arguments, "--audience-absent") > 0;
    expect->subject_optional = option_count(command, arguments, "--subject-optional") > 0;
    expect->kid_optional = option_count(command, arguments, "--kid-optional") > 0;
    expect->issued_ahead = option_count(command, arguments, "--issued-ahead") > 0;
    if (!read_claims(command, arguments, expect, storage) || !read_times(command, arguments, expect))
        return false;
    const struct ward_status status = ward_expect_check(expect);
    if (ward_ok(status))
        return true;
    wrong_usage(command, ward_status_sentence(status), ward_status_name(status));
    return false;
}
