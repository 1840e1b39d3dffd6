# SPDX-License-Identifier: Apache-2.0
# Fuzz targets (libFuzzer, VARIANT host+fuzz) and the program that runs them.

FUZZ_VARIANT := host+fuzz
FUZZ_TARGETS := fuzz_json fuzz_jwks fuzz_keys fuzz_token fuzz_claims fuzz_request fuzz_response fuzz_record fuzz_keyring fuzz_bundle
SECONDS      ?= 60

FUZZ_SUPPORT := $(OBJECTS)/tests/fuzz/support.o $(OBJECTS)/tests/support/check.o
FUZZ_KEYS    := $(FUZZ_SUPPORT) $(OBJECTS)/tests/support/token.o $(OBJECTS)/tests/support/guard_host.o $(OBJECTS)/tests/generated/public_keys.o
FUZZ_TOKEN   := $(OBJECTS)/tests/fuzz/fuzz_token.o $(OBJECTS)/tests/fuzz/claims.o $(FUZZ_KEYS)

FUZZ_RESPONSE := $(WARD_HTTP_RESPONSE:%.c=$(OBJECTS)/%.o) $(filter $(OBJECTS)/llhttp/%,$(PARSER_OBJECTS))

# The backend of the library, or one in its place that believes every signature.
FUZZ_REAL := $(OBJECTS)/tests/fuzz/crypto_real.o $(OBJECTS)/tests/support/platform_$(WARD_CRYPTO).o $(BUILD)/libward.a
FUZZ_ACCEPT_ALL  := $(OBJECTS)/tests/fuzz/crypto_accept_all.o $(WARD_CORE_SOURCES:%.c=$(OBJECTS)/%.o)

$(BUILD)/fuzz_json: $(OBJECTS)/tests/fuzz/fuzz_json.o $(OBJECTS)/tests/fuzz/reference.o $(FUZZ_SUPPORT) $(BUILD)/libward.a
$(BUILD)/fuzz_jwks: $(OBJECTS)/tests/fuzz/fuzz_jwks.o $(FUZZ_KEYS) $(FUZZ_ACCEPT_ALL)
$(BUILD)/fuzz_keys: $(OBJECTS)/tests/fuzz/fuzz_jwks.o $(FUZZ_KEYS) $(FUZZ_REAL)
$(BUILD)/fuzz_token: $(FUZZ_TOKEN) $(FUZZ_REAL)
$(BUILD)/fuzz_claims: $(FUZZ_TOKEN) $(FUZZ_ACCEPT_ALL)
$(BUILD)/fuzz_request: $(OBJECTS)/tests/fuzz/fuzz_request.o $(OBJECTS)/tests/fuzz/request_model.o \
		$(OBJECTS)/tests/fuzz/framing_model.o $(PARSER_OBJECTS) $(FUZZ_KEYS) $(FUZZ_REAL)
$(BUILD)/fuzz_response: $(OBJECTS)/tests/fuzz/fuzz_response.o $(OBJECTS)/tests/fuzz/response_model.o $(FUZZ_RESPONSE) $(FUZZ_SUPPORT) $(BUILD)/libward.a
$(BUILD)/fuzz_record: $(OBJECTS)/tests/fuzz/fuzz_record.o $(FUZZ_KEYS) $(FUZZ_ACCEPT_ALL)
$(BUILD)/fuzz_keyring: $(OBJECTS)/tests/fuzz/fuzz_keyring.o $(FUZZ_KEYS) $(FUZZ_ACCEPT_ALL)

$(BUILD)/fuzz_bundle: $(OBJECTS)/tests/fuzz/fuzz_bundle.o $(FUZZ_KEYS) $(FUZZ_ACCEPT_ALL)

$(FUZZ_TARGETS:%=$(BUILD)/%):
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) -fsanitize=fuzzer $(LDFLAGS) $^ -o $@

.PHONY: run-fuzz
run-fuzz:
	@$(TESTS_MAKE) -s VARIANT=$(FUZZ_VARIANT) $(FUZZ_TARGETS:%=build/$(FUZZ_VARIANT)/%)
	@tests/fuzz/run.py $(SECONDS) build/$(FUZZ_VARIANT) $(FUZZ_TARGETS)
