/* SPDX-License-Identifier: Apache-2.0 */
#include "port/date.h"

#include <string.h>

static const char weekdays[7][10] = { "Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday" };
static const char months[12][4] = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
};

static const size_t short_name = 3;
static const uint64_t seconds_a_day = 86400;
static const uint32_t half_a_century = 50;
static const uint32_t last_year = 9999;

/* ---- The calendar. */

static bool is_leap(uint32_t year)
{
    return (year % 4u == 0u && year % 100u != 0u) || year % 400u == 0u;
}

static uint32_t days_in(uint32_t year, uint32_t month)
{
    static const uint8_t days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return days[month] + (is_leap(year) && month == 1u ? 1u : 0u);
}

static uint32_t days_of_year(uint32_t year)
{
    return is_leap(year) ? 366u : 365u;
}

/* To the first of a month, which is counted from 0. */
static uint64_t days_since_1970(uint32_t year, uint32_t month)
{
    uint64_t days = 0;
    for (uint32_t y = 1970; y < year; y++)
        days += days_of_year(y);
    for (uint32_t m = 0; m < month; m++)
        days += days_in(year, m);
    return days;
}

static bool is_day(const struct ward_port_date *date)
{
    return date->year >= 1970u && date->year <= last_year && date->month >= 1u && date->month <= 12u &&
           date->day >= 1u && date->day <= days_in(date->year, date->month - 1u);
}

static uint64_t day_number(const struct ward_port_date *date)
{
    return days_since_1970(date->year, date->month - 1u) + date->day - 1u;
}

uint64_t ward_port_date_seconds(const struct ward_port_date *date)
{
    /* A leap second is the next one. */
    if (!is_day(date) || date->hour > 23u || date->minute > 59u || date->second > 60u)
        return 0;
    return ((day_number(date) * 24u + date->hour) * 60u + date->minute) * 60u + date->second;
}

static uint32_t year_of(uint64_t seconds)
{
    uint64_t days = seconds / seconds_a_day;
    uint32_t year = 1970;
    for (; year < last_year && days >= days_of_year(year); year++)
        days -= days_of_year(year);
    return year;
}

/* ---- The text, from its start. */

static struct ward_text after(struct ward_text text, size_t length)
{
    return ward_text_of(text.data + length, text.length - length);
}

static bool take_word(struct ward_text *text, const char *word, size_t length)
{
    if (text->length < length || memcmp(text->data, word, length) != 0)
        return false;
    *text = after(*text, length);
    return true;
}

/* Digits, as many as that. A day of asctime has a space before its only digit. */
static bool take_number(struct ward_text *text, size_t digits, bool spaced, uint32_t *number)
{
    uint32_t read = 0;
    if (text->length < digits)
        return false;
    for (size_t i = 0; i < digits; i++) {
        const char c = text->data[i];
        if (spaced && i == 0 && c == ' ')
            continue;
        if (c < '0' || c > '9')
            return false;
        read = read * 10u + (uint32_t)(c - '0');
    }
    *text = after(*text, digits);
    *number = read;
    return true;
}

static bool take_month(struct ward_text *text, uint32_t *month)
{
    uint32_t at = 0;
    while (at < 12u && !take_word(text, months[at], short_name))
        at++;
    *month = at + 1u;
    return at < 12u;
}

/* The day's name, whole or short, and what stands after it; which one decides between the forms. */
static bool take_weekday(struct ward_text *text, bool whole, uint32_t *weekday)
{
    uint32_t at = 0;
    while (at < 7u && !take_word(text, weekdays[at], whole ? strlen(weekdays[at]) : short_name))
        at++;
    *weekday = at;
    return at < 7u;
}

static bool take_clock(struct ward_text *text, struct ward_port_date *date)
{
    return take_number(text, 2, false, &date->hour) && take_word(text, ":", 1) &&
           take_number(text, 2, false, &date->minute) && take_word(text, ":", 1) &&
           take_number(text, 2, false, &date->second);
}

static bool take_end(struct ward_text *text)
{
    return take_word(text, " GMT", 4) && text->length == 0;
}

/* ---- The three forms of RFC 9110, 5.6.7. */

/* `Sun, 06 Nov 1994 08:49:37 GMT` */
static bool read_imf(struct ward_text text, uint32_t *weekday, struct ward_port_date *date)
{
    return take_weekday(&text, false, weekday) && take_word(&text, ", ", 2) &&
           take_number(&text, 2, false, &date->day) && take_word(&text, " ", 1) && take_month(&text, &date->month) &&
           take_word(&text, " ", 1) && take_number(&text, 4, false, &date->year) && take_word(&text, " ", 1) &&
           take_clock(&text, date) && take_end(&text);
}

/* A year of two digits that appears to be more than 50 years in the future is the most recent one that is past. */
static uint32_t whole_year(uint32_t two_digits, uint64_t now)
{
    const uint32_t this_year = year_of(now);
    uint32_t year = this_year + half_a_century;
    while (year % 100u != two_digits)
        year--;
    return year;
}

/* `06-Nov-94` */
static bool take_dashed_day(struct ward_text *text, struct ward_port_date *date)
{
    return take_number(text, 2, false, &date->day) && take_word(text, "-", 1) && take_month(text, &date->month) &&
           take_word(text, "-", 1) && take_number(text, 2, false, &date->year);
}

/* `Sunday, 06-Nov-94 08:49:37 GMT` */
static bool read_rfc850(struct ward_text text, uint64_t now, uint32_t *weekday, struct ward_port_date *date)
{
    if (!take_weekday(&text, true, weekday) || !take_word(&text, ", ", 2) || !take_dashed_day(&text, date) ||
        !take_word(&text, " ", 1) || !take_clock(&text, date) || !take_end(&text))
        return false;
    date->year = whole_year(date->year, now);
    return true;
}

/* `Sun Nov  6 08:49:37 1994` */
static bool read_asctime(struct ward_text text, uint32_t *weekday, struct ward_port_date *date)
{
    return take_weekday(&text, false, weekday) && take_word(&text, " ", 1) && take_month(&text, &date->month) &&
           take_word(&text, " ", 1) && take_number(&text, 2, true, &date->day) && take_word(&text, " ", 1) &&
           take_clock(&text, date) && take_word(&text, " ", 1) && take_number(&text, 4, false, &date->year) &&
           text.length == 0;
}

bool ward_port_date_read(struct ward_text text, uint64_t now, uint64_t *seconds)
{
    struct ward_port_date date;
    uint32_t weekday;
    if (!read_imf(text, &weekday, &date) && !read_rfc850(text, now, &weekday, &date) &&
        !read_asctime(text, &weekday, &date))
        return false;
    const uint64_t read = ward_port_date_seconds(&date);
    /* The first of January 1970 was a Thursday, and a date whose day has another name is none. */
    if (read == 0 || day_number(&date) % 7u != weekday)
        return false;
    *seconds = read;
    return true;
}
