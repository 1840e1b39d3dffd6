/* SPDX-License-Identifier: Apache-2.0 */
/* A device on a flash that outlasts it, for tests/limits/test_limits.py: built twice, with different limits.
 *
 *     device FLASH SECONDS [AUTHORITY]     a file of two blocks, made if it is missing; the time of the boot
 *
 * Prints how it started. Then each line on stdin is an event, and its outcome is a line: `deny SUBJECT`, `undeny SUBJECT`, `until SECONDS`,
 * `drop`, `fetch LETTERS` (a key for each), `ask TOKEN` (every signature is good), `pass SECONDS`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ward/port/service.h"
#include "ward/ward.h"

enum { BLOCK = 16384 };

static struct device {
    struct ward_service service;
    struct ward_keyring keyring;
    struct ward_gate gate;
    struct ward_workspace work;
    struct ward_record record;
    FILE *flash;
    uint64_t seconds;
    uint32_t uptime;
} device;

static void insist(int works)
{
    if (!works) {
        fprintf(stderr, "limits: the flash or a command cannot be used\n");
        exit(2);
    }
}

/* ---- The platform. */

static struct ward_time clock_now(void *context)
{
    (void)context;
    return ward_time_set(device.seconds);
}

static uint32_t uptime(void *context)
{
    (void)context;
    return device.uptime;
}

static size_t record_read(void *context, unsigned slot, size_t offset, void *data, size_t size)
{
    (void)context;
    const size_t left = offset < BLOCK ? BLOCK - offset : 0;
    const size_t length = size < left ? size : left;
    insist(fseek(device.flash, (long)(slot * BLOCK + offset), SEEK_SET) == 0);
    return fread(data, 1, length, device.flash);
}

static void erase(unsigned slot)
{
    static uint8_t erased[BLOCK];
    memset(erased, 0xff, sizeof erased);
    insist(fseek(device.flash, (long)slot * BLOCK, SEEK_SET) == 0 && fwrite(erased, 1, BLOCK, device.flash) == BLOCK);
}

static struct ward_status record_write(void *context, unsigned slot, size_t offset, const void *data, size_t size)
{
    (void)context;
    if (offset + size > BLOCK)
        return ward_status_of(WARD_RECORD_NOT_STORED);
    if (offset == 0)
        erase(slot);
    insist(fseek(device.flash, (long)(slot * BLOCK + offset), SEEK_SET) == 0);
    insist(size == 0 || fwrite(data, 1, size, device.flash) == size);
    return ward_status_of(fflush(device.flash) == 0 ? WARD_OK : WARD_RECORD_NOT_STORED);
}

static const struct ward_platform platform = {
    .clock = clock_now, .uptime = uptime, .record_read = record_read, .record_write = record_write
};

/* ---- The device. */

static struct ward_expect expect = { .issuers = { NULL, 1 }, .audiences = { NULL, 1 } };
static struct ward_policy policy = { .expect = &expect };

static size_t count_denials(void)
{
    size_t count = 0;
    for (size_t i = 0; i < WARD_DENY_SLOTS; i++)
        count += device.gate.denials[i].issued_until > 0 ? 1 : 0;
    return count;
}

static void tell(const char *word, struct ward_status status)
{
    printf("%s %s gate=%s boots=%u keys=%u denials=%u sequence=%u\n", word, ward_status_name(status),
           ward_status_name(ward_gate_closed(&device.gate)), (unsigned)ward_keyring_boots(&device.keyring),
           (unsigned)ward_keyring_keys(&device.keyring)->count, (unsigned)count_denials(),
           (unsigned)device.keyring.sequence);
    (void)fflush(stdout);
}

static void boot(void)
{
    static const struct ward_text issuer = WARD_TEXT("https://dev-4fszoklachwdh46m.us.auth0.com/");
    static const struct ward_text audience = WARD_TEXT("https://api.theholefoundation.org");
    static const struct ward_keyring_config config = { .issuer = WARD_TEXT(
                                                           "https://dev-4fszoklachwdh46m.us.auth0.com/"),
                                                       .url = WARD_TEXT("https://issuer.example/jwks.json"),
                                                       .build_time = 1767139200u };
    const struct ward_gate_setup setup = { .policy = &policy, .keyring = &device.keyring };
    expect.issuers.item = &issuer;
    expect.audiences.item = &audience;
    struct ward_status status = ward_service_begin(&device.service, &platform, &device.keyring, &config, 7,
                                                   &device.work, &device.record);
    const struct ward_status gate = ward_gate_begin_with(&device.gate, &setup, ward_service_time(&device.service),
                                                         &device.work);
    if (ward_ok(gate))
        ward_service_gate(&device.service, &device.gate);
    if (ward_ok(status))
        status = ward_ok(gate) ? device.service.opened : gate;
    tell("begin", status);
}

