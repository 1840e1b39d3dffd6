/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles of an operator: how they are made, and what a device would say to one. */
#ifndef WARD_TOOL_BUNDLE_H
#define WARD_TOOL_BUNDLE_H

#include "tool.h"

/** Bytes of the longest bundle that is made or read, and of the longest text that it is made of. */
enum { LONGEST_BUNDLE = WARD_MAX_BUNDLE > 0 ? WARD_MAX_BUNDLE : 4096 };

/** Issuers of a device's policy: the keyring's and so many others. */
enum { OTHER_ISSUERS = 3 };

/** Options that say which device a bundle is for; they stand in the tables of bundle and provision. */
#define OPERATOR_OPTIONS                                                                                               \
    { "--operator", "NAME", 1, "the operator: iss of the bundle, `operator_name` of the device" },                     \
        { "--fleet", "NAME", 1, "the fleet: aud of the bundle, `fleet` of the device" },                               \
        { "--operator-keys", "JWKS", 1, "the device's operator keys: a key set of one or two" },                       \
        { "--authority", "NAME", 1, "`authority` of the device's policy: under which name a denied sub is known" },    \
        { "--other-issuer", "URL", OTHER_ISSUERS,                                                                      \
          "an issuer of the device's policy besides --issuer: a denied sub is denied there, too" }

/** A device that takes bundles, and nothing else: what its configuration refers to. */
struct bundle_device {
    struct ward_keyring keyring;
    struct ward_keyring_config config;
    struct ward_bundle_config bundles;
    struct ward_expect expect;
    struct ward_text issuer;
    struct ward_text issuers[1 + OTHER_ISSUERS];
    struct ward_jwks keys;
    struct ward_workspace work;
};

/** Bytes of a file, or of standard input, without white space at the end. */
struct bundle_text {
    char data[LONGEST_BUNDLE + 1];
    size_t length;
};

/** Reads a file; EXIT_ACCEPTED, or EXIT_INPUT with a message: it cannot be read, or is longer than a bundle can be. */
int read_bundle_text(const char *path, struct bundle_text *text);

/** Reads the options of OPERATOR_OPTIONS and --issuer; the keys only where `keys`. EXIT_ACCEPTED, or a message was printed. */
int read_bundle_device(const struct command *command, const struct arguments *arguments, bool keys,
                       struct bundle_device *device);

/** Starts the device's keyring; false: its configuration is refused, and a message was printed. */
bool begin_bundle_device(struct bundle_device *device);

/** What a device without any earlier bundle says to one at this time; its text is consumed. */
struct ward_status give_bundle(struct bundle_device *device, struct bundle_text *bundle, struct ward_time now);

/** `ward bundle make`, `join` and `key`. */
int make_bundle(const struct command *command, const struct arguments *arguments);
int join_bundle(const struct command *command, const struct arguments *arguments);
int write_operator_key(const struct command *command, const struct arguments *arguments);

/** `ward bundle show` and `check`. */
int show_bundle(const struct command *command, const struct arguments *arguments);
int check_bundle(const struct command *command, const struct arguments *arguments);

#endif
