/* SPDX-License-Identifier: Apache-2.0 */
/* The AN547 image, seen from the secure state in which it starts: Arm DAI 0547, and QEMU's hw/arm/mps2-tz.c. */
#ifndef WARD_MACHINE_H
#define WARD_MACHINE_H

#define MACHINE_NAME "mps3-an547"
#define MACHINE_KILOHERTZ 32000u
#define MACHINE_UART 0x59303000u
#define MACHINE_FPGAIO 0x59302000u

#endif
