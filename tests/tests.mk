# SPDX-License-Identifier: Apache-2.0
# Test programs, on this machine and on the boards. tests/run decides what runs.

comma := ,

include tests/psa/psa.mk
include tests/engine/engine.mk

# The arithmetic of the backend `kernel` (tests/kernel).
ifeq ($(WARD_CRYPTO),kernel)
KERNEL_SUITES  := $(wildcard tests/kernel/test_*.c)
KERNEL_SOURCES := tests/kernel/cases.c tests/kernel/chain.c tests/kernel/twin.c tests/kernel/twin_digits.c tests/kernel/twin_halves.c
endif

SUITES         := $(sort $(wildcard tests/unit/test_*.c tests/attack/test_*.c) $(PSA_SUITES) $(ENGINE_SUITES) $(KERNEL_SUITES))
SUITE_NAMES    := $(patsubst test_%,%,$(basename $(notdir $(SUITES))))
TEST_SOURCES   := $(SUITES) tests/support/check.c tests/support/token.c tests/support/gate.c tests/support/request.c \
	tests/support/crypto_faults.c tests/support/residue.c tests/support/keyring_fixture.c tests/support/ways.c tests/support/fake_platform.c tests/support/audit.c \
	tests/support/budget_fixture.c tests/support/cache_fixture.c tests/support/bundle_fixture.c tests/support/stored_bundle.c tests/support/stored_fixture.c tests/support/response_feed.c tests/support/request_feed.c tests/support/memory_slots.c \
	$(PSA_FAULTS) $(ENGINE_SOURCES) $(KERNEL_SOURCES)

PLATFORM_OBJECT := $(OBJECTS)/tests/support/platform_$(WARD_CRYPTO).o

# Each call of the crypto seam passes through tests/support/crypto_faults.c.
TEST_WRAPS     := $(addprefix -Wl$(comma)--wrap=,$(WARD_CRYPTO_CALLS)) $(PSA_WRAPS)

# What runs on any platform, and the one that has nothing.
TEST_PORTS     := $(WARD_SERVICE_SOURCES) port/template/platform.c port/provisioned/platform.c port/http/answer_fields.c \
	port/date.c port/http/response_parser.c port/tls/arena.c \
	$(if $(filter ward,$(WARD_SHA256)),,port/crypto/sha256_blocks.c port/crypto/sha256_thumb.c)

TEST_OBJECTS   := $(TEST_SOURCES:%.c=$(OBJECTS)/%.o) $(TEST_PORTS:%.c=$(OBJECTS)/%.o)
TEST_CPPFLAGS   = $(WARD_CPPFLAGS) -Itests/support -Itests/attack -Iboards/support -I$(WARD_DIR) -I$(BUILD)/tests \
	-DTEST_KEYS_FOLDER='"$(abspath tests/keys)"'

$(OBJECTS)/tests/%.o: tests/%.c $(MADE_WITH) | setup-build
	$(COMPILE) $(WARNINGS) $(TEST_CPPFLAGS) $(WARD_MBEDTLS_CPPFLAGS) -isystem $(WARD_MBEDTLS_DIR)/include \
		-isystem $(LLHTTP_DIR) -c $< -o $@

$(OBJECTS)/tests/generated/%.o: $(BUILD)/tests/%.c $(MADE_WITH)
	$(COMPILE) $(WARNINGS) $(TEST_CPPFLAGS) -c $< -o $@

# The list of suites, one for each test_NAME.c.
$(BUILD)/tests/suites.c: $(SUITES) tests/tests.mk
	@mkdir -p $(@D)
	@{ echo '#include "check.h"'; \
	   for suite in $(SUITE_NAMES); do echo "extern const struct test_suite $${suite}_suite;"; done; \
	   echo 'const struct test_suite *const all_suites[] = {'; \
	   for suite in $(SUITE_NAMES); do echo "    &$${suite}_suite,"; done; \
	   echo '    0'; echo '};'; } > $@

