/* SPDX-License-Identifier: Apache-2.0 */
#include <time.h>

#include "device.h"

static const struct option options[] = { { "--url", "URL", 1, "the issuer's jwks_uri, https://… (required)" },
                                         DEVICE_OPTIONS,
                                         { NULL, NULL, 0, NULL } };

static void print_time(uint64_t seconds)
{
    char out[32];
    struct tm parts;
    const time_t time = (time_t)seconds;
    if (gmtime_r(&time, &parts) != NULL && strftime(out, sizeof out, "%Y-%m-%d %H:%M:%S", &parts) > 0)
        printf("%s UTC", out);
}

static void print_keys(const struct device *device)
{
    const struct ward_jwks *const keys = ward_keyring_keys(&device->keyring);
    printf("%-24s %5s\n", "kid", "bits");
    for (size_t i = 0; i < keys->count; i++) {
        char kid[WARD_MAX_KID * 6 + 1] = "(none)";
        if (keys->key[i].kid_length > 0)
            ward_text_escape(ward_text_of(keys->key[i].kid, keys->key[i].kid_length), kid, sizeof kid);
        printf("%-24s %5u\n", kid, (unsigned)keys->key[i].bits);
    }
}

static void print_age(const struct device *device, bool fetched)
{
    const struct ward_fetch_answer answer = ward_service_fetched(&device->service);
    const struct ward_status ready = ward_keyring_ready(&device->keyring, ward_service_time(&device->service));
    printf("%u usable, fetched ", (unsigned)ward_keyring_keys(&device->keyring)->count);
    print_time(ward_keyring_fetched_at(&device->keyring));
    if (fetched && answer.max_age != WARD_NO_MAX_AGE)
        printf(", max-age %u", (unsigned)answer.max_age);
    printf("\n");
    const struct ward_status left_out = ward_status_of(WARD_KEYS_LEFT_OUT);
    if (ward_keyring_left_out(&device->keyring) > 0)
        printf("%u more were left out: %s: %s.\n", (unsigned)ward_keyring_left_out(&device->keyring),
               ward_status_name(left_out), ward_status_sentence(left_out));
    if (!fetched && ward_ok(ready))
        printf("They are what was stored before, and still verify.\n");
    if (!ward_ok(ready))
        printf("They verify nothing: %s: %s.\n", ward_status_name(ready), ward_status_sentence(ready));
}

static int run(const struct command *command, const struct arguments *arguments)
{
    static struct device device;
    if (option_count(command, arguments, "--url") == 0)
        return wrong_usage(command, "is missing", "--url");
    const int result = begin_device(&device, command, arguments);
    if (result != EXIT_ACCEPTED)
        return result;
    const bool fetched = fetch_keys(&device);
    const bool stored = fetched && store_keys(&device);
    if (ward_keyring_keys(&device.keyring)->count > 0) {
        print_keys(&device);
        print_age(&device, fetched);
    }
    end_device(&device);
    const int output = finish_output();
    return stored ? output : EXIT_INPUT;
}

const struct command command_keys = {
    .name = "keys",
    .synopsis = "--url URL [--ca FILE] [--store DIR]",
    .summary = "Fetches an issuer's keys as a device would, keeps and shows them",
    .description = "The fetch follows no redirect and takes no key from an answer that is not whole. If it fails, the "
                   "reason is told, the keys\n"
                   "that were stored before are shown and stay in use, and the exit code is 3.\n",
    .options = options,
    .most_operands = 0,
    .run = run,
};
