# SPDX-License-Identifier: Apache-2.0
# Arm MPS2 with the AN505 image: a Cortex-M33; QEMU's machine of the same name. No network: its image is a UART's.
BOARD_CPU := cortex-m33
include boards/mps2/mps2.mk
BOARD_LDFLAGS         := -Wl,--defsym=IMAGE_FLASH=0x10000000,--defsym=IMAGE_RAM=0x38000000
BOARD_NETWORK_SOURCES :=
