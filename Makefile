# ward: build, try, test. `make help` lists the targets.
#
# Everything is built under build/VARIANT: `host` is the library and command line for this machine, the name of a board
# its firmware; a flavour behind either, as in host+clang, is another compiler, backend or sanitizer (tests/variants.mk).

VARIANT ?= host
BOARD   ?= mps2-an385
BUILD   := build/$(VARIANT)
OBJECTS := $(BUILD)/obj

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SECONDARY:

# Third-party sources: fetched into build/deps by tools/setup, or the user's own.
DEPS        := build/deps
MBEDTLS_DIR ?= $(DEPS)/mbedtls
LLHTTP_DIR  ?= $(DEPS)/llhttp
LWIP_DIR    ?= $(DEPS)/lwip
export MBEDTLS_DIR LLHTTP_DIR LWIP_DIR

# Strict about ward's own files, silent about others'.
WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wundef -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wcast-qual \
	-Wpointer-arith -Wwrite-strings -Werror
STANDARD := -std=c11

CC       := gcc
LD       := ld
AR       := ar
OBJCOPY  := objcopy
CFLAGS   := -O2 -g
SECTIONS := -ffunction-sections -fdata-sections
LDFLAGS  := -Wl,--gc-sections

# A variant's name is a base and flavours: host, mps2-an385, host+sanitize, mps2-an385+peak.
BASE    := $(firstword $(subst +, ,$(VARIANT)))
FLAVOUR := $(wordlist 2,9,$(subst +, ,$(VARIANT)))
LIMITS  :=

