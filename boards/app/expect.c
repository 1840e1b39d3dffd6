/* SPDX-License-Identifier: Apache-2.0 */
/* The Hole Foundation's tenant. A networked image has what boards/app/network/configure writes in place of this. */
#include "app.h"

const struct ward_expect app_expect = { .issuers = WARD_TEXTS("https://dev-4fszoklachwdh46m.us.auth0.com/"),
                                        .audiences = WARD_TEXTS("https://api.theholefoundation.org") };

const struct ward_texts app_origins = WARD_TEXTS("https://theholefoundation.org");
