# SPDX-License-Identifier: Apache-2.0
# The image that counts what a cache hit costs (tests/qemu/hit.c). Its tokens are signed on this machine by the same
# source, with the board's limits, and the signatures are put into the image, as the unit tests do.

HIT         := $(BUILD)/hit
HIT_OBJECTS := $(OBJECTS)/tests/qemu/hit.o $(OBJECTS)/tests/support/check.o $(OBJECTS)/tests/support/token.o \
	$(OBJECTS)/tests/support/gate.o $(OBJECTS)/tests/support/crypto_faults.o \
	$(OBJECTS)/tests/support/guard_$(if $(BOARD_SOURCES),board,host).o \
	$(OBJECTS)/tests/generated/public_keys.o $(OBJECTS)/tests/generated/app_routes.o $(OBJECTS)/tests/support/platform_$(WARD_CRYPTO).o
HIT_SIGNER  := build/host+peak/hit-signer

$(BUILD)/hit-signer: $(HIT_OBJECTS) $(OBJECTS)/tests/support/sign_openssl.o $(BUILD)/libward.a
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $(TEST_WRAPS) $^ -o $@ -lcrypto

ifneq ($(VARIANT),host+peak)
# The command line comes first: two makes that make it at the same time break it for each other.
$(HIT_SIGNER): FORCE | build/host/ward
	@$(TESTS_MAKE) VARIANT=host+peak HOST_READY=1 $@
endif

$(HIT)/signatures: $(HIT_SIGNER)
	@mkdir -p $(@D) && rm -f $@ && WARD_RECORD=$@ ./$<

$(HIT)/recorded.h: $(HIT)/signatures tests/support/recorded.py
	@tests/support/recorded.py $< $@

$(OBJECTS)/tests/qemu/hit_signatures.o: tests/support/sign_recorded.c $(HIT)/recorded.h
	$(COMPILE) $(WARNINGS) -I$(HIT) $(TEST_CPPFLAGS) -c $< -o $@

# The cases of the unit tests keep whole tokens on the stack; so does this.
$(BUILD)/hit.elf: $(HIT_OBJECTS) $(OBJECTS)/tests/qemu/hit_signatures.o $(BOARD_OBJECTS) \
		$(OBJECTS)/boards/support/console.o $(BUILD)/libward.a $(BOARD_SCRIPT)
	@echo "  LD      $@"
	@$(LINK_IMAGE) -Wl,--defsym=TEST_FLASH=0x200000,--defsym=TEST_RAM=0x100000,--defsym=TEST_STACK=0x20000 $(TEST_WRAPS) \
		$(filter %.o %.a,$^) -o $@
