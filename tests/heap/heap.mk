# SPDX-License-Identifier: Apache-2.0
# The image that measures the memory that a backend asks of the firmware (tests/heap/heap.c), in VARIANT BOARD+BACKEND+heap.

$(BUILD)/heap.elf: $(OBJECTS)/tests/heap/heap.o $(PLATFORM_OBJECT) $(WARD_SERVICE_SOURCES:%.c=$(OBJECTS)/%.o) $(BOARD_OBJECTS) \
		$(OBJECTS)/boards/support/console.o $(BUILD)/libward.a $(PSA_LIBRARY) $(BOARD_SCRIPT)
	@echo "  LD      $@"
	@$(LINK_IMAGE) -Wl,--defsym=TEST_FLASH=0x200000,--defsym=TEST_RAM=0x100000,--defsym=TEST_STACK=0x20000 \
		$(filter %.o %.a,$^) -o $@
