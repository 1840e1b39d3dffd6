/* SPDX-License-Identifier: Apache-2.0 */
#include "port/tls/setup.h"

#include "port/tls/arena.h"
#include "port/tls/configs.h"
#include "port/tls/random.h"
#include "psa/crypto.h"

/* AES-128 and ChaCha20, digests of SHA-256: what every server of today has, and nothing that needs larger states. */
static const int suites[] = { MBEDTLS_TLS1_3_AES_128_GCM_SHA256,
                              MBEDTLS_TLS1_3_CHACHA20_POLY1305_SHA256,
                              MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
                              MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
                              MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
                              MBEDTLS_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
                              0 };

/*
 * Work on P-256 can be cut into steps and has tables, X25519 has neither: a client offers it to no server, since many would take it;
 * a server takes it from clients that offer nothing else at first.
 */
static const uint16_t client_groups[] = { MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1, MBEDTLS_SSL_IANA_TLS_GROUP_SECP384R1,
                                          0 };
static const uint16_t server_groups[] = { MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1, MBEDTLS_SSL_IANA_TLS_GROUP_X25519, 0 };

/*
 * mbedTLS offers RSA-PSS to whoever may choose TLS 1.3, but does not take it in TLS 1.2. So PKCS #1 comes first: OpenSSL and Go choose in
 * the client's order, and TLS 1.3 does not have it.
 */
static const uint16_t signatures[] = { MBEDTLS_TLS1_3_SIG_ECDSA_SECP256R1_SHA256,
                                       MBEDTLS_TLS1_3_SIG_ECDSA_SECP384R1_SHA384,
                                       MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA256,
                                       MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA384,
                                       MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA512,
                                       MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA256,
                                       MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA384,
                                       MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA512,
                                       MBEDTLS_TLS1_3_SIG_NONE };

/* Operations on a curve after which mbedTLS lets go of the processor, where it can. */
enum { CURVE_OPERATIONS = 200 };

mbedtls_ssl_config ward_tls_client;
mbedtls_ssl_config ward_tls_server;
uint32_t (*ward_tls_uptime)(void);
mbedtls_x509_crt ward_tls_authorities;
static mbedtls_x509_crt certificates;
static mbedtls_pk_context key;

static bool parse(mbedtls_x509_crt *chain, const struct ward_tls_der *der, size_t count)
{
    mbedtls_x509_crt_init(chain);
    for (size_t i = 0; i < count; i++)
        if (mbedtls_x509_crt_parse_der_nocopy(chain, der[i].data, der[i].length) != 0)
            return false;
    return true;
}

static bool configure(mbedtls_ssl_config *config, int side)
{
    mbedtls_ssl_config_init(config);
    if (mbedtls_ssl_config_defaults(config, side, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT) != 0)
        return false;
    mbedtls_ssl_conf_rng(config, ward_tls_random_for_mbedtls, NULL);
    mbedtls_ssl_conf_ciphersuites(config, suites);
    mbedtls_ssl_conf_groups(config, side == MBEDTLS_SSL_IS_CLIENT ? client_groups : server_groups);
    mbedtls_ssl_conf_sig_algs(config, signatures);
    return true;
}

/* mbedTLS keeps what it computes at the first use of an RSA key with the key: let it be now, in memory that stays. */
static void use_keys_once(mbedtls_x509_crt *chain)
{
    for (mbedtls_x509_crt *at = chain; at != NULL; at = at->next) {
        uint8_t number[MBEDTLS_MPI_MAX_SIZE] = { 0 };
        if (mbedtls_pk_get_type(&at->pk) != MBEDTLS_PK_RSA || mbedtls_pk_get_len(&at->pk) > sizeof number)
            continue;
        number[mbedtls_pk_get_len(&at->pk) - 1] = 2;
        (void)mbedtls_rsa_public(mbedtls_pk_rsa(at->pk), number, number);
    }
}

static bool configure_client(const struct ward_tls_setup *setup)
{
    if (!configure(&ward_tls_client, MBEDTLS_SSL_IS_CLIENT) ||
        !parse(&ward_tls_authorities, setup->authorities, setup->authority_count))
        return false;
    use_keys_once(&ward_tls_authorities);
    /* tls_verify.c does, in steps, before anything is sent: see there. */
    mbedtls_ssl_conf_authmode(&ward_tls_client, MBEDTLS_SSL_VERIFY_NONE);
    return true;
}

static bool configure_server(const struct ward_tls_setup *setup)
{
    if (!configure(&ward_tls_server, MBEDTLS_SSL_IS_SERVER) ||
        !parse(&certificates, setup->certificates, setup->certificate_count))
        return false;
    mbedtls_pk_init(&key);
    if (mbedtls_pk_parse_key(&key, setup->key.data, setup->key.length, NULL, 0, ward_tls_random_for_mbedtls, NULL) != 0)
        return false;
    return mbedtls_ssl_conf_own_cert(&ward_tls_server, &certificates, &key) == 0;
}

/* What the shares of sessions and fetch leave to what all of them need. */
enum { LEFT_TO_SHARED = WARD_ARENA_SIZE - WARD_ARENA_FETCH_SHARE - WARD_SERVER_SLOTS * WARD_ARENA_SLOT_SHARE };

bool ward_tls_begin(const struct ward_tls_setup *setup, uint32_t (*uptime)(void))
{
    ward_tls_uptime = uptime;
    ward_tls_arena_use(WARD_TLS_ARENA_SHARED);
    mbedtls_ecp_set_max_ops(CURVE_OPERATIONS);
    if (psa_crypto_init() != PSA_SUCCESS || !configure_client(setup) || !configure_server(setup))
        return false;
    ward_tls_arena_share(WARD_TLS_ARENA_SHARED, ward_tls_arena_used(WARD_TLS_ARENA_SHARED));
    ward_tls_arena_share(WARD_TLS_ARENA_FETCH, WARD_ARENA_HELLO_SHARE);
    for (unsigned slot = 0; slot < WARD_SERVER_SLOTS; slot++)
        ward_tls_arena_share(WARD_TLS_ARENA_SLOTS + slot, WARD_ARENA_SLOT_SHARE);
    return ward_tls_arena_used(WARD_TLS_ARENA_SHARED) <= LEFT_TO_SHARED;
}
