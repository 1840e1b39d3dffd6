/* SPDX-License-Identifier: Apache-2.0 */
#include "access/limiter.h"

/* Rules for the fields of struct ward_policy; enum ward_code states them too. */
enum { MOST_ORIGINS = 8, LONGEST_ORIGIN = 255, LONGEST_REALM = 64, LONGEST_METADATA = 255 };

/* What may stand in a header between quotes, and end neither them nor the line; nothing below `least`. */
static bool is_printable(struct ward_text text, char least)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.data[i] < least || text.data[i] > 0x7e || text.data[i] == '"' || text.data[i] == '\\')
            return false;
    return true;
}

static bool is_default(struct ward_rate rate)
{
    return rate.count == 0 && rate.seconds == 0 && rate.burst == 0;
}

static bool rate_is_valid(struct ward_rate rate)
{
    return is_default(rate) || ward_rate_is_valid(rate);
}

static bool origins_are_right(struct ward_texts origins)
{
    if (origins.count > MOST_ORIGINS || (origins.count > 0 && origins.item == NULL))
        return false;
    for (size_t i = 0; i < origins.count; i++) {
        const struct ward_text origin = origins.item[i];
        if (origin.length == 0 || origin.length > LONGEST_ORIGIN || !is_printable(origin, ' '))
            return false;
    }
    return true;
}

static bool metadata_is_right(struct ward_text url)
{
    static const struct ward_text scheme = WARD_TEXT("https://");
    if (url.length == 0)
        return true;
    if (url.length <= scheme.length || url.length > LONGEST_METADATA)
        return false;
    return ward_text_equal(ward_text_of(url.data, scheme.length), scheme) && is_printable(url, '!');
}

static struct ward_status check_rates(const struct ward_policy *policy)
{
    if (!rate_is_valid(policy->signature_rate))
        return ward_status_of(WARD_POLICY_SIGNATURE_RATE);
    if (!rate_is_valid(policy->signature_rate_per_peer))
        return ward_status_of(WARD_POLICY_PEER_RATE);
    if (!rate_is_valid(policy->signature_reserve))
        return ward_status_of(WARD_POLICY_SIGNATURE_RESERVE);
    return ward_status_of(rate_is_valid(policy->subject) ? WARD_OK : WARD_POLICY_SUBJECT_RATE);
}

struct ward_status ward_policy_check(const struct ward_policy *policy)
{
    if (policy->expect == NULL)
        return ward_status_of(WARD_POLICY_EXPECT);
    struct ward_status status = ward_expect_check(policy->expect);
    if (ward_ok(status))
        status = check_rates(policy);
    if (!ward_ok(status))
        return status;
    if (policy->scopes_from > WARD_FROM_BOTH)
        return ward_status_of(WARD_POLICY_SCOPES_FROM);
    if (policy->realm.length > LONGEST_REALM || !is_printable(policy->realm, ' '))
        return ward_status_of(WARD_POLICY_REALM);
    if (!metadata_is_right(policy->resource_metadata))
        return ward_status_of(WARD_POLICY_RESOURCE_METADATA);
    return ward_status_of(origins_are_right(policy->origins) ? WARD_OK : WARD_POLICY_ORIGINS);
}
