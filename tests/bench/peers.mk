# SPDX-License-Identifier: Apache-2.0
# Images and programs of `make bench-peers`: other people's RSA in the same harness as ward's. peer-NAME.elf in VARIANT BOARD+heap, ward's
# other backend in BOARD+kernel+heap, PSA in BOARD+psa+heap; tools/setup peers has their sources.

BEARSSL_DIR ?= $(DEPS)/bearssl
WOLFSSL_DIR ?= $(DEPS)/wolfssl
LIBJWT_DIR  ?= $(DEPS)/libjwt

PEERS         := $(OBJECTS)/tests/bench/peers
PEER_HARNESS  := $(PEERS)/peers.o $(OBJECTS)/tests/bench/measure.o $(BOARD_OBJECTS) $(OBJECTS)/boards/support/console.o
PEER_CPPFLAGS := -Itests/bench -I$(BUILD)/bench

# Called with the name of a peer: its folder of objects, one of each source, for its own flags.
peer_objects = $(patsubst %.c,$(OBJECTS)/peers/$(1)/%.o,$(notdir $(2)))

# ---- ward, and the harness alone.

PEER_WARD := $(addprefix $(OBJECTS)/src/,encoding/text.o encoding/escape.o encoding/utf8.o crypto/wipe.o crypto/pkcs1.o crypto/digest.o \
	crypto/signature.o) $(BUILD)/crypto.o

$(PEERS)/peers.o: $(BUILD)/bench/bench_vectors.h
$(PEERS)/%.o: TEST_CPPFLAGS += $(PEER_CPPFLAGS)

$(BUILD)/peer-none.elf: $(PEERS)/none.o $(PEER_HARNESS) $(BOARD_SCRIPT)
	$(LINK_BENCH)

$(BUILD)/peer-ward.elf: $(PEERS)/ward.o $(PEER_WARD) $(PEER_HARNESS) $(BOARD_SCRIPT)
	$(LINK_BENCH)

# ---- mbedTLS: its public API as ward's backend mbedtls_rsa configures it, and its PSA as the tests of ward's backend psa do.

PEER_MBEDTLS_FLAGS := -Iport/crypto/mbedtls -DMBEDTLS_CONFIG_FILE='"rsa_config.h"' -isystem $(MBEDTLS_DIR)/include
PEER_MBEDTLS       := $(call peer_objects,mbedtls,$(WARD_MBEDTLS_SOURCES_mbedtls_rsa))

$(PEER_MBEDTLS): $(OBJECTS)/peers/mbedtls/%.o: $(MADE_WITH) | setup-build
	$(call COMPILE_OTHERS,peers/mbedtls/$*.c,$(MBEDTLS_DIR)/library/$*.c,$(PEER_MBEDTLS_FLAGS))

ifeq ($(WARD_CRYPTO),psa)
$(PEERS)/arena.o $(PEERS)/psa.o: WARD_MBEDTLS_CPPFLAGS := $(WARD_PSA_CPPFLAGS)
else
$(PEERS)/arena.o $(PEERS)/mbedtls.o: WARD_MBEDTLS_CPPFLAGS := $(PEER_MBEDTLS_FLAGS)
endif

$(BUILD)/peer-mbedtls.elf: $(PEERS)/mbedtls.o $(PEERS)/arena.o $(PEER_MBEDTLS) $(PEER_HARNESS) $(BOARD_SCRIPT)
	$(LINK_BENCH)

$(BUILD)/peer-psa.elf: $(PEERS)/psa.o $(PEERS)/arena.o $(PEER_HARNESS) $(PSA_LIBRARY) $(BOARD_SCRIPT)
	$(LINK_BENCH)

# ---- BearSSL: 15 bits a word with its assembly for cores that multiply to 32 bits, 31 bits for those that multiply to 64.

PEER_BEARSSL_COMMON := $(addprefix $(BEARSSL_DIR)/src/,codec/ccopy.c codec/dec32be.c codec/enc32be.c hash/sha2small.c \
	rsa/rsa_pkcs1_sig_unpad.c)
PEER_BEARSSL_i15    := $(BEARSSL_DIR)/src/rsa/rsa_i15_pkcs1_vrfy.c $(BEARSSL_DIR)/src/rsa/rsa_i15_pub.c $(wildcard $(BEARSSL_DIR)/src/int/i15_*.c)
PEER_BEARSSL_i31    := $(BEARSSL_DIR)/src/rsa/rsa_i31_pkcs1_vrfy.c $(BEARSSL_DIR)/src/rsa/rsa_i31_pub.c \
	$(wildcard $(BEARSSL_DIR)/src/int/i31_*.c) $(BEARSSL_DIR)/src/int/i32_div32.c
PEER_BEARSSL_FLAGS_i15 := $(if $(findstring mthumb,$(BOARD_CFLAGS)),-DBR_ARMEL_CORTEXM_GCC=1)

