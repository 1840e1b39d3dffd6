/* A record as a device would find it in its storage. */
#ifndef WARD_TOOL_STORAGE_IMAGE_H
#define WARD_TOOL_STORAGE_IMAGE_H

#include "tool.h"

/**
 * Writes the record of a device of this configuration that has just fetched the key set of a file to stdout.
 *
 * @return EXIT_ACCEPTED, or EXIT_INPUT with a message
 */
int print_storage_image(const char *path, const struct ward_keyring_config *config);

#endif
