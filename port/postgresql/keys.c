/* SPDX-License-Identifier: Apache-2.0 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "storage/fd.h"

#include "port/postgresql/keys.h"

/* What a file is known by. A change that comes within YOUNG seconds of another may leave all of it as it was. */
struct stamp {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec modified, changed;
};

enum { YOUNG = 2, PIECE = 4096 };

static struct ward_jwks keys;
static struct stamp seen;
static char seen_path[MAXPGPATH];
static bool is_settled; /* `seen` tells a later change for sure */

/* ---- Whether it is the same. */

static struct stamp stamp_of(const struct stat *file)
{
    struct stamp stamp;
    memset(&stamp, 0, sizeof stamp);
    stamp.device = file->st_dev;
    stamp.inode = file->st_ino;
    stamp.size = file->st_size;
    stamp.modified = file->st_mtim;
    stamp.changed = file->st_ctim;
    return stamp;
}

static bool is_same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool is_same(const struct stamp *a, const struct stamp *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size &&
           is_same_time(a->modified, b->modified) && is_same_time(a->changed, b->changed);
}

/* A time ahead of the clock is young for as long as it is. */
static bool is_old(const struct stamp *stamp)
{
    const time_t now = time(NULL);
    return stamp->modified.tv_sec < now - YOUNG && stamp->changed.tv_sec < now - YOUNG;
}

bool ward_pg_keys_are_others(const char *path)
{
    struct stat file;
    if (strcmp(path, seen_path) != 0 || stat(path, &file) != 0)
        return true;
    const struct stamp stamp = stamp_of(&file);
    return !is_same(&stamp, &seen);
}

/* ---- Reading. */

static void tell(const char *path, const char *what)
{
    ereport(LOG_SERVER_ONLY, (errmsg("ward.key_file \"%s\": %s: no token is taken", path, what), errhidestmt(true)));
}

static void tell_status(const char *path, struct ward_status status)
{
    ereport(LOG_SERVER_ONLY, (errmsg("ward.key_file \"%s\": %s: %s: no token is taken", path, ward_status_name(status),
                                     ward_status_sentence(status)),
                              errhidestmt(true)));
}

/* Feeds a file's bytes; -1: it could not be read, errno says why. */
static ssize_t feed(int file, struct ward_jwks_reader *reader, struct ward_workspace *work, struct ward_status *status)
{
    char piece[PIECE];
    ssize_t length, total = 0;
    while ((length = read(file, piece, sizeof piece)) > 0 && ward_ok(*status)) {
        total += length;
        *status = total <= WARD_MAX_JWKS ? ward_jwks_feed(reader, piece, (size_t)length, work)
                                         : ward_status_of(WARD_JWKS_MALFORMED);
    }
    return length < 0 ? length : total;
}

static void read_set(int file, const char *path, struct ward_workspace *work)
{
    static struct ward_jwks_reader reader;
    struct ward_status status = ward_status_of(WARD_OK);
    ward_jwks_begin(&reader, &keys, NULL, ward_text_of(NULL, 0));
    const ssize_t length = feed(file, &reader, work, &status);
    if (length < 0) {
        tell(path, strerror(errno));
    } else if (length > WARD_MAX_JWKS) {
        tell(path, psprintf("longer than %d bytes", WARD_MAX_JWKS));
    } else {
        status = ward_ok(status) ? ward_jwks_end(&reader) : status;
        if (!ward_ok(status))
            tell_status(path, status);
    }
}

/* A device or a pipe could be read for ever. */
static void read_file(const char *path, struct ward_workspace *work)
{
    struct stat about;
    const int file = OpenTransientFile(path, O_RDONLY | O_NONBLOCK);
    if (file < 0 || fstat(file, &about) != 0) {
        tell(path, strerror(errno));
    } else if (!S_ISREG(about.st_mode)) {
        tell(path, "not a regular file");
    } else {
        seen = stamp_of(&about);
        is_settled = is_old(&seen);
        strlcpy(seen_path, path, sizeof seen_path);
        read_set(file, path, work);
    }
    if (file >= 0)
        CloseTransientFile(file);
}

const struct ward_jwks *ward_pg_keys_of(const char *path, struct ward_workspace *work)
{
    if (keys.count > 0 && is_settled && !ward_pg_keys_are_others(path))
        return &keys;
    memset(&keys, 0, sizeof keys);
    seen_path[0] = '\0';
    if (path[0] == '\0')
        ereport(LOG_SERVER_ONLY, (errmsg("ward.key_file is not set: no token is taken"), errhidestmt(true)));
    else if (strlen(path) >= sizeof seen_path)
        tell(path, "its name is too long");
    else
        read_file(path, work);
    return &keys;
}
