/* Arm semihosting: calls to the debugger or emulator. Under QEMU only. */
#ifndef WARD_SEMIHOSTING_H
#define WARD_SEMIHOSTING_H

#include <stdint.h>

/** Seconds since 1970 on the host. */
uint32_t semihosting_time(void);

/** Ends the emulator with an exit code. */
_Noreturn void semihosting_exit(int code);

#endif
