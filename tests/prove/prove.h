/* SPDX-License-Identifier: Apache-2.0 */
/* Anything: CBMC gives what was never written every value. */
#ifndef WARD_PROVE_H
#define WARD_PROVE_H

#include <stddef.h>
#include <stdint.h>

#define ANY(type, name)                                                                                                \
    static inline type name(void)                                                                                      \
    {                                                                                                                  \
        type value;                                                                                                    \
        return value;                                                                                                  \
    }

ANY(uint8_t, any_byte)
ANY(uint32_t, any_word)
ANY(uint64_t, any_double)
ANY(size_t, any_size)

#define ASSUME(condition) __CPROVER_assume(condition)
#define ASSERT(condition) __CPROVER_assert(condition, #condition)
/* Something that happens for some input: where it never does, the proof says less than it seems to, and prove.py refuses it. */
#define POSSIBLE(condition) __CPROVER_assert(!(condition), "possible: " #condition)

#endif
