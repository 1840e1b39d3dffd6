# SPDX-License-Identifier: Apache-2.0
# What boards with an Arm Cortex-M share: tools, start-up, the emulator. A board's board.mk sets BOARD_CPU and BOARD_SCRIPT
# and adds its own sources.

# CC=clang on make's command line is for the host; another cross compiler is CROSS=/opt/arm/bin/arm-none-eabi-.
CROSS ?= arm-none-eabi-
override CC         := $(CROSS)gcc
override LD         := $(CROSS)ld
override AR         := $(CROSS)ar
override OBJCOPY    := $(CROSS)objcopy
override OBJDUMP    := $(CROSS)objdump
override IMAGE_SIZE := $(CROSS)size
CFLAGS              := -Os -g
BOARD_CFLAGS        := -mcpu=$(BOARD_CPU) -mthumb

# What each function takes of the stack and whom it calls, beside its object, for `make size`. The code stays the same.
BOARD_CFLAGS += -fstack-usage -fcallgraph-info=su
# A ccache that stands for the compilers keeps the objects alone.
export CCACHE_DISABLE := 1

BOARD_SOURCES := boards/cortex-m/startup.c boards/support/semihosting.c boards/support/abort.c boards/support/console.c

# machine.h of the board.
BOARD_CPPFLAGS := -Iboards/$(BASE) -DWARD_EMULATED=1
BOARD_QEMU      = qemu-system-arm -M $(BASE)
