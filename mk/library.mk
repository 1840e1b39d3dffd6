# SPDX-License-Identifier: Apache-2.0
# The library: the core, and the crypto backend with the few functions of mbedTLS that it uses.

CORE_OBJECTS    := $(WARD_CORE_SOURCES:%.c=$(OBJECTS)/%.o)
CRYPTO_OBJECTS  := $(WARD_CRYPTO_SOURCES:%.c=$(OBJECTS)/%.o)
MBEDTLS_OBJECTS := $(WARD_MBEDTLS_SOURCES:%.c=$(OBJECTS)/mbedtls/%.o)

$(OBJECTS)/src/%.o: src/%.c $(MADE_WITH) | setup-build
	$(COMPILE) $(WARNINGS) $(WARD_CPPFLAGS) -c $< -o $@

$(OBJECTS)/port/%.o: port/%.c $(MADE_WITH) | setup-build
	$(COMPILE) $(WARNINGS) $(WARD_CPPFLAGS) -I$(WARD_DIR) $(WARD_MBEDTLS_CPPFLAGS) -isystem $(WARD_MBEDTLS_DIR)/include \
		-isystem $(WARD_MBEDTLS_DIR)/library -c $< -o $@

$(OBJECTS)/mbedtls/%.o: $(MADE_WITH) | setup-build
	$(call COMPILE_OTHERS,mbedtls/$*.c,$(WARD_MBEDTLS_DIR)/library/$*.c,$(WARD_MBEDTLS_CPPFLAGS) -I$(WARD_MBEDTLS_DIR)/include -I$(WARD_MBEDTLS_DIR)/library)

# One object out of backend and mbedTLS. What the backend does not reach is dropped, since it would need mbedTLS's heap
# numbers; what is left is made local, so that it meets no other mbedTLS that an application links.
CRYPTO_ROOTS := $(addprefix -u ,$(WARD_CRYPTO_CALLS))
CRYPTO_KEPT  := --keep-global-symbol='ward_*' --keep-global-symbol='mbedtls_memory_buffer_alloc_*'

CRYPTO_ROOTS_mbedtls_rsa := -u mbedtls_memory_buffer_alloc_init -u mbedtls_memory_buffer_alloc_free

$(BUILD)/crypto.o: $(CRYPTO_OBJECTS) $(MBEDTLS_OBJECTS)
	@echo "  LD      $@"
	@$(LD) -r --gc-sections $(CRYPTO_ROOTS) $(CRYPTO_ROOTS_$(WARD_CRYPTO)) $^ -o $@
	@$(OBJCOPY) --strip-unneeded $@
	@$(OBJCOPY) --wildcard $(CRYPTO_KEPT) $@

$(BUILD)/libward.a: $(CORE_OBJECTS) $(BUILD)/crypto.o
	@echo "  AR      $@"
	@rm -f $@ && $(AR) rcsD $@ $^

# Written by the compiler, made by no rule.
%.d: ;
-include $(shell find $(OBJECTS) -name '*.d' 2>/dev/null)
