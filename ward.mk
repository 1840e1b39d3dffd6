# SPDX-License-Identifier: Apache-2.0
# ward.mk: the one list of source files. Every other build description derives from it. In another project's Makefile:
#
#     WARD_DIR    := third_party/ward
#     MBEDTLS_DIR := third_party/mbedtls
#     include $(WARD_DIR)/mk/embed.mk
#
#     CPPFLAGS    += $(WARD_INCLUDE)
#     LDFLAGS     += -Wl,--gc-sections
#     firmware.elf: $(OBJECTS) $(WARD_LIBRARY)
#     	$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@
#
# MBEDTLS_DIR has the sources of mbedTLS 3.6. ward takes a few files of them under hidden names, so that an mbedTLS that the project
# has is neither configured nor met; mk/embed.mk says more. An IDE that wants files adds WARD_SOURCES and WARD_MBEDTLS_SOURCES.
#
# WARD_CRYPTO chooses the crypto backend: mbedtls_core (default), kernel, mbedtls_rsa or psa; port/PORTING.md says when to take which.

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
	src/encoding/b64token.c \
	src/encoding/json.c \
	src/encoding/json_again.c \
	src/encoding/json_find.c \
	src/encoding/writer.c \
	src/encoding/method.c \
	src/encoding/version.c \
	src/encoding/status_name.c \
	src/encoding/status_sentence.c \
	src/crypto/wipe.c \
	src/crypto/pkcs1.c \
	src/crypto/digest.c \
	src/crypto/signature.c \
	src/state/clock.c \
	src/state/record_read.c \
	src/state/record_write.c \
	src/keys/key.c \
	src/keys/lock.c \
	src/keys/denial.c \
	src/keys/jwk.c \
	src/keys/choice.c \
	src/keys/jwks.c \
	src/keys/bundle.c \
	src/keys/bundle_change.c \
	src/keys/bundle_record.c \
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
	src/access/bundle_deny.c \
	src/access/bundle_take.c \
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

# The crypto backend, and what it needs of mbedTLS 3.6 (file names in its library/ folder). PSA is the firmware's own.
# Whose SHA-256 they take: mbedTLS's, or ward's own, which is smaller in C and faster in the assembly that it has for Armv7-M and later.
WARD_SHA256                 ?= mbedtls
WARD_SHA256_SOURCES_mbedtls := port/crypto/mbedtls_sha256.c
WARD_SHA256_SOURCES_ward    := port/crypto/sha256.c port/crypto/sha256_blocks.c port/crypto/sha256_thumb.c

WARD_CRYPTO_SOURCES_mbedtls_core := port/crypto/mbedtls_core.c $(WARD_SHA256_SOURCES_$(WARD_SHA256))
WARD_CRYPTO_SOURCES_kernel       := port/crypto/kernel.c port/crypto/kernel_limbs.c port/crypto/kernel_power.c \
	port/crypto/kernel_power_halves.c port/crypto/kernel_halves.c port/crypto/kernel_muls.c \
	port/crypto/kernel_power_rows.c port/crypto/kernel_rows.c port/crypto/kernel_umaal.c \
	port/crypto/kernel_power_digits.c port/crypto/kernel_digits.c port/crypto/kernel_umlal.c $(WARD_SHA256_SOURCES_$(WARD_SHA256))
WARD_CRYPTO_SOURCES_mbedtls_rsa  := port/crypto/mbedtls_rsa.c $(WARD_SHA256_SOURCES_$(WARD_SHA256))
WARD_CRYPTO_SOURCES_psa          := port/crypto/psa.c
WARD_CRYPTO_SOURCES := $(WARD_CRYPTO_SOURCES_$(WARD_CRYPTO))

# What a backend defines: the calls of include/ward/port/crypto.h.
WARD_CRYPTO_CALLS := $(addprefix ward_crypto_,sha256_start sha256_update sha256_end sha256_abort key_prepare \
	verify_begin verify_step verify_abort)

WARD_MBEDTLS_SOURCES_mbedtls_core := bignum_core.c sha256.c constant_time.c platform_util.c
WARD_MBEDTLS_SOURCES_kernel       := sha256.c platform_util.c
WARD_MBEDTLS_SOURCES_mbedtls_rsa  := bignum.c bignum_core.c rsa.c rsa_alt_helpers.c oid.c asn1parse.c asn1write.c md.c \
	sha256.c constant_time.c platform.c platform_util.c memory_buffer_alloc.c

# Of mbedTLS 2.28, which is told by a file that later ones do not have.
WARD_MBEDTLS_SOURCES_mbedtls_rsa_228 := bignum.c rsa.c rsa_internal.c oid.c asn1parse.c asn1write.c md.c \
	sha256.c constant_time.c platform.c platform_util.c memory_buffer_alloc.c

WARD_MBEDTLS_DIR     ?= $(MBEDTLS_DIR)
WARD_MBEDTLS_SOURCES := $(WARD_MBEDTLS_SOURCES_$(WARD_CRYPTO)$(if $(wildcard $(WARD_MBEDTLS_DIR)/library/rsa_internal.c),_228))

WARD_MBEDTLS_CONFIG_mbedtls_core := core_config.h
WARD_MBEDTLS_CONFIG_kernel       := core_config.h
WARD_MBEDTLS_CONFIG_mbedtls_rsa  := rsa_config.h

# For firmware whose keys refresh themselves: the loop that serves a keyring, and the self-test.
WARD_SERVICE_SOURCES := port/service.c port/selftest.c port/selftest_vector.c

WARD_SOURCES := $(WARD_CORE_SOURCES) $(WARD_CRYPTO_SOURCES)

# For ward's own files; mbedTLS's include/ and library/ must be found for the backend.
WARD_CPPFLAGS         := -I$(WARD_DIR)/include -I$(WARD_DIR)/src
WARD_MBEDTLS_CPPFLAGS := -I$(WARD_DIR)/port/crypto/mbedtls -DMBEDTLS_CONFIG_FILE='"$(WARD_MBEDTLS_CONFIG_$(WARD_CRYPTO))"'

# With psa: where psa/crypto.h lies and how the firmware's PSA is configured, as WARD_PSA_CPPFLAGS has it.
ifeq ($(WARD_CRYPTO),psa)
WARD_CPPFLAGS         += -DWARD_CRYPTO_PSA=1
WARD_MBEDTLS_CPPFLAGS := $(WARD_PSA_CPPFLAGS)
endif