static void run(void)
{
    for (int i = 0; i < 20 && ward_service_run(&device.service) == 0; i++) {
    }
}

/* ---- Events. */

static struct ward_status feed_key(char kid, bool first)
{
    char modulus[343];
    char key[512];
    /* 342 characters from v to x are 2048 bits, odd by the last of them. */
    memset(modulus, 'v' + kid % 3, 341);
    modulus[0] = 'w';
    modulus[1] = kid;
    modulus[341] = 'Q';
    modulus[342] = '\0';
    const int length = snprintf(key, sizeof key, "%s{\"kty\":\"RSA\",\"e\":\"AQAB\",\"kid\":\"%c\",\"n\":\"%s\"}",
                                first ? "" : ",", kid, modulus);
    return ward_keyring_fetch_feed(&device.keyring, key, (size_t)length, &device.work);
}

static struct ward_status fetch(const char *kids)
{
    struct ward_fetch_answer answer = { .status = { (uint32_t)WARD_OK }, .http = 200, .max_age = WARD_NO_MAX_AGE };
    ward_keyring_fetch_begin(&device.keyring);
    struct ward_status status = ward_keyring_fetch_feed(&device.keyring, "{\"keys\":[", 9, &device.work);
    for (const char *kid = kids; *kid != '\0' && ward_ok(status); kid++)
        status = feed_key(*kid, kid == kids);
    if (ward_ok(status))
        status = ward_keyring_fetch_feed(&device.keyring, "]}", 2, &device.work);
    return ward_keyring_fetch_end(&device.keyring, &answer, ward_time_set(device.seconds), device.uptime);
}

static struct ward_status change(const char *subject, bool deny, const struct ward_caller *caller)
{
    uint8_t owner[WARD_OWNER_SIZE];
    const struct ward_status status = ward_owner_id(expect.issuers.item[0], ward_text_of(subject, strlen(subject)),
                                                    &device.work, owner);
    if (!ward_ok(status))
        return status;
    if (deny)
        return ward_deny(&device.gate, owner, WARD_DENY_ALWAYS, caller);
    return ward_status_of(ward_undeny(&device.gate, owner, caller) ? WARD_OK : WARD_NO_RESULT);
}

static struct ward_status happen(const char *word, char *rest, const struct ward_caller *caller)
{
    struct ward_decision decision;
    if (strcmp(word, "ask") == 0)
        return ward_authorize(&device.gate, rest, strlen(rest), ward_any_scope, caller, &device.work, &decision);
    if (strcmp(word, "deny") == 0 || strcmp(word, "undeny") == 0)
        return change(rest, *word == 'd', caller);
    if (strcmp(word, "drop") == 0)
        return ward_deny_reset(&device.gate, caller);
    if (strcmp(word, "fetch") == 0)
        return fetch(rest);
    if (strcmp(word, "until") == 0) {
        ward_deny_all_until(&device.gate, strtoull(rest, NULL, 10), caller);
        return ward_status_of(WARD_OK);
    }
    insist(strcmp(word, "pass") == 0);
    device.seconds += strtoull(rest, NULL, 10);
    device.uptime += (uint32_t)(strtoull(rest, NULL, 10) * 1000u);
    return ward_status_of(WARD_OK);
}

int main(int argc, char **argv)
{
    static char line[8192];
    insist(argc == 3 || argc == 4);
    device.flash = fopen(argv[1], "r+b");
    if (device.flash == NULL)
        device.flash = fopen(argv[1], "w+b");
    insist(device.flash != NULL);
    device.seconds = strtoull(argv[2], NULL, 10);
    device.uptime = 5000;
    if (argc == 4)
        expect.authority = ward_text_of(argv[3], strlen(argv[3]));
    boot();
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        char *const rest = line + strcspn(line, " ");
        if (*rest == '\0')
            rest[1] = '\0';
        *rest = '\0';
        device.seconds++;
        device.uptime += 1000;
        const struct ward_caller caller = { .now = ward_service_time(&device.service), .uptime = device.uptime };
        const struct ward_status status = happen(line, rest + 1, &caller);
        run();
        tell(line, status);
    }
    return fclose(device.flash) == 0 ? 0 : 1;
}
