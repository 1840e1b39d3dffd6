/* SPDX-License-Identifier: Apache-2.0 */
/* src/http/target and host: what a request target says, and what a host is. */
#include "check.h"
#include "guard.h"
#include "ward/http.h"

static struct ward_text guarded(const char *string)
{
    return ward_text_of(guard_copy(string, strlen(string)), strlen(string));
}

/* ---- Hosts. */

static void check_hosts(int line, const char *const *hosts, size_t count, bool expected)
{
    for (size_t i = 0; i < count; i++)
        if (ward_host_is_valid(guarded(hosts[i])) != expected)
            check_failed(__FILE__, line, hosts[i], expected ? "refused" : "taken", expected ? "a host" : "refused");
}

#define CHECK_HOSTS(expected, ...)                                                                                     \
    do {                                                                                                               \
        static const char *const hosts[] = { __VA_ARGS__ };                                                            \
        check_hosts(__LINE__, hosts, sizeof hosts / sizeof hosts[0], expected);                                        \
    } while (0)

TEST(names_and_addresses_are_hosts)
{
    CHECK_HOSTS(true, "a", "Z", "z", "A", "0", "9", "device", "Device.Example", "device.example.", "10.0.2.15",
                "999.1.1.1", "a-b", "a_b", "~", "%41", "a%fFb", "%0a%A0", "!$&'()*+,;=", "xn--mnchen-3ya.example");
    CHECK_HOSTS(true, "a:", "a:0", "a:443", "a:9", "10.0.2.15:8443", "[::1]:443", "[::]:");
}

TEST(what_is_not_a_host_is_refused)
{
    CHECK_HOSTS(false, "", " ", "a b", "a/b", "a?b", "a#b", "a@b", "user:secret@a", "a\\b", "a\"", "<a>", "a|b", "a^b",
                "`a", "{a}", "\x7f", "\x01", "\xc3\xa4", "a\tb", "@", "[", "]", "a]", "a[b");
    CHECK_HOSTS(false, "%", "%4", "%4g", "%g4", "%:4", "%4:", "%/1", "%1/", "%@1", "%1@", "%`1", "%1`", "%1G", "a%",
                "a%%41", "%41?", "%41 b", "%41/b", "%41%");
    CHECK_HOSTS(false, ":", ":443", "a:b", "a:4/", "a:4:", "a::", "a:443:443", "a: 443", "a:443 ", "a:+443", "::1",
                "fe80::1", "[::1]4", "[::1]x:4", "[::1]:x", "[::1]:/", "[::1]::");
}

TEST(ipv6_addresses_are_hosts_in_brackets)
{
    CHECK_HOSTS(true, "[::]", "[::1]", "[1::]", "[1::8]", "[fe80::abCD:0:1]",
                "[2001:0db8:0000:0000:0000:ff00:0042:8329]", "[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7::]",
                "[::2:3:4:5:6:7:8]", "[1:2:3::5:6:7:8]", "[::ffff:192.0.2.1]", "[1:2:3:4:5:6:0.0.0.0]",
                "[::255.255.255.255]", "[1::10.9.8.7]", "[1:2:3:4:5::1.2.3.4]");
    CHECK_HOSTS(false, "[]", "[::1", "[1]", "[1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:8:9]", "[1:2:3:4:5:6:7:8::]",
                "[::1:2:3:4:5:6:7:8]", "[:1]", "[1:]", "[:]", "[:::]", "[::1::]", "[1::2::3]", "[1:::2]", "[12345::]",
                "[::12345]", "[g::]", "[::g]", "[::1g]", "[::1.2.3]", "[1.2.3.4]");
    CHECK_HOSTS(false, "[::1.2.3.4.5]", "[::1.2.3.256]", "[::1.2.3.04]", "[::1.2.3.]", "[::1.2.3.x]", "[::1.2.3.4444]",
                "[::.1.2.3]", "[::1.2.3.4:5]", "[1:2:3:4:5:6:7:1.2.3.4]", "[1:2:3:4:5:6::1.2.3.4]", "[::1,2.3.4]",
                "[fe80::1%25eth0]", "[v1.x]", "[[::1]]", "[a b]", "[::1 ]");
}

