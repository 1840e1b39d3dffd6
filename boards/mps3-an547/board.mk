# SPDX-License-Identifier: Apache-2.0
# Arm MPS3 with the AN547 image: a Cortex-M55; QEMU's machine of the same name. No network: its image is a UART's.
BOARD_CPU := cortex-m55
include boards/mps2/mps2.mk
BOARD_SCRIPT          := boards/mps3-an547/board.ld
BOARD_NETWORK_SOURCES :=
