# SPDX-License-Identifier: Apache-2.0
# Flavours: the same sources built in other ways. `make -f tests/Makefile VARIANT=host+sanitize …` builds in build/host+sanitize.
# CFLAGS_OWN is for ward's own files only, so that no counter runs in mbedTLS.

# The second compiler.
ifneq ($(filter clang,$(FLAVOUR)),)
CC := clang
endif

# Another architecture under this machine's operating system: 64-bit Arm, as Linux gateways have it.
ifneq ($(filter arm64,$(FLAVOUR)),)
CC      := aarch64-linux-gnu-gcc
LD      := aarch64-linux-gnu-ld
AR      := aarch64-linux-gnu-ar
OBJCOPY := aarch64-linux-gnu-objcopy
# Statically, since this machine has no loader for them.
LDFLAGS += -static
endif

# The other crypto backend.
ifneq ($(filter mbedtls_rsa,$(FLAVOUR)),)
WARD_CRYPTO := mbedtls_rsa
endif

# The same on mbedTLS 2.28, as Debian 12 has it.
ifneq ($(filter mbedtls228,$(FLAVOUR)),)
WARD_CRYPTO      := mbedtls_rsa
WARD_MBEDTLS_DIR := $(or $(MBEDTLS_228_DIR),$(DEPS)/mbedtls-2.28)
endif

# PSA: that of mbedTLS 3.6, or, with tfpsa, of the tree that TF_PSA_CRYPTO_DIR names.
ifneq ($(filter psa tfpsa,$(FLAVOUR)),)
WARD_CRYPTO := psa
ifneq ($(filter tfpsa,$(FLAVOUR)),)
WARD_PSA_CPPFLAGS := -I. -DTF_PSA_CRYPTO_CONFIG_FILE='"tests/psa/tf_psa_config.h"' -isystem $(TF_PSA_CRYPTO_DIR)/include \
	-isystem $(TF_PSA_CRYPTO_DIR)/drivers/builtin/include
else
WARD_PSA_CPPFLAGS := -I. -DMBEDTLS_CONFIG_FILE='"tests/psa/mbedtls_config.h"' \
	-DMBEDTLS_PSA_CRYPTO_CONFIG_FILE='"tests/psa/wants.h"'
endif
endif

# Address and undefined-behaviour sanitizers; every finding ends the program.
ifneq ($(filter sanitize fuzz,$(FLAVOUR)),)
CC     := clang
CFLAGS := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
endif

# libFuzzer's counters.
ifneq ($(filter fuzz,$(FLAVOUR)),)
CFLAGS_OWN := -fsanitize=fuzzer-no-link
# A board's length of a token and its header, so that inputs of a fuzzer's size reach both sides of the limits.
LIMITS     := -DWARD_MAX_TOKEN=4096 -DWARD_MAX_HEADER=512
endif

# Line and branch counts.
ifneq ($(filter coverage,$(FLAVOUR)),)
CFLAGS     := -O0 -g
CFLAGS_OWN := --coverage
LDFLAGS    += --coverage
endif

# Which condition of a decision decided it.
ifneq ($(filter mcdc,$(FLAVOUR)),)
CC         := clang-19
CFLAGS     := -O0 -g
CFLAGS_OWN := -fprofile-instr-generate -fcoverage-mapping -fcoverage-mcdc
LDFLAGS    += -fprofile-instr-generate
endif

# The limits of a board and its unsigned char, on this machine: to sign what the tests on a board will ask for.
ifneq ($(filter board,$(FLAVOUR)),)
LIMITS := -DWARD_HOSTED=0 -DWARD_CACHE_TEXT=1024 -funsigned-char
endif

# Keys of every length on a board.
ifneq ($(filter heap,$(FLAVOUR)),)
LIMITS := -DWARD_MAX_RSA_BITS=4096
endif

# The key set of which README tells the peak of RAM.
ifneq ($(filter peak,$(FLAVOUR)),)
LIMITS := -DWARD_MAX_KEYS=2
endif

