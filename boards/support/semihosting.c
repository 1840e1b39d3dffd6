/* SPDX-License-Identifier: Apache-2.0 */
#include "semihosting.h"

/* Operations and the reason for an exit: Arm's "Semihosting for AArch32 and AArch64". */
enum { SYS_OPEN = 0x01, SYS_CLOSE = 0x02, SYS_READ = 0x06, SYS_TIME = 0x11, SYS_EXIT_EXTENDED = 0x20 };
static const uint32_t application_exit = 0x20026;

#ifdef __riscv
/* RISC-V's "Semihosting" specification: these three instructions, uncompressed, in one page. */
static uint32_t call(uint32_t operation, const uint32_t *parameters)
{
    register uint32_t a0 __asm__("a0") = operation;
    register const uint32_t *a1 __asm__("a1") = parameters;
    __asm__ volatile(".option push\n"
                     ".option norvc\n"
                     ".balign 16\n"
                     "slli x0, x0, 0x1f\n"
                     "ebreak\n"
                     "srai x0, x0, 7\n"
                     ".option pop\n"
                     : "+r"(a0)
                     : "r"(a1)
                     : "memory");
    return a0;
}
#else
static uint32_t call(uint32_t operation, const uint32_t *parameters)
{
    register uint32_t r0 __asm__("r0") = operation;
    register const uint32_t *r1 __asm__("r1") = parameters;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}
#endif

uint32_t semihosting_time(void)
{
    return call(SYS_TIME, 0);
}

int32_t semihosting_open(const char *name, size_t length)
{
    enum { BINARY_READ = 1 };
    const uint32_t parameters[3] = { (uint32_t)(uintptr_t)name, BINARY_READ, (uint32_t)length };
    return (int32_t)call(SYS_OPEN, parameters);
}

/* The host says how many bytes it did not read. */
bool semihosting_read(int32_t file, void *data, size_t length)
{
    const uint32_t parameters[3] = { (uint32_t)file, (uint32_t)(uintptr_t)data, (uint32_t)length };
    return call(SYS_READ, parameters) == 0u;
}

void semihosting_close(int32_t file)
{
    const uint32_t parameters[1] = { (uint32_t)file };
    call(SYS_CLOSE, parameters);
}

void semihosting_exit(int code)
{
    const uint32_t parameters[2] = { application_exit, (uint32_t)code };
    call(SYS_EXIT_EXTENDED, parameters);
    for (;;) {
    }
}
