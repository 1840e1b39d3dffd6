/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle.h"

#include <string.h>

/* 2024-01-01: no bundle is judged by a time of build. */
static const uint64_t earliest_build = 1704067200u;

int read_bundle_text(const char *path, struct bundle_text *text)
{
    FILE *const file = open_input(path);
    if (file == NULL)
        return EXIT_INPUT;
    text->length = fread(text->data, 1, sizeof text->data, file);
    if (close_input(file, path) != EXIT_ACCEPTED)
        return EXIT_INPUT;
    if (text->length > LONGEST_BUNDLE) {
        fprintf(stderr, "ward: %s: longer than %u bytes, which is the most that this tool reads\n", path,
                (unsigned)LONGEST_BUNDLE);
        return EXIT_INPUT;
    }
    while (text->length > 0 && strchr(" \t\r\n", text->data[text->length - 1]) != NULL)
        text->length--;
    return EXIT_ACCEPTED;
}

/* An option without which nothing goes; of 1 to 255 bytes. */
static bool needed(const struct command *command, const struct arguments *arguments, const char *name,
                   struct ward_text *text)
{
    *text = option_text(command, arguments, name);
    if (text->length > 0 && text->length <= 255)
        return true;
    wrong_usage(command, "1 to 255 bytes are needed", name);
    return false;
}

static int read_keys(const struct command *command, const struct arguments *arguments, struct bundle_device *device)
{
    struct ward_jwks_report report;
    const char *const path = option_value(command, arguments, "--operator-keys");
    if (path == NULL)
        return wrong_usage(command, "is missing", "--operator-keys");
    return read_jwks(path, &device->keys, &report, NULL);
}

/* Under which names a device knows the subjects that a bundle denies. */
static bool read_names(const struct command *command, const struct arguments *arguments, struct bundle_device *device)
{
    const size_t place = option_place(command->options, "--other-issuer");
    struct ward_expect *const expect = &device->expect;
    device->issuers[0] = device->issuer;
    for (size_t i = 0; i < arguments->count[place]; i++)
        device->issuers[1 + i] = text_from(arguments->value[place][i]);
    expect->issuers.item = device->issuers;
    expect->issuers.count = 1 + arguments->count[place];
    expect->authority = option_text(command, arguments, "--authority");
    for (size_t i = 1; i < expect->issuers.count; i++)
        if (device->issuers[i].length == 0 || device->issuers[i].length > 255) {
            wrong_usage(command, "1 to 255 bytes are needed", "--other-issuer");
            return false;
        }
    if (expect->authority.length <= 255)
        return true;
    wrong_usage(command, "1 to 255 bytes are needed", "--authority");
    return false;
}

int read_bundle_device(const struct command *command, const struct arguments *arguments, bool keys,
                       struct bundle_device *device)
{
    memset(device, 0, sizeof *device);
    if (!needed(command, arguments, "--operator", &device->bundles.operator_name) ||
        !needed(command, arguments, "--fleet", &device->bundles.fleet) ||
        !needed(command, arguments, "--issuer", &device->issuer))
        return EXIT_USAGE;
    if (!read_names(command, arguments, device))
        return EXIT_USAGE;
    device->bundles.expect = &device->expect;
    device->bundles.keys = &device->keys;
    device->config.issuer = device->issuer;
    device->config.bundles = &device->bundles;
    device->config.build_time = earliest_build;
    return keys ? read_keys(command, arguments, device) : EXIT_ACCEPTED;
}

bool begin_bundle_device(struct bundle_device *device)
{
    const struct ward_status status = ward_keyring_begin(&device->keyring, &device->config, 1, 0);
    if (!ward_ok(status))
        fprintf(stderr, "ward: %s: %s\n", ward_status_name(status), ward_status_sentence(status));
    return ward_ok(status);
}

struct ward_status give_bundle(struct bundle_device *device, struct bundle_text *bundle, struct ward_time now)
{
    return ward_keyring_bundle(&device->keyring, bundle->data, bundle->length, now, 0, &device->work);
}
