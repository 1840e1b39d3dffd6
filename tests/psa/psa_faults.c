/* SPDX-License-Identifier: Apache-2.0 */
#include "psa_faults.h"

psa_status_t __real_psa_hash_setup(psa_hash_operation_t *operation, psa_algorithm_t algorithm);
psa_status_t __real_psa_hash_update(psa_hash_operation_t *operation, const uint8_t *input, size_t length);
psa_status_t __real_psa_hash_finish(psa_hash_operation_t *operation, uint8_t *hash, size_t size, size_t *length);
psa_status_t __real_psa_hash_abort(psa_hash_operation_t *operation);
psa_status_t __real_psa_import_key(const psa_key_attributes_t *attributes, const uint8_t *data, size_t length,
                                   psa_key_id_t *id);
psa_status_t __real_psa_verify_hash(psa_key_id_t id, psa_algorithm_t algorithm, const uint8_t *hash, size_t hash_length,
                                    const uint8_t *signature, size_t signature_length);
psa_status_t __real_psa_destroy_key(psa_key_id_t id);
psa_status_t __wrap_psa_hash_setup(psa_hash_operation_t *operation, psa_algorithm_t algorithm);
psa_status_t __wrap_psa_hash_update(psa_hash_operation_t *operation, const uint8_t *input, size_t length);
psa_status_t __wrap_psa_hash_finish(psa_hash_operation_t *operation, uint8_t *hash, size_t size, size_t *length);
psa_status_t __wrap_psa_hash_abort(psa_hash_operation_t *operation);
psa_status_t __wrap_psa_import_key(const psa_key_attributes_t *attributes, const uint8_t *data, size_t length,
                                   psa_key_id_t *id);
psa_status_t __wrap_psa_verify_hash(psa_key_id_t id, psa_algorithm_t algorithm, const uint8_t *hash, size_t hash_length,
                                    const uint8_t *signature, size_t signature_length);
psa_status_t __wrap_psa_destroy_key(psa_key_id_t id);

static unsigned calls;
static unsigned failing;
static bool late;
static psa_status_t failure;
static int keys;
static int operations;

void psa_fail_at(unsigned number, psa_status_t answer)
{
    calls = 0;
    failing = number;
    late = false;
    failure = answer;
}

void psa_fail_late(unsigned number, psa_status_t answer)
{
    psa_fail_at(number, answer);
    late = true;
}

unsigned psa_calls(void)
{
    return calls;
}

int psa_keys(void)
{
    return keys;
}

int psa_operations(void)
{
    return operations;
}

/* Whether this call, the next one, does no work. */
static bool fails(void)
{
    return ++calls == failing && !late;
}

static psa_status_t done(psa_status_t status)
{
    return late && calls == failing ? failure : status;
}

/* mbedTLS marks an operation that is active, and ends it by itself where it fails. */
static bool is_active(const psa_hash_operation_t *operation)
{
    return operation->MBEDTLS_PRIVATE(id) != 0;
}

static psa_status_t counted(const psa_hash_operation_t *operation, bool before, psa_status_t status)
{
    operations += is_active(operation) - before;
    return done(status);
}

psa_status_t __wrap_psa_hash_setup(psa_hash_operation_t *operation, psa_algorithm_t algorithm)
{
    const bool before = is_active(operation);
    return fails() ? failure : counted(operation, before, __real_psa_hash_setup(operation, algorithm));
}

psa_status_t __wrap_psa_hash_update(psa_hash_operation_t *operation, const uint8_t *input, size_t length)
{
    const bool before = is_active(operation);
    return fails() ? failure : counted(operation, before, __real_psa_hash_update(operation, input, length));
}

psa_status_t __wrap_psa_hash_finish(psa_hash_operation_t *operation, uint8_t *hash, size_t size, size_t *length)
{
    const bool before = is_active(operation);
    return fails() ? failure : counted(operation, before, __real_psa_hash_finish(operation, hash, size, length));
}

psa_status_t __wrap_psa_hash_abort(psa_hash_operation_t *operation)
{
    const bool before = is_active(operation);
    return fails() ? failure : counted(operation, before, __real_psa_hash_abort(operation));
}

psa_status_t __wrap_psa_import_key(const psa_key_attributes_t *attributes, const uint8_t *data, size_t length,
                                   psa_key_id_t *id)
{
    if (fails())
        return failure;
    const psa_status_t status = __real_psa_import_key(attributes, data, length, id);
    keys += status == PSA_SUCCESS;
    return done(status);
}

psa_status_t __wrap_psa_verify_hash(psa_key_id_t id, psa_algorithm_t algorithm, const uint8_t *hash, size_t hash_length,
                                    const uint8_t *signature, size_t signature_length)
{
    return fails() ? failure
                   : done(__real_psa_verify_hash(id, algorithm, hash, hash_length, signature, signature_length));
}

psa_status_t __wrap_psa_destroy_key(psa_key_id_t id)
{
    if (fails())
        return failure;
    const psa_status_t status = __real_psa_destroy_key(id);
    keys -= status == PSA_SUCCESS && id != PSA_KEY_ID_NULL;
    return done(status);
}