# ward's own SHA-256.
ifneq ($(filter sha256,$(FLAVOUR)),)
WARD_SHA256 := ward
endif

# A board whose gate knows tokens by their signatures; the keys are two as with peak.
ifneq ($(filter signatures,$(FLAVOUR)),)
LIMITS := -DWARD_MAX_KEYS=2 -DWARD_CACHE_SIGNATURES=1
endif

# One whose gate knows them by their text.
ifneq ($(filter text,$(FLAVOUR)),)
LIMITS := -DWARD_MAX_KEYS=2 -DWARD_CACHE_TEXT=1400
endif

# The demo firmware with the keys of the tests in flash.
ifneq ($(filter tests,$(FLAVOUR)),)
KEYS := $(BUILD)/jwks.json
endif
# A small board with the limits of the others, for the suites: their vectors were signed for these.
ifneq ($(filter usual,$(FLAVOUR)),)
LIMITS :=
endif

# One of 3072 bits where that is the board's most.
TEST_KEYS := $(if $(findstring WARD_MAX_RSA_BITS=3072,$(LIMITS)),a m,a b)

# The same, and bundles of the keys c and d; on a network also over http. The networked image takes more than the 256 KB of flash and 128 KB
# of RAM that the others have.
ifneq ($(filter bundles,$(FLAVOUR)),)
LIMITS        := -DWARD_MAX_BUNDLE=16384 -DWARD_FETCH_CLEARTEXT=1
LDFLAGS       += -Wl,--defsym=TEST_FLASH=327680 -Wl,--defsym=TEST_RAM=163840
KEYS          := $(BUILD)/jwks.json
OPERATOR_KEYS := $(BUILD)/operators.json
endif

# The networked image for load: one subject may ask as often as it can, and nothing is printed about responses. The budget of signatures
# is the usual one. A known token costs as little as it can: five slots keep its text, as many as the test has tokens that have to stay known.
# The RAM is that of events and of two keys.
ifneq ($(filter load,$(FLAVOUR)),)
LIMITS      := -DWARD_CACHE_SLOTS=5 -DWARD_CACHE_TEXT=744 -DWARD_MAX_KEYS=2 -DWARD_AUDIT_EVENTS=16
WARD_SHA256 := ward
APP_CPPFLAGS += -DAPP_QUIET=1 '-DAPP_SUBJECT_RATE={ 1000, 1, 10000 }'
endif

# The same without its gate, to measure what that costs. Never a device's.
ifneq ($(filter nogate,$(FLAVOUR)),)
APP_CPPFLAGS += -DAPP_WITHOUT_GATE=1
endif

# A gate that remembers no token.
ifneq ($(filter nocache,$(FLAVOUR)),)
LIMITS := -DWARD_CACHE_SLOTS=0
endif

# SHA-256 on an engine in hardware, of which there is one (tests/engine).
ifneq ($(filter engine,$(FLAVOUR)),)
CFLAGS += -DMBEDTLS_SHA256_ALT -Itests/engine
# PSA wants nothing with a key, and needs no room for it.
ifneq ($(filter psa,$(FLAVOUR)),)
LIMITS := -DWARD_PREPARED_WORDS=1
endif
endif

# Arithmetic of ward's own; with small as compilers get it that have no limbs of 64 bits, with halves no long products either; with rows as
# RISC-V gets it, with digits as a Cortex-M3, with columns as a Cortex-M0.
ifneq ($(filter kernel,$(FLAVOUR)),)
WARD_CRYPTO := kernel
CFLAGS      += $(if $(filter small halves,$(FLAVOUR)),-DWARD_KERNEL_SMALL=1) $(if $(filter halves,$(FLAVOUR)),-DWARD_KERNEL_HALVES=1) \
	$(if $(filter rows,$(FLAVOUR)),-DWARD_KERNEL_ROWS=1) \
	$(if $(filter digits,$(FLAVOUR)),-DWARD_KERNEL_DIGITS=1) \
	$(if $(filter columns,$(FLAVOUR)),-DWARD_KERNEL_COLUMNS=1)
endif
