/* SPDX-License-Identifier: Apache-2.0 */
/* Where the AN385 image differs from its sisters: Arm DAI 0385, and QEMU's hw/arm/mps2.c. */
#ifndef WARD_MACHINE_H
#define WARD_MACHINE_H

#define MACHINE_NAME "mps2-an385"
#define MACHINE_KILOHERTZ 25000u
#define MACHINE_UART 0x40004000u
#define MACHINE_FPGAIO 0x40028000u
#define MACHINE_ETHERNET 0x40200000u
#define MACHINE_PSRAM 0x21000000u

#endif
