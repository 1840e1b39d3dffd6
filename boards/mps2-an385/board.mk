# Arm MPS2 with the AN385 image: a Cortex-M3 with UART; QEMU's machine of the same name.

CC      := arm-none-eabi-gcc
LD      := arm-none-eabi-ld
AR      := arm-none-eabi-ar
OBJCOPY := arm-none-eabi-objcopy
CFLAGS  := -mcpu=cortex-m3 -mthumb -Os -g

# What each function takes of the stack and whom it calls, beside its object, for `make size`. The code stays the same.
CFLAGS += -fstack-usage -fcallgraph-info=su

BOARD_SOURCES := boards/mps2-an385/startup.c boards/mps2-an385/board.c boards/support/semihosting.c boards/support/abort.c \
	boards/support/console.c
BOARD_SCRIPT  := boards/mps2-an385/board.ld
