# SPDX-License-Identifier: Apache-2.0
# Every value, every cut, every size: build/VARIANT/exhaustive, and exhaustive.elf for a board. The cases sign nothing that
# the unit tests do not sign as well, so that a board finds their signatures among those recorded.

EXHAUSTIVE_SUITES  := $(sort $(wildcard tests/exhaustive/test_*.c))
EXHAUSTIVE_SUPPORT := $(filter-out $(SUITES),$(TEST_SOURCES))
EXHAUSTIVE_OBJECTS := $(EXHAUSTIVE_SUITES:%.c=$(OBJECTS)/%.o) $(EXHAUSTIVE_SUPPORT:%.c=$(OBJECTS)/%.o) \
	$(OBJECTS)/tests/generated/exhaustive_suites.o $(OBJECTS)/tests/generated/public_keys.o

$(BUILD)/tests/exhaustive_suites.c: $(EXHAUSTIVE_SUITES) tests/exhaustive/exhaustive.mk
	@mkdir -p $(@D)
	@{ echo '#include "check.h"'; \
	   for suite in $(patsubst test_%,%,$(basename $(notdir $(EXHAUSTIVE_SUITES)))); do \
	       echo "extern const struct test_suite $${suite}_suite;"; list="$$list&$${suite}_suite, "; done; \
	   echo "const struct test_suite *const all_suites[] = { $${list}0 };"; } > $@

$(BUILD)/exhaustive: $(EXHAUSTIVE_OBJECTS) $(OBJECTS)/tests/exhaustive/stride_host.o $(HOST_TEST_OBJECTS) $(BUILD)/libward.a
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $(TEST_WRAPS) $^ -o $@ -lcmocka -lcrypto

$(BUILD)/exhaustive.elf: $(EXHAUSTIVE_OBJECTS) $(OBJECTS)/tests/exhaustive/stride_board.o $(BOARD_TEST_OBJECTS) \
		$(BOARD_OBJECTS) $(BUILD)/libward.a
	@echo "  LD      $@"
	@$(LINK_IMAGE) -Wl,--defsym=TEST_FLASH=0x200000,--defsym=TEST_RAM=0x100000,--defsym=TEST_STACK=0x20000 $(TEST_WRAPS) $^ -o $@
