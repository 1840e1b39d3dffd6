# SPDX-License-Identifier: Apache-2.0
# The networked image with an arena that refuses one allocation of each fetch (tests/qemu/refuse.c): refuse.elf beside network.elf.

ifneq ($(BOARD_NETWORK_SOURCES),)

$(NETWORK)/refuse.elf: $(NETWORK)/network.elf $(OBJECTS)/tests/qemu/refuse.o
	@echo "  LD      $@"
	@$(LINK_IMAGE) -Wl,--defsym=IMAGE_STACK=$(NETWORK_STACK) $(addprefix -Wl$(comma)--wrap=ward_tls_arena_,alloc use share) $(NETWORK_CONFIG) \
		$(NETWORK_OBJECTS) $(STACK_OBJECTS) $(OBJECTS)/app_keys.o $(OBJECTS)/app_routes.o $(OBJECTS)/tests/qemu/refuse.o \
		$(BUILD)/libward.a -o $@

endif
