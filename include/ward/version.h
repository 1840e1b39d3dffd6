/* SPDX-License-Identifier: Apache-2.0 */
/* ward: which version this is. Everything else that names a version takes it from here. */
#ifndef WARD_VERSION_H
#define WARD_VERSION_H

/** Semantic version (semver.org) of these headers: while it is 0.x, a new minor version may change the interface (CHANGELOG.md). */
#define WARD_VERSION "0.2.0"

#ifdef __cplusplus
extern "C" {
#endif

/** The version of the library that is linked, which is WARD_VERSION where headers and library belong together. Static text. */
const char *ward_version(void);

#ifdef __cplusplus
}
#endif

#endif
