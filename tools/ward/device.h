/* SPDX-License-Identifier: Apache-2.0 */
/* A device with an issuer's keys, on this machine: what a firmware with port/service.c does, for one command. */
#ifndef WARD_TOOL_DEVICE_H
#define WARD_TOOL_DEVICE_H

#include "port/posix/platform.h"
#include "tool.h"
#include "ward/port/service.h"

/** Options that say where the keys come from; they stand in the tables of keys and verify. */
#define DEVICE_OPTIONS                                                                                                 \
    { "--ca", "FILE", 1, "PEM file of the authorities to trust, no others; default: the system's" },                   \
        { "--store", "DIR", 1, "keep the keys there, as a device does on flash; made if it is missing" },              \
        { "--device-issuer", "URL", 1, "for the --store of a device: `issuer` of its keyring; default: the URL" },     \
        { "--timeout", "SECONDS", 1, "longest fetch, 1 to 300; default 30" }

/** A second reading of the set that is fetched, for messages: a device keeps neither skipped keys nor places. */
struct device_watch {
    struct wanted_key *wanted; /**< noted here; NULL: nobody asked */
    struct ward_jwks_reader reader;
    struct ward_jwks set;
    struct ward_workspace work;
    struct ward_status status;
    size_t bytes;                                              /**< that were good */
    int32_t (*read)(void *context, char *buffer, size_t size); /**< the platform's own */
};

/** The device. The command's; private. */
struct device {
    struct device_watch watch;
    struct ward_posix_config posix_config;
    struct ward_posix_device posix;
    struct ward_platform platform;
    struct ward_keyring_config config;
    struct ward_keyring keyring;
    struct ward_service service;
    struct ward_workspace work;
    struct ward_record record;
    bool may_store;
};

/**
 * Starts a device for --url with what is stored; says what is wrong.
 *
 * @return EXIT_ACCEPTED, then end_device() is the last call; EXIT_USAGE or EXIT_INPUT
 */
int begin_device(struct device *device, const struct command *command, const struct arguments *arguments);

/** Fetches the keys now; says why if that fails, and then the keys are those of before. */
bool fetch_keys(struct device *device);

/** The same for the keys of a token's kid, of which it notes what the issuer has. */
bool fetch_wanted_keys(struct device *device, struct wanted_key *wanted);

/**
 * Whether the store is not that of a device which has keys by another name: it would find none of its own any more.
 * Whoever gives --device-issuer has named it.
 */
bool device_may_store(const struct device *device);

/** Stores the keys in use, where there is a --store; says why if that fails. */
bool store_keys(struct device *device);

/** Whether the keys can verify, and were fetched no longer ago than a device would wait. */
bool device_is_fresh(const struct device *device);

void end_device(struct device *device);

#endif
