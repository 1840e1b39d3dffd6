# SPDX-License-Identifier: Apache-2.0
# Arm MPS3 with the AN547 image: a Cortex-M55; QEMU's machine of the same name. No network: its image is a UART's.
BOARD_CPU := cortex-m55
include boards/mps2/mps2.mk
BOARD_LDFLAGS         := -Wl,--defsym=IMAGE_FLASH=0x00000000,--defsym=IMAGE_RAM=0x01000000
BOARD_NETWORK_SOURCES :=
