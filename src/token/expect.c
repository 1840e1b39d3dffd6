/* SPDX-License-Identifier: Apache-2.0 */
#include "ward/token.h"

/* Rules for the fields of struct ward_expect; enum ward_code states them too. */
enum {
    MOST_ISSUERS = 4,
    MOST_AUDIENCES = 4,
    MOST_CLIENTS = 16,
    MOST_CLAIMS = 8,
    LONGEST_NAME = 64,
    LONGEST_VALUE = 255,
    LARGEST_LEEWAY = 300,
    TEN_YEARS = 10 * 366 * 24 * 60 * 60
};

static bool texts_are_right(struct ward_texts texts, size_t most)
{
    if (texts.count > most || (texts.count > 0 && texts.item == NULL))
        return false;
    for (size_t i = 0; i < texts.count; i++)
        if (texts.item[i].length == 0 || texts.item[i].length > LONGEST_VALUE)
            return false;
    return true;
}

static bool claims_are_right(const struct ward_expect *expect)
{
    if (expect->claim_count > MOST_CLAIMS || (expect->claim_count > 0 && expect->claims == NULL))
        return false;
    for (size_t i = 0; i < expect->claim_count; i++)
        if (expect->claims[i].name.length == 0 || expect->claims[i].value.length == 0)
            return false;
    return true;
}

static struct ward_status check_audiences(const struct ward_expect *expect)
{
    if (!expect->audience_absent) {
        const bool right = expect->audiences.count > 0 && texts_are_right(expect->audiences, MOST_AUDIENCES);
        return ward_status_of(right ? WARD_OK : WARD_EXPECT_AUDIENCES);
    }
    /* Without an audience something else must tell this API's tokens from those for another. */
    if (expect->audiences.count > 0 || expect->clients.count + expect->claim_count == 0)
        return ward_status_of(WARD_EXPECT_AUDIENCE_ABSENT);
    return ward_status_of(WARD_OK);
}

static struct ward_status check_times(const struct ward_expect *expect)
{
    if (expect->leeway > LARGEST_LEEWAY && expect->leeway != WARD_NO_LEEWAY)
        return ward_status_of(WARD_EXPECT_LEEWAY);
    if (expect->max_lifetime > TEN_YEARS)
        return ward_status_of(WARD_EXPECT_MAX_LIFETIME);
    if (expect->max_age > TEN_YEARS)
        return ward_status_of(WARD_EXPECT_MAX_AGE);
    return ward_status_of(WARD_OK);
}

struct ward_status ward_expect_check(const struct ward_expect *expect)
{
    if (expect->issuers.count == 0 || !texts_are_right(expect->issuers, MOST_ISSUERS))
        return ward_status_of(WARD_EXPECT_ISSUERS);
    if (expect->authority.length > LONGEST_VALUE)
        return ward_status_of(WARD_EXPECT_AUTHORITY);
    const struct ward_status audiences = check_audiences(expect);
    if (!ward_ok(audiences))
        return audiences;
    if (!texts_are_right(expect->clients, MOST_CLIENTS))
        return ward_status_of(WARD_EXPECT_CLIENTS);
    if (!claims_are_right(expect))
        return ward_status_of(WARD_EXPECT_CLAIMS);
    if (expect->type.length > LONGEST_NAME)
        return ward_status_of(WARD_EXPECT_TYPE);
    if (expect->scope_claim.length > LONGEST_NAME)
        return ward_status_of(WARD_EXPECT_SCOPE_CLAIM);
    return check_times(expect);
}
