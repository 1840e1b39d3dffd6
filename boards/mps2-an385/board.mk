# SPDX-License-Identifier: Apache-2.0
# Arm MPS2 with the AN385 image: a Cortex-M3; QEMU's machine of the same name.
BOARD_CPU := cortex-m3
include boards/mps2/mps2.mk
