# SPDX-License-Identifier: Apache-2.0
# The command line: the library with a main() around it.

CLI_SOURCES := $(wildcard tools/ward/*.c)
CLI_OBJECTS := $(CLI_SOURCES:%.c=$(OBJECTS)/%.o) $(POSIX_OBJECTS) $(OBJECTS)/port/service.o

$(OBJECTS)/tools/%.o: tools/%.c $(MADE_WITH) | setup-build
	$(COMPILE) -D_DEFAULT_SOURCE $(WARNINGS) -I$(WARD_DIR)/include -I$(WARD_DIR) -c $< -o $@

$(BUILD)/ward: $(CLI_OBJECTS) $(BUILD)/libward.a
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(POSIX_LIBS)
