/* SPDX-License-Identifier: Apache-2.0 */
/* What `ward check` works with. */
#ifndef WARD_TOOL_CHECK_H
#define WARD_TOOL_CHECK_H

#include "route_file.h"
#include "tool.h"

/** Policy, keys and one gate. */
struct setting {
    struct route_file routes;
    struct ward_jwks keys;
    struct expect_storage storage;
    struct ward_expect expect;
    struct ward_policy policy;
    struct ward_gate gate;
    struct ward_workspace work;
};

/** Reads a peer: an IPv4 address, or 32 hexadecimal digits. */
bool read_peer(const char *text, struct ward_peer *peer);

/** Runs the requests of a file through the gate and prints a line of answer each; an exit code. `now` is of the audit's begin. */
int check_requests(struct setting *setting, const char *path, const char *audit_path, struct ward_time now);

#endif
