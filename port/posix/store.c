/* SPDX-License-Identifier: Apache-2.0 */
#include "port/posix/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A record is its owner's: it says who is denied. */
enum { FOLDER_MODE = 0700, FILE_MODE = 0600 };

static const char *const slot_names[] = { "record-0", "record-1" };
static const char *const new_names[] = { "record-0.new", "record-1.new" };
enum { SLOTS = sizeof slot_names / sizeof slot_names[0] };

/* The folder that holds a new one must keep its name, too. */
static bool make_folder(const char *path)
{
    if (mkdir(path, FOLDER_MODE) != 0)
        return errno == EEXIST;
    const int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int parent = folder >= 0 ? openat(folder, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    const bool kept = parent >= 0 && fsync(parent) == 0;
    if (parent >= 0)
        (void)close(parent);
    if (folder >= 0)
        (void)close(folder);
    return kept;
}

/* A record that was not finished is forgotten: its slot still has the file of before. */
static void give_up(struct ward_posix_store *store)
{
    const int why = errno;
    if (store->file >= 0)
        (void)close(store->file);
    store->file = -1;
    errno = why;
}

struct ward_status ward_posix_store_begin(struct ward_posix_store *store, const char *path)
{
    store->file = -1;
    store->folder = make_folder(path) ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (store->folder < 0)
        return ward_status_of(WARD_RECORD_STORE);
    if (flock(store->folder, LOCK_EX | LOCK_NB) != 0) {
        const int why = errno;
        ward_posix_store_end(store);
        errno = why;
        return ward_status_of(WARD_RECORD_STORE);
    }
    return ward_status_of(WARD_OK);
}

void ward_posix_store_end(struct ward_posix_store *store)
{
    give_up(store);
    if (store->folder >= 0)
        (void)close(store->folder);
    store->folder = -1;
}

/* As many bytes as there are, at most `size`. */
static size_t read_all(int file, size_t offset, uint8_t *data, size_t size)
{
    size_t length = 0;
    ssize_t came = 1;
    while (came != 0 && length < size) {
        came = pread(file, data + length, size - length, (off_t)(offset + length));
        if (came < 0 && errno != EINTR)
            return WARD_RECORD_FAULT;
        if (came > 0)
            length += (size_t)came;
    }
    return length;
}

static bool write_all(int file, const uint8_t *data, size_t length)
{
    size_t written = 0;
    while (written < length) {
        const ssize_t went = write(file, data + written, length - written);
        if (went < 0 && errno != EINTR)
            return false;
        if (went > 0)
            written += (size_t)went;
    }
    return true;
}

size_t ward_posix_store_read(const struct ward_posix_store *store, unsigned slot, size_t offset, void *data,
                             size_t size)
{
    struct stat about;
    size_t length = WARD_RECORD_FAULT;
    if (slot >= SLOTS)
        return 0;
    /* Neither a link that leads elsewhere nor a pipe that never ends. */
    const int file = openat(store->folder, slot_names[slot], O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return errno == ENOENT ? 0 : WARD_RECORD_FAULT;
    if (fstat(file, &about) == 0 && S_ISREG(about.st_mode))
        length = read_all(file, offset, data, size);
    (void)close(file);
    return length;
}

static bool start_new(struct ward_posix_store *store, const char *name)
{
    give_up(store);
    if (unlinkat(store->folder, name, 0) != 0 && errno != ENOENT)
        return false;
    store->file = openat(store->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    return store->file >= 0;
}

/* Close reports what some file systems only know then. */
static bool finish_new(struct ward_posix_store *store, unsigned slot)
{
    const bool synchronised = store->file >= 0 && fsync(store->file) == 0;
    const bool closed = store->file >= 0 && close(store->file) == 0;
    store->file = -1;
    return synchronised && closed && renameat(store->folder, new_names[slot], store->folder, slot_names[slot]) == 0 &&
           fsync(store->folder) == 0;
}

static bool take_piece(struct ward_posix_store *store, unsigned slot, size_t offset, const void *data, size_t size)
{
    if (size == 0)
        return finish_new(store, slot);
    if (offset == 0 && !start_new(store, new_names[slot]))
        return false;
    return store->file >= 0 && write_all(store->file, data, size);
}

struct ward_status ward_posix_store_write(struct ward_posix_store *store, unsigned slot, size_t offset,
                                          const void *data, size_t size)
{
    if (slot >= SLOTS)
        return ward_status_of(WARD_RECORD_NOT_STORED);
    if (take_piece(store, slot, offset, data, size))
        return ward_status_of(WARD_OK);
    give_up(store);
    const int why = errno;
    (void)unlinkat(store->folder, new_names[slot], 0);
    errno = why;
    return ward_status_of(WARD_RECORD_NOT_STORED);
}
