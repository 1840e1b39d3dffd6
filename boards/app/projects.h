/* SPDX-License-Identifier: Apache-2.0 */
/* A small table whose rows belong to subjects: row-level security by owner id. */
#ifndef APP_PROJECTS_H
#define APP_PROJECTS_H

#include "api_exchange.h"

/** Serves /api/projects and /api/projects/NUMBER: lists, makes, renames and deletes the caller's own rows. */
void projects_serve(const struct ward_grant *grant, const struct api_request *request, struct api_response *response);

#endif