ifneq ($(BASE),host)
ifeq ($(wildcard boards/$(BASE)/board.mk),)
$(error there is no board $(BASE): $(patsubst boards/%/board.mk,%,$(wildcard boards/*/board.mk)))
endif
include boards/$(BASE)/board.mk
endif
include tests/variants.mk
include ward.mk
include boards/boards.mk
include port/posix/posix.mk
include tools/tools.mk
include tests/tests.mk



# ---- The library: the core, and the crypto backend with the few functions of mbedTLS that it uses.

CORE_OBJECTS    := $(WARD_CORE_SOURCES:%.c=$(OBJECTS)/%.o)
CRYPTO_OBJECTS  := $(WARD_CRYPTO_SOURCES:%.c=$(OBJECTS)/%.o)
MBEDTLS_OBJECTS := $(WARD_MBEDTLS_SOURCES:%.c=$(OBJECTS)/mbedtls/%.o)

COMPILE = @mkdir -p $(@D) && echo "  CC      $(VARIANT) $<" && $(CC) $(STANDARD) $(CFLAGS) $(CFLAGS_OWN) $(SECTIONS) $(LIMITS)

$(OBJECTS)/src/%.o: src/%.c | setup-build
	$(COMPILE) $(WARNINGS) $(WARD_CPPFLAGS) -MMD -MP -c $< -o $@

$(OBJECTS)/port/%.o: port/%.c | setup-build
	$(COMPILE) $(WARNINGS) $(WARD_CPPFLAGS) $(WARD_MBEDTLS_CPPFLAGS) -isystem $(MBEDTLS_DIR)/include \
		-isystem $(MBEDTLS_DIR)/library -MMD -MP -c $< -o $@

# mbedTLS is not ours to mend: no warnings, no instrumentation that counts its lines.
$(OBJECTS)/mbedtls/%.o: | setup-build
	@mkdir -p $(@D) && echo "  CC      $(VARIANT) mbedtls/$*.c"
	@$(CC) $(CFLAGS) $(SECTIONS) -w $(WARD_MBEDTLS_CPPFLAGS) -I$(MBEDTLS_DIR)/include \
		-I$(MBEDTLS_DIR)/library -c $(MBEDTLS_DIR)/library/$*.c -o $@

# One object out of backend and mbedTLS. What the backend does not reach is dropped, since it would need mbedTLS's heap
# numbers; what is left is made local, so that it meets no other mbedTLS that an application links.
CRYPTO_ROOTS := $(addprefix -u ward_crypto_,sha256_start sha256_update sha256_end key_prepare rs256_check)
CRYPTO_KEPT  := --keep-global-symbol='ward_*' --keep-global-symbol='mbedtls_memory_buffer_alloc_*'

$(BUILD)/crypto.o: $(CRYPTO_OBJECTS) $(MBEDTLS_OBJECTS)
	@echo "  LD      $@"
	@$(LD) -r --gc-sections $(CRYPTO_ROOTS) $(CRYPTO_ROOTS_$(WARD_CRYPTO)) $^ -o $@
	@$(OBJCOPY) --strip-unneeded $@
	@$(OBJCOPY) --wildcard $(CRYPTO_KEPT) $@

CRYPTO_ROOTS_mbedtls_rsa := -u mbedtls_memory_buffer_alloc_init -u mbedtls_memory_buffer_alloc_free

$(BUILD)/libward.a: $(CORE_OBJECTS) $(BUILD)/crypto.o
	@echo "  AR      $@"
	@rm -f $@ && $(AR) rcsD $@ $^

-include $(shell find $(OBJECTS) -name '*.d' 2>/dev/null)

# ---- What there is to make.

.PHONY: help setup setup-build lib cli firmware demo run test soak layers noheap coverage clean

help: ## this list
	@echo "ward: make TARGET [BOARD=$(BOARD)] [WARD_INSTALL=no] [MBEDTLS_DIR=…]"
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1	\2/p' $(MAKEFILE_LIST) | sort | expand -t 14 | sed 's/^/  /'

setup: ## install what the build, the demo and the tests need
	@tools/setup build firmware emulator issuer test

# A build that was asked for by a step of the tests has been set up before.
setup-build:
	@[ -n "$(WARD_READY)" ] || tools/setup build $(if $(BOARD_SOURCES),firmware)

lib: $(BUILD)/libward.a ## the library for this machine: build/host/libward.a

cli: $(BUILD)/ward ## the command line: build/host/ward

firmware: ## the demo of BOARD, on a UART and on a network: build/BOARD/firmware.elf, network.elf
	@$(MAKE) --no-print-directory VARIANT=$(BOARD) build/$(BOARD)/firmware.elf build/$(BOARD)/network.elf

demo: ## an issuer and a device in QEMU on a network: tokens good and bad, rotation, revocation, an outage, a power cut
	@tools/setup build firmware emulator issuer
	@WARD_READY=1 $(MAKE) --no-print-directory build/host/ward
	@WARD_READY=1 tests/e2e/demo.py

run: ## the same device and issuer, up until Ctrl-C, with a curl to paste
	@tools/setup build firmware emulator issuer
	@WARD_READY=1 exec tests/e2e/serve.py

test: ## all tests but the long ones; the last line counts them
	@tools/setup build firmware emulator issuer test
	@tests/run

soak: ## the long runs: every mutant, long fuzzing and the like; hours
	@tools/setup build firmware emulator issuer test
	@tests/run --soak

layers: ## check that includes go downward only
	@tests/static/layers.py

noheap: lib firmware ## check that neither library nor firmware refers to an allocator
	@tests/static/noheap.py build/host/libward.a build/$(BOARD)/libward.a build/$(BOARD)/firmware.elf build/$(BOARD)/network.elf

coverage: ## line and branch coverage of src/ and port/crypto by the unit tests
	@tools/setup build test
	@for variant in host+coverage host+board+coverage host+mbedtls_rsa+coverage; do \
		WARD_READY=1 $(MAKE) --no-print-directory -j2 VARIANT=$$variant build/$$variant/unit || exit 1; done
	@tests/coverage.py

clean: ## remove what was built, but not what was fetched
	@find build -mindepth 1 -maxdepth 1 ! -name deps -exec rm -rf {} + 2>/dev/null || true
