# SPDX-License-Identifier: Apache-2.0
# Power cuts: the real service, keyring and gate with a board's limits on a flash in memory, and a backend that takes no time.

POWER_LIMITS  := -DWARD_HOSTED=0 -DWARD_MAX_KEYS=2 -DWARD_DENY_SLOTS=3 -DWARD_MAX_KID=16 -DWARD_CACHE_SLOTS=1 -DWARD_SUBJECT_SLOTS=2 \
	-DWARD_PEER_SLOTS=1 -DWARD_AUDIT_EVENTS=4 -DWARD_MAX_BUNDLE=4096
POWER_SOURCES := tests/power/power.c tests/power/device.c tests/power/flash.c tests/fleet/crypto_instant.c tests/fleet/signed_instant.c port/service.c $(WARD_CORE_SOURCES)

$(BUILD)/power: $(POWER_SOURCES) $(wildcard include/ward/*.h include/ward/*/*.h src/*/*.h tests/power/*.h) tests/power/power.mk $(MADE_WITH) | setup-build
	@mkdir -p $(@D) && echo "  CC LD   $@"
	@$(CC) $(STANDARD) -O2 -g $(WARNINGS) $(POWER_LIMITS) $(WARD_CPPFLAGS) -Itests/power -Itests/support $(POWER_SOURCES) -o $@
