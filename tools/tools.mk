# The command line: the library with a main() around it.

CLI_SOURCES := $(wildcard tools/ward/*.c)
CLI_OBJECTS := $(CLI_SOURCES:%.c=$(OBJECTS)/%.o)

$(OBJECTS)/tools/%.o: tools/%.c | setup-build
	$(COMPILE) -D_POSIX_C_SOURCE=200809L $(WARNINGS) -I$(WARD_DIR)/include -MMD -MP -c $< -o $@

$(BUILD)/ward: $(CLI_OBJECTS) $(BUILD)/libward.a
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@

include tools/size.mk
