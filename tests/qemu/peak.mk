# SPDX-License-Identifier: Apache-2.0
# The image that measures the peak of RAM on a board (tests/qemu/peak.c), built in VARIANT BOARD+peak. Its token is
# signed on this machine by the same source and the signature is put into the image, as the unit tests do.

PEAK         := $(BUILD)/peak
PEAK_OBJECTS := $(OBJECTS)/tests/qemu/peak.o $(OBJECTS)/tests/support/check.o $(OBJECTS)/tests/support/check_image.o $(OBJECTS)/tests/support/token.o \
	$(OBJECTS)/tests/support/guard_$(if $(BOARD_SOURCES),board,host).o \
	$(OBJECTS)/tests/generated/public_keys.o $(OBJECTS)/tests/support/platform_$(WARD_CRYPTO).o
PEAK_SIGNER  := build/host+peak/peak-signer

$(BUILD)/peak-signer: $(PEAK_OBJECTS) $(OBJECTS)/tests/support/sign_openssl.o $(BUILD)/libward.a
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ -lcrypto

$(PEAK)/signatures: $(PEAK_SIGNER)
	@mkdir -p $(@D) && rm -f $@ && WARD_RECORD=$@ ./$<

$(PEAK)/recorded.h: $(PEAK)/signatures tests/support/recorded.py
	@tests/support/recorded.py $< $@

$(OBJECTS)/tests/qemu/sign_recorded.o: tests/support/sign_recorded.c $(PEAK)/recorded.h
	$(COMPILE) $(WARNINGS) -I$(PEAK) $(TEST_CPPFLAGS) -c $< -o $@

# Its memory is the board's own: 64 KB, and 4 KB of stack.
$(BUILD)/peak.elf: $(PEAK_OBJECTS) $(OBJECTS)/tests/qemu/sign_recorded.o $(BOARD_OBJECTS) \
		$(OBJECTS)/boards/support/console.o $(BUILD)/libward.a $(BOARD_SCRIPT)
	@echo "  LD      $@"
	@$(LINK_IMAGE) $(filter %.o %.a,$^) -o $@