define PEER_BEARSSL
$(PEERS)/bearssl_$(1).o: tests/bench/peers/bearssl.c $$(MADE_WITH)
	$$(COMPILE) $$(WARNINGS) $$(TEST_CPPFLAGS) $$(PEER_CPPFLAGS) -DPEER_VERIFY=br_rsa_$(1)_pkcs1_vrfy -isystem $$(BEARSSL_DIR)/inc -c $$< -o $$@

$$(OBJECTS)/peers/bearssl_$(1)/%.o: $$(MADE_WITH) | setup-build
	$$(call COMPILE_OTHERS,peers/bearssl_$(1)/$$*.c,$$(filter %/$$*.c,$$(PEER_BEARSSL_COMMON) $$(PEER_BEARSSL_$(1))),$$(PEER_BEARSSL_FLAGS_$(1)) -I$$(BEARSSL_DIR)/inc -I$$(BEARSSL_DIR)/src)

$$(BUILD)/peer-bearssl_$(1).elf: $$(PEERS)/bearssl_$(1).o $$(call peer_objects,bearssl_$(1),$$(PEER_BEARSSL_COMMON) $$(PEER_BEARSSL_$(1))) \
		$$(PEER_HARNESS) $$(BOARD_SCRIPT)
	$$(LINK_BENCH)
endef
$(foreach words,i15 i31,$(eval $(call PEER_BEARSSL,$(words))))

# ---- wolfSSL: in C, and in the assembly that it has for the core.

PEER_WOLFSSL_ASSEMBLY := $(if $(findstring cortex-m0,$(BOARD_CFLAGS)),sp_armthumb.c,sp_cortexm.c)
PEER_WOLFSSL_FILES_c  := asn.c hash.c rsa.c sha256.c sp_int.c wolfmath.c sp_c32.c
PEER_WOLFSSL_FILES_assembly := $(subst sp_c32.c,$(PEER_WOLFSSL_ASSEMBLY),$(PEER_WOLFSSL_FILES_c))
PEER_WOLFSSL_FLAGS_c  := -DWOLFSSL_USER_SETTINGS -Itests/bench/peers
PEER_WOLFSSL_FLAGS_assembly := $(PEER_WOLFSSL_FLAGS_c) -DPEER_ASSEMBLY -fomit-frame-pointer

define PEER_WOLFSSL
$(PEERS)/wolfssl_$(1).o: tests/bench/peers/wolfssl.c $$(MADE_WITH)
	$$(COMPILE) $$(WARNINGS) $$(TEST_CPPFLAGS) $$(PEER_CPPFLAGS) $$(PEER_WOLFSSL_FLAGS_$(1)) -isystem $$(WOLFSSL_DIR) -c $$< -o $$@

$$(OBJECTS)/peers/wolfssl_$(1)/%.o: $$(MADE_WITH) tests/bench/peers/user_settings.h | setup-build
	$$(call COMPILE_OTHERS,peers/wolfssl_$(1)/$$*.c,$$(WOLFSSL_DIR)/wolfcrypt/src/$$*.c,$$(PEER_WOLFSSL_FLAGS_$(1)) $$(if $$(filter sp_%,$$*),-DPEER_WHOLE) -I$$(WOLFSSL_DIR))

$$(BUILD)/peer-wolfssl_$(1).elf: $$(PEERS)/wolfssl_$(1).o $$(call peer_objects,wolfssl_$(1),$$(PEER_WOLFSSL_FILES_$(1))) $$(PEER_HARNESS) $$(BOARD_SCRIPT)
	$$(LINK_BENCH)
endef
$(foreach kind,c assembly,$(eval $(call PEER_WOLFSSL,$(kind))))

# ---- On this machine: whole tokens, in VARIANT host and host+kernel.

ifeq ($(BASE),host)
PEER_HOST := $(addprefix $(PEERS)/,host.o host_ward.o host_openssl.o host_libjwt.o)
# Where Debian's packages have it: the folder's name is the processor's.
PEER_LIBJWT := $(dir $(firstword $(wildcard $(LIBJWT_DIR)/usr/lib/*/libjwt.so.0)))

$(PEERS)/host.o: $(BUILD)/bench/bench_vectors.h
$(PEERS)/host.o: STANDARD := -std=gnu11
$(PEERS)/host_libjwt.o: TEST_CPPFLAGS += -isystem $(LIBJWT_DIR)/usr/include

$(BUILD)/peers: $(PEER_HOST) $(BUILD)/libward.a
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ -L$(PEER_LIBJWT) -l:libjwt.so.0 -l:libjansson.so.4 -lcrypto -Wl,-rpath,$(abspath $(PEER_LIBJWT)),-rpath-link,$(PEER_LIBJWT),--disable-new-dtags
endif
