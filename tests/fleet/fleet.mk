# SPDX-License-Identifier: Apache-2.0
# The fleet simulation: the real keyring with a board's limits, a backend that takes no time, and simulated time.

FLEET_LIMITS  := -DWARD_HOSTED=0 -DWARD_MAX_KEYS=2 -DWARD_DENY_SLOTS=1 -DWARD_MAX_KID=32 -DWARD_MAX_BUNDLE=4096
FLEET_SOURCES := $(filter-out tests/fleet/connections.c,$(wildcard tests/fleet/*.c)) $(filter src/encoding/% src/crypto/% src/state/% src/keys/% src/token/% src/access/%,$(WARD_CORE_SOURCES))

build/fleet/fleet: $(FLEET_SOURCES) $(wildcard include/ward/*.h include/ward/*/*.h src/*/*.h tests/fleet/*.h) tests/fleet/fleet.mk $(MADE_WITH) | setup-build
	@mkdir -p $(@D) && echo "  CC LD   $@"
	@$(CC) $(STANDARD) -O2 -g -ffunction-sections -Wl,--gc-sections $(WARNINGS) $(FLEET_LIMITS) $(WARD_CPPFLAGS) -Itests/fleet -Itests/support $(FLEET_SOURCES) -o $@

# Devices that really fetch, in one program.
$(BUILD)/connections: $(OBJECTS)/tests/fleet/connections.o $(POSIX_OBJECTS) $(OBJECTS)/port/service.o $(BUILD)/libward.a
	@echo "  LD      $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@ $(POSIX_LIBS)

$(OBJECTS)/tests/fleet/connections.o: TEST_CPPFLAGS += -D_DEFAULT_SOURCE

.PHONY: run-fleet
run-fleet:
	@$(TESTS_MAKE) build/fleet/fleet
	@tests/fleet/fleet.py --write tests/fleet
	@tests/fleet/bundles.py --write docs
