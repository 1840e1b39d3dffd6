# SPDX-License-Identifier: Apache-2.0
# port/tls and port/http on a second stack, sockets of this machine, for tests/stack/test_stack.py. Pointers are twice as
# long here as on a board, so that sessions need more of the arena.

SOCKETS_LIMITS   := -DWARD_ARENA_SIZE=262144 -DWARD_ARENA_SLOT_SHARE=32768 -DWARD_ARENA_FETCH_SHARE=65536 -DWARD_ARENA_HELLO_SHARE=32768
SOCKETS_SOURCES  := $(wildcard tests/stack/*.c) $(sort $(WARD_TLS_SOURCES) $(WARD_HTTP_REQUEST) $(WARD_HTTP_RESPONSE) $(WARD_HTTP_SERVER) \
	$(WARD_HTTP_FETCH))
SOCKETS_OBJECTS  := $(SOCKETS_SOURCES:%.c=$(OBJECTS)/stack/%.o) $(WARD_TLS_MBEDTLS:%.c=$(OBJECTS)/stack/mbedtls/%.o) \
	$(WARD_HTTP_LLHTTP:%.c=$(OBJECTS)/llhttp/%.o)
SOCKETS_CPPFLAGS  = -D_GNU_SOURCE $(SOCKETS_LIMITS) -Itests/stack $(WARD_HTTP_CPPFLAGS) $(WARD_TLS_CPPFLAGS) $(WARD_HTTP_SYSTEM) $(WARD_TLS_SYSTEM)

$(OBJECTS)/stack/mbedtls/%.o: include/ward/port/config.h port/tls/mbedtls_config.h port/tls/tls.mk tests/stack/stack.mk $(MADE_WITH) | setup-build
	$(call COMPILE_OTHERS,stack/mbedtls/$*.c,$(MBEDTLS_DIR)/library/$*.c,$(SOCKETS_LIMITS) $(WARD_TLS_CPPFLAGS) -I$(MBEDTLS_DIR)/include -I$(MBEDTLS_DIR)/library)

$(OBJECTS)/stack/%.o: %.c tests/stack/stack.mk $(MADE_WITH) | setup-build
	$(COMPILE) $(WARNINGS) $(SOCKETS_CPPFLAGS) -c $< -o $@

$(BUILD)/stack: $(SOCKETS_OBJECTS) $(BUILD)/libward.a
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@
