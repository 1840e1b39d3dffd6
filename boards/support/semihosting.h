/* SPDX-License-Identifier: Apache-2.0 */
/* Semihosting, Arm's and RISC-V's: calls to the debugger or emulator. Under QEMU only. */
#ifndef WARD_SEMIHOSTING_H
#define WARD_SEMIHOSTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Seconds since 1970 on the host. */
uint32_t semihosting_time(void);

/** Opens a file of the host to read; negative if it cannot be opened. */
int32_t semihosting_open(const char *name, size_t length);

/** Reads so many bytes; false if there are not that many. */
bool semihosting_read(int32_t file, void *data, size_t length);

void semihosting_close(int32_t file);

/** Ends the emulator with an exit code. */
_Noreturn void semihosting_exit(int code);

#endif
