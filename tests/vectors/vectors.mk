# SPDX-License-Identifier: Apache-2.0
# The published test vectors: one program that answers questions, and scripts that know the vectors (tests/vectors/*.py).

LINE_PROTOCOL_OBJECTS := $(addprefix $(OBJECTS)/tests/support/,line_protocol.o platform_$(WARD_CRYPTO).o)

$(BUILD)/vectors: $(OBJECTS)/tests/vectors/runner.o $(LINE_PROTOCOL_OBJECTS) $(BUILD)/libward.a $(PSA_LIBRARY)
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@
