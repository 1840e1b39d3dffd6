# SPDX-License-Identifier: Apache-2.0
# Images that count what tokens cost at the gate: hit.elf those that it has seen before (tests/qemu/hit.c), refused.elf those that are refused
# (tests/qemu/refused.c). Their tokens are signed on this machine by the same source, with the board's limits, and the signatures are put
# into the image, as the unit tests do.

GATE_OBJECTS := $(OBJECTS)/tests/support/check.o $(OBJECTS)/tests/support/check_image.o $(OBJECTS)/tests/support/token.o \
	$(OBJECTS)/tests/support/gate.o $(OBJECTS)/tests/support/crypto_faults.o \
	$(OBJECTS)/tests/support/guard_$(if $(BOARD_SOURCES),board,host).o \
	$(OBJECTS)/tests/generated/public_keys.o $(OBJECTS)/tests/generated/app_routes.o $(OBJECTS)/tests/support/platform_$(WARD_CRYPTO).o
GATE_SIGNED  := hit refused

hit_OBJECTS     := $(OBJECTS)/tests/qemu/hit.o
refused_OBJECTS := $(OBJECTS)/tests/qemu/refused.o $(OBJECTS)/tests/qemu/refused_tokens.o

GATE_SIGNERS := $(GATE_SIGNED:%=build/host+peak/%-signer)

$(GATE_SIGNED:%=$(BUILD)/%-signer): $(BUILD)/%-signer: $(GATE_OBJECTS) $(OBJECTS)/tests/support/sign_openssl.o $(BUILD)/libward.a
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $(TEST_WRAPS) $(filter %.o,$^) $(filter %.a,$^) -o $@ -lcrypto

ifneq ($(VARIANT),host+peak)
# The command line comes first, and these programs, that of peak.mk too, are one make's: two that make the same at the same time break it for
# each other.
$(PEAK_SIGNER) $(GATE_SIGNERS) &: FORCE | build/host/ward
	@$(TESTS_MAKE) VARIANT=host+peak HOST_READY=1 $(PEAK_SIGNER) $(GATE_SIGNERS)
endif

$(GATE_SIGNED:%=$(BUILD)/%/signatures): $(BUILD)/%/signatures: build/host+peak/%-signer
	@mkdir -p $(@D) && rm -f $@ && WARD_RECORD=$@ ./$<

$(GATE_SIGNED:%=$(BUILD)/%/recorded.h): %/recorded.h: %/signatures tests/support/recorded.py
	@tests/support/recorded.py $< $@

$(GATE_SIGNED:%=$(OBJECTS)/tests/qemu/%_signatures.o): $(OBJECTS)/tests/qemu/%_signatures.o: tests/support/sign_recorded.c $(BUILD)/%/recorded.h
	$(COMPILE) $(WARNINGS) -I$(BUILD)/$* $(TEST_CPPFLAGS) -c $< -o $@

# The cases of the unit tests keep whole tokens on the stack; so do these.
$(GATE_SIGNED:%=$(BUILD)/%.elf): $(BUILD)/%.elf: $(OBJECTS)/tests/qemu/%_signatures.o $(GATE_OBJECTS) $(BOARD_OBJECTS) \
		$(OBJECTS)/boards/support/console.o $(BUILD)/libward.a $(BOARD_SCRIPT)
	@echo "  LD      $@"
	@$(LINK_IMAGE) -Wl,--defsym=TEST_FLASH=0x200000,--defsym=TEST_RAM=0x100000,--defsym=TEST_STACK=0x20000 $(TEST_WRAPS) \
		$(filter %.o,$^) $(filter %.a,$^) -o $@

$(BUILD)/hit-signer $(BUILD)/hit.elf: $(hit_OBJECTS)
$(BUILD)/refused-signer $(BUILD)/refused.elf: $(refused_OBJECTS)
