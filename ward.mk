# SPDX-License-Identifier: Apache-2.0
# ward.mk: the one list of source files. Every other build description derives from it; another project's Makefile can
# include it:
#
#     WARD_DIR := third_party/ward
#     include $(WARD_DIR)/ward.mk
#     SOURCES  += $(addprefix $(WARD_DIR)/,$(WARD_SOURCES))
#     SOURCES  += $(addprefix $(MBEDTLS_DIR)/library/,$(WARD_MBEDTLS_SOURCES))    # unless the firmware builds mbedTLS anyway
#     CPPFLAGS += $(WARD_CPPFLAGS)
#     LDFLAGS  += -Wl,--gc-sections
#
# WARD_CRYPTO chooses the crypto backend: mbedtls_core (default) or mbedtls_rsa; port/crypto says when to take which.

WARD_DIR    ?= .
WARD_CRYPTO ?= mbedtls_core

# The core, layer by layer, lowest first.
WARD_CORE_SOURCES := \
	src/encoding/limits.c \
	src/encoding/text.c \
	src/encoding/number.c \
	src/encoding/escape.c \
	src/encoding/utf8.c \
	src/encoding/base64url.c \
	src/encoding/json_scan.c \
	src/encoding/json.c \
	src/encoding/writer.c \
	src/encoding/method.c \
	src/encoding/version.c \
	src/encoding/status_name.c \
	src/encoding/status_sentence.c \
	src/crypto/wipe.c \
	src/crypto/pkcs1.c \
	src/crypto/digest.c \
	src/state/clock.c \
	src/state/record_read.c \
	src/state/record_write.c \
	src/keys/key.c \
	src/keys/lock.c \
	src/keys/jwk.c \
	src/keys/choice.c \
	src/keys/jwks.c \
	src/keys/keyring.c \
	src/keys/keyring_fetch.c \
	src/keys/keyring_record.c \
	src/keys/keyring_open.c \
	src/keys/keyring_age.c \
	src/keys/keyring_state.c \
	src/keys/spare_keys.c \
	src/token/date.c \
	src/token/expect.c \
	src/token/jws.c \
	src/token/claims.c \
	src/token/claim.c \
	src/token/pipeline.c \
	src/token/verify.c \
	src/access/gate_lock.c \
	src/access/scope.c \
	src/access/limiter.c \
	src/access/cache.c \
	src/access/owner.c \
	src/access/audit_pack.c \
	src/access/audit_ring.c \
	src/access/audit.c \
	src/access/audit_runs.c \
	src/access/gate_audit.c \
	src/access/gate_change.c \
	src/access/denylist.c \
	src/access/deny_reset.c \
	src/access/audit_json.c \
	src/access/policy.c \
	src/access/answer.c \
	src/access/peer_address.c \
	src/access/peers.c \
	src/access/budget.c \
	src/access/authenticate.c \
	src/access/decide.c \
	src/access/finish.c \
	src/access/gate_record.c \
	src/access/gate.c \
	src/http/host.c \
	src/http/target.c \
	src/http/path.c \
	src/http/routes.c \
	src/http/bearer.c \
	src/http/fields.c \
	src/http/request.c \
	src/http/response.c

# The crypto backend, and what it needs of mbedTLS (file names in its library/ folder).
WARD_CRYPTO_SOURCES := port/crypto/$(WARD_CRYPTO).c port/crypto/mbedtls_sha256.c

# What a backend defines: the calls of include/ward/port/crypto.h.
WARD_CRYPTO_CALLS := $(addprefix ward_crypto_,sha256_start sha256_update sha256_end sha256_abort key_prepare verify)

WARD_MBEDTLS_SOURCES_mbedtls_core := bignum_core.c sha256.c constant_time.c platform_util.c
WARD_MBEDTLS_SOURCES_mbedtls_rsa  := bignum.c bignum_core.c rsa.c rsa_alt_helpers.c oid.c asn1parse.c asn1write.c md.c \
	sha256.c constant_time.c platform.c platform_util.c memory_buffer_alloc.c
WARD_MBEDTLS_SOURCES := $(WARD_MBEDTLS_SOURCES_$(WARD_CRYPTO))

WARD_MBEDTLS_CONFIG_mbedtls_core := core_config.h
WARD_MBEDTLS_CONFIG_mbedtls_rsa  := rsa_config.h

# For firmware whose keys refresh themselves: the loop that serves a keyring, and the self-test.
WARD_SERVICE_SOURCES := port/service.c port/selftest.c port/selftest_vector.c

WARD_SOURCES := $(WARD_CORE_SOURCES) $(WARD_CRYPTO_SOURCES)

# For ward's own files; mbedTLS's include/ and library/ must be found for the backend.
WARD_CPPFLAGS         := -I$(WARD_DIR)/include -I$(WARD_DIR)/src
WARD_MBEDTLS_CPPFLAGS := -I$(WARD_DIR)/port/crypto/mbedtls -DMBEDTLS_CONFIG_FILE='"$(WARD_MBEDTLS_CONFIG_$(WARD_CRYPTO))"'
