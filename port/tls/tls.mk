# SPDX-License-Identifier: Apache-2.0
# TLS by mbedTLS 3.6, over any stream of bytes: include it after ward.mk. MBEDTLS_DIR names mbedTLS's sources.

WARD_TLS_SOURCES := $(addprefix port/tls/,arena.c random.c setup.c buffer.c session.c verify.c reason.c) port/date.c

# mbedTLS's, in library/; the linker drops what nothing reaches.
WARD_TLS_MBEDTLS := aes.c asn1parse.c asn1write.c bignum.c bignum_core.c bignum_mod.c bignum_mod_raw.c chacha20.c chachapoly.c cipher.c \
	cipher_wrap.c constant_time.c ctr_drbg.c ecdh.c ecdsa.c ecp.c ecp_curves.c gcm.c hkdf.c md.c oid.c pk.c pk_ecc.c pk_wrap.c \
	pkparse.c platform.c platform_util.c poly1305.c psa_crypto.c psa_crypto_aead.c psa_crypto_cipher.c psa_crypto_client.c \
	psa_crypto_driver_wrappers_no_static.c psa_crypto_ecp.c psa_crypto_ffdh.c psa_crypto_hash.c psa_crypto_mac.c \
	psa_crypto_pake.c psa_crypto_rsa.c psa_crypto_slot_management.c psa_util.c rsa.c rsa_alt_helpers.c sha256.c sha512.c \
	ssl_ciphersuites.c ssl_client.c ssl_debug_helpers_generated.c ssl_msg.c ssl_tls.c ssl_tls12_client.c ssl_tls12_server.c \
	ssl_tls13_client.c ssl_tls13_generic.c ssl_tls13_keys.c ssl_tls13_server.c x509.c x509_crt.c

WARD_TLS_CPPFLAGS := -I$(WARD_DIR)/include -I$(WARD_DIR) -DMBEDTLS_CONFIG_FILE='"port/tls/mbedtls_config.h"'
WARD_TLS_SYSTEM    = -isystem $(MBEDTLS_DIR)/include -isystem $(MBEDTLS_DIR)/library
