# SPDX-License-Identifier: Apache-2.0
# The BBC micro:bit, a Cortex-M0 with 16 KB of RAM (nRF51822); QEMU's machine of the same name. HTTP's demo has no room there:
# its image is the small gate of boards/small.
BOARD_CPU := cortex-m0
include boards/cortex-m/cortex-m.mk

BOARD_SOURCES += boards/microbit/board.c
BOARD_SCRIPT  := boards/microbit/board.ld
BOARD_IMAGES  := gate.elf gate-http.elf

# An emulated memory for the test suites, which hold their vectors and whole tokens.
BOARD_QEMU_WIDER := -global nrf51-soc.flash-size=0x200000 -global nrf51-soc.sram-size=0x110000

# Keys of 2048 and 3072 bits. On a wire there is one peer.
LIMITS := -DWARD_MAX_RSA_BITS=3072 -DWARD_MAX_KEYS=2 -DWARD_MAX_TOKEN=2048 -DWARD_AUDIT_EVENTS=8 -DWARD_PEER_SLOTS=1

# ward's own SHA-256: 2.3 KB of flash less than mbedTLS's, without which HTTP's gate does not fit its 58 KB.
WARD_SHA256 := ward
