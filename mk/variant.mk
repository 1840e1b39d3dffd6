# SPDX-License-Identifier: Apache-2.0
# What is built, with which tools: VARIANT is `host` or the name of a board, perhaps with flavours after it, as in
# host+clang or mps2-an385+peak. What a flavour means is said by the file that FLAVOURS names: the tests' are tests/variants.mk.

BASE    := $(firstword $(subst +, ,$(VARIANT)))
FLAVOUR := $(wordlist 2,9,$(subst +, ,$(VARIANT)))
BUILD   := build/$(VARIANT)
OBJECTS := $(BUILD)/obj

# Third-party sources: fetched into build/deps by tools/setup, or the user's own.
DEPS        := build/deps
MBEDTLS_DIR ?= $(DEPS)/mbedtls
LLHTTP_DIR  ?= $(DEPS)/llhttp
LWIP_DIR    ?= $(DEPS)/lwip
export MBEDTLS_DIR LLHTTP_DIR LWIP_DIR

# Strict about ward's own files, silent about others'.
WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wundef -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wcast-qual \
	-Wpointer-arith -Wwrite-strings -Werror
STANDARD := -std=c11

CC           := gcc
LD           := ld
AR           := ar
OBJCOPY      := objcopy
IMAGE_SIZE   := size
CFLAGS       := -O2 -g
CFLAGS_OWN   :=
BOARD_CFLAGS :=
SECTIONS     := -ffunction-sections -fdata-sections
LDFLAGS      := -Wl,--gc-sections
LIMITS       :=

# A board's own tools and flags. Another family of boards is another folder with a .mk of its own; nothing here names one.
ifneq ($(BASE),host)
ifeq ($(wildcard boards/$(BASE)/board.mk),)
$(error there is no board $(BASE): $(patsubst boards/%/board.mk,%,$(wildcard boards/*/board.mk)))
endif
include boards/$(BASE)/board.mk
endif

ifneq ($(FLAVOURS),)
include $(FLAVOURS)
else ifneq ($(FLAVOUR),)
$(error VARIANT=$(VARIANT): flavours are the tests', ask `make -f tests/Makefile VARIANT=$(VARIANT)`)
endif
