# SPDX-License-Identifier: Apache-2.0
# Images that measure, for any board: bench.elf with the usual limits, and for each backend rsa.elf with keys of every length, in
# VARIANT BOARD+BACKEND+heap; that of the kernel with the usual limits, too.

BENCH_OBJECTS := $(OBJECTS)/tests/bench/measure.o $(PLATFORM_OBJECT) $(BOARD_OBJECTS) $(OBJECTS)/boards/support/console.o
LINK_BENCH     = @echo "  LD      $@" && $(LINK_IMAGE) \
	-Wl,--defsym=TEST_FLASH=0x200000,--defsym=TEST_RAM=0x100000,--defsym=TEST_STACK=0x8000 $(filter %.o,$^) $(filter %.a,$^) -o $@

$(BUILD)/bench/bench_vectors.h: tests/bench/vectors.py tests/support/tokens.py $(wildcard tests/keys/*.pem)
	@mkdir -p $(@D) && tests/bench/vectors.py $@.new && mv $@.new $@

$(OBJECTS)/tests/bench/bench.o $(OBJECTS)/tests/bench/rsa.o: $(BUILD)/bench/bench_vectors.h
$(OBJECTS)/tests/bench/bench.o $(OBJECTS)/tests/bench/rsa.o: TEST_CPPFLAGS += -I$(BUILD)/bench

$(BUILD)/bench.elf: $(OBJECTS)/tests/bench/bench.o $(BENCH_OBJECTS) $(BUILD)/libward.a $(PSA_LIBRARY) $(BOARD_SCRIPT)
	$(LINK_BENCH)

# Of ward no more than what a backend calls.
$(BUILD)/rsa.elf: $(OBJECTS)/tests/bench/rsa.o $(BENCH_OBJECTS) $(addprefix $(OBJECTS)/src/,encoding/text.o encoding/escape.o encoding/utf8.o \
		crypto/wipe.o crypto/pkcs1.o crypto/digest.o crypto/signature.o) $(BUILD)/crypto.o $(PSA_LIBRARY) $(BOARD_SCRIPT)
	$(LINK_BENCH)
