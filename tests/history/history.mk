# SPDX-License-Identifier: Apache-2.0
# Histories of one flash: three builds of ward with other limits in one program, each an object of which only its table is seen.

HISTORY_COMMON := -DWARD_HOSTED=0 -DWARD_MAX_JWKS=8192 -DWARD_MAX_TOKEN=1024 -DWARD_MAX_KID=16
HISTORY_large  := -DWARD_MAX_KEYS=6 -DWARD_DENY_SLOTS=12
HISTORY_middle := -DWARD_MAX_KEYS=3 -DWARD_DENY_SLOTS=6 -DWARD_CACHE_SLOTS=2
HISTORY_small  := -DWARD_MAX_KEYS=2 -DWARD_DENY_SLOTS=3 -DWARD_CACHE_SLOTS=0 -DWARD_AUDIT_EVENTS=8
HISTORY_BUILDS := $(foreach size,large middle small,$(BUILD)/history/$(size).o)
HISTORY_WARD   := tests/history/build.c tests/fleet/crypto_instant.c tests/fleet/signed_instant.c port/service.c $(WARD_CORE_SOURCES)
HISTORY_OWN    := $(filter-out tests/history/build.c,$(wildcard tests/history/*.c tests/schedules/*.c)) src/encoding/status_name.c
HISTORY_MADE   := $(wildcard include/ward/*.h include/ward/port/*.h src/*/*.h tests/history/*.h tests/schedules/*.h) tests/history/history.mk $(MADE_WITH)

# What links a program would bring a sanitizer's runtime into each object: the linker itself puts them together. It takes groups of
# sections apart, by which clang 19 keeps what a sanitizer tells of one name once: the three builds have each name three times.
$(BUILD)/history/%.o: $(HISTORY_WARD) $(HISTORY_MADE) | setup-build
	@rm -rf $(@D)/$* && mkdir -p $(@D)/$* && echo "  CC LD   $@"
	@cd $(@D)/$* && $(CC) $(STANDARD) $(CFLAGS) $(WARNINGS) $(HISTORY_COMMON) $(HISTORY_$*) \
		-I$(CURDIR)/include -I$(CURDIR)/src -I$(CURDIR)/tests/history \
		-DHISTORY_BUILD=$*_build -DHISTORY_NAME='"$*"' -c $(abspath $(HISTORY_WARD))
	@ld -r --force-group-allocation $(@D)/$*/*.o -o $@ && objcopy --keep-global-symbol=$*_build $@ && rm -r $(@D)/$*

$(BUILD)/history/history: $(HISTORY_OWN) $(HISTORY_BUILDS) $(HISTORY_MADE)
	@echo "  CC LD   $@"
	@$(CC) $(STANDARD) $(CFLAGS) $(LDFLAGS) $(WARNINGS) $(WARD_CPPFLAGS) -Itests/history -Itests $(HISTORY_OWN) $(HISTORY_BUILDS) -o $@