TEST(every_byte_of_a_name_is_looked_at)
{
    static const char marks[] = "-._~!$&'()*+,;=";
    for (unsigned byte = 0; byte < 256; byte++) {
        const char name[] = { 'x', (char)byte, 'x' };
        const bool letter = (byte | 0x20u) >= 'a' && (byte | 0x20u) <= 'z';
        const bool good = letter || (byte >= '0' && byte <= '9') || (byte > 0 && strchr(marks, (int)byte) != NULL);
        CHECK_NUMBER(ward_host_is_valid(ward_text_of(guard_copy(name, sizeof name), sizeof name)), good);
    }
    CHECK(!ward_host_is_valid(ward_text_of(NULL, 0)));
}

/* ---- Targets. */

static struct ward_target read_target(uint16_t method, const char *target)
{
    return ward_target_of(method, guarded(target));
}

static void check_target(int line, uint16_t method, const char *target, const char *path, const char *query)
{
    const struct ward_target read = read_target(method, target);
    check_text(__FILE__, line, target, read.path, path);
    check_text(__FILE__, line, target, read.query, query);
}

#define CHECK_TARGET(method, target, path, query) check_target(__LINE__, method, target, path, query)

TEST(a_path_ends_at_the_question_mark)
{
    CHECK_TARGET(WARD_GET, "/a?b?c#d", "/a", "b?c#d");
    CHECK_TARGET(WARD_GET, "/a", "/a", "");
    CHECK_TARGET(WARD_GET, "/", "/", "");
    CHECK_TARGET(WARD_GET, "/?", "/", "");
    CHECK_TARGET(WARD_GET, "/a%3fb", "/a%3fb", "");
    CHECK_TARGET(WARD_GET, "//host/a", "//host/a", "");
    CHECK_TARGET(0, "/a", "/a", "");
    CHECK_TARGET(WARD_OPTIONS, "/a?b", "/a", "b");
}

TEST(a_url_is_reduced_to_path_and_query)
{
    CHECK_TARGET(WARD_GET, "http://device/a?b", "/a", "b");
    CHECK_TARGET(WARD_GET, "https://device:443/a/b/", "/a/b/", "");
    CHECK_TARGET(WARD_GET, "hTTp://[::1]:80/a", "/a", "");
    CHECK_TARGET(WARD_GET, "HTTPS://10.0.2.15/%2e", "/%2e", "");
    CHECK_TARGET(WARD_GET, "http://a//b", "//b", "");
    CHECK_TARGET(WARD_GET, "http://a/http://b/c", "/http://b/c", "");
    CHECK_TARGET(WARD_GET, "http://a/b@c", "/b@c", "");
    CHECK_TARGET(WARD_GET, "http://device", "/", "");
    CHECK_TARGET(WARD_GET, "http://device?x=/", "/", "x=/");
    CHECK_TARGET(WARD_GET, "http://device/?", "/", "");
    CHECK_TARGET(0, "http://device/a", "/a", "");
}

TEST(only_options_asks_about_the_whole_server)
{
    CHECK_TARGET(WARD_OPTIONS, "*", "*", "");
    CHECK_TARGET(WARD_OPTIONS, "http://device", "*", "");
    CHECK_TARGET(WARD_OPTIONS, "https://device:443", "*", "");
    CHECK_TARGET(WARD_OPTIONS, "http://device?", "/", "");
    CHECK_TARGET(WARD_OPTIONS, "http://device/", "/", "");
    CHECK_TARGET(WARD_OPTIONS, "*?", "", "");
    CHECK_TARGET(WARD_OPTIONS, "**", "", "");
    for (uint32_t method = 0; method < WARD_OPTIONS; method = method == 0 ? 1 : method << 1)
        CHECK_TARGET((uint16_t)method, "*", "", "");
}

