# SPDX-License-Identifier: Apache-2.0
# Arm MPS2 with the AN500 image: a Cortex-M7; QEMU's machine of the same name.
BOARD_CPU := cortex-m7
include boards/mps2/mps2.mk
