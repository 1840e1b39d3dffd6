/* SPDX-License-Identifier: Apache-2.0 */
/* Paths that can be read in one way only (RFC 3986 section 3.3). */
#ifndef WARD_HTTP_PATH_H
#define WARD_HTTP_PATH_H

#include "ward/http.h"

/**
 * Whether a path is plain: `/` first, no empty segment but the last, no `.` or `..`, no control, space or 8-bit byte, none of
 * `#`, `;`, `\`, and no escape that is malformed or hides `/`, `\`, `.` or NUL; not longer than WARD_MAX_PATH.
 */
bool ward_path_is_plain(struct ward_text path);

/** Whether a pattern matches a path, compared as they stand or with the path's escapes decoded. */
bool ward_path_matches(struct ward_text pattern, struct ward_text path, bool decoded);

/** Whether a pattern ends in a segment `*`. */
bool ward_pattern_is_open(struct ward_text pattern);

#endif
