# SPDX-License-Identifier: Apache-2.0
# port/lwip's accept queue and streams on lwIP itself, with a peer that sends segment by segment.

include port/lwip/lwip.mk

LWIP_TEST_CPPFLAGS := $(WARD_LWIP_CPPFLAGS) -DMEM_ALIGNMENT=8

LWIP_TEST_SOURCES  := $(wildcard tests/lwip/*.c) $(addprefix port/lwip/,stream.c received.c accept_queue.c reopen.c)
LWIP_TEST_OBJECTS  := $(LWIP_TEST_SOURCES:%.c=$(OBJECTS)/on-lwip/%.o) $(WARD_LWIP_STACK:%.c=$(OBJECTS)/on-lwip/stack/%.o)

$(OBJECTS)/on-lwip/stack/%.o: port/lwip/lwipopts.h port/lwip/lwippools.h port/lwip/lwip.mk tests/lwip/lwip.mk $(MADE_WITH) | setup-build
	$(call COMPILE_OTHERS,lwip/$*.c,$(LWIP_DIR)/src/$*.c,$(LWIP_TEST_CPPFLAGS) $(WARD_LWIP_SYSTEM))

$(OBJECTS)/on-lwip/%.o: %.c tests/lwip/lwip.mk $(MADE_WITH) | setup-build
	$(COMPILE) $(WARNINGS) $(LWIP_TEST_CPPFLAGS) $(WARD_LWIP_SYSTEM) -c $< -o $@

$(BUILD)/lwip: $(LWIP_TEST_OBJECTS) $(BUILD)/libward.a
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@
