# The published test vectors: one program that answers questions, and scripts that know the vectors (tests/vectors/*.py).

VECTORS_OBJECTS := $(OBJECTS)/tests/vectors/runner.o $(OBJECTS)/tests/support/platform_$(WARD_CRYPTO).o

$(BUILD)/vectors: $(VECTORS_OBJECTS) $(BUILD)/libward.a
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@
