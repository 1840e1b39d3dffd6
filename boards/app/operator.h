/* SPDX-License-Identifier: Apache-2.0 */
/* What whoever stands at the device's console may do. */
#ifndef APP_OPERATOR_H
#define APP_OPERATOR_H

#include <stdbool.h>
#include <stddef.h>

/** Runs a line that the operator typed, without its `!`: audit, deny SUBJECT, undeny SUBJECT, denyall SECONDS, drop denials,
    bundle BUNDLE, which is consumed, quit. False after quit. */
bool operator_command(char *line, size_t length);

#endif
