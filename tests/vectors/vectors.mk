# The published test vectors: one program that answers questions, and scripts that know the vectors (tests/vectors/*.py).

QUESTIONS_OBJECTS := $(addprefix $(OBJECTS)/tests/support/,questions.o platform_$(WARD_CRYPTO).o)

$(BUILD)/vectors: $(OBJECTS)/tests/vectors/runner.o $(QUESTIONS_OBJECTS) $(BUILD)/libward.a
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@
