# SPDX-License-Identifier: Apache-2.0
# ward in another project's Makefile: $(WARD_LIBRARY), a library by the project's own compiler. The recipe stands in
# ward.mk.
#
#   MBEDTLS_DIR           the sources of mbedTLS 3.6, for ward alone: what ward takes of them is compiled with a
#                         configuration of ward's own, and its names are hidden, so that an mbedTLS of the project is
#                         neither changed nor met
#   WARD_PROJECT_MBEDTLS  instead: the flags by which the project's own mbedTLS is found and configured (-I,
#                         -DMBEDTLS_CONFIG_FILE=…), for a WARD_CRYPTO that uses it
#   CC, AR, CFLAGS        the project's: processor, optimisation, warnings. Its CPPFLAGS are not seen by ward
#   WARD_LIMITS           limits, as in -DWARD_MAX_KEYS=8, or the -DWARD_CONFIG_FILE of a header of them with its -I
#   WARD_SERVICE          set, also what keys that refresh themselves need, and the self-test
#   WARD_BUILD            where it is built: build/ward
#   WARD_OBJCOPY          the compiler's objcopy: CC with objcopy in place of gcc

WARD_GOAL_BEFORE := $(.DEFAULT_GOAL)

include $(WARD_DIR)/ward.mk

WARD_BUILD   ?= build/ward
WARD_OBJCOPY ?= $(if $(findstring gcc,$(notdir $(CC))),$(subst gcc,objcopy,$(CC)),objcopy)
WARD_LIBRARY := $(WARD_BUILD)/libward.a
WARD_INCLUDE := -I$(WARD_DIR)/include $(filter -DWARD_CRYPTO_%,$(WARD_CPPFLAGS)) $(WARD_LIMITS)

ifneq ($(findstring MBEDTLS_,$(CFLAGS)),)
$(error ward: CFLAGS="$(CFLAGS)" configures the project's mbedTLS, and would ward's: move that into CPPFLAGS)
endif

ifeq ($(WARD_CRYPTO_SOURCES),)
$(error ward: WARD_CRYPTO=$(WARD_CRYPTO) is not a backend of ward.mk)
endif
ifeq ($(WARD_SHA256_SOURCES_$(WARD_SHA256)),)
$(error ward: WARD_SHA256=$(WARD_SHA256) is neither mbedtls nor ward)
endif
ifeq ($(WARD_PROJECT_MBEDTLS)$(WARD_MBEDTLS_SOURCES),)
$(error ward: WARD_CRYPTO=$(WARD_CRYPTO) uses the project's own library: WARD_PROJECT_MBEDTLS has the flags by which it is found and configured)
endif

# All that a library is made with; where it is another than the last time, all is made again.
WARD_EMBED_SETTINGS := $(strip $(CC) $(CFLAGS) $(WARD_LIMITS) $(WARD_CRYPTO) $(WARD_SHA256) $(WARD_PROJECT_MBEDTLS) $(WARD_MBEDTLS_DIR) $(WARD_SERVICE))
ifneq ($(shell cat '$(WARD_BUILD)/settings' 2>/dev/null),$(WARD_EMBED_SETTINGS))
$(shell mkdir -p '$(WARD_BUILD)' && printf '%s\n' '$(subst ','\'',$(WARD_EMBED_SETTINGS))' > '$(WARD_BUILD)/settings')
endif

WARD_EMBED_SOURCES := $(WARD_CORE_SOURCES) $(if $(WARD_SERVICE),$(WARD_SERVICE_SOURCES))
WARD_EMBED_OBJECTS := $(WARD_EMBED_SOURCES:%.c=$(WARD_BUILD)/%.o)
WARD_EMBED_CRYPTO  := $(WARD_CRYPTO_SOURCES:%.c=$(WARD_BUILD)/crypto/%.o)
WARD_EMBED_FLAGS   := -ffunction-sections -fdata-sections -MD -MP $(WARD_LIMITS)

ifneq ($(WARD_PROJECT_MBEDTLS),)
WARD_EMBED_PREFIX := $(WARD_CPPFLAGS) $(WARD_PROJECT_MBEDTLS)
WARD_EMBED_LAST   := $(WARD_EMBED_CRYPTO)
else
WARD_EMBED_PREFIX  := $(WARD_CPPFLAGS) $(WARD_MBEDTLS_CPPFLAGS) -I$(WARD_MBEDTLS_DIR)/include -I$(WARD_MBEDTLS_DIR)/library
WARD_EMBED_MBEDTLS := $(WARD_MBEDTLS_SOURCES:%.c=$(WARD_BUILD)/mbedtls/%.o)
WARD_EMBED_LAST    := $(WARD_BUILD)/crypto.o
WARD_EMBED_HIDE    := --wildcard --keep-global-symbol='ward_*' --keep-global-symbol='mbedtls_memory_buffer_alloc_*'
WARD_EMBED_ROOTS   := $(addprefix -u ,$(WARD_CRYPTO_CALLS))
ifeq ($(WARD_CRYPTO),mbedtls_rsa)
WARD_EMBED_ROOTS   += -u mbedtls_memory_buffer_alloc_init -u mbedtls_memory_buffer_alloc_free
endif

# Machine code: what the project's LTO would leave has no names that could be hidden.
WARD_EMBED_WHOLE   := -fno-lto

# Its assembly for Cortex-M4 and later needs the frame pointer's register, which gcc keeps at -O0.
$(WARD_BUILD)/mbedtls/%.o: $(WARD_MBEDTLS_DIR)/library/%.c $(WARD_BUILD)/settings
	@mkdir -p $(@D)
	$(CC) $(WARD_EMBED_PREFIX) $(CFLAGS) $(WARD_EMBED_FLAGS) -fomit-frame-pointer $(WARD_EMBED_WHOLE) -w -c $< -o $@

# One object, of which only what ward calls is seen. What that does not reach would need mbedTLS's heap, and is dropped.
$(WARD_BUILD)/crypto.o: $(WARD_EMBED_CRYPTO) $(WARD_EMBED_MBEDTLS)
	$(CC) $(CFLAGS) $(WARD_EMBED_WHOLE) -r -nostdlib -Wl,--gc-sections $(WARD_EMBED_ROOTS) $^ -o $@
	$(WARD_OBJCOPY) --strip-unneeded $@
	$(WARD_OBJCOPY) $(WARD_EMBED_HIDE) $@
endif

$(WARD_BUILD)/%.o: $(WARD_DIR)/%.c $(WARD_BUILD)/settings
	@mkdir -p $(@D)
	$(CC) $(WARD_CPPFLAGS) -std=c11 $(CFLAGS) $(WARD_EMBED_FLAGS) -c $< -o $@

$(WARD_BUILD)/crypto/%.o: $(WARD_DIR)/%.c $(WARD_BUILD)/settings
	@mkdir -p $(@D)
	$(CC) $(WARD_EMBED_PREFIX) -std=c11 $(CFLAGS) $(WARD_EMBED_FLAGS) $(WARD_EMBED_WHOLE) -w -c $< -o $@

$(WARD_LIBRARY): $(WARD_EMBED_OBJECTS) $(WARD_EMBED_LAST) $(WARD_BUILD)/settings
	@rm -f $@
	$(AR) rcs $@ $(filter %.o,$^)

-include $(patsubst %.o,%.d,$(WARD_EMBED_OBJECTS) $(WARD_EMBED_CRYPTO) $(WARD_EMBED_MBEDTLS))

# The project's first target stays what `make` makes.
.DEFAULT_GOAL := $(WARD_GOAL_BEFORE)
