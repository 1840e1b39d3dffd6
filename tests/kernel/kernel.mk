# SPDX-License-Identifier: Apache-2.0
# The arithmetic of a backend against mbedTLS's (tests/kernel), in VARIANT host+kernel and its like, and on the boards.

KERNEL_REFERENCE := $(patsubst %,$(OBJECTS)/reference/%.o,bignum_core constant_time platform_util)
REFERENCE_FLAGS  := -Itests/kernel -DMBEDTLS_CONFIG_FILE='"reference_config.h"'

$(OBJECTS)/reference/%.o: $(MADE_WITH) tests/kernel/reference_config.h | setup-build
	$(call COMPILE_OTHERS,reference/$*.c,$(MBEDTLS_DIR)/library/$*.c,$(REFERENCE_FLAGS) -I$(MBEDTLS_DIR)/include -I$(MBEDTLS_DIR)/library)

$(OBJECTS)/tests/kernel/reference.o: tests/kernel/reference.c $(MADE_WITH)
	$(COMPILE) $(WARNINGS) $(WARD_CPPFLAGS) $(REFERENCE_FLAGS) -isystem $(MBEDTLS_DIR)/include -isystem $(MBEDTLS_DIR)/library -c $< -o $@

$(BUILD)/compare: $(addprefix $(OBJECTS)/tests/kernel/,compare.o cases.o chain.o reference.o) $(KERNEL_REFERENCE) $(BUILD)/libward.a
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@

$(BUILD)/kernel.elf: $(addprefix $(OBJECTS)/tests/kernel/,board.o cases.o chain.o) $(BOARD_OBJECTS) $(OBJECTS)/boards/support/console.o \
		$(BUILD)/libward.a $(BOARD_SCRIPT)
	@echo "  LD      $@"
	@$(LINK_IMAGE) -Wl,--defsym=TEST_FLASH=0x200000,--defsym=TEST_RAM=0x100000,--defsym=TEST_STACK=0x20000 $(filter %.o %.a,$^) -o $@

# In VARIANT host+kernel+fuzz, and with rows, digits or columns beside that.
$(BUILD)/fuzz_kernel: $(addprefix $(OBJECTS)/tests/kernel/,fuzz_kernel.o cases.o reference.o) $(KERNEL_REFERENCE) $(FUZZ_SUPPORT) $(BUILD)/libward.a
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) -fsanitize=fuzzer $(LDFLAGS) $^ -o $@

$(BUILD)/speed: $(OBJECTS)/tests/kernel/speed.o $(BUILD)/libward.a
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ -lcrypto

# The suites of the unit tests that stand on the backend, for boards beside the one on which all of them run.
KERNEL_BOARD_SUITES := crypto kernel kernel_digits kernel_halves kernel_rows residue

$(BUILD)/tests/kernel_suites.c: tests/kernel/kernel.mk
	@mkdir -p $(@D)
	@{ echo '#include "check.h"'; \
	   for suite in $(KERNEL_BOARD_SUITES); do echo "extern const struct test_suite $${suite}_suite;"; done; \
	   echo 'const struct test_suite *const all_suites[] = {'; \
	   for suite in $(KERNEL_BOARD_SUITES); do echo "    &$${suite}_suite,"; done; \
	   echo '    0'; echo '};'; } > $@

$(BUILD)/kernel-unit.elf: $(TEST_OBJECTS) $(OBJECTS)/tests/generated/kernel_suites.o $(filter-out %/suites.o,$(GENERATED_OBJECTS)) $(BOARD_TEST_OBJECTS) \
		$(PARSER_OBJECTS) $(BOARD_OBJECTS) $(BUILD)/libward.a $(BOARD_SCRIPT)
	@echo "  LD      $@"
	@$(LINK_IMAGE) -Wl,--defsym=TEST_FLASH=0x200000,--defsym=TEST_RAM=0x100000,--defsym=TEST_STACK=0x20000 $(TEST_WRAPS) $(filter %.o %.a,$^) -o $@
