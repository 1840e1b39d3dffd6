/* SPDX-License-Identifier: Apache-2.0 */
/* A DS1338 on the I2C bus, as `-device ds1338,address=0x68` puts it there; the board has none of its own. */
#include "clock.h"

#include "board.h"
#include "i2c.h"

enum { DS1338 = 0x68, HALTED = 0x80, STOPPED = 0x20, TWELVE_HOURS = 0x40, CONTROL = 7, REGISTERS = 8 };

static struct ward_time last;
static uint32_t last_read;
static bool was_read;

static uint32_t decimal(uint8_t value)
{
    return (uint32_t)(value >> 4) * 10u + (value & 0xfu);
}

/* Days since 1970 of a date from 2000 to 2099. */
static uint64_t days(uint32_t year, uint32_t month, uint32_t day)
{
    static const uint16_t before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
    const uint32_t leap = year % 4 == 0 && month > 2 ? 1 : 0;
    return 10957u + year * 365u + (year + 3) / 4 + before[month - 1] + day - 1 + leap;
}

/* Data sheet of the DS1338, table 3: seconds, minutes, hours, day of the week, date, month, year in packed decimals. */
static struct ward_time read_clock(void)
{
    const struct ward_time unknown = { 0, WARD_TIME_UNKNOWN };
    uint8_t r[REGISTERS];
    if (!i2c_read(DS1338, 0, r, sizeof r) || (r[0] & HALTED) != 0 || (r[2] & TWELVE_HOURS) != 0 ||
        (r[CONTROL] & STOPPED) != 0)
        return unknown;
    const uint32_t month = decimal(r[5] & 0x1f);
    const uint32_t day = decimal(r[4]);
    if (month < 1 || month > 12 || day < 1 || day > 31)
        return unknown;
    return ward_time_set(((days(decimal(r[6]), month, day) * 24u + decimal(r[2])) * 60u + decimal(r[1])) * 60u +
                         decimal(r[0]));
}

struct ward_time clock_now(void)
{
    const uint32_t uptime = board_uptime();
    if (!was_read || uptime - last_read >= 1000) {
        last = read_clock();
        last_read = uptime;
        was_read = true;
    }
    return last;
}
