/* SPDX-License-Identifier: Apache-2.0 */
#include "storage_image.h"

#include <string.h>
#include <time.h>

/* As a device that has just fetched this set would store it. */
static struct ward_status fetch(struct ward_keyring *keyring, FILE *file, struct ward_time now,
                                struct ward_workspace *work)
{
    const struct ward_fetch_answer answer = { .status = { (uint32_t)WARD_OK },
                                              .http = 200,
                                              .max_age = WARD_NO_MAX_AGE };
    char piece[4096];
    size_t length;
    struct ward_status status = ward_status_of(WARD_OK);
    ward_keyring_fetch_begin(keyring);
    while (ward_ok(status) && (length = fread(piece, 1, sizeof piece, file)) > 0)
        status = ward_keyring_fetch_feed(keyring, piece, length, work);
    const struct ward_status end = ward_keyring_fetch_end(keyring, &answer, now, 0);
    return ward_ok(status) ? end : status;
}

static struct ward_status take_bundle(struct ward_keyring *keyring, FILE *file, struct ward_time now,
                                      struct ward_workspace *work)
{
    static char bundle[WARD_MAX_BUNDLE + 1];
    size_t length = fread(bundle, 1, sizeof bundle, file);
    if (length > 0 && bundle[length - 1] == '\n')
        length--;
    return ward_keyring_bundle(keyring, bundle, length, now, 0, work);
}

static struct ward_status take_keys(struct ward_keyring *keyring, FILE *file, struct ward_time now,
                                    struct ward_workspace *work)
{
    return keyring->config->bundles != NULL ? take_bundle(keyring, file, now, work) : fetch(keyring, file, now, work);
}

/* ---- The slots of a device, as they were read from it, and the record that is made. */

enum { SLOT = 1 << 20 };

static struct image {
    const char *path[WARD_RECORD_SLOTS];
    uint8_t bytes[WARD_RECORD_SLOTS][SLOT];
    size_t length[WARD_RECORD_SLOTS];
} image;

static size_t read_slot(void *context, unsigned slot, size_t offset, void *data, size_t size)
{
    const struct image *const from = context;
    const size_t left = offset < from->length[slot] ? from->length[slot] - offset : 0;
    const size_t length = size < left ? size : left;
    memcpy(data, from->bytes[slot] + offset, length);
    return length;
}

static struct ward_status write_slot(void *context, unsigned slot, size_t offset, const void *data, size_t size)
{
    struct image *const to = context;
    if (offset > SLOT || size > SLOT - offset)
        return ward_status_of(WARD_RECORD_NOT_STORED);
    if (size > 0)
        memcpy(to->bytes[slot] + offset, data, size);
    to->length[slot] = offset + size;
    return ward_status_of(WARD_OK);
}

static const struct ward_record_slots slots = { &image, read_slot, write_slot };

static bool load_slot(unsigned slot, const char *path)
{
    FILE *const file = path != NULL ? open_input(path) : NULL;
    if (file == NULL)
        return path == NULL;
    image.path[slot] = path;
    image.length[slot] = fread(image.bytes[slot], 1, SLOT, file);
    return close_input(file, path) == EXIT_ACCEPTED;
}

/* ---- What a device would not hold. */

static void warn_about_keys(const struct ward_jwks *set, const struct device_limits *limits)
{
    if (set->count > limits->keys)
        fprintf(stderr, "ward: %u keys, and the device holds %u (WARD_MAX_KEYS): it leaves the last out\n",
                (unsigned)set->count, (unsigned)limits->keys);
    for (size_t i = 0; i < set->count; i++) {
        if (set->key[i].bits > limits->rsa_bits)
            fprintf(stderr, "ward: a key of %u bits, and the device holds %u (WARD_MAX_RSA_BITS): it leaves it out\n",
                    (unsigned)set->key[i].bits, (unsigned)limits->rsa_bits);
        if (set->key[i].kid_length > limits->kid)
            fprintf(stderr, "ward: a kid of %u bytes, and the device holds %u (WARD_MAX_KID): it leaves the key out\n",
                    (unsigned)set->key[i].kid_length, (unsigned)limits->kid);
    }
}

/* ---- The record. */

static int write_record(struct ward_keyring *keyring, const struct ward_keyring_action *want, bool beside,
                        struct ward_workspace *work)
{
    static struct ward_record record;
    ward_keyring_pack_keys(keyring, !beside, &record);
    const struct ward_status status = ward_record_write(&slots, want->origin, want->slot, &record, work);
    if (ward_ok(status) &&
        fwrite(image.bytes[want->slot], 1, image.length[want->slot], stdout) == image.length[want->slot]) {
        if (beside)
            fprintf(stderr, "ward: for slot %u, which held the older record; write nothing to the other one\n",
                    (unsigned)want->slot);
        return finish_output();
    }
    fprintf(stderr, "ward: the record could not be written\n");
    return EXIT_INPUT;
}

/* What a device has stored; nothing where no slot was given. */
static bool open_slots(struct ward_keyring *keyring, struct ward_workspace *work)
{
    if (image.path[0] == NULL)
        return true;
    const struct ward_status status = ward_keyring_open(keyring, &slots, 0, work);
    if (status.code == WARD_RECORD_MISMATCH)
        fprintf(
            stderr,
            "ward: the device has no keys by this issuer, URL and version: it takes these only if they are its own\n");
    if (ward_ok(status) || status.code == WARD_RECORD_FALLBACK || status.code == WARD_RECORD_MISMATCH ||
        status.code == WARD_RECORD_KEYS_LEFT_OUT)
        return true;
    fprintf(stderr, "ward: %s: %s: %s\n", image.path[0], ward_status_name(status), ward_status_sentence(status));
    return false;
}

int print_storage_image(const char *path, const struct ward_keyring_config *config, const struct device_limits *limits,
                        const char *const slot_paths[WARD_RECORD_SLOTS])
{
    static struct ward_keyring keyring;
    static struct ward_workspace work;
    const struct ward_time now = ward_time_set((uint64_t)time(NULL));
    if (!load_slot(0, slot_paths[0]) || !load_slot(1, slot_paths[1]))
        return EXIT_INPUT;
    struct ward_status status = ward_keyring_begin(&keyring, config, 1, 0);
    if (ward_ok(status) && !open_slots(&keyring, &work))
        return EXIT_INPUT;
    FILE *const file = open_input(path);
    if (file == NULL)
        return EXIT_INPUT;
    if (ward_ok(status))
        status = take_keys(&keyring, file, now, &work);
    if (close_input(file, path) != EXIT_ACCEPTED)
        return EXIT_INPUT;
    if (!ward_ok(status)) {
        fprintf(stderr, "ward: %s: %s: %s\n", path, ward_status_name(status), ward_status_sentence(status));
        return EXIT_INPUT;
    }
    if (ward_keyring_bundle_info(&keyring).denials > limits->denials) {
        fprintf(stderr,
                "ward: %s: %u owner ids denied, and the device holds %u (WARD_DENY_SLOTS): it would grant nobody\n",
                path, (unsigned)ward_keyring_bundle_info(&keyring).denials, (unsigned)limits->denials);
        return EXIT_INPUT;
    }
    warn_about_keys(ward_keyring_keys(&keyring), limits);
    const struct ward_keyring_action want = ward_keyring_next(&keyring, now, 0);
    return write_record(&keyring, &want, image.path[0] != NULL, &work);
}
