# SPDX-License-Identifier: Apache-2.0
# What ward costs on BOARD: flash, RAM and stack, measured on images that are linked (tools/size.py).

SIZE         := $(BUILD)/size
SIZE_OBJECTS := $(WARD_SOURCES:%.c=$(OBJECTS)/%.o) $(WARD_MBEDTLS_SOURCES:%.c=$(OBJECTS)/mbedtls/%.o)
SIZE_LINKED  := $(BOARD_OBJECTS) $(OBJECTS)/boards/support/console.o $(BUILD)/libward.a

# Objects that were made before the board's flags asked for call graphs have none.
$(SIZE_OBJECTS): $(wildcard boards/$(BASE)/board.mk)

.PHONY: size-images size-peak

# All that tools/size.py reads, which calls this: images of BOARD, and of BOARD with the limits of the peak.
size-images: $(SIZE)/verify.elf $(SIZE)/reader.elf $(SIZE)/gate.elf $(SIZE)/gate_sentences.elf $(SIZE)/calls.elf $(SIZE)/structs.o $(SIZE)/objects $(SIZE)/compiler
	@$(TESTS_MAKE) VARIANT=$(BASE)+peak size-peak

size-peak: $(BUILD)/peak.elf $(BUILD)/hit.elf $(SIZE)/structs.o
	@:

$(SIZE)/verify.elf $(SIZE)/reader.elf $(SIZE)/gate.elf $(SIZE)/gate_sentences.elf: $(SIZE)/%.elf: $(OBJECTS)/tests/size/%.o $(SIZE_LINKED) $(BOARD_SCRIPT)
	$(LINK_SIZE)

$(SIZE)/calls.elf: $(OBJECTS)/size/calls.o $(SIZE_LINKED) $(BOARD_SCRIPT)
	$(LINK_SIZE)

LINK_SIZE = @mkdir -p $(@D) && echo "  LD      $@" && $(LINK_IMAGE) -Wl,-Map,$(@:.elf=.map) $(filter %.o %.a,$^) -o $@

# Every public function and struct, from the headers.
$(SIZE)/calls.c $(SIZE)/structs.c &: tools/headers.py $(wildcard include/ward/*.h include/ward/*/*.h)
	@tools/headers.py $(SIZE) && touch $(SIZE)/calls.c $(SIZE)/structs.c

$(OBJECTS)/size/%.o: $(SIZE)/%.c $(MADE_WITH)
	$(COMPILE) $(WARNINGS) -I$(WARD_DIR)/include -c $< -o $@

$(SIZE)/structs.o: $(SIZE)/structs.c $(MADE_WITH)
	$(COMPILE) $(WARNINGS) -I$(WARD_DIR)/include -c $< -o $@

$(SIZE)/objects: $(SIZE_OBJECTS)
	@mkdir -p $(@D) && printf '%s\n' $^ > $@

$(SIZE)/compiler: FORCE
	@mkdir -p $(@D) && echo '$(CC) $(BOARD_CFLAGS) $(CFLAGS)' > $@

include tests/qemu/peak.mk
include tests/qemu/hit.mk
