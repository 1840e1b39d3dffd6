# SPDX-License-Identifier: Apache-2.0
# What Arm's MPS2 and MPS3 boards share; QEMU emulates them. A board's own board.mk sets BOARD_CPU and includes this.
include boards/cortex-m/cortex-m.mk

BOARD_SOURCES += boards/mps2/board.c
BOARD_SCRIPT  := boards/mps2/board.ld

# For a networked image. Entropy, flash and clock exist in the emulator only; boards/mps2/emulator.c says what stands in for them.
BOARD_NETWORK_SOURCES := boards/mps2/ethernet.c boards/mps2/i2c.c boards/mps2/clock.c boards/mps2/flash.c boards/mps2/emulator.c
