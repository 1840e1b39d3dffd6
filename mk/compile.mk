# SPDX-License-Identifier: Apache-2.0
# How each kind of source is compiled. An object depends on its source, every header that it read (-MD), and MADE_WITH.

COMPILE = @mkdir -p $(@D) && echo "  CC      $(VARIANT) $<" && $(CC) $(STANDARD) $(BOARD_CFLAGS) $(CFLAGS) $(CFLAGS_OWN) $(SECTIONS) $(LIMITS) -MD -MP

# Third-party sources are not ours to correct: no warnings, no instrumentation that counts their lines. $(call COMPILE_OTHERS,name,source,flags).
# But for what gcc 14 refuses whatever it is told: an older one refuses it, too.
OTHERS_WARNINGS := -Werror=implicit-function-declaration -Werror=implicit-int -Werror=int-conversion -Werror=incompatible-pointer-types

# The file itself is in its list of headers too, without which a folder that has moved would stop make.
COMPILE_OTHERS = @mkdir -p $(@D) && echo "  CC      $(VARIANT) $(1)" && \
	$(CC) $(BOARD_CFLAGS) $(CFLAGS) $(SECTIONS) $(OTHERS_WARNINGS) -MD -MP $(3) -c $(2) -o $@ && printf '%s:\n' '$(2)' >> $(@:.o=.d)

# What all objects of a variant were made with: tools, flags, limits, and the versions of others' sources. Rewritten only when
# one of them changes, and then everything is made again. Others' archives keep old dates, so their folders are known by content.
MADE_WITH := $(BUILD)/made-with

define MADE_WITH_TEXT :=
$(STANDARD) $(BOARD_CFLAGS) $(CFLAGS) $(CFLAGS_OWN) $(SECTIONS) $(LIMITS) $(LDFLAGS)
$(WARNINGS)
$(WARD_CRYPTO) $(WARD_PSA_CPPFLAGS) $(APP_CPPFLAGS) $(BOARD_CPPFLAGS) $(BOARD_LDFLAGS)
$(MBEDTLS_DIR) $(WARD_MBEDTLS_DIR) $(LLHTTP_DIR) $(LWIP_DIR)
endef
export MADE_WITH_TEXT

# A file of each that changes with its version.
OTHERS_VERSIONS := $(MBEDTLS_DIR)/include/mbedtls/build_info.h $(MBEDTLS_DIR)/ChangeLog $(LLHTTP_DIR)/llhttp.h \
	$(LWIP_DIR)/src/include/lwip/init.h

$(MADE_WITH): FORCE | setup-build
	@mkdir -p $(@D) && { command -v $(CC) $(AR) $(LD); $(CC) --version; printf '%s\n' "$$MADE_WITH_TEXT"; \
		cat $(OTHERS_VERSIONS) 2>/dev/null | cksum; } > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

.PHONY: FORCE
FORCE:
