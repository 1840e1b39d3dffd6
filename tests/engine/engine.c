/* SPDX-License-Identifier: Apache-2.0 */
/* An engine for SHA-256 as drivers have it: there is one, who takes it locks it until it is freed, and a context that was copied, or is used
 * after it was freed, is not its user's. OpenSSL does the work. */
#include <string.h>

#include <openssl/evp.h>

#include "check.h"
#include "mbedtls/sha256.h"

/* What takes it without a context. */
static char another_task;
static void *user;
static unsigned uses;
static EVP_MD_CTX *work;

/* MBEDTLS_ERR_PLATFORM_HW_ACCEL_FAILED */
enum { BUSY = -0x0070 };

bool engine_is_taken(void)
{
    return user != NULL;
}

void engine_take(bool taken)
{
    user = taken ? &another_task : NULL;
}

unsigned engine_uses(void)
{
    return uses;
}

void mbedtls_sha256_init(mbedtls_sha256_context *context)
{
    context->self = NULL;
}

void mbedtls_sha256_clone(mbedtls_sha256_context *to, const mbedtls_sha256_context *from)
{
    (void)to;
    (void)from;
    check_failed(__FILE__, __LINE__, "a hash", "cloned", "left where it is");
}

/* A driver that waits for the engine would wait for ever where its own task has it. */
int mbedtls_sha256_starts(mbedtls_sha256_context *context, int is224)
{
    CHECK(!is224 && context->self == NULL);
    if (user != NULL)
        return BUSY;
    user = context->self = context;
    uses++;
    if (work == NULL)
        work = EVP_MD_CTX_new();
    return EVP_DigestInit_ex(work, EVP_sha256(), NULL) == 1 ? 0 : BUSY;
}

int mbedtls_sha256_update(mbedtls_sha256_context *context, const unsigned char *input, size_t length)
{
    CHECK(context->self == context && user == context);
    return EVP_DigestUpdate(work, input, length) == 1 ? 0 : BUSY;
}

int mbedtls_sha256_finish(mbedtls_sha256_context *context, unsigned char *output)
{
    CHECK(context->self == context && user == context);
    return EVP_DigestFinal_ex(work, output, NULL) == 1 ? 0 : BUSY;
}

/* Also of one that never had it. */
void mbedtls_sha256_free(mbedtls_sha256_context *context)
{
    if (context->self == NULL)
        return;
    CHECK(context->self == context && user == context);
    user = NULL;
    context->self = NULL;
}