$(BUILD)/tests/public_keys.c: tests/support/keys.py $(wildcard tests/keys/*.pem)
	@mkdir -p $(@D) && tests/support/keys.py $@

# The shipped policy, for the tests that compare it with a table of their own.
$(BUILD)/tests/app_routes.c: boards/app/theholefoundation.routes build/host/ward
	@mkdir -p $(@D) && build/host/ward routes $< --c app_routes > $@

GENERATED_OBJECTS := $(patsubst %,$(OBJECTS)/tests/generated/%.o,suites public_keys app_routes)

# ---- On this machine: cmocka runs the cases, OpenSSL signs.

# A function that is bound at its first call leaves the processor's registers on the stack, bytes of a copied token among them.
BIND_NOW := -Wl,-z,now

HOST_TEST_OBJECTS := $(OBJECTS)/tests/support/check_host.o $(OBJECTS)/tests/support/sign_openssl.o \
	$(OBJECTS)/tests/support/guard_host.o $(PLATFORM_OBJECT)

$(BUILD)/unit: $(TEST_OBJECTS) $(GENERATED_OBJECTS) $(HOST_TEST_OBJECTS) $(PARSER_OBJECTS) $(BUILD)/libward.a $(PSA_LIBRARY)
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $(BIND_NOW) $(TEST_WRAPS) $^ -o $@ -lcmocka -lcrypto
	@printf '%s\n' $(TEST_WRAPS) $(filter %.o,$^) > $@.linked

# ---- On a board: a small runner, and signatures that the same cases asked for here, built with the board's limits.

build/host+board/signatures build/host/signatures: build/%/signatures: build/%/unit
	@rm -f $@ && WARD_RECORD=$@ ./$< > build/$*/unit.log || { cat build/$*/unit.log; rm -f $@; exit 1; }

ifneq ($(VARIANT),host+board)
# The command line comes first: two makes that make it at the same time break it for each other.
build/host+board/unit: FORCE | build/host/ward
	@$(TESTS_MAKE) VARIANT=host+board HOST_READY=1 $@
endif

# Whose limits the cases have that run without OpenSSL.
RECORDED := $(if $(filter host,$(BASE)),build/host/signatures,build/host+board/signatures)

$(BUILD)/tests/recorded.h: $(RECORDED) tests/support/recorded.py
	@mkdir -p $(@D) && tests/support/recorded.py $< $@

$(OBJECTS)/tests/support/sign_recorded.o: $(BUILD)/tests/recorded.h

# Cases that take three quarters of the time: every fault of the backend at every place. They run here and on the Cortex-M3. With the
# backend kernel only suites run that have none of them.
ifeq ($(filter host mps2-an385,$(BASE))$(filter kernel,$(FLAVOUR)),)
LEFT_OUT := no_fault_grants_what_is_authorized no_fault_grants_a_request no_fault_grants_with_a_signature_that_is_remembered \
	a_gate_that_did_not_begin_grants_nothing nothing_of_a_token_reaches_answers_audit_or_gate
$(OBJECTS)/tests/support/check_board.o: TEST_CPPFLAGS += -DTEST_LEFT_OUT='" $(LEFT_OUT) "'
endif
$(OBJECTS)/tests/support/check_board.o: tests/tests.mk

BOARD_TEST_OBJECTS := $(OBJECTS)/tests/support/check_board.o $(OBJECTS)/tests/support/sign_recorded.o \
	$(OBJECTS)/tests/support/guard_board.o $(PLATFORM_OBJECT) $(OBJECTS)/boards/support/console.o

# The vectors do not fit the budget of a firmware, and the cases keep whole tokens on the stack.
$(BUILD)/unit.elf: $(TEST_OBJECTS) $(GENERATED_OBJECTS) $(BOARD_TEST_OBJECTS) $(PARSER_OBJECTS) $(BOARD_OBJECTS) $(BUILD)/libward.a $(PSA_LIBRARY)
	@echo "  LD      $@"
	@$(LINK_IMAGE) -Wl,--defsym=TEST_FLASH=0x200000,--defsym=TEST_RAM=0x110000,--defsym=TEST_STACK=0x20000 $(TEST_WRAPS) $^ -o $@

# The same runner as a program of this operating system, for machines of which no cmocka and no OpenSSL is here.
ALONE_OBJECTS := $(OBJECTS)/tests/support/check_board.o $(OBJECTS)/tests/support/sign_recorded.o $(OBJECTS)/tests/support/guard_host.o \
	$(OBJECTS)/tests/support/board_process.o $(OBJECTS)/tests/support/platform_$(WARD_CRYPTO).o $(OBJECTS)/boards/support/console.o

$(BUILD)/unit-alone: $(TEST_OBJECTS) $(GENERATED_OBJECTS) $(ALONE_OBJECTS) $(PARSER_OBJECTS) $(BUILD)/libward.a
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -static $(TEST_WRAPS) $^ -o $@

ifneq ($(VARIANT),host)
build/host/unit: FORCE | build/host/ward
	+@$(TESTS_MAKE) VARIANT=host HOST_READY=1 $@
endif

# The key set of tests that send tokens of their own to a firmware.
$(BUILD)/jwks.json: tests/support/tokens.py $(TEST_KEYS:%=tests/keys/%.pem)
	@mkdir -p $(@D) && tests/support/tokens.py $(TEST_KEYS) > $@

$(BUILD)/operators.json: tests/support/tokens.py tests/keys/c.pem tests/keys/d.pem
	@mkdir -p $(@D) && tests/support/tokens.py c d > $@

include tests/vectors/vectors.mk
include tests/differential/differential.mk
include tests/fuzz/fuzz.mk
include tests/exhaustive/exhaustive.mk
include tests/fleet/fleet.mk
include tests/posix/posix.mk
include tests/stack/stack.mk
include tests/lwip/lwip.mk
include tests/qemu/refuse.mk
include tests/heap/heap.mk
include tests/power/power.mk
include tests/limits/limits.mk
include tests/model/model.mk
include tests/history/history.mk
include tests/threads/threads.mk
include tests/cost/cost.mk
include tests/bench/bench.mk
include tests/bench/peers.mk
include tests/kernel/kernel.mk

.PHONY: run-coverage
run-coverage:
	@for variant in host+coverage host+board+coverage host+mbedtls_rsa+sha256+coverage host+psa+coverage \
		host+kernel+coverage host+kernel+halves+coverage; do \
		$(TESTS_MAKE) -j2 VARIANT=$$variant build/$$variant/unit || exit 1; done
	@tests/coverage.py
