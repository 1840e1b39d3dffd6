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
endif

# The other crypto backend.
ifneq ($(filter mbedtls_rsa,$(FLAVOUR)),)
WARD_CRYPTO := mbedtls_rsa
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
LIMITS := -DWARD_HOSTED=0 -funsigned-char
endif

# The key set of which README tells the peak of RAM.
ifneq ($(filter peak,$(FLAVOUR)),)
LIMITS := -DWARD_MAX_KEYS=2
endif

# The demo firmware with the keys of the tests in flash.
ifneq ($(filter tests,$(FLAVOUR)),)
KEYS := $(BUILD)/jwks.json
endif

# The networked image for load: one subject may ask as often as it can, and nothing is printed about responses. The budget of signatures
# is the usual one.
ifneq ($(filter load,$(FLAVOUR)),)
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
