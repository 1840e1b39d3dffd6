/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "guard.h"
#include "http/path.h"

static struct ward_text guarded(const char *data, size_t length)
{
    return ward_text_of(guard_copy(data, length), length);
}

static bool plain(const char *path)
{
    return ward_path_is_plain(guarded(path, strlen(path)));
}

#define CHECK_ALL(paths, expected)                                                                                     \
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths)[0]; i++)                                                      \
    check_plain(__LINE__, (paths)[i], (expected))

static void check_plain(int line, const char *path, bool expected)
{
    if (plain(path) != expected)
        check_failed(__FILE__, line, path, expected ? "refused" : "taken", expected ? "plain" : "refused");
}

TEST(plain_paths_are_taken)
{
    static const char *const paths[] = { "/",    "/a",         "/a/",     "/a/b",     "/a.b",   "/.a",
                                         "/..a", "/a..",       "/...",    "/a/.../b", "/.a/b",  "/~a-b_c!$&'()*+,:@=",
                                         "/%20", "/%41/%7e",   "/%c3%a4", "/%25",     "/%2525", "/%ff",
                                         "/%01", "/%3f%3B%23", "/%2d%2D", "/%5b%5D",  "/%0a",   "/a%20b/" };
    CHECK_ALL(paths, true);
}

TEST(a_path_begins_with_a_slash)
{
    static const char *const paths[] = { "",         "a",   "a/b",  "*",      "http://host/a", "https://host",
                                         "//host/a", "\\a", "%2fa", "host:80" };
    CHECK_ALL(paths, false);
}

TEST(empty_segments_and_dots_are_refused)
{
    static const char *const paths[] = { "//",    "//a",    "/a//",    "/a//b",   "///",     "/.",
                                         "/..",   "/./",    "/../",    "/./a",    "/../a",   "/a/.",
                                         "/a/..", "/a/./b", "/a/../b", "/a/b/..", "/../../a" };
    CHECK_ALL(paths, false);
}

TEST(what_ends_or_splits_a_path_elsewhere_is_refused)
{
    static const char *const paths[] = { "/a#b", "/#", "/a;b", "/a;", "/;a=b/c", "/a?b", "/a\\b", "/\\", "/a\\..\\b" };
    CHECK_ALL(paths, false);
}

TEST(escapes_of_slash_backslash_dot_and_nul_are_refused)
{
    static const char *const paths[] = { "/%2e", "/%2E",  "/%2e%2e", "/%2E%2e/a", "/a%2fb", "/a%2Fb", "/%5c",
                                         "/%5C", "/a%00", "/%00/a",  "/.%2e",     "/%2e.",  "/a%2eb", "/a/%2e%2E" };
    CHECK_ALL(paths, false);
}

TEST(malformed_escapes_are_refused)
{
    static const char *const paths[] = { "/%",      "/%4",   "/a%",   "/a%4",  "/%%41", "/%4%31", "/%g1", "/%1g",
                                         "/%u0041", "/%4/a", "/% 41", "/%+41", "/%0x4", "/%:0",   "/%0:", "/%/1",
                                         "/%1/",    "/%@1",  "/%1@",  "/%`1",  "/%1`",  "/%G1",   "/%1G" };
    CHECK_ALL(paths, false);
}

TEST(every_escape_is_read_by_its_value)
{
    static const char *const alphabets[] = { "0123456789abcdef", "0123456789ABCDEF" };
    for (unsigned byte = 0; byte < 256; byte++) {
        for (size_t i = 0; i < 2; i++) {
            const char path[] = { '/', 'x', '%', alphabets[i][byte >> 4], alphabets[i][byte & 15u], 'x', '\0' };
            CHECK_NUMBER(plain(path), byte != 0 && byte != '.' && byte != '/' && byte != '\\');
        }
    }
}

