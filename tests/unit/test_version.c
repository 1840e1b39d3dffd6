/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

TEST(library_and_headers_have_one_version)
{
    CHECK_TEXT(text(ward_version()), WARD_VERSION);
}

SUITE(version, CASE(library_and_headers_have_one_version));
