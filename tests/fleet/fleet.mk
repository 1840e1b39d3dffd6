# SPDX-License-Identifier: Apache-2.0
# The fleet simulation: the real keyring with a board's limits, a backend that takes no time, and simulated time.

FLEET_LIMITS  := -DWARD_HOSTED=0 -DWARD_MAX_KEYS=2 -DWARD_DENY_SLOTS=1 -DWARD_MAX_KID=32
FLEET_SOURCES := tests/fleet/fleet.c tests/fleet/queue.c tests/fleet/crypto_instant.c $(filter src/encoding/% src/crypto/% src/state/% src/keys/%,$(WARD_CORE_SOURCES))

build/fleet/fleet: $(FLEET_SOURCES) $(wildcard include/ward/*.h include/ward/*/*.h src/keys/*.h src/state/*.h tests/fleet/*.h) tests/fleet/fleet.mk $(MADE_WITH) | setup-build
	@mkdir -p $(@D) && echo "  CC LD   $@"
	@$(CC) $(STANDARD) -O2 -g -ffunction-sections -Wl,--gc-sections $(WARNINGS) $(FLEET_LIMITS) $(WARD_CPPFLAGS) -Itests/fleet $(FLEET_SOURCES) -o $@

.PHONY: run-fleet
run-fleet:
	@$(TESTS_MAKE) build/fleet/fleet
	@tests/fleet/fleet.py --write tests/fleet
