# SPDX-License-Identifier: Apache-2.0
# What payloads of many words, members or values cost at a host's limits.

$(BUILD)/cost: $(OBJECTS)/tests/cost/cost.o $(BUILD)/libward.a
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@
