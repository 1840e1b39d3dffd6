# SPDX-License-Identifier: Apache-2.0
# What Arm's MPS2 boards with a Cortex-M share; QEMU emulates them. A board's own board.mk sets BOARD_CPU and includes this.

# CC=clang on make's command line is for the host; another cross compiler is CROSS=/opt/arm/bin/arm-none-eabi-.
CROSS ?= arm-none-eabi-
override CC         := $(CROSS)gcc
override LD         := $(CROSS)ld
override AR         := $(CROSS)ar
override OBJCOPY    := $(CROSS)objcopy
override IMAGE_SIZE := $(CROSS)size
CFLAGS              := -Os -g
BOARD_CFLAGS        := -mcpu=$(BOARD_CPU) -mthumb

# What each function takes of the stack and whom it calls, beside its object, for `make size`. The code stays the same.
BOARD_CFLAGS += -fstack-usage -fcallgraph-info=su

BOARD_SOURCES := boards/mps2/startup.c boards/mps2/board.c boards/support/semihosting.c boards/support/abort.c \
	boards/support/console.c
BOARD_SCRIPT  := boards/mps2/board.ld

# For a networked image. Entropy, flash and clock exist in the emulator only; boards/mps2/emulator.c says what stands in for them.
BOARD_NETWORK_SOURCES := boards/mps2/ethernet.c boards/mps2/i2c.c boards/mps2/clock.c boards/mps2/flash.c boards/mps2/emulator.c

# machine.h of the board.
BOARD_CPPFLAGS := -Iboards/$(BASE) -DWARD_EMULATED=1
