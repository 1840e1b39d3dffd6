# SPDX-License-Identifier: Apache-2.0
# ward against independent implementations: a program that answers questions, and scripts that know the answers.

$(BUILD)/differential: $(OBJECTS)/tests/differential/runner.o $(LINE_PROTOCOL_OBJECTS) $(BUILD)/libward.a
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@
