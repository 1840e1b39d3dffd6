#include "storage_image.h"

#include <time.h>

/* As a device that has just fetched this set would store it. */
static struct ward_status fetch(struct ward_keyring *keyring, FILE *file, struct ward_time now, struct ward_workspace *work)
{
    const struct ward_fetch_answer answer = { .status = { (uint32_t)WARD_OK }, .http = 200, .max_age = WARD_NO_MAX_AGE };
    char piece[4096];
    size_t length;
    struct ward_status status = ward_status_of(WARD_OK);
    ward_keyring_fetch_begin(keyring);
    while (ward_ok(status) && (length = fread(piece, 1, sizeof piece, file)) > 0)
        status = ward_keyring_fetch_feed(keyring, piece, length, work);
    const struct ward_status end = ward_keyring_fetch_end(keyring, &answer, now, 0);
    return ward_ok(status) ? end : status;
}

static int write_record(struct ward_keyring *keyring, struct ward_time now, struct ward_workspace *work)
{
    static struct ward_record record;
    const struct ward_status status = ward_keyring_pack(keyring, now, 0, work, &record);
    if (ward_ok(status) && fwrite(record.bytes, 1, record.length, stdout) == record.length)
        return finish_output();
    fprintf(stderr, "ward: the record could not be written\n");
    return EXIT_INPUT;
}

int print_storage_image(const char *path, const struct ward_keyring_config *config)
{
    static struct ward_keyring keyring;
    static struct ward_workspace work;
    const struct ward_time now = ward_time_set((uint64_t)time(NULL));
    FILE *const file = open_input(path);
    if (file == NULL)
        return EXIT_INPUT;
    struct ward_status status = ward_keyring_begin(&keyring, config, 1, 0);
    if (ward_ok(status))
        status = fetch(&keyring, file, now, &work);
    if (close_input(file, path) != EXIT_ACCEPTED)
        return EXIT_INPUT;
    if (ward_ok(status))
        return write_record(&keyring, now, &work);
    fprintf(stderr, "ward: %s: %s: %s\n", path, ward_status_name(status), ward_status_sentence(status));
    return EXIT_INPUT;
}
