# SPDX-License-Identifier: Apache-2.0
# The small gate for any board: one LED. build/BOARD/gate.elf speaks lines, gate-http.elf HTTP/1.1.

SMALL_COMMON := $(patsubst %.c,$(OBJECTS)/%.o,boards/small/main.c port/selftest.c port/selftest_vector.c) $(OBJECTS)/app_keys.o
SMALL_HTTP   := $(patsubst %.c,$(OBJECTS)/%.o,boards/small/http.c $(WARD_HTTP_REQUEST)) \
	$(WARD_HTTP_LLHTTP:%.c=$(OBJECTS)/small/%.o)

# llhttp without its sentences, 2.7 KB that nobody reads: each becomes an empty one, of which the linker keeps one.
$(OBJECTS)/small/%.o: $(OBJECTS)/llhttp/%.o
	@mkdir -p $(@D) && cp $< $@.new && $(OBJDUMP) -h $< | awk '$$2 ~ /^\.rodata\.llhttp__.*\.str1/ { print $$2, $$3 }' | \
		while read -r section size; do head -c "$$((0x$$size))" /dev/zero > $@.empty && \
			$(OBJCOPY) --update-section "$$section=$@.empty" $@.new || exit 1; done && mv $@.new $@

$(BUILD)/gate.elf: $(OBJECTS)/boards/small/lines.o
$(BUILD)/gate-http.elf: $(SMALL_HTTP)

$(BUILD)/gate.elf $(BUILD)/gate-http.elf: $(BOARD_OBJECTS) $(SMALL_COMMON) $(BUILD)/libward.a $(BOARD_SCRIPT)
	@echo "  LD      $@"
	@$(LINK_IMAGE) $(filter %.o,$^) $(filter %.a,$^) -o $@
	@$(IMAGE_SIZE) $@
