# SPDX-License-Identifier: Apache-2.0
# Arm MPS2 with the AN386 image: a Cortex-M4; QEMU's machine of the same name.
BOARD_CPU := cortex-m4
include boards/mps2/mps2.mk
