# SPDX-License-Identifier: Apache-2.0
# Images for the boards: build/BOARD/firmware.elf on a UART, network.elf on a network, and the tests that run on them.
#
# KEYS is the issuer's key set to provision. Without one the image is built with boards/app/example-jwks.json, whose
# private half nobody has: it boots and refuses every token.

include port/http/http.mk port/tls/tls.mk

KEYS   ?= boards/app/example-jwks.json
ROUTES ?= boards/app/theholefoundation.routes
# The URL by which clients know the API (RFC 9728), and whose tokens the image on a UART takes, as boards/app/expect.c says.
RESOURCE    ?= https://api.theholefoundation.org
UART_ISSUER := https://dev-4fszoklachwdh46m.us.auth0.com/

# An operator's key set: the image on a UART then takes bundles (`!bundle`), the one on a network finds them at its URL, if WARD_MAX_BUNDLE
# among LIMITS is above 0. Over http where the URL says so, if WARD_FETCH_CLEARTEXT is 1.
OPERATOR_KEYS ?=

APP_SOURCES    := $(wildcard boards/app/*.c)
PARSER_OBJECTS := $(WARD_HTTP_REQUEST:%.c=$(OBJECTS)/%.o) $(WARD_HTTP_LLHTTP:%.c=$(OBJECTS)/llhttp/%.o)
APP_OBJECTS    := $(APP_SOURCES:%.c=$(OBJECTS)/%.o) $(PARSER_OBJECTS) $(OBJECTS)/port/http/error_response.o
BOARD_OBJECTS := $(BOARD_SOURCES:%.c=$(OBJECTS)/%.o)

LINK_IMAGE = $(CC) $(BOARD_CFLAGS) $(CFLAGS) -nostartfiles -T $(BOARD_SCRIPT) $(BOARD_LDFLAGS) $(LDFLAGS) -Wl,--no-warn-rwx-segments

$(OBJECTS)/boards/%.o: boards/%.c $(MADE_WITH) | setup-build
	$(COMPILE) $(WARNINGS) -Iboards/support $(WARD_HTTP_CPPFLAGS) $(WARD_HTTP_SYSTEM) $(BOARD_CPPFLAGS) \
		$(APP_CPPFLAGS) -c $< -o $@

$(OBJECTS)/port/http/%.o: port/http/%.c $(MADE_WITH) | setup-build
	$(COMPILE) $(WARNINGS) $(WARD_HTTP_CPPFLAGS) $(WARD_TLS_CPPFLAGS) $(WARD_HTTP_SYSTEM) $(WARD_TLS_SYSTEM) -c $< -o $@

$(OBJECTS)/llhttp/%.o: port/http/http.mk $(MADE_WITH) | setup-build
	$(call COMPILE_OTHERS,llhttp/$*.c,$(LLHTTP_DIR)/$*.c,$(WARD_HTTP_CPPFLAGS) -I$(LLHTTP_DIR))

# Once for all that need it: two makes that link it at the same time break it for each other. HOST_READY: it is made already.
ifeq ($(filter host,$(VARIANT))$(HOST_READY),)
build/host/ward: FORCE
	@$(MAKE) --no-print-directory VARIANT=host WARD_READY=$(WARD_READY) $@
endif

# Rewritten only when the keys change, so that make knows when to build again.
$(BUILD)/app_keys.c: $(KEYS) build/host/ward FORCE | setup-build
	@mkdir -p $(@D) && build/host/ward provision $(KEYS) --c app_keys > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; echo "  KEYS    $(KEYS)"; fi

$(BUILD)/app_routes.c: $(ROUTES) build/host/ward FORCE | setup-build
	@mkdir -p $(@D) && build/host/ward routes $(ROUTES) --c app_routes > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; echo "  ROUTES  $(ROUTES)"; fi

$(BUILD)/app_metadata.c: $(ROUTES) build/host/ward FORCE | setup-build
	@mkdir -p $(@D) && build/host/ward routes $(ROUTES) --metadata --issuer '$(UART_ISSUER)' --resource '$(RESOURCE)' --c app_metadata > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(BUILD)/app_operator_keys.c: $(OPERATOR_KEYS) build/host/ward | setup-build
	@mkdir -p $(@D) && build/host/ward provision $(OPERATOR_KEYS) --c app_operator_keys > $@

$(OBJECTS)/app_%.o: $(BUILD)/app_%.c $(MADE_WITH)
	$(COMPILE) $(WARNINGS) -I$(WARD_DIR)/include -c $< -o $@

$(BUILD)/firmware.elf: $(BOARD_OBJECTS) $(APP_OBJECTS) $(OBJECTS)/app_keys.o $(OBJECTS)/app_routes.o $(OBJECTS)/app_metadata.o \
		$(if $(OPERATOR_KEYS),$(OBJECTS)/app_operator_keys.o) $(BUILD)/libward.a \
		$(BOARD_SCRIPT)
	@echo "  LD      $@"
	@$(LINK_IMAGE) $(filter %.o %.a,$^) -o $@
	@$(IMAGE_SIZE) $@

include boards/small/small.mk

# What a board's `make firmware` makes, and what `make qemu` runs.
IMAGES := $(addprefix $(BUILD)/,$(or $(BOARD_IMAGES),firmware.elf $(if $(BOARD_NETWORK_SOURCES),network.elf)))

# Files of these names are never made.
$(BUILD)/images: $(IMAGES) FORCE
	@:

# With -icount what the console calls instructions are some.
$(BUILD)/run-image: $(firstword $(IMAGES)) FORCE
	@echo "$(BOARD_QEMU): the console of $<; !quit or Ctrl-C ends it"
	@$(BOARD_QEMU) -kernel $< -display none -monitor none -serial stdio -semihosting-config enable=on,target=native -icount shift=0

ifneq ($(BOARD_NETWORK_SOURCES),)
include boards/app/network/network.mk
endif