TEST(every_other_form_is_none)
{
    static const char *const targets[] = { "",
                                           "a",
                                           "a/b",
                                           "?",
                                           "?/a",
                                           "#",
                                           "%2fa",
                                           "\\a",
                                           " /a",
                                           "device:443",
                                           "[::1]:443",
                                           "ftp://device/a",
                                           "ws://device/a",
                                           "httpx://device/a",
                                           "http:/device/a",
                                           "http:device",
                                           "http//device/a",
                                           "https:",
                                           "http:/",
                                           "http://",
                                           "https://",
                                           "http:///a",
                                           "http://?a",
                                           "http://:80/a",
                                           "http://user@device/a",
                                           "http://user:secret@device/a",
                                           "http://@device/a",
                                           "http://device:x/a",
                                           "http://device#a",
                                           "http://de vice/a",
                                           "http://device\\a",
                                           "http://[::1/a",
                                           "http://::1/a",
                                           "http://[1]/a",
                                           "http://device%/a",
                                           "xhttp://device/a",
                                           " http://device/a",
                                           "://device/a" };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        CHECK_TARGET(WARD_GET, targets[i], "", "");
        CHECK_TARGET(WARD_OPTIONS, targets[i], "", "");
    }
    const struct ward_target none = ward_target_of(WARD_GET, ward_text_of(NULL, 0));
    CHECK_NUMBER(none.path.length, 0);
}

/* ---- Of path and query. */

static char joined[32];

static struct ward_status join(const char *path, const char *query, size_t size, struct ward_text *target)
{
    memset(joined, 0x5a, sizeof joined);
    return ward_target_join(guarded(path), guarded(query), joined, size, target);
}

TEST(path_and_query_make_a_target)
{
    struct ward_text target;
    CHECK_STATUS(join("/led", "on=1?2#", sizeof joined, &target), WARD_OK);
    CHECK_TEXT(target, "/led?on=1?2#");
    const struct ward_target apart = ward_target_of(WARD_GET, target);
    CHECK_TEXT(apart.path, "/led");
    CHECK_TEXT(apart.query, "on=1?2#");
    CHECK_STATUS(join("", "a", sizeof joined, &target), WARD_OK);
    CHECK_TEXT(target, "?a");
    CHECK(ward_target_of(WARD_GET, target).path.length == 0);
}

TEST(a_path_alone_is_a_target_and_is_not_copied)
{
    struct ward_text target;
    const struct ward_text path = guarded("/led%3Fon");
    CHECK_STATUS(ward_target_join(path, ward_text_of(NULL, 0), NULL, 0, &target), WARD_OK);
    CHECK(target.data == path.data && target.length == path.length);
}

TEST(a_path_that_was_decoded_is_refused)
{
    static const char *const paths[] = { "/led?on", "/led#on", "?", "#", "/led?", "/?a" };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct ward_text target = WARD_TEXT("x");
        CHECK_STATUS(join(paths[i], "a", sizeof joined, &target), WARD_TARGET_INVALID);
        CHECK_ZERO(target);
        CHECK_STATUS(join(paths[i], "", sizeof joined, &target), WARD_TARGET_INVALID);
    }
}

TEST(a_target_is_never_cut)
{
    struct ward_text target;
    CHECK_STATUS(join("/led", "on=1", 9, &target), WARD_OK);
    CHECK_TEXT(target, "/led?on=1");
    CHECK_NUMBER((uint8_t)joined[9], 0x5a);
    for (size_t size = 0; size < 9; size++) {
        CHECK_STATUS(join("/led", "on=1", size, &target), WARD_BUFFER_TOO_SMALL);
        CHECK_ZERO(target);
        CHECK_NUMBER((uint8_t)joined[0], 0x5a);
    }
}

SUITE(target, CASE(names_and_addresses_are_hosts), CASE(what_is_not_a_host_is_refused),
      CASE(ipv6_addresses_are_hosts_in_brackets), CASE(every_byte_of_a_name_is_looked_at),
      CASE(a_path_ends_at_the_question_mark), CASE(a_url_is_reduced_to_path_and_query),
      CASE(only_options_asks_about_the_whole_server), CASE(every_other_form_is_none),
      CASE(path_and_query_make_a_target), CASE(a_path_alone_is_a_target_and_is_not_copied),
      CASE(a_path_that_was_decoded_is_refused), CASE(a_target_is_never_cut));
