/* SPDX-License-Identifier: Apache-2.0 */
#include "ward/version.h"

const char *ward_version(void)
{
    return WARD_VERSION;
}
