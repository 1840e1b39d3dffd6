# SPDX-License-Identifier: Apache-2.0
# RISC-V rv32imac on QEMU's machine `virt`; C library picolibc. No network: its image is a UART's.
CROSS ?= riscv64-unknown-elf-
override CC         := $(CROSS)gcc
override LD         := $(CROSS)ld -m elf32lriscv
override AR         := $(CROSS)ar
override OBJCOPY    := $(CROSS)objcopy
override OBJDUMP    := $(CROSS)objdump
override IMAGE_SIZE := $(CROSS)size
CFLAGS              := -Os -g
BOARD_CPU           := rv32imac
BOARD_CFLAGS        := -march=$(BOARD_CPU) -misa-spec=2.2 -mabi=ilp32 --specs=picolibc.specs

# What each function takes of the stack and whom it calls, beside its object, for `make size`. The code stays the same.
BOARD_CFLAGS += -fstack-usage -fcallgraph-info=su
# A ccache that stands for the compilers keeps the objects alone.
export CCACHE_DISABLE := 1

BOARD_SOURCES := boards/rv32-virt/startup.c boards/rv32-virt/board.c boards/support/semihosting.c boards/support/abort.c \
	boards/support/console.c
BOARD_SCRIPT  := boards/rv32-virt/board.ld

BOARD_CPPFLAGS := -DWARD_EMULATED=1
BOARD_QEMU     := qemu-system-riscv32 -M virt -bios none
BOARD_SETUP    := riscv
