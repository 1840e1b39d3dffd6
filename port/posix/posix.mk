# SPDX-License-Identifier: Apache-2.0
# The platform for Linux and other POSIX systems: libcurl with OpenSSL.

POSIX_SOURCES  := port/posix/platform.c port/posix/fetch.c port/posix/answer.c port/posix/judge.c port/posix/store.c port/posix/sign.c \
                  port/http/answer_fields.c port/date.c
POSIX_OBJECTS  := $(POSIX_SOURCES:%.c=$(OBJECTS)/%.o)
POSIX_LIBS     := -lcurl -lssl -lcrypto
POSIX_CPPFLAGS := -D_DEFAULT_SOURCE -I$(WARD_DIR)/include -I$(WARD_DIR)

$(OBJECTS)/port/posix/%.o: port/posix/%.c $(MADE_WITH) | setup-build
	$(COMPILE) $(WARNINGS) $(POSIX_CPPFLAGS) -c $< -o $@
