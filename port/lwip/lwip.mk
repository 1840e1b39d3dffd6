# The port to lwIP and mbedTLS: include it after ward.mk. LWIP_DIR, MBEDTLS_DIR and LLHTTP_DIR name their sources.

WARD_LWIP_SOURCES := $(addprefix port/lwip/,arena.c random.c network.c tls_setup.c tls_buffer.c tls.c tls_verify.c tls_reason.c url.c fetch.c error_response.c received.c accept_queue.c slots.c crowd.c server.c) \
	port/http/response_parser.c port/http/answer_fields.c port/http/http_date.c

# lwIP's, below src/.
WARD_LWIP_STACK := $(addprefix core/,def.c dns.c inet_chksum.c init.c ip.c mem.c memp.c netif.c pbuf.c stats.c tcp.c tcp_in.c \
	tcp_out.c timeouts.c udp.c ipv4/dhcp.c ipv4/etharp.c ipv4/icmp.c ipv4/ip4.c ipv4/ip4_addr.c) netif/ethernet.c

# mbedTLS's, in library/; the linker drops what nothing reaches.
WARD_LWIP_TLS := aes.c asn1parse.c asn1write.c bignum.c bignum_core.c bignum_mod.c bignum_mod_raw.c chacha20.c chachapoly.c cipher.c \
	cipher_wrap.c constant_time.c ctr_drbg.c ecdh.c ecdsa.c ecp.c ecp_curves.c gcm.c hkdf.c md.c oid.c pk.c pk_ecc.c pk_wrap.c \
	pkparse.c platform.c platform_util.c poly1305.c psa_crypto.c psa_crypto_aead.c psa_crypto_cipher.c psa_crypto_client.c \
	psa_crypto_driver_wrappers_no_static.c psa_crypto_ecp.c psa_crypto_ffdh.c psa_crypto_hash.c psa_crypto_mac.c \
	psa_crypto_pake.c psa_crypto_rsa.c psa_crypto_slot_management.c psa_util.c rsa.c rsa_alt_helpers.c sha256.c sha512.c \
	ssl_ciphersuites.c ssl_client.c ssl_debug_helpers_generated.c ssl_msg.c ssl_tls.c ssl_tls12_client.c ssl_tls12_server.c \
	ssl_tls13_client.c ssl_tls13_generic.c ssl_tls13_keys.c ssl_tls13_server.c x509.c x509_crt.c

WARD_LWIP_CPPFLAGS := -I$(WARD_DIR)/include -I$(WARD_DIR)/port/lwip -I$(WARD_DIR)/port/http -DMBEDTLS_CONFIG_FILE='"tls_config.h"'
WARD_LWIP_SYSTEM    = -isystem $(LWIP_DIR)/src/include -isystem $(MBEDTLS_DIR)/include -isystem $(MBEDTLS_DIR)/library
