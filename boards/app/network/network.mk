# SPDX-License-Identifier: Apache-2.0
# The networked image: build/BOARD/network.elf. What it is built with are variables of make; tests pass their own, and a folder of their
# own in NETWORK, so that only the configuration is compiled and linked again.
#
#     make VARIANT=mps2-an385 URL=https://issuer/.well-known/jwks.json AUTHORITY=ca.pem build/mps2-an385/network.elf

include port/lwip/lwip.mk

NETWORK     ?= $(BUILD)
# Whose tokens are good, for what, with which `typ` (empty: any of an access token), and whose web pages may call (empty: none).
ISSUER      ?= https://dev-4fszoklachwdh46m.us.auth0.com/
AUDIENCE    ?= https://api.theholefoundation.org
TYPE        ?=
ORIGIN      ?= https://theholefoundation.org
URL         ?= $(ISSUER).well-known/jwks.json
# PEM files: the authority that the issuer's server must have a certificate of; the device's own certificates and its key (ECDSA, P-256).
AUTHORITY   ?=
CERTIFICATE ?=
KEY         ?=
# Seconds; 0: the defaults of ward/keyring.h. BUILD_TIME 0: now.
COOLDOWN    ?= 0
MAX_STALE   ?= 0
BUILD_TIME  ?= 0
# 1: the keys of KEYS are in the firmware, too.
PROVISIONED ?= 0
KEYS_VERSION ?= 1

NETWORK_STACK ?= 0x1400

NETWORK_SOURCES := $(wildcard boards/app/network/*.c) $(filter-out boards/app/main.c boards/app/expect.c,$(APP_SOURCES)) $(WARD_SERVICE_SOURCES) \
	$(sort $(WARD_LWIP_SOURCES) $(WARD_TLS_SOURCES) $(WARD_HTTP_RESPONSE) $(WARD_HTTP_SERVER) $(WARD_HTTP_FETCH)) $(BOARD_NETWORK_SOURCES)
NETWORK_OBJECTS := $(NETWORK_SOURCES:%.c=$(OBJECTS)/%.o) $(PARSER_OBJECTS) $(BOARD_OBJECTS)
STACK_OBJECTS   := $(WARD_LWIP_STACK:%.c=$(OBJECTS)/lwip/%.o) $(WARD_TLS_MBEDTLS:%.c=$(OBJECTS)/tls/%.o)

# Ours, which may name anything of the port's.
NETWORK_CPPFLAGS := $(WARD_TLS_CPPFLAGS) $(WARD_LWIP_CPPFLAGS) $(WARD_TLS_SYSTEM) $(WARD_LWIP_SYSTEM) $(WARD_HTTP_SYSTEM)

$(OBJECTS)/port/tls/%.o: port/tls/%.c $(MADE_WITH) | setup-build
	$(COMPILE) $(WARNINGS) $(NETWORK_CPPFLAGS) -c $< -o $@

$(OBJECTS)/port/lwip/%.o: port/lwip/%.c $(MADE_WITH) | setup-build
	$(COMPILE) $(WARNINGS) $(NETWORK_CPPFLAGS) -c $< -o $@

$(OBJECTS)/boards/app/network/%.o: boards/app/network/%.c $(MADE_WITH) | setup-build
	$(COMPILE) $(WARNINGS) -Iboards/support -Iboards/app $(NETWORK_CPPFLAGS) $(BOARD_CPPFLAGS) $(APP_CPPFLAGS) -c $< -o $@

$(OBJECTS)/lwip/%.o: include/ward/port/config.h port/lwip/lwipopts.h port/lwip/lwippools.h port/lwip/lwip.mk $(MADE_WITH) | setup-build
	$(call COMPILE_OTHERS,lwip/$*.c,$(LWIP_DIR)/src/$*.c,$(WARD_LWIP_CPPFLAGS) -I$(LWIP_DIR)/src/include)

$(OBJECTS)/tls/%.o: include/ward/port/config.h port/tls/mbedtls_config.h port/tls/tls.mk $(MADE_WITH) | setup-build
	$(call COMPILE_OTHERS,tls/$*.c,$(MBEDTLS_DIR)/library/$*.c,$(WARD_TLS_CPPFLAGS) -I$(MBEDTLS_DIR)/include -I$(MBEDTLS_DIR)/library)

$(NETWORK)/network_config.c: boards/app/network/configure FORCE
	@boards/app/network/configure $@ --issuer '$(ISSUER)' --audience '$(AUDIENCE)' --type '$(TYPE)' --origin '$(ORIGIN)' --url '$(URL)' --authority '$(AUTHORITY)' --certificate '$(CERTIFICATE)' \
		--key '$(KEY)' --cooldown '$(COOLDOWN)' --max-stale '$(MAX_STALE)' --build-time '$(BUILD_TIME)' \
		--provisioned '$(PROVISIONED)' --keys-version '$(KEYS_VERSION)' --operator-keys '$(if $(OPERATOR_KEYS),1,0)'

$(NETWORK)/network_config.o: $(NETWORK)/network_config.c $(MADE_WITH)
	$(COMPILE) $(WARNINGS) -Iboards/app -Iboards/app/network $(NETWORK_CPPFLAGS) -c $< -o $@

$(NETWORK)/network_metadata.c: $(ROUTES) build/host/ward FORCE
	@mkdir -p $(@D) && build/host/ward routes $(ROUTES) --metadata --issuer '$(ISSUER)' --resource '$(RESOURCE)' --c app_metadata > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(NETWORK)/network_metadata.o: $(NETWORK)/network_metadata.c $(MADE_WITH)
	$(COMPILE) $(WARNINGS) -I$(WARD_DIR)/include -c $< -o $@

# What is configured; with it whatever is linked to an image of its own.
NETWORK_CONFIG := $(NETWORK)/network_config.o $(NETWORK)/network_metadata.o

$(NETWORK)/network.elf: $(NETWORK_CONFIG) $(NETWORK_OBJECTS) $(STACK_OBJECTS) $(OBJECTS)/app_keys.o $(OBJECTS)/app_routes.o \
		$(if $(OPERATOR_KEYS),$(OBJECTS)/app_operator_keys.o) $(BUILD)/libward.a $(BOARD_SCRIPT)
	@echo "  LD      $@"
	@$(LINK_IMAGE) -Wl,--defsym=IMAGE_STACK=$(NETWORK_STACK) -Wl,-Map,$(@:.elf=.map) $(filter %.o %.a,$^) -o $@
	@$(IMAGE_SIZE) $@
