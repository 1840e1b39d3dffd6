# SPDX-License-Identifier: Apache-2.0
# The gate among several tasks, under the thread sanitizer: all of ward is built for it, with a backend that takes no time.

THREADS_SOURCES := tests/threads/audit.c tests/threads/steps.c tests/fleet/crypto_instant.c $(WARD_CORE_SOURCES)

$(BUILD)/threads: $(THREADS_SOURCES) $(wildcard include/ward/*.h include/ward/*/*.h src/*/*.h) tests/threads/threads.mk $(MADE_WITH) | setup-build
	@mkdir -p $(@D) && echo "  CC LD   $@"
	@$(CC) $(STANDARD) -O1 -g -fsanitize=thread -D_DEFAULT_SOURCE $(WARNINGS) $(WARD_CPPFLAGS) \
		$(THREADS_SOURCES) -o $@ -pthread