TEST(every_byte_but_printable_ascii_is_refused)
{
    static const char refused[] = "#;?\\%";
    for (unsigned byte = 0; byte < 256; byte++) {
        const char path[] = { '/', 'x', (char)byte, 'x' };
        const bool good = byte > 0x20 && byte < 0x7f && memchr(refused, (int)byte, sizeof refused - 1) == NULL;
        CHECK_NUMBER(ward_path_is_plain(guarded(path, sizeof path)), good);
    }
}

TEST(a_path_has_a_longest_length)
{
    static char path[WARD_MAX_PATH + 2];
    memset(path, 'a', sizeof path);
    path[0] = '/';
    CHECK(ward_path_is_plain(guarded(path, WARD_MAX_PATH)));
    CHECK(!ward_path_is_plain(guarded(path, WARD_MAX_PATH + 1)));
    CHECK(ward_path_is_plain(guarded(path, 1)));
    CHECK(!ward_path_is_plain(ward_text_of(NULL, 0)));
}

TEST(only_a_last_segment_star_makes_a_pattern_open)
{
    CHECK(ward_pattern_is_open(text("/*")));
    CHECK(ward_pattern_is_open(text("/a/*")));
    CHECK(!ward_pattern_is_open(ward_text_of(&"/*"[1], 1)));
    static const char *const closed[] = { "", "*", "/", "/a", "/a*", "/*/", "/*/a", "/**", "**" };
    for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++)
        CHECK(!ward_pattern_is_open(guarded(closed[i], strlen(closed[i]))));
}

static bool matches(const char *pattern, const char *path, bool decoded)
{
    return ward_path_matches(guarded(pattern, strlen(pattern)), guarded(path, strlen(path)), decoded);
}

TEST(an_exact_pattern_matches_itself_only)
{
    CHECK(matches("/a/b", "/a/b", false));
    CHECK(matches("/", "/", false));
    static const char *const others[] = { "/a", "/a/", "/a/b/", "/a/bc", "/a/b/c", "/A/b", "/a/B", "/", "/a/c" };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        CHECK(!matches("/a/b", others[i], false));
}

TEST(an_open_pattern_matches_on_segment_borders)
{
    static const char *const inside[] = { "/a/b", "/a/b/", "/a/b/c", "/a/b/c/d", "/a/b/*" };
    static const char *const outside[] = { "/a", "/a/", "/a/bc", "/a/b.c", "/a/B", "/", "/b/a/b", "/a/b%2" };
    for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++)
        CHECK(matches("/a/b/*", inside[i], false));
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++)
        CHECK(!matches("/a/b/*", outside[i], false));
    CHECK(matches("/*", "/", false));
    CHECK(matches("/*", "/a/b", false));
}

TEST(escapes_count_as_what_they_mean_only_where_they_are_decoded)
{
    CHECK(!matches("/ab", "/%61b", false));
    CHECK(matches("/ab", "/%61b", true));
    CHECK(matches("/ab", "/a%62", true));
    CHECK(!matches("/ab", "/a%63", true));
    CHECK(!matches("/ab", "/a%62%63", true));
    CHECK(matches("/ab/*", "/%61%62/%63", true));
    CHECK(matches("/ab/*", "/ab/%63", false));
    CHECK(!matches("/ab/*", "/ab%63/d", true));
    CHECK(!matches("/a%62", "/a%62", true));
    CHECK(matches("/a%62", "/a%62", false));
}

SUITE(path, CASE(plain_paths_are_taken), CASE(a_path_begins_with_a_slash), CASE(empty_segments_and_dots_are_refused),
      CASE(what_ends_or_splits_a_path_elsewhere_is_refused), CASE(escapes_of_slash_backslash_dot_and_nul_are_refused),
      CASE(malformed_escapes_are_refused), CASE(every_escape_is_read_by_its_value),
      CASE(every_byte_but_printable_ascii_is_refused), CASE(a_path_has_a_longest_length),
      CASE(only_a_last_segment_star_makes_a_pattern_open), CASE(an_exact_pattern_matches_itself_only),
      CASE(an_open_pattern_matches_on_segment_borders),
      CASE(escapes_count_as_what_they_mean_only_where_they_are_decoded));
