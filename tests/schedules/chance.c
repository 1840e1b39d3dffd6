/* SPDX-License-Identifier: Apache-2.0 */
/* splitmix64. */
#include "schedules/chance.h"

static uint64_t state;

void chance_begin(uint64_t seed)
{
    state = seed;
}

static uint64_t chance(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

uint32_t below(uint32_t bound)
{
    return (uint32_t)((chance() >> 32) * bound >> 32);
}

bool one_in(uint32_t number)
{
    return below(number) == 0;
}

uint32_t some_time(unsigned bits)
{
    return below((uint32_t)1 << (1 + below(bits)));
}
