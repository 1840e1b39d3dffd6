#include "access/owner.h"

#include <string.h>

#include "crypto/digest.h"

/* What no other use of SHA-256 begins with, so that an owner id is nothing else's digest. */
static const char tag[] = "ward owner id 1";

/* The lengths part issuer and subject: no two pairs give the same bytes. */
static void put_length(uint8_t out[4], size_t length)
{
    for (size_t i = 0; i < 4; i++)
        out[i] = (uint8_t)(length >> (24 - 8 * i));
}

struct ward_status ward_owner_compute(struct ward_text issuer, struct ward_text subject, struct ward_sha256 *sha,
                                      uint8_t owner[WARD_OWNER_SIZE])
{
    enum { LENGTHS = 8 };
    uint8_t bytes[WARD_SHA256_SIZE]; /* the lengths, then the digest */
    put_length(bytes, issuer.length);
    put_length(bytes + 4, subject.length);
    memset(owner, 0, WARD_OWNER_SIZE);
    const struct ward_text pieces[] = { { tag, sizeof tag }, { (const char *)bytes, LENGTHS }, { issuer.data, issuer.length },
                                        { subject.data, subject.length } };
    const struct ward_status status = ward_digest(sha, pieces, sizeof pieces / sizeof pieces[0], bytes);
    if (ward_ok(status))
        memcpy(owner, bytes, WARD_OWNER_SIZE);
    return status;
}

struct ward_status ward_owner_id(struct ward_text issuer, struct ward_text subject, struct ward_workspace *work,
                                 uint8_t owner[WARD_OWNER_SIZE])
{
    return ward_owner_compute(issuer, subject, &work->part.sha, owner);
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
