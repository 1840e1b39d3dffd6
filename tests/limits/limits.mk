# SPDX-License-Identifier: Apache-2.0
# One flash under two builds: the real service, keyring and gate with the limits of a large and of a small firmware.

LIMITS_LARGE   := -DWARD_MAX_KEYS=9 -DWARD_DENY_SLOTS=128 -DWARD_MAX_KID=64
LIMITS_SMALL   := -DWARD_MAX_KEYS=2 -DWARD_DENY_SLOTS=16 -DWARD_MAX_KID=16
LIMITS_SOURCES := tests/limits/device.c tests/fleet/crypto_instant.c tests/fleet/signed_instant.c port/service.c $(WARD_CORE_SOURCES)

$(BUILD)/limits-large: LIMITS_OF := $(LIMITS_LARGE)
$(BUILD)/limits-small: LIMITS_OF := $(LIMITS_SMALL)
$(BUILD)/limits-large $(BUILD)/limits-small: $(LIMITS_SOURCES) $(wildcard include/ward/*.h include/ward/*/*.h src/*/*.h) \
		tests/limits/limits.mk $(MADE_WITH) | setup-build
	@mkdir -p $(@D) && echo "  CC LD   $@"
	@$(CC) $(STANDARD) $(CFLAGS) $(LDFLAGS) $(WARNINGS) -DWARD_HOSTED=0 $(LIMITS_OF) $(WARD_CPPFLAGS) $(LIMITS_SOURCES) -o $@
