/* SPDX-License-Identifier: Apache-2.0 */
/* The AN505 image, seen from the secure state in which it starts: Arm DAI 0505, and QEMU's hw/arm/mps2-tz.c. */
#ifndef WARD_MACHINE_H
#define WARD_MACHINE_H

#define MACHINE_NAME "mps2-an505"
#define MACHINE_KILOHERTZ 20000u
#define MACHINE_UART 0x50200000u
#define MACHINE_FPGAIO 0x50302000u

#endif
