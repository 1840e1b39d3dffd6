/* ward: which version this is. Everything else that names a version takes it from here. */
#ifndef WARD_VERSION_H
#define WARD_VERSION_H

/** Semantic version (semver.org) of these headers: while it is 0.x, a new minor version may change the interface (CHANGELOG.md). */
#define WARD_VERSION "0.1.0"

#endif
