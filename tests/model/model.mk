# SPDX-License-Identifier: Apache-2.0
# The keyring against a reference model: the real one with small limits, a backend that takes no time, and simulated time.

MODEL_LIMITS  := -DWARD_HOSTED=0 -DWARD_MAX_KEYS=3 -DWARD_MAX_KID=16 -DWARD_MAX_JWKS=4096 -DWARD_DENY_SLOTS=2 -DWARD_MAX_JSON_VALUES=24 \
	-DWARD_MAX_HEADER=128 -DWARD_MAX_BUNDLE=6144
MODEL_SOURCES := $(wildcard tests/model/*.c tests/schedules/*.c) tests/fleet/crypto_instant.c \
	$(filter src/encoding/% src/crypto/% src/state/% src/keys/% src/token/% src/access/bundle_% src/access/owner.c,$(WARD_CORE_SOURCES))

$(BUILD)/model: $(MODEL_SOURCES) $(wildcard include/ward/*.h include/ward/*/*.h src/*/*.h tests/model/*.h tests/schedules/*.h) tests/model/model.mk $(MADE_WITH) | setup-build
	@mkdir -p $(@D) && echo "  CC LD   $@"
	@$(CC) $(STANDARD) $(CFLAGS) $(LDFLAGS) $(WARNINGS) $(MODEL_LIMITS) $(WARD_CPPFLAGS) -Itests/model -Itests \
		$(MODEL_SOURCES) -o $@
