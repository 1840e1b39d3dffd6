/* SPDX-License-Identifier: Apache-2.0 */
/* ward: text is a span of bytes. */
#ifndef WARD_TEXT_H
#define WARD_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "ward/config.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Bytes and their number: no NUL at the end, UTF-8 where it came out of JSON. A struct that is passed around never
 * owns the bytes; each function says how long they live. Zeroed: the empty text.
 */
struct ward_text {
    const char *data;
    size_t length; /**< bytes */
};

/** Several texts; the array is the caller's and lives as long as the struct that refers to it. */
struct ward_texts {
    const struct ward_text *item;
    size_t count;
};

/** Initialiser of a struct ward_text from a string literal, in static data too: `WARD_TEXT("read:led")`. */
#define WARD_TEXT(literal) { "" literal, sizeof(literal) - 1 }

/** Initialiser of a struct ward_texts from an array of struct ward_text, which has to stay: in C++ too, before C++11 as well. */
#define WARD_TEXTS_OF(array) { (array), sizeof(array) / sizeof(array)[0] }

/**
 * Initialiser of a struct ward_texts from one to eight string literals: `WARD_TEXTS("https://t.auth0.com/")`.
 *
 * In C the array that it makes lives as long as the program outside functions; inside one as long as its block, and there
 * `static` does not compile. In C++ (11 and newer), where such an array would be gone at the end of the statement, it lives as
 * long as the program everywhere.
 */
#if defined(__cplusplus) && __cplusplus >= 201103L
#define WARD_TEXTS(...)                                                                                                \
    ([]() -> struct ward_texts {                                                                                       \
        static const struct ward_text items[] = { WARD_TEXTS_LIST(__VA_ARGS__) };                                      \
        struct ward_texts texts = WARD_TEXTS_OF(items);                                                                \
        return texts;                                                                                                  \
    }())
#elif !defined(__cplusplus)
#define WARD_TEXTS(...)                                                                                                \
    { (const struct ward_text[]){ WARD_TEXTS_LIST(__VA_ARGS__) },                                                      \
      WARD_TEXTS_PICK(__VA_ARGS__, 8, 7, 6, 5, 4, 3, 2, 1, 0) }
#endif
#define WARD_TEXTS_LIST(...)                                                                                           \
    WARD_TEXTS_PICK(__VA_ARGS__, WARD_TEXTS_8, WARD_TEXTS_7, WARD_TEXTS_6, WARD_TEXTS_5, WARD_TEXTS_4, WARD_TEXTS_3,   \
                    WARD_TEXTS_2, WARD_TEXTS_1, 0)(__VA_ARGS__)
#define WARD_TEXTS_PICK(a, b, c, d, e, f, g, h, picked, ...) picked
#define WARD_TEXTS_1(a) WARD_TEXT(a)
#define WARD_TEXTS_2(a, b) WARD_TEXT(a), WARD_TEXT(b)
#define WARD_TEXTS_3(a, b, c) WARD_TEXTS_2(a, b), WARD_TEXT(c)
#define WARD_TEXTS_4(a, b, c, d) WARD_TEXTS_3(a, b, c), WARD_TEXT(d)
#define WARD_TEXTS_5(a, b, c, d, e) WARD_TEXTS_4(a, b, c, d), WARD_TEXT(e)
#define WARD_TEXTS_6(a, b, c, d, e, f) WARD_TEXTS_5(a, b, c, d, e), WARD_TEXT(f)
#define WARD_TEXTS_7(a, b, c, d, e, f, g) WARD_TEXTS_6(a, b, c, d, e, f), WARD_TEXT(g)
#define WARD_TEXTS_8(a, b, c, d, e, f, g, h) WARD_TEXTS_7(a, b, c, d, e, f, g), WARD_TEXT(h)

/** A text of `length` bytes at `data`. */
static inline struct ward_text ward_text_of(const char *data, size_t length)
{
    struct ward_text text = { data, length };
    return text;
}

/** Whether two texts have the same length and the same bytes. */
bool ward_text_equal(struct ward_text a, struct ward_text b);

/** Whether two texts are the same when ASCII letters are compared without case. */
bool ward_text_equal_ignoring_case(struct ward_text a, struct ward_text b);

/** Whether `text` is one of `texts`. */
bool ward_text_among(struct ward_text text, struct ward_texts texts);

/**
 * Writes `text` so that it can stand in a log or on a terminal: what it holds of control characters (C0, DEL, C1),
 * of bidirectional marks, of line separators and of bytes that are not UTF-8 becomes `\u00XX`-style escapes, `"`
 * and `\` get a backslash. The result is also the inside of a JSON string.
 *
 * @param text      what to write; any bytes
 * @param out       where to; may be NULL when size is 0
 * @param size      bytes at out; the result is cut at a whole character or escape and always ends in NUL if size > 0
 * @return          the length that the whole result has, without the NUL: more than size - 1 means that it was cut
 */
size_t ward_text_escape(struct ward_text text, char *out, size_t size);

#ifdef __cplusplus
}
#endif

#endif
