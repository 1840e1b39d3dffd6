# Histories of one flash: three builds of ward with other limits in one program, each an object of which only its table is seen.

HISTORY_COMMON := -DWARD_HOSTED=0 -DWARD_MAX_JWKS=8192 -DWARD_MAX_TOKEN=1024 -DWARD_MAX_KID=16
HISTORY_large  := -DWARD_MAX_KEYS=6 -DWARD_DENY_SLOTS=12
HISTORY_middle := -DWARD_MAX_KEYS=3 -DWARD_DENY_SLOTS=6 -DWARD_CACHE_SLOTS=2
HISTORY_small  := -DWARD_MAX_KEYS=2 -DWARD_DENY_SLOTS=3 -DWARD_CACHE_SLOTS=0 -DWARD_AUDIT_EVENTS=8
HISTORY_BUILDS := $(foreach size,large middle small,$(BUILD)/history/$(size).o)
HISTORY_WARD   := tests/history/build.c tests/fleet/crypto_instant.c port/service.c $(WARD_CORE_SOURCES)
HISTORY_OWN    := $(filter-out tests/history/build.c,$(wildcard tests/history/*.c)) src/encoding/status_name.c
HISTORY_MADE   := $(wildcard include/ward/*.h include/ward/port/*.h src/*/*.h tests/history/*.h) tests/history/history.mk $(MADE_WITH)

$(BUILD)/history/%.o: $(HISTORY_WARD) $(HISTORY_MADE) | setup-build
	@mkdir -p $(@D) && echo "  CC LD   $@"
	@$(CC) $(STANDARD) $(CFLAGS) $(WARNINGS) $(HISTORY_COMMON) $(HISTORY_$*) $(WARD_CPPFLAGS) -Itests/history \
		-DHISTORY_BUILD=$*_build -DHISTORY_NAME='"$*"' -r -nostdlib $(HISTORY_WARD) -o $@
	@objcopy --keep-global-symbol=$*_build $@

$(BUILD)/history/history: $(HISTORY_OWN) $(HISTORY_BUILDS) $(HISTORY_MADE)
	@echo "  CC LD   $@"
	@$(CC) $(STANDARD) $(CFLAGS) $(LDFLAGS) $(WARNINGS) $(WARD_CPPFLAGS) -Itests/history $(HISTORY_OWN) $(HISTORY_BUILDS) -o $@
