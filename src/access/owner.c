/* SPDX-License-Identifier: Apache-2.0 */
#define WARD_LIBRARY
#include "access/owner.h"

#include <string.h>

#include "crypto/digest.h"

/* What no other use of SHA-256 starts with, so that an id is nothing else's digest, and a client's never a subject's.
 * The NULs are part of them. */
static const char subject_tag[] = "ward owner id 1";
static const char client_tag[] = "ward client id 1";

struct named {
    struct ward_text tag;
    struct ward_text issuer;
    struct ward_text name;
};

/* The lengths tell where the issuer ends and the name starts: no two pairs give the same bytes. */
static void put_length(uint8_t out[4], size_t length)
{
    for (size_t i = 0; i < 4; i++)
        out[i] = (uint8_t)(length >> (24 - 8 * i));
}

static struct ward_status compute(const struct named *named, struct ward_sha256 *sha, uint8_t owner[WARD_OWNER_SIZE])
{
    enum { LENGTHS = 8 };
    uint8_t bytes[WARD_SHA256_SIZE]; /* the lengths, then the digest */
    put_length(bytes, named->issuer.length);
    put_length(bytes + 4, named->name.length);
    memset(owner, 0, WARD_OWNER_SIZE);
    const struct ward_text pieces[] = { { named->tag.data, named->tag.length },
                                        { (const char *)bytes, LENGTHS },
                                        { named->issuer.data, named->issuer.length },
                                        { named->name.data, named->name.length } };
    const struct ward_status status = ward_digest(sha, pieces, sizeof pieces / sizeof pieces[0], bytes);
    if (ward_ok(status))
        memcpy(owner, bytes, WARD_OWNER_SIZE);
    return status;
}

static struct named subject_of(struct ward_text issuer, struct ward_text subject)
{
    const struct named named = { { subject_tag, sizeof subject_tag }, issuer, subject };
    return named;
}

static struct named client_of(struct ward_text issuer, struct ward_text client)
{
    const struct named named = { { client_tag, sizeof client_tag }, issuer, client };
    return named;
}

struct ward_text ward_authority_of(const struct ward_expect *expect, struct ward_text issuer)
{
    return expect->authority.length > 0 ? expect->authority : issuer;
}

struct ward_status ward_owner_id(struct ward_text issuer, struct ward_text subject, struct ward_workspace *work,
                                 uint8_t owner[WARD_OWNER_SIZE])
{
    const struct named named = subject_of(issuer, subject);
    return compute(&named, &work->part.sha, owner);
}

struct ward_status ward_client_id(struct ward_text issuer, struct ward_text client, struct ward_workspace *work,
                                  uint8_t id[WARD_OWNER_SIZE])
{
    const struct named named = client_of(issuer, client);
    return compute(&named, &work->part.sha, id);
}

struct ward_status ward_owner_of(const struct ward_expect *expect, const struct ward_claims *claims,
                                 struct ward_sha256 *sha, uint8_t owner[WARD_OWNER_SIZE])
{
    const struct ward_text issuer = ward_authority_of(expect, claims->issuer);
    const bool by_client = claims->subject.length == 0 && claims->client.length > 0;
    const struct named named = by_client ? client_of(issuer, claims->client) : subject_of(issuer, claims->subject);
    return compute(&named, sha, owner);
}

struct ward_status ward_owner_of_none(const struct ward_expect *expect, const struct ward_claims *claims,
                                      struct ward_sha256 *sha, uint8_t owner[WARD_OWNER_SIZE])
{
    const struct named named = subject_of(ward_authority_of(expect, claims->issuer), ward_text_of(NULL, 0));
    return compute(&named, sha, owner);
}

bool ward_owns(const struct ward_grant *grant, const uint8_t owner[WARD_OWNER_SIZE])
{
    static const uint8_t nobody[WARD_OWNER_SIZE];
    const uint8_t kind = grant->claims.kind;
    if (kind != WARD_SUBJECT_USER && kind != WARD_SUBJECT_MACHINE)
        return false;
    if (memcmp(grant->owner, nobody, WARD_OWNER_SIZE) == 0)
        return false;
    return memcmp(grant->owner, owner, WARD_OWNER_SIZE) == 0;
}
