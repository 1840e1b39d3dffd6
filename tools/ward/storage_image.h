/* SPDX-License-Identifier: Apache-2.0 */
/* A record as a device would find it in its storage. */
#ifndef WARD_TOOL_STORAGE_IMAGE_H
#define WARD_TOOL_STORAGE_IMAGE_H

#include "tool.h"

/** The limits of the device's build; what exceeds them is told. */
struct device_limits {
    uint64_t keys;
    uint64_t rsa_bits;
    uint64_t kid;
    uint64_t denials;
};

/**
 * Writes to stdout a record with the key set of a file, as a device of this configuration would have it that has just fetched it;
 * where it takes bundles, with the bundle of a file.
 *
 * @param slot_paths  files of the device's two slots; NULL: a record of keys alone. Else the newer one's keys are replaced, and all else
 *                    of it stays; stderr says which slot the result belongs into
 *
 * @return EXIT_ACCEPTED, or EXIT_INPUT with a message
 */
int print_storage_image(const char *path, const struct ward_keyring_config *config, const struct device_limits *limits,
                        const char *const slot_paths[WARD_RECORD_SLOTS]);

#endif
