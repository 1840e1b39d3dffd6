# SPDX-License-Identifier: Apache-2.0
# The gate that speaks lines, for any board: build/BOARD/gate.elf.

LINE_OBJECTS := $(patsubst %.c,$(OBJECTS)/%.o,boards/line/main.c port/selftest.c port/selftest_vector.c) $(OBJECTS)/app_keys.o

$(BUILD)/gate.elf: $(BOARD_OBJECTS) $(LINE_OBJECTS) $(BUILD)/libward.a $(BOARD_SCRIPT)
	@echo "  LD      $@"
	@$(LINK_IMAGE) $(filter %.o %.a,$^) -o $@
	@$(IMAGE_SIZE) $@
